import { Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../../cli/command.ts";
import type { ExitCode } from "../../errors.ts";
import { tokenExpiry } from "../../federation/dates.ts";
import { reportText, resultJson, toExitCode, type ReportJson } from "../../federation/report.ts";
import { administratorFlags, scimTokenFlags, strictFlag, textFlag } from "../../cli/flags.ts";
import { checkScim, type ScimCheckResult } from "../../federation/scim/check.ts";

export type ScimJson = ReportJson & ScimCheckResult;

export default class FederationScim extends LatchkeyCommand<ScimJson> {
  static override summary = "Check the SCIM endpoint, its token and pushed users";
  static override description = prose(`
    Reads only. It checks more than Okta's "Test API Credentials", which does not
    check groups. Give the token on stdin or in LATCHKEY_SCIM_TOKEN, never as an
    argument. AWS does not report when a token expires: --save stores the endpoint
    and the date that you give.
  `);
  static override examples = examples(
    '--endpoint "$SCIM_ENDPOINT" --token-created 2026-11-24 --save --token-stdin < token',
    [
      "The endpoint saved last, the token from LATCHKEY_SCIM_TOKEN",
      "--user ada.okta@example.com --group aws-viewers",
    ],
  );
  static override flags = {
    endpoint: Flags.string({
      aliases: ["scim-endpoint"],
      description: "SCIM endpoint (else the last saved one)",
      helpValue: "URL",
    }),
    user: textFlag("NAME", "user name to look for"),
    group: textFlag("NAME", "group to look for"),
    ...scimTokenFlags,
    save: Flags.boolean({
      description:
        "store the endpoint and the token's date; the token itself only with `settings storage keychain`",
    }),
    strict: strictFlag,
    timeout: administratorFlags.timeout,
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(FederationScim);
    const { baseUrl, checks, savedIn } = await checkScim(this.context, {
      scimEndpoint: flags.endpoint,
      user: flags.user,
      group: flags.group,
      tokenStdin: flags["token-stdin"],
      tokenExpiresAt: tokenExpiry(flags["token-created"], flags["token-expires"]),
      save: flags.save,
      timeout: flags.timeout,
    });
    const okta = baseUrl === null ? "" : `   Okta Base URL: ${baseUrl}\n`;
    const report = resultJson(toExitCode(checks, flags.strict), { baseUrl, savedIn, checks });
    this.print(flags.json, report, () => reportText(report) + okta, "checks");
    if (savedIn !== null)
      this.context.terminal.say(`Saved the endpoint and the token's date in ${savedIn}.`);
    return report.exitCode;
  }
}
