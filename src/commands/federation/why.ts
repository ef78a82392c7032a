import { Args, Flags } from "@oclif/core";
import { LatchkeyCommand } from "../../cli/command.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { parseSpanFlag } from "../../federation/dates.ts";
import { formatInstant } from "../../text/instant.ts";
import { escapeControls } from "../../text/terminal.ts";
import { toAdministratorFlags, administratorFlags } from "../../cli/flags.ts";
import { plural } from "../../cli/output.ts";
import type { TrailTopic } from "../../federation/aws/trail-text.ts";
import { openAdministrator } from "../../federation/administrator.ts";
import { resultJson, type ResultJson } from "../../federation/report.ts";
import { listReasons, type Reason } from "../../federation/why.ts";

export interface ReasonJson {
  readonly topic: TrailTopic;
  readonly time: string;
  readonly eventId: string | null;
  readonly eventName: string;
  readonly user: string | null;
  readonly errorCode: string | null;
  /** AWS's words as they are. */
  readonly errorMessage: string | null;
  readonly meaning: string | null;
  readonly cure: string | null;
}

export interface WhyJson extends ResultJson {
  readonly reasons: readonly ReasonJson[];
}

export default class FederationWhy extends LatchkeyCommand<WhyJson> {
  static override summary = "Ask CloudTrail why sign-ins or pushes fail";
  static override description =
    "AWS's own words as they are, and where they are known what they mean and what cures it. CloudTrail lags by some minutes, keeps 90 days, and has sign-ins in the management account and the instance's region.";
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> login --since 1d --user ada.okta@example.com",
    "<%= config.bin %> <%= command.id %> scim --json",
  ];
  static override args = {
    topic: Args.string({
      description: "sign-ins, or what Okta pushes (else both)",
      options: ["login", "scim"],
    }),
  };
  static override flags = {
    ...administratorFlags,
    since: Flags.string({ description: "how far back", helpValue: "1h", default: "1h" }),
    user: Flags.string({ description: "only of this user", helpValue: "NAME" }),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(FederationWhy);
    const { terminal } = this.context;
    const topics = (["login", "scim"] as const).filter(
      (topic) => args.topic === undefined || topic === args.topic,
    );
    const sinceSeconds = parseSpanFlag("--since", flags.since);
    const admin = await openAdministrator(this.context, toAdministratorFlags(flags));
    const found: Reason[] = [];
    for await (const reason of listReasons(this.context, admin, {
      topics,
      sinceSeconds,
      user: flags.user,
    })) {
      found.push(reason);
      if (!flags.json) terminal.write(reasonText(reason));
    }
    if (flags.json) this.printJson(resultJson(EXIT.OK, { reasons: found.map(toJson) }));
    else
      terminal.say(
        found.length === 0
          ? `No failure in the last ${flags.since}. CloudTrail lags by some minutes.`
          : `${plural(found.length, "failure")} in the last ${flags.since}`,
      );
    return EXIT.OK;
  }
}

/** AWS's words stand alone on their line, unchanged and never cut. */
function reasonText({ topic, event, meaning }: Reason): string {
  const words = event.errorMessage ?? event.errorCode ?? "";
  const lines = [
    [
      formatInstant(event.time),
      topic,
      event.name,
      event.userName ?? "",
      event.errorMessage === undefined ? "" : (event.errorCode ?? ""),
    ]
      .filter((part) => part !== "")
      .join("  "),
    `  AWS says  ${words}`,
    ...(meaning === undefined
      ? []
      : [`  means     ${meaning.meaning}`, `  cure      ${meaning.cure}`]),
  ];
  return lines.map((line) => `${escapeControls(line)}\n`).join("");
}

function toJson({ topic, event, meaning }: Reason): ReasonJson {
  const { id, time, name, userName, errorCode, errorMessage } = event;
  return {
    topic,
    time: formatInstant(time),
    eventId: id ?? null,
    eventName: name,
    user: userName ?? null,
    errorCode: errorCode ?? null,
    errorMessage: errorMessage ?? null,
    meaning: meaning?.meaning ?? null,
    cure: meaning?.cure ?? null,
  };
}
