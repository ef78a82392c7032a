// Judges the output of `npm audit signatures --json`.
import { isRecord, parseJson, toRecord } from "../../../src/text/json.ts";

export type SignatureJudgement =
  | { readonly kind: "judged"; readonly faults: readonly string[] }
  | { readonly kind: "skipped"; readonly reason: string };

/**
 * Returns the faults of signatures. If the registry has no keys or does not respond, the check is skipped.
 * @param status npm's exit code; null if npm was killed
 * @param stdout npm's output
 */
export function judgeSignatures(status: number | null, stdout: string): SignatureJudgement {
  const answer = parseJson(stdout);
  const { invalid, missing } = toRecord(answer);
  if (!Array.isArray(invalid) || !Array.isArray(missing)) {
    const { code } = toRecord(toRecord(answer)["error"]);
    const late = status === null ? "it took too long" : "no answer";
    const why = typeof code === "string" ? code : late;
    return { kind: "skipped", reason: `they could not be fetched (${why})` };
  }
  const list = (all: readonly unknown[], fault: string): string[] =>
    all.filter(isRecord).map(({ name, version }) => `${String(name)} ${String(version)} ${fault}`);
  return {
    kind: "judged",
    faults: [...list(invalid, "is not what was signed"), ...list(missing, "has no signature")],
  };
}
