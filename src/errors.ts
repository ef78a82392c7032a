/**
 * The one error of latchkey and the one table of codes.
 *
 * `message` says what happened and names the thing; `hint` is the one command or act that cures it.
 * Neither ever holds a secret: SDK errors are translated where they arise and only kept as `cause`,
 * which is never printed except as a stack under `--debug`.
 */

/** The exit codes of latchkey's own. The contract with scripts: docs/exit-codes.md. */
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
  /** These five are as shells and `env` have them. */
  NOT_STARTED: 126,
  PROGRAM_NOT_FOUND: 127,
  INTERRUPTED: 130,
  OUTPUT_CLOSED: 141,
  TERMINATED: 143,
} as const;

/** What the process ends with: one of EXIT, or what the program that `exec` ran ended with. */
export type ExitCode = number;

/** Error code → exit code, where the error does not name another. */
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
  /** Only where the code alone does not decide it, as for CANCELLED: TERMINATED and OUTPUT_CLOSED. */
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

/** What was typed, or the environment that a command was run in, asks for what can't be done. */
export function usageError(message: string, hint?: string): LatchkeyError {
  return new LatchkeyError("USAGE", message, hint === undefined ? {} : { hint });
}

/** A file, the config first of all, says what can't be used. */
export function configError(message: string, hint: string): LatchkeyError {
  return new LatchkeyError("CONFIG_INVALID", message, { hint });
}

/** Whether it is a failure that users can meet without a fault of ours: an error of latchkey's that is no BUG. */
export function isExpectedFailure(thrown: unknown): thrown is LatchkeyError {
  return thrown instanceof LatchkeyError && thrown.code !== "BUG";
}

/** Whether it is an error of latchkey's with one of these codes. */
export function hasCode<Code extends ErrorCode>(
  thrown: unknown,
  ...codes: readonly [Code, ...Code[]]
): thrown is LatchkeyError & { readonly code: Code } {
  return thrown instanceof LatchkeyError && codes.some((code) => code === thrown.code);
}

/** What --json prints in place of the command's value where it fails. */
export interface ErrorJson {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint: string | null;
  };
}

/** Anything that escaped: ours as it is, everything else as a bug of ours (exit 1, the stack under `--debug`). */
export function wrapUnknown(thrown: unknown): LatchkeyError {
  if (thrown instanceof LatchkeyError) return thrown;
  return new LatchkeyError("BUG", "Something went wrong inside latchkey that should not have.", {
    hint: "Run it again with --debug and report what it prints.",
    cause: thrown,
  });
}

/** The `code` of a Node system error (`ENOENT`, `EACCES`…), or undefined for anything else. */
export function systemErrorCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}
