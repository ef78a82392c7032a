import { Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../../cli/command.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { maskChange } from "../../profiles/text.ts";
import { COLLISION_REASONS } from "../../sync/collisions.ts";
import { planText } from "../../sync/text.ts";
import {
  answerableSessionFlags,
  cachedFlag,
  formFlag,
  fromFlag,
  groupFlags,
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
  static override summary = "Write and update a profile for each of your roles";
  static override description = prose(`
    Shows a plan (+ new, ~ changed, - removed, ! not written) and asks; without a
    terminal it needs --yes. Profiles that sync writes have the key
    \`latchkey_managed\`. sync changes and removes only these profiles, and in them
    only values that it wrote. \`latchkey profiles undo\` reverts the change. Names
    that collide are reported, and not written.

    Fields of --template: account.id, account.name, account.slug, role, session,
    email, region. Filters after a bar: lower, slug, trim, encode. Without a
    template, a profile is named after its account, with -role appended if you
    have several roles there.

    A PATTERN of --filter and --exclude is a glob (*, ?) for the whole account id,
    account name or role, or for one field: account:GLOB, role:GLOB, email:GLOB.
    Patterns on one field are alternatives; different fields must all match. If a
    role is filtered out, its profile stays unchanged, also with --prune. More:
    docs/sync.md.
  `);
  static override aliases = ["populate"];
  static override examples = examples(
    ["Show what would be written", "--dry-run"],
    "--sso-session corp --region eu-west-1 --dry-run --diff",
    "--template '{account.slug}.{role|lower}' --filter 'account:payments-*' --exclude role:Billing --yes",
    "--prune --yes --json",
    "--from team.ini --yes",
  );
  static override flags = {
    from: fromFlag,
    "sso-session": answerableSessionFlags["sso-session"],
    template: Flags.string({
      aliases: ["profile-template"],
      description: "profile names, such as {account.slug}-{role|lower}",
      helpValue: "TEMPLATE",
      env: "LATCHKEY_TEMPLATE",
    }),
    filter: repeatableFlag("PATTERN", "only roles that match; repeatable"),
    exclude: repeatableFlag("PATTERN", "skip roles that match; repeatable"),
    region: repeatableFlag("REGION", "region of the profiles; repeat for one profile each"),
    form: formFlag,
    prune: Flags.boolean({
      description: "remove profiles of this session whose role you lost",
    }),
    cached: cachedFlag,
    "dry-run": Flags.boolean({ description: "show the plan and write nothing" }),
    diff: Flags.boolean({
      description: "print a unified diff of the file, secrets masked",
    }),
    all: Flags.boolean({ description: "show every line of the plan" }),
    yes: Flags.boolean({ char: "y", description: "write without asking" }),
    ...groupFlags("MORE", {
      "start-url": answerableSessionFlags["start-url"],
      "sso-region": answerableSessionFlags["sso-region"],
      output: outputFlag,
      set: repeatableFlag("KEY=VALUE", "extra key of each profile, such as cli_history=enabled"),
      rename: Flags.boolean({
        description: "rename existing profiles to match account and template",
      }),
      force: Flags.boolean({
        description:
          "also move an existing session, remove profiles that you edited, and edit templates",
      }),
    }),
    ...groupFlags("SIGN-IN", signInFlags),
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
