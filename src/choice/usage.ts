import type { Context } from "../context.ts";
import { sessionLabel } from "../model/sso-session.ts";
import type { Profile } from "../profiles/profile.ts";
import { formatInstant, parseInstant, secondsUntil } from "../text/instant.ts";
import { isRecord } from "../text/json.ts";
import { profileUsagePath } from "../fs/paths.ts";
import { writeSecretFile } from "../fs/replace.ts";
import { ignoreErrors, readCacheJson } from "../fs/read.ts";
import { toRoleKey } from "./entry.ts";

/**
 * How often and when each profile or role was used, for the order of the picker only. Failures are ignored. If two
 * processes write at once, the later one wins.
 */
export interface ProfileUse {
  /** The profile's name; for a role without a profile, the role's `toRoleKey`. */
  readonly profile: string;
  readonly uses: number;
  readonly usedAt: Date;
}

/** The least used ones beyond this number are removed. */
const MOST_REMEMBERED = 500;

export function parseUsage(stored: unknown): ProfileUse[] {
  if (!isRecord(stored) || stored["version"] !== 1 || !Array.isArray(stored["profiles"])) return [];
  return stored["profiles"].flatMap((entry: unknown): ProfileUse[] => {
    if (!isRecord(entry)) return [];
    const { profile, uses } = entry;
    const usedAt = parseInstant(entry["usedAt"]);
    const isCount = typeof uses === "number" && Number.isSafeInteger(uses) && uses > 0;
    if (typeof profile !== "string" || !isCount || usedAt === undefined) return [];
    return [{ profile, uses, usedAt }];
  });
}

export function formatUsage(usage: readonly ProfileUse[]): string {
  return `${JSON.stringify({ version: 1, profiles: usage.map(({ profile, uses, usedAt }) => ({ profile, uses, usedAt: formatInstant(usedAt) })) })}\n`;
}

export function addUse(usage: readonly ProfileUse[], profile: string, now: Date): ProfileUse[] {
  const before = usage.find((use) => use.profile === profile);
  const others = usage.filter((use) => use.profile !== profile);
  const all = [{ profile, uses: (before?.uses ?? 0) + 1, usedAt: now }, ...others];
  return all.sort((a, b) => weight(b, now) - weight(a, now)).slice(0, MOST_REMEMBERED);
}

interface UseOrder<T> {
  readonly usage: readonly ProfileUse[];
  readonly now: Date;
  readonly isFavourite?: (item: T) => boolean;
}

/**
 * Sorts by frequency and recency of use. Favourites come after recently used items. Items that were never used keep
 * their order at the end.
 */
export function sortByUse<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  { usage, now, isFavourite = () => false }: UseOrder<T>,
): T[] {
  const weights = new Map(usage.map((use) => [use.profile, weight(use, now)]));
  const weigh = (item: T): number =>
    Math.max(weights.get(nameOf(item)) ?? 0, isFavourite(item) ? FAVOURITE_WEIGHT : 0);
  return items
    .map((item) => ({ item, weight: weigh(item) }))
    .sort((a, b) => b.weight - a.weight)
    .map(({ item }) => item);
}

/**
 * The weight of a favourite: less than that of one use within the last day, more than that of one use within the last
 * week.
 */
const FAVOURITE_WEIGHT = 1;

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Returns the number of uses, weighted by the last one's age ("frecency", as in zoxide and browsers). */
function weight({ uses, usedAt }: ProfileUse, now: Date): number {
  const age = -secondsUntil(usedAt, now);
  if (age < HOUR_SECONDS) return uses * 4;
  if (age < DAY_SECONDS) return uses * 2;
  return age < 7 * DAY_SECONDS ? uses / 2 : uses / 4;
}

export function readUsage(home: string): ProfileUse[] {
  let stored: unknown;
  ignoreErrors(() => {
    stored = readCacheJson(profileUsagePath(home));
  });
  return parseUsage(stored);
}

export function recordUse({ home, now }: Context, profile: Profile): void {
  ignoreErrors(() => {
    const usage = addUse(readUsage(home), toUsageKey(profile), now());
    writeSecretFile(profileUsagePath(home), formatUsage(usage));
  });
}

function toUsageKey({ form, name, session, accountId, roleName }: Profile): string {
  if (form !== "role") return name;
  return toRoleKey({ session: session && sessionLabel(session), accountId, roleName });
}
