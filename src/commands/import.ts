import { Args, Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { formFlag, outputFlag, ssoSessionFlag, textFlag, valueFlag } from "../cli/flags.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { importProfiles, type ImportResult } from "../import/import.ts";
import { TOOL_NAMES, toTool } from "../import/sources.ts";
import { importText } from "../import/text.ts";
import { COLLISION_REASONS } from "../sync/collisions.ts";

export type ImportJson = ReturnType<typeof toJson>;

export default class Import extends LatchkeyCommand<ImportJson> {
  static override summary = "Write profiles for the roles of another tool";
  static override description = prose(`
    Reads the tool's files, shows a plan (+ new, ! not written or not read) and
    asks; without a terminal it needs --yes. Makes no requests, and changes neither
    the tool's files nor its sections. Writes no second profile for a role that has
    one already. Profiles get the tool's names for their roles if these are free,
    else the names that \`profiles sync\` would use. \`latchkey profiles undo\`
    reverts the change.
  `);
  static override examples = examples(
    ["Show what would be written", "granted --dry-run"],
    "aws-sso --region eu-west-1 --yes",
    [
      "Files copied from another machine",
      "aws-vault --from old-config --sso-session corp --dry-run",
    ],
  );
  static override args = {
    tool: Args.string({
      options: TOOL_NAMES,
      description: "tool to read",
      required: true,
    }),
  };
  static override flags = {
    from: textFlag("FILE", "config.yaml (aws-sso) or AWS config to read instead"),
    "sso-session": { ...ssoSessionFlag, description: "name for a new SSO session" },
    region: valueFlag("region", "region", {
      helpValue: "REGION",
      description: "region of the profiles (else the tool's)",
    }),
    output: outputFlag,
    form: formFlag,
    "dry-run": Flags.boolean({ description: "show the plan and write nothing" }),
    diff: Flags.boolean({
      description: "print a unified diff of the file, secrets masked",
    }),
    all: Flags.boolean({ description: "show every line of the plan" }),
    yes: Flags.boolean({ char: "y", description: "write without asking" }),
    force: Flags.boolean({ description: "also edit a template" }),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Import);
    const { terminal } = this.context;
    const { from, region, output, form, force, yes } = flags;
    const imported = await importProfiles(
      this.context,
      toTool(args.tool),
      { from, region, output, form, ssoSession: flags["sso-session"] },
      {
        ...{ force, yes, dryRun: flags["dry-run"] },
        show: (planned) => {
          terminal.say(importText(planned, flags.all), "plan");
          if (flags.diff && !flags.json) terminal.write(planned.formatDiff(), "diff");
        },
      },
    );
    if (flags.json) this.printJson(toJson(imported, flags.diff));
    else if (imported.applied) terminal.say("Done. latchkey profiles undo puts it back.");
    return EXIT.OK;
  }
}

function toJson({ planned, left, applied, formatDiff }: ImportResult, withDiff: boolean) {
  return {
    sessions: planned.sessions.map(({ session, isNew, plan }) => ({
      session: session.name,
      startUrl: session.startUrl,
      region: session.region,
      /** Whether the session is added to the config. */
      added: isNew && plan.add.length > 0,
    })),
    add: planned.sessions.flatMap(({ session, plan }) =>
      plan.add.map(({ name, account, roleName, region = null, formerName = name }) => ({
        profile: name,
        /** The name in the other tool. */
        toolName: formerName,
        session: session.name,
        accountId: account.accountId,
        accountName: account.accountName ?? null,
        roleName,
        region,
      })),
    ),
    /** Number of roles that already have a profile. */
    kept: planned.plan.kept,
    /** Profiles that are not created, because their name is taken. */
    collisions: planned.plan.collisions.map(({ wanted: { name, account, roleName }, reason }) => ({
      profile: name,
      accountId: account.accountId,
      roleName,
      reason: COLLISION_REASONS[reason],
    })),
    /** The tool's entries that can't be imported. */
    left,
    applied,
    ...(withDiff ? { diff: formatDiff() } : {}),
  };
}
