/**
 * Defines latchkey's only error class and the table of its codes.
 *
 * `message` says what happened and names the thing. `hint` is the one command or action that fixes it. Neither ever
 * contains a secret: SDK errors are translated where they occur and kept only as `cause`, of which only the stack is
 * printed, under `--debug`.
 */

/** latchkey's own exit codes. They are documented for scripts in docs/exit-codes.md. */
export const EXIT = {
  OK: 0,
  FAILED: 1,
  USAGE: 2,
  UNDETERMINED: 3,
  SIGN_IN_REQUIRED: 4,
  NO_ACCESS: 5,
  SERVICE_FAILED: 6,
  CONFIG_INVALID: 7,
  STORAGE_FAILED: 8,
  LOGIN_FAILED: 9,
  /** These five are the same as in shells and `env`. */
  NOT_STARTED: 126,
  PROGRAM_NOT_FOUND: 127,
  INTERRUPTED: 130,
  OUTPUT_CLOSED: 141,
  TERMINATED: 143,
} as const;

/** The exit code of the process: one of EXIT, or that of the program that `exec` ran. */
export type ExitCode = number;

/** Error code → exit code, if the error does not set another one. */
export const EXIT_CODES = {
  BUG: EXIT.FAILED,
  CHECK_FAILED: EXIT.FAILED,
  USAGE: EXIT.USAGE,
  UNDETERMINED: EXIT.UNDETERMINED,
  SIGN_IN_REQUIRED: EXIT.SIGN_IN_REQUIRED,
  ACCESS_DENIED: EXIT.NO_ACCESS,
  NOT_FOUND: EXIT.NO_ACCESS,
  UNREACHABLE: EXIT.SERVICE_FAILED,
  THROTTLED: EXIT.SERVICE_FAILED,
  BAD_RESPONSE: EXIT.SERVICE_FAILED,
  CONFIG_INVALID: EXIT.CONFIG_INVALID,
  STORAGE_FAILED: EXIT.STORAGE_FAILED,
  LOGIN_FAILED: EXIT.LOGIN_FAILED,
  CANCELLED: EXIT.INTERRUPTED,
} as const;

export type ErrorCode = keyof typeof EXIT_CODES;

interface ErrorDetails {
  hint?: string;
  /**
   * Set only if the error code alone does not determine the exit code: CANCELLED can be TERMINATED or OUTPUT_CLOSED.
   */
  exitCode?: ExitCode;
  cause?: unknown;
}

export class LatchkeyError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "LatchkeyError";
    this.code = code;
    this.hint = details.hint;
    this.exitCode = details.exitCode ?? EXIT_CODES[code];
  }
}

/** Returns an error for arguments, or an environment, that ask for something impossible. */
export function usageError(message: string, hint?: string): LatchkeyError {
  return new LatchkeyError("USAGE", message, hint === undefined ? {} : { hint });
}

/** Returns an error for a file, usually the config, with content that can't be used. */
export function configError(message: string, hint: string): LatchkeyError {
  return new LatchkeyError("CONFIG_INVALID", message, { hint });
}

/** Returns whether the error can happen without a bug in latchkey: it is a LatchkeyError other than BUG. */
export function isExpectedFailure(thrown: unknown): thrown is LatchkeyError {
  return thrown instanceof LatchkeyError && thrown.code !== "BUG";
}

/** Returns whether the error is a LatchkeyError with one of these codes. */
export function hasCode<Code extends ErrorCode>(
  thrown: unknown,
  ...codes: readonly [Code, ...Code[]]
): thrown is LatchkeyError & { readonly code: Code } {
  return thrown instanceof LatchkeyError && codes.some((code) => code === thrown.code);
}

/** What --json prints instead of the command's value if the command fails. */
export interface ErrorJson {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint: string | null;
  };
}

/**
 * Returns a LatchkeyError unchanged; any other error becomes a BUG (exit 1, its stack under `--debug`). A limit of open
 * files can be reached anywhere, also where latchkey loads its own code.
 */
export function wrapUnknown(thrown: unknown): LatchkeyError {
  if (thrown instanceof LatchkeyError) return thrown;
  const code = systemErrorCode(thrown);
  if (code === "EMFILE" || code === "ENFILE")
    return new LatchkeyError("STORAGE_FAILED", `A file could not be opened (${code}).`, {
      hint: "Too many files are open in this process: raise the limit (ulimit -n).",
      cause: thrown,
    });
  return new LatchkeyError("BUG", "Something went wrong inside latchkey that should not have.", {
    hint: "Run it again with --debug and report what it prints.",
    cause: thrown,
  });
}

/** Returns the `code` of a Node system error (`ENOENT`, `EACCES`…); undefined for anything else. */
export function systemErrorCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}
