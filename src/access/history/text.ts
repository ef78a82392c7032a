import { secondsUntil } from "../../text/instant.ts";
import { paintLine, type Paint } from "../../text/paint.ts";
import {
  calendarDay,
  clockTime,
  duration,
  escapeControls,
  formatLines,
} from "../../text/terminal.ts";
import { compareChanges, type Came, type HistoryChanges, type SeenAccount } from "./changes.ts";
import type { AccessHistory } from "./history.ts";

/** Texts for people about a history of roles: its changes, its age, and when a role was lost. */

interface Reader {
  readonly now: Date;
  readonly paint: Paint;
}

/** Returns the changes by day, newest first, with one line for each account and listing. */
export function changesText(changes: HistoryChanges, { now, paint }: Reader): string {
  const days = Map.groupBy(listLines(changes), ({ at }) => calendarDay(at, now));
  return [...days]
    .map(([day, lines]) => {
      const painted = lines.map(({ text }) => paintLine(escapeControls(text), "plan", paint));
      return `${[day, ...painted].join("\n")}\n`;
    })
    .join("\n");
}

interface Line {
  readonly at: Date;
  readonly text: string;
}

function listLines({ accounts, roles }: HistoryChanges): Line[] {
  const [isNew, isGone] = [new Set(accounts.came.map(toKey)), new Set(accounts.went.map(toKey))];
  const came = groupByAccount(roles.came).map((group) => ({
    ...group,
    text: `  + ${formatAccount(group)}${isNew.has(toKey(group)) ? ", a new account" : ""}: ${group.roleNames.join(", ")}`,
  }));
  const went = groupByAccount(roles.went).map((group) => ({
    ...group,
    text: `  - ${formatAccount(group)}${isGone.has(toKey(group)) ? ", the account is gone" : ""}: ${group.roleNames.join(", ")}`,
  }));
  // Within one listing, gained roles come before lost ones.
  return [...came, ...went].sort(compareChanges);
}

/** Returns the same key for all changes of one account that the same listing found. */
function toKey({ accountId, at }: Came<SeenAccount>): string {
  return `${accountId} ${at.getTime()}`;
}

function groupByAccount(roles: ReadonlyArray<Came<SeenAccount & { readonly roleName: string }>>) {
  return [...Map.groupBy(roles, toKey).values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : { ...toDated(first), roleNames: [first, ...others].map(({ roleName }) => roleName) },
  );
}

function toDated({ accountId, accountName, at }: Came<SeenAccount>): Came<SeenAccount> {
  return { accountId, accountName, at };
}

function formatAccount({ accountId, accountName }: SeenAccount): string {
  return accountName === undefined ? accountId : `${accountName} (${accountId})`;
}

interface Outlook {
  /** The session's name for messages. */
  readonly session: string;
  readonly since: Date;
  readonly now: Date;
}

/** Returns the text to show if there are no changes. */
export function noChangesText(
  history: AccessHistory | undefined,
  { session, since, now }: Outlook,
): string {
  if (history?.beganAt === undefined)
    return formatLines([
      `There is no history of your roles in ${session} yet. It begins with the next listing of all roles.`,
    ]);
  const { beganAt, listedAt } = history;
  if (beganAt.getTime() === listedAt?.getTime())
    return formatLines([
      `The history of your roles in ${session} begins with the listing of ${clockTime(beganAt, now)}. Changes are recorded from then on.`,
    ]);
  return formatLines([
    `Nothing changed in ${session} since ${formatSince(beganAt > since ? beganAt : since, now)}.`,
  ]);
}

/** Returns `3 November`, or the time if it is today. */
function formatSince(since: Date, now: Date): string {
  return since.toDateString() === now.toDateString()
    ? clockTime(since, now)
    : calendarDay(since, now);
}

/** Returns when roles were last listed, and how far back the history goes. */
export function historyAgeText(
  { beganAt, listedAt }: AccessHistory,
  { since, now }: Outlook,
): string | undefined {
  if (beganAt === undefined || listedAt === undefined) return undefined;
  const age = duration(-secondsUntil(listedAt, now));
  const start = beganAt > since ? ` The history began ${formatSince(beganAt, now)}.` : "";
  return `Last listed ${clockTime(listedAt, now)} (${age} ago).${start}`;
}

/** Returns the hint for a refused role that the user once had: `You had Deploy there until 3 November.` */
export function formerRoleText(roleName: string, lastSeen: Date, now: Date): string {
  return `You had ${roleName} there until ${formatSince(lastSeen, now)}.`;
}
