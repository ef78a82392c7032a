import { examples, LatchkeyCommand, prose } from "../../cli/command.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { findHistoryChanges, type HistoryChanges } from "../../access/history/changes.ts";
import { EMPTY_TIMELINE } from "../../access/history/history.ts";
import { lookBack } from "../../access/history/look-back.ts";
import { readSince } from "../../access/history/since.ts";
import { changesText, historyAgeText, noChangesText } from "../../access/history/text.ts";
import { createListingProgress } from "../../access/progress.ts";
import {
  cachedFlag,
  sessionFlags,
  sessionWordsArg,
  textFlag,
  toSessionFlags,
} from "../../cli/flags.ts";
import { formatFlags } from "../../cli/format-flags.ts";
import { checkFormatFlags, formatInstantOrNull } from "../../cli/output.ts";
import { toUnattended } from "../../cli/real-context.ts";
import { sessionLabel } from "../../model/sso-session.ts";
import { selectSession } from "../../profiles/select.ts";
import { nameSession } from "../../profiles/typed.ts";
import { signInOnTheWay } from "../../sign-in/on-the-way.ts";
import { formatInstant } from "../../text/instant.ts";

export type AccessDiffJson = ReturnType<typeof toJson>;

export default class AccessDiff extends LatchkeyCommand<AccessDiffJson> {
  static override summary = "Show which accounts and roles you got and lost";
  static override description = prose(`
    Lists your roles and compares them with earlier listings. The history is stored
    on this machine, separately for each user: you see only your own history.
    \`latchkey logout --forget\` deletes it. --cached works offline.
  `);
  static override examples = examples(
    "",
    "--since monday",
    "corp --since 'last month' --json",
    "--since 2026-11-03 --cached",
  );
  static override args = { session: sessionWordsArg };
  static override flags = {
    ...sessionFlags,
    since: textFlag(
      "TIME",
      "how far back: monday, 3d, 2w, 'last month', a date or a time (else 30 days)",
    ),
    cached: cachedFlag,
    ...formatFlags,
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(AccessDiff);
    checkFormatFlags(flags);
    const { context } = this;
    const since = readSince(flags.since, context.now());
    const meant = await nameSession(context, args.session ?? [], toSessionFlags(flags));
    const session = await selectSession(context, meant);
    const { userName, history } = await signInOnTheWay(
      flags.cached ? toUnattended(context) : context,
      session,
      (signedIn) =>
        lookBack(context, signedIn, {
          cached: flags.cached,
          progress: flags.json ? undefined : createListingProgress(context),
        }),
    );
    context.terminal.clearProgress();
    const changes = findHistoryChanges(history ?? EMPTY_TIMELINE, since);
    const outlook = { session: sessionLabel(session), since, now: context.now() };
    const json = toJson(changes, { ...outlook, userName, listedAt: history?.listedAt });
    const reader = { now: outlook.now, paint: context.terminal.stdout.paint };
    await this.printFormatted(
      flags,
      json,
      () => changesText(changes, reader) || noChangesText(history, outlook),
    );
    const age = history && historyAgeText(history, outlook);
    if (age !== undefined && this.isForPeople(flags)) context.terminal.say(age);
    return EXIT.OK;
  }
}

interface Head {
  readonly session: string;
  readonly userName: string;
  readonly since: Date;
  readonly listedAt: Date | undefined;
}

function toJson({ accounts, roles }: HistoryChanges, head: Head) {
  return {
    /** The session's name, or its start URL if it has no name. */
    session: head.session,
    /** The signed-in user's name in AWS. The changes are this user's. */
    userName: head.userName,
    since: formatInstant(head.since),
    /** When all roles were last listed; null if they never were. */
    listedAt: formatInstantOrNull(head.listedAt),
    accounts: {
      came: accounts.came.map(toCameJson),
      went: accounts.went.map((each) => ({ ...toCameJson(each), ...toLastSeenJson(each) })),
    },
    roles: {
      came: roles.came.map(toRoleJson),
      went: roles.went.map((each) => ({ ...toRoleJson(each), ...toLastSeenJson(each) })),
    },
  };
}

type CameRole = HistoryChanges["roles"]["came"][number];

function toCameJson({ accountId, accountName, at }: HistoryChanges["accounts"]["came"][number]) {
  return { accountId, accountName: accountName ?? null, at: formatInstant(at) };
}

function toRoleJson({ accountId, accountName, roleName, at }: CameRole) {
  return { accountId, accountName: accountName ?? null, roleName, at: formatInstant(at) };
}

function toLastSeenJson({ lastSeenAt }: { readonly lastSeenAt: Date }) {
  return { lastSeenAt: formatInstant(lastSeenAt) };
}
