import { Args, Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../../cli/command.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { parseSpanFlag } from "../../federation/dates.ts";
import { escapeControls, plural } from "../../text/terminal.ts";
import { administratorFlags, textFlag } from "../../cli/flags.ts";
import { openAdministrator } from "../../federation/administrator.ts";
import { resultJson, type ResultJson } from "../../federation/report.ts";
import { listReasons, type Reason } from "../../federation/why.ts";

export interface WhyJson extends ResultJson {
  readonly reasons: readonly Reason[];
}

export default class FederationWhy extends LatchkeyCommand<WhyJson> {
  static override summary = "Ask CloudTrail why sign-ins or SCIM pushes fail";
  static override description = prose(`
    Prints AWS's own words. If they are known, also prints what they mean and how to
    fix the cause. Events appear in CloudTrail after some minutes and are kept for
    90 days. Sign-ins are recorded in the management account, in the region of the
    instance.
  `);
  static override examples = examples(
    "",
    "login --since 1d --user ada.okta@example.com",
    "scim --json",
  );
  static override args = {
    topic: Args.string({
      description: "sign-ins, or Okta's SCIM pushes (else both)",
      options: ["login", "scim"],
    }),
  };
  static override flags = {
    ...administratorFlags,
    since: Flags.string({
      description: "how far back, such as 1d",
      helpValue: "TIME",
      default: "1h",
    }),
    user: textFlag("NAME", "only failures of this user"),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(FederationWhy);
    const { terminal } = this.context;
    const topics = (["login", "scim"] as const).filter(
      (topic) => args.topic === undefined || topic === args.topic,
    );
    const options = {
      topics,
      sinceSeconds: parseSpanFlag("--since", flags.since),
      user: flags.user,
    };
    const admin = await openAdministrator(this.context, flags);
    const found: Reason[] = [];
    for await (const reason of listReasons(this.context, admin, options)) {
      found.push(reason);
      if (!flags.json) terminal.write(reasonText(reason));
    }
    if (flags.json) this.printJson(resultJson(EXIT.OK, { reasons: found }));
    const summary =
      found.length === 0
        ? `No failure in the last ${flags.since}. CloudTrail lags by some minutes.`
        : `${plural(found.length, "failure")} in the last ${flags.since}`;
    this.saySummary(flags, summary);
    return EXIT.OK;
  }
}

/** AWS's text is printed on its own line, unchanged and never cut. */
function reasonText(reason: Reason): string {
  const { topic, time, eventName, user, errorCode, errorMessage, meaning, cure } = reason;
  const code = errorMessage === null ? null : errorCode;
  const lines = [
    [time, topic, eventName, user, code].filter((part) => part !== null).join("  "),
    `  AWS says  ${errorMessage ?? errorCode ?? ""}`,
    ...(meaning === null ? [] : [`  means     ${meaning}`, `  cure      ${cure}`]),
  ];
  return lines.map((line) => `${escapeControls(line)}\n`).join("");
}
