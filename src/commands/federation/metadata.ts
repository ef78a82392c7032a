import { Args, Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../../cli/command.ts";
import type { ExitCode } from "../../errors.ts";
import { reportText, resultJson, toExitCode, type ReportJson } from "../../federation/report.ts";
import { metadataFlags, strictFlag, instanceRegionFlag, textFlag } from "../../cli/flags.ts";
import { checkMetadata, type MetadataResult } from "../../federation/saml/check.ts";

export interface MetadataJson extends ReportJson {
  readonly kind: MetadataResult["kind"];
}

export default class FederationMetadata extends LatchkeyCommand<MetadataJson> {
  static override summary = "Check SAML metadata before you upload it";
  static override description = prose(`
    Checks Okta's file before you upload it to AWS, or AWS's file and URLs before
    you enter them in Okta. It detects which of the two the file is. No API returns
    the certificate that AWS has stored: compare the fingerprint with the console.
    Assertions are not verified.
  `);
  static override examples = examples(
    "okta-metadata.xml",
    "okta-metadata.xml --previous uploaded.xml --okta-domain acme.okta.com",
    '--acs-url "$ACS_URL" --issuer-url "$ISSUER_URL"',
  );
  static override args = {
    file: Args.string({ description: "the metadata file, or - for stdin" }),
  };
  static override flags = {
    previous: textFlag("FILE", "the file uploaded before, to show what changed"),
    ...metadataFlags,
    region: instanceRegionFlag,
    expect: Flags.option({
      options: ["auto", "idp", "sp"] as const,
      default: "auto" as const,
      description: "whose file it is, the identity provider's or AWS's",
    })(),
    strict: strictFlag,
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(FederationMetadata);
    const { kind, findings } = await checkMetadata(this.context, {
      file: args.file,
      previous: flags.previous,
      acsUrl: flags["acs-url"],
      issuerUrl: flags["issuer-url"],
      minDays: flags["min-days"],
      oktaDomain: flags["okta-domain"],
      region: flags.region,
      expect: flags.expect,
    });
    const checks = findings.map((finding) => ({ ...finding, durationMs: 0 }));
    const report = resultJson(toExitCode(checks, flags.strict), { kind, checks });
    this.print(flags.json, report, () => reportText(report), "checks");
    return report.exitCode;
  }
}
