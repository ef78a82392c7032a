import {
  accountLabel,
  type AccessChanges,
  type Account,
  type RoleInAccount,
} from "../model/account.ts";
import { secondsUntil } from "../text/instant.ts";
import { clockTime, duration, formatCount } from "../text/terminal.ts";

/** Texts shown while accounts and roles are listed, and about earlier listings. */

const BAR_COLUMNS = 20;

/** `Roles  ████████████░░░░░░░░  612/1,000 accounts · 14/s · 28 s left` */
export function rolesProgressText(done: number, total: number, perSecond: number): string {
  const filled = Math.round((BAR_COLUMNS * done) / Math.max(total, 1));
  const bar = "█".repeat(filled) + "░".repeat(BAR_COLUMNS - filled);
  const rate =
    perSecond >= 0.05
      ? ` · ${perSecond >= 2 ? perSecond.toFixed(0) : perSecond.toFixed(1)}/s · ${duration((total - done) / perSecond)} left`
      : "";
  return `Roles  ${bar}  ${formatCount(done)}/${formatCount(total)} accounts${rate}`;
}

export function accountsProgressText(count: number): string {
  return `Accounts  ${formatCount(count)}`;
}

/** The notice for `--cached`. */
export function listingAgeText(listedAt: Date, now: Date): string {
  return `listed at ${formatAge(listedAt, now)}; the service was not asked.`;
}

export function resumeText(done: number, total: number, listedAt: Date, now: Date): string {
  return `continuing an interrupted listing: ${formatCount(done)} of ${formatCount(total)} accounts are done, from ${formatAge(listedAt, now)}.`;
}

export function interruptionText(done: number, total: number): string {
  return `${formatCount(done)} of ${formatCount(total)} accounts are listed; the next listing continues from there.`;
}

/**
 * Returns the notice about an incomplete answer. Counts unusable entries, and accounts whose roles the service refused
 * to list.
 */
export function formatLeftOut(count: number): string {
  return `the service's answer was incomplete: ${formatCount(count)} of its entries can't be used. The rest is shown, but not stored, and nothing is removed.`;
}

const MOST_CHANGES = 10;

/** Returns a line for each account gained or lost, or undefined if there are none. */
export function accountChangesText(
  changes: AccessChanges<Account>,
  now: Date,
): string[] | undefined {
  return changesText(changes, now, (accounts) => accounts.map(accountLabel));
}

/** As `accountChangesText` for roles, with a line for each account. */
export function roleChangesText(
  changes: AccessChanges<RoleInAccount>,
  now: Date,
): string[] | undefined {
  return changesText(changes, now, formatByAccount);
}

function formatByAccount(roles: readonly RoleInAccount[]): string[] {
  const groups = Map.groupBy(roles, ({ account }) => account.accountId);
  return [...groups].map(([accountId, [first, ...others]]) => {
    const name = first?.account.accountName;
    const roleNames = [first, ...others].map((role) => role?.roleName ?? "").join(", ");
    return `${name === undefined ? accountId : `${name} (${accountId})`}: ${roleNames}`;
  });
}

function changesText<Item>(
  { since, came, went }: AccessChanges<Item>,
  now: Date,
  toLines: (items: readonly Item[]) => string[],
): string[] | undefined {
  const lines = [
    ...toLines(came).map((line) => `  + ${line}`),
    ...toLines(went).map((line) => `  - ${line}`),
  ];
  if (lines.length === 0) return undefined;
  const more = lines.splice(MOST_CHANGES).length;
  return [
    `Since the listing of ${formatAge(since, now)}:`,
    ...lines,
    ...(more > 0 ? [`  … ${formatCount(more)} more`] : []),
  ];
}

/** `10:04 (2 h 3 min ago)` */
function formatAge(instant: Date, now: Date): string {
  return `${clockTime(instant, now)} (${duration(-secondsUntil(instant, now))} ago)`;
}
