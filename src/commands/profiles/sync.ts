import { Flags } from "@oclif/core";
import { examples, LatchkeyCommand } from "../../cli/command.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { maskChange } from "../../profiles/text.ts";
import { COLLISION_REASONS } from "../../sync/collisions.ts";
import { planText } from "../../sync/text.ts";
import {
  answerableSessionFlags,
  cachedFlag,
  formFlag,
  fromFlag,
  outputFlag,
  toSessionFlags,
} from "../../cli/flags.ts";
import { signInFlags, toSignInOptions } from "../../cli/sign-in-flags.ts";
import { createListingProgress } from "../../access/progress.ts";
import { syncProfiles, type SyncResult } from "../../sync/sync.ts";

/** A flag with one value that may be given several times. */
function repeatableFlag(helpValue: string, description: string) {
  return Flags.string({ multiple: true, multipleNonGreedy: true, description, helpValue });
}

export type SyncJson = ReturnType<typeof toJson>;

export default class ProfilesSync extends LatchkeyCommand<SyncJson> {
  static override summary =
    "Write a profile for every account and role that you hold, and keep them in step";
  static override description = [
    "Shows a plan (+ new, ~ changed, - gone, ! not made) and asks; without a terminal it needs --yes. Profiles that it writes carry `latchkey_managed = SESSION`: only those are ever changed or removed, and in them only the values that it wrote itself. `latchkey profiles undo` takes it back.",
    "Names are the account in lower case with hyphens, and -role only where you hold several roles there. A template puts fields in braces, each with filters behind bars: account.id, account.name, account.slug, role, session, email, region; lower, slug, trim, encode (what a name can't have as %XX). With several regions, a template without {region} gets -REGION at its end. Names that collide are said, and not made.",
    "A pattern of --filter and --exclude is a glob (*, ?) for the whole account id, account name or role, or one field's: account:GLOB, role:GLOB, email:GLOB. Several on one field are alternatives; different fields must all hold; one --exclude is enough. What a filter leaves out is left alone, also by --prune.",
  ].join("\n\n");
  static override aliases = ["populate"];
  static override examples = examples(
    ["What would be written; without --dry-run and --yes it asks", "--dry-run"],
    "--sso-session corp --region eu-west-1 --dry-run --diff",
    "--template '{account.slug}.{role|lower}' --filter 'account:payments-*' --exclude role:Billing --yes",
    "--prune --yes --json",
    "--from team.ini --yes",
  );
  static override flags = {
    from: fromFlag,
    ...answerableSessionFlags,
    template: Flags.string({
      aliases: ["profile-template"],
      description: "how profiles are named, such as {account.slug}-{role|lower}",
      helpValue: "TEMPLATE",
      env: "LATCHKEY_TEMPLATE",
    }),
    filter: repeatableFlag("PATTERN", "only roles that fit; repeatable"),
    exclude: repeatableFlag("PATTERN", "no roles that fit; repeatable"),
    region: repeatableFlag("REGION", "region of the profiles; repeated, a profile for each"),
    output: outputFlag,
    form: formFlag,
    set: repeatableFlag(
      "KEY=VALUE",
      "a further key of every profile, such as cli_history=enabled; repeatable",
    ),
    prune: Flags.boolean({
      description: "remove profiles of this session whose role is no longer assigned to you",
    }),
    rename: Flags.boolean({
      description:
        "give profiles that are there the names that the account or the template has now",
    }),
    cached: cachedFlag,
    "dry-run": Flags.boolean({ description: "show the plan and write nothing" }),
    diff: Flags.boolean({
      description: "print the change of the file as a unified diff, secrets masked",
    }),
    all: Flags.boolean({ description: "show every line of the plan" }),
    ...signInFlags,
    yes: Flags.boolean({ char: "y", description: "make the change without asking" }),
    force: Flags.boolean({
      description:
        "also move a session that is there, remove profiles that you have written in, and edit templates",
    }),
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(ProfilesSync);
    const { terminal } = this.context;
    const show = (planned: SyncResult): void => {
      terminal.say(planText(planned, flags.all), "plan");
      if (flags.diff && !flags.json) terminal.write(planned.formatDiff(), "diff");
    };
    const synced = await syncProfiles(
      this.context,
      {
        ...toSessionFlags(flags),
        template: flags.template,
        filters: flags.filter,
        excludes: flags.exclude,
        regions: flags.region,
        output: flags.output,
        form: flags.form,
        extras: flags.set,
      },
      {
        from: flags.from,
        prune: flags.prune,
        rename: flags.rename,
        force: flags.force,
        dryRun: flags["dry-run"],
        yes: flags.yes,
        ...toSignInOptions(flags),
        cached: flags.cached,
        progress: flags.json ? undefined : createListingProgress(this.context),
        show,
      },
    );
    if (flags.json) this.printJson(toJson(synced, flags.diff));
    else if (synced.applied) terminal.say("Done. latchkey profiles undo puts it back.");
    return EXIT.OK;
  }
}

function toJson({ plan, applied, formatDiff }: SyncResult, withDiff: boolean) {
  return {
    add: plan.add.map(({ name, account, roleName, region = null }) => ({
      profile: name,
      accountId: account.accountId,
      accountName: account.accountName ?? null,
      roleName,
      region,
    })),
    /** `from` is the profile's previous name. */
    change: plan.change.map(({ name, from, changes }) => ({
      profile: name,
      from,
      changes: changes.map(maskChange),
    })),
    remove: plan.remove.map(({ name, accountId = null, roleName = null }) => ({
      profile: name,
      accountId,
      roleName,
    })),
    /** Number of profiles that do not change. */
    kept: plan.kept,
    /** Profiles that are not created, because their name is taken. */
    collisions: plan.collisions.map(({ wanted: { name, account, roleName }, reason }) => ({
      profile: name,
      accountId: account.accountId,
      roleName,
      reason: COLLISION_REASONS[reason],
    })),
    applied,
    ...(withDiff ? { diff: formatDiff() } : {}),
  };
}
