import { Args, Flags } from "@oclif/core";
import { examples, LatchkeyCommand } from "../cli/command.ts";
import { formFlag, outputFlag, ssoSessionFlag, textFlag, valueFlag } from "../cli/flags.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { importProfiles, type ImportResult } from "../import/import.ts";
import { TOOL_NAMES, toTool } from "../import/sources.ts";
import { importText } from "../import/text.ts";
import { COLLISION_REASONS } from "../sync/collisions.ts";

export type ImportJson = ReturnType<typeof toJson>;

export default class Import extends LatchkeyCommand<ImportJson> {
  static override summary = "Write profiles for the roles that another tool has";
  static override description = [
    "Reads what granted, aws-sso (aws-sso-cli), aws-vault or aws-sso-util keeps, and shows a plan as `profiles sync` does (+ new, ! not made or not taken); it asks, and without a terminal it needs --yes. The tool's own files, and its sections of the AWS config, stay as they are. A role that has a profile already, one of latchkey's or one that every AWS client reads, gets no other. `latchkey profiles undo` takes it back.",
    "A new profile gets the tool's name for it where that is free, else the name that `profiles sync` would give. A session of the same start URL and region is used; a new one is named by --sso-session, else as the tool names it, else after your company. Later runs of `profiles sync` keep these profiles and their names. No request is made.",
  ].join("\n\n");
  static override examples = examples(
    ["What would be written; without --dry-run and --yes it asks", "granted --dry-run"],
    "aws-sso --region eu-west-1 --yes",
    ["From another machine's files", "aws-vault --from old-config --sso-session corp --dry-run"],
  );
  static override args = {
    tool: Args.string({ options: TOOL_NAMES, description: "whose roles", required: true }),
  };
  static override flags = {
    from: textFlag(
      "FILE",
      "the tool's file where it lies elsewhere: config.yaml of aws-sso, an AWS config of the others",
    ),
    "sso-session": { ...ssoSessionFlag, description: "name of the SSO session that is new" },
    region: valueFlag("region", "region", {
      helpValue: "REGION",
      description: "region of the profiles (else as the tool has it)",
    }),
    output: outputFlag,
    form: formFlag,
    "dry-run": Flags.boolean({ description: "show the plan and write nothing" }),
    diff: Flags.boolean({
      description: "print the change of the file as a unified diff, secrets masked",
    }),
    all: Flags.boolean({ description: "show every line of the plan" }),
    yes: Flags.boolean({ char: "y", description: "make the change without asking" }),
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
