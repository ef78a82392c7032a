import { checkMetadata } from "../saml/check.ts";
import { mergeFindings } from "../saml/finding.ts";
import { ok, skip, type Step } from "../step.ts";

/** Step 1: the identity provider's metadata, which is uploaded to AWS. */
export const metadataStep: Step = {
  id: "metadata",
  async judge({ context, options }) {
    const { metadataFile: file, oktaDomain, minDays } = options;
    if (file === undefined) return skip("no --metadata given");

    const { findings } = await checkMetadata(context, { file, oktaDomain, minDays, expect: "idp" });
    const describe = (id: string): string =>
      findings.find((finding) => finding.id === id)?.summary ?? "";
    return mergeFindings(
      findings,
      ok(`${describe("META-ENTITY")} · ${describe("META-CERT")}`, { file }),
    );
  },
};
