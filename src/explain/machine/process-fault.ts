import type { CauseId } from "../causes.ts";
import type { ProcessFacts } from "./facts.ts";

/** What is wrong with a credential_process, as the cause that it is. */
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
        words: `it gave no answer in ${result.seconds} s, and may wait for one (${place})`,
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
