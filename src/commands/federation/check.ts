import { Flags, type Interfaces } from "@oclif/core";
import { LatchkeyCommand, examples } from "../../cli/command.ts";
import { parseSpanFlag, tokenExpiry } from "../../federation/dates.ts";
import { reportText, resultJson, toExitCode, type ReportJson } from "../../federation/report.ts";
import { CHECK_IDS, type CheckId, type CheckOptions } from "../../federation/step.ts";
import { closestMatches } from "../../text/terminal.ts";
import { usageError, type ExitCode } from "../../errors.ts";
import {
  administratorFlags,
  metadataFlags,
  scimTokenFlags,
  strictFlag,
  textFlag,
} from "../../cli/flags.ts";
import { checkFederation } from "../../federation/check.ts";

export default class FederationCheck extends LatchkeyCommand<ReportJson> {
  static override summary = "Check the whole road from Okta to a role, step by step";
  static override description =
    "Twelve steps: the metadata of both sides, the instance, SCIM and its token, user, group, membership, permission set, assignment, portal, and who AWS says it is. It reads and never changes anything. What needs something that is not given is skipped: a SCIM token alone or AWS credentials alone are enough to begin.";
  static override examples = examples(
    "--user ada.okta@example.com --group aws-viewers --account 111122223333 --permission-set ViewOnlyAccess --profile admin",
    '--user ada.okta@example.com --group aws-viewers --scim-endpoint "$SCIM_ENDPOINT" --token-stdin < token',
    '--metadata okta-metadata.xml --acs-url "$ACS_URL" --issuer-url "$ISSUER_URL" --strict --json',
  );
  static override flags = {
    ...administratorFlags,
    user: textFlag("NAME", "user name, as Okta sends it"),
    group: textFlag("NAME", "group that is pushed and assigned"),
    account: {
      ...textFlag("ACCOUNT", "account by its id or its name", "a"),
      aliases: ["account-id"],
    },
    "permission-set": textFlag("NAME", "permission set that the group holds there"),
    metadata: textFlag("FILE", "Okta's metadata, as it is uploaded to AWS (- for stdin)"),
    "okta-domain": metadataFlags["okta-domain"],
    "min-days": metadataFlags["min-days"],
    sp: textFlag("FILE", "AWS's metadata, as it is entered in Okta"),
    "acs-url": metadataFlags["acs-url"],
    "issuer-url": metadataFlags["issuer-url"],
    "scim-endpoint": textFlag("URL", "SCIM endpoint (else the one saved last)"),
    ...scimTokenFlags,
    "login-profile": textFlag(
      "NAME",
      "profile with which the user signs in, for the last two steps",
    ),
    provisioning: Flags.option({
      options: ["scim", "manual"] as const,
      default: "scim" as const,
      description: "whether users and groups come by SCIM",
    })(),
    why: Flags.boolean({ description: "ask CloudTrail for its reason where a step fails" }),
    only: textFlag("STEPS", `only these steps, parted by commas: ${CHECK_IDS.join(", ")}`),
    strict: strictFlag,
    watch: textFlag("5m", "look again until all is well, for so long"),
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
