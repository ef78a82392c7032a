import { Flags, type Interfaces } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../../cli/command.ts";
import { parseSpanFlag, tokenExpiry } from "../../federation/dates.ts";
import { reportText, resultJson, toExitCode, type ReportJson } from "../../federation/report.ts";
import { CHECK_IDS, type CheckId, type CheckOptions } from "../../federation/step.ts";
import { closestMatches } from "../../text/terminal.ts";
import { usageError, type ExitCode } from "../../errors.ts";
import {
  administratorFlags,
  groupFlags,
  metadataFlags,
  scimTokenFlags,
  strictFlag,
  textFlag,
} from "../../cli/flags.ts";
import { checkFederation } from "../../federation/check.ts";

export default class FederationCheck extends LatchkeyCommand<ReportJson> {
  static override summary = "Check each step from Okta to a role";
  static override description = prose(`
    Makes twelve checks: the metadata of both sides, the instance, SCIM and its
    token, user, group, membership, permission set, assignment, portal, and the
    identity that AWS reports. It reads only, and never changes anything. A check
    is skipped if something that it needs is not given. To begin, a SCIM token alone
    or AWS credentials alone are enough.
  `);
  static override examples = examples(
    "--user ada.okta@example.com --group aws-viewers --account 111122223333 --permission-set ViewOnlyAccess --profile admin",
    '--user ada.okta@example.com --group aws-viewers --scim-endpoint "$SCIM_ENDPOINT" --token-stdin < token',
    '--metadata okta-metadata.xml --acs-url "$ACS_URL" --issuer-url "$ISSUER_URL" --strict --json',
  );
  static override flags = {
    profile: administratorFlags.profile,
    region: administratorFlags.region,
    user: textFlag("NAME", "user name, as Okta sends it"),
    group: textFlag("NAME", "group that is pushed and assigned"),
    account: {
      ...textFlag("ACCOUNT", "account by id or name", "a"),
      aliases: ["account-id"],
    },
    "permission-set": textFlag("NAME", "permission set that the group has on the account"),
    metadata: textFlag("FILE", "Okta's metadata, as uploaded to AWS (- for stdin)"),
    "scim-endpoint": textFlag("URL", "SCIM endpoint (else the last saved one)"),
    "token-stdin": scimTokenFlags["token-stdin"],
    "login-profile": textFlag(
      "NAME",
      "profile that the user signs in with, for the last two steps",
    ),
    why: Flags.boolean({ description: "ask CloudTrail for the reason if a step fails" }),
    only: textFlag("STEPS", `only these steps, separated by commas: ${CHECK_IDS.join(", ")}`),
    strict: strictFlag,
    ...groupFlags("MORE", {
      timeout: administratorFlags.timeout,
      sp: textFlag("FILE", "AWS's metadata, as entered in Okta"),
      ...metadataFlags,
      "token-created": scimTokenFlags["token-created"],
      "token-expires": scimTokenFlags["token-expires"],
      provisioning: Flags.option({
        options: ["scim", "manual"] as const,
        default: "scim" as const,
        description: "how users and groups are created in AWS",
      })(),
      watch: textFlag("TIME", "repeat until all steps pass, at most this long (5m)"),
    }),
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(FederationCheck);
    const { terminal } = this.context;
    if (flags.metadata === "-" && flags["token-stdin"])
      throw usageError(
        "stdin can't hold both the metadata and the token.",
        "Name the metadata's file, or give the token in LATCHKEY_SCIM_TOKEN.",
      );
    const only = flags.only === undefined ? CHECK_IDS : parseSteps(flags.only);
    const watchSeconds = flags.watch === undefined ? 0 : parseSpanFlag("--watch", flags.watch);
    const checks = await checkFederation(this.context, toCheckOptions(flags), {
      only,
      watchSeconds,
      onStep: (id) =>
        terminal.showProgress(`${CHECK_IDS.indexOf(id) + 1}/${CHECK_IDS.length} ${id}`),
    });
    terminal.clearProgress();
    const report = resultJson(toExitCode(checks, flags.strict), { checks });
    this.print(flags.json, report, () => reportText(report), "checks");
    return report.exitCode;
  }
}

type CheckFlags = Interfaces.InferredFlags<typeof FederationCheck.flags>;

function toCheckOptions(flags: CheckFlags): CheckOptions {
  return {
    user: flags.user,
    group: flags.group,
    account: flags.account,
    permissionSet: flags["permission-set"],
    metadataFile: flags.metadata,
    oktaDomain: flags["okta-domain"],
    minDays: flags["min-days"],
    serviceProviderFile: flags.sp,
    acsUrl: flags["acs-url"],
    issuerUrl: flags["issuer-url"],
    scimEndpoint: flags["scim-endpoint"],
    tokenStdin: flags["token-stdin"],
    tokenExpiresAt: tokenExpiry(flags["token-created"], flags["token-expires"]),
    loginProfile: flags["login-profile"],
    why: flags.why,
    provisioning: flags.provisioning,
    scimOnly: false,
    administrator: flags,
  };
}

function parseSteps(text: string): CheckId[] {
  return text.split(",").map((word) => {
    const id = CHECK_IDS.find((known) => known === word.trim());
    if (id !== undefined) return id;
    const [close] = closestMatches(word.trim(), CHECK_IDS);
    throw usageError(
      `--only: there is no step "${word.trim()}".`,
      close === undefined ? `There are: ${CHECK_IDS.join(", ")}` : `The nearest: ${close}`,
    );
  });
}
