import { SAML_DOCS } from "../places.ts";
import { fail, ok, type Evidence, type Hint, type Verdict } from "../step.ts";

/** A rule's result on SAML metadata. Its code is the rule's id, except that some warnings have another code. */
export type Finding = Verdict & { readonly id: string };

/** The content of a file, or the problem that makes it unusable. */
export type Reading<Value> =
  | { readonly kind: "read"; readonly value: Value }
  | { readonly kind: "unusable"; readonly problem: Finding };

const docs = SAML_DOCS;

export function refuseFile(id: string, summary: string, hint: string): Reading<never> {
  return { kind: "unusable", problem: failFinding(id, summary, hint) };
}

export function okFinding(id: string, summary: string, evidence?: Evidence): Finding {
  return { id, ...ok(summary, evidence) };
}

export function failFinding(
  id: string,
  summary: string,
  hint: Hint,
  evidence: Evidence = {},
): Finding {
  return { id, ...fail(id, summary, hint, { evidence, docs }) };
}

/**
 * Merges findings into one verdict with the worst status, and with the summaries and hints of all findings that are not ok.
 */
export function mergeFindings(findings: readonly Finding[], good: Verdict): Verdict {
  const failed = findings.filter(({ status }) => status === "fail");
  const bad = [...failed, ...findings.filter(({ status }) => status === "warn")];
  const [worst] = bad;
  if (worst === undefined) return good;
  const { status, code, docs } = worst;
  const summary = bad.map((finding) => finding.summary).join("; ");
  const evidence = { ...good.evidence, findings: bad.map(({ id }) => id) };
  return { ...good, status, code, summary, evidence, hint: bad.flatMap(({ hint }) => hint), docs };
}
