import type { CauseId } from "../causes.ts";
import type { ProcessFacts } from "./facts.ts";

/** Returns the cause for which a credential_process fails; undefined if it works or was not run. */
export function findProcessFault({
  place,
  program = "its program",
  isThere,
  result,
}: ProcessFacts): { readonly cause: CauseId; readonly words: string } | undefined {
  if (!isThere) return { cause: "process-gone", words: `${program} can't be started (${place})` };
  switch (result.kind) {
    case "silent":
      return {
        cause: "process-output",
        words: `it did not end within ${result.seconds} s; it may wait for input (${place})`,
      };
    case "failed":
      return {
        cause: "process-failed",
        words: `it ended with exit code ${result.exitCode}: ${result.says} (${place})`,
      };
    case "printed":
      return result.fault === undefined
        ? undefined
        : { cause: "process-output", words: `${result.fault} (${place})` };
    case "not-run":
      return undefined;
  }
}
