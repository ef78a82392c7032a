import { isRegion } from "../../model/start-url.ts";
import { checkMetadata } from "../saml/check.ts";
import { mergeFindings } from "../saml/finding.ts";
import { serviceProviderFindings } from "../saml/service-provider-rules.ts";
import { ok, skip, type Step } from "../step.ts";

/** Step 2: AWS's metadata and its two URLs, which are entered in Okta, and whether they are in the instance's region. */
export const serviceProviderStep: Step = {
  id: "sp-urls",
  learnsFrom: ["instance"],
  async judge({ context, options, admin }) {
    const { serviceProviderFile: file, acsUrl: acs, issuerUrl: issuer, minDays } = options;
    if (file === undefined && acs === undefined && issuer === undefined)
      return skip("no --sp, --acs-url or --issuer-url given");

    const { region: named } = options.administrator;
    const region = admin?.region ?? (named !== undefined && isRegion(named) ? named : undefined);
    const findings = serviceProviderFindings({ acs, issuer, region });
    if (file !== undefined) {
      const ofFile = await checkMetadata(context, { file, region, minDays, expect: "sp" });
      findings.push(...ofFile.findings);
    }
    return mergeFindings(
      findings,
      ok("ACS and issuer URL are well-formed and belong to one instance"),
    );
  },
};
