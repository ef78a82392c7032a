/**
 * The one error of latchkey and the one table of codes.
 *
 * `message` says what happened and names the thing; `hint` is the one command or act that cures it.
 * Neither ever holds a secret: SDK errors are translated where they arise and only kept as `cause`,
 * which is never printed except as a stack under `--debug`.
 */

/** Error code → process exit code. The contract with scripts: docs/exit-codes.md. */
export const EXIT_CODES = {
  BUG: 1,
  CHECK_FAILED: 1,
  USAGE: 2,
  UNDETERMINED: 3,
  SIGN_IN_REQUIRED: 4,
  ACCESS_DENIED: 5,
  NOT_FOUND: 5,
  UNREACHABLE: 6,
  THROTTLED: 6,
  BAD_RESPONSE: 6,
  CONFIG_INVALID: 7,
  STORAGE_FAILED: 8,
  LOGIN_FAILED: 9,
  CANCELLED: 130,
} as const;

export type ErrorCode = keyof typeof EXIT_CODES;

interface ErrorDetails {
  hint?: string;
  /** Only where the code alone does not decide it: 143 and 141 for CANCELLED. */
  exitCode?: number;
  cause?: unknown;
}

export class LatchkeyError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "LatchkeyError";
    this.code = code;
    this.hint = details.hint;
    this.exitCode = details.exitCode ?? EXIT_CODES[code];
  }
}

/** Anything that escaped: ours as it is, everything else as a bug of ours (exit 1, the stack under `--debug`). */
export function fromUnknown(thrown: unknown): LatchkeyError {
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
