import type { Choice, Context } from "../context.ts";
import { listSummaries } from "../profiles/known.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import { createNotFoundError } from "../profiles/require-section.ts";
import { readConfig } from "../profiles/select.ts";
import { containsWords } from "../text/terminal.ts";
import { mergeEntries, nameEntry, toRoleKey, type Entry } from "./entry.ts";
import { listKnownRoles, nameAccounts, readListings, type SessionListing } from "./known.ts";
import { readRemembered, STAR } from "./remembered.ts";
import { readUsage, sortByUse } from "./usage.ts";

/** Lists the rows of the picker: profiles, and roles without a profile. */

/** Returns the picker's rows, unsorted: the profiles of the config, then the other roles from the last listings. */
export function listEntries(
  context: Context,
  source: ConfigSource,
  listings: readonly SessionListing[],
): Entry[] {
  const profiles = nameAccounts(context, listSummaries(context, source.document));
  return mergeEntries(profiles, listKnownRoles(listings));
}

/**
 * Returns everything that the picker shows, without asking the service.
 * @param words only rows with all of these words, in any order; empty means all rows
 * @throws LatchkeyError if no row has all words
 */
export function listEntriesByWords(context: Context, words: readonly string[]): Entry[] {
  const source = readConfig(context);
  const entries = listEntries(context, source, readListings(context, source, undefined));
  const found = entries.filter((entry) => containsWords(toCells(entry).join(" "), words));
  if (found.length > 0 || words.length === 0) return found;
  throw createNotFoundError({
    kind: "profile",
    name: words.join(" "),
    known: entries.map(nameEntry),
    file: source.file,
    cure: "latchkey configure",
  });
}

/** Returns the rows sorted by use, with marks for favourites and new roles. */
export function createChoices(
  context: Context,
  entries: readonly Entry[],
  listings: readonly SessionListing[],
): Array<Choice<Entry>> {
  const remembered = readRemembered(
    context,
    listings.map(({ session }) => session),
  );
  const sorted = sortByUse(entries, (entry) => entry.profile ?? toRoleKey(entry), {
    usage: readUsage(context.home),
    now: context.now(),
    isFavourite: (entry) => remembered.isFavourite(entry),
  });
  return sorted.map((entry) => ({
    cells: [...toCells(entry), remembered.isNew(entry) ? "new" : ""],
    value: entry,
    mark: remembered.isFavourite(entry) ? STAR : "",
  }));
}

/** Returns only the entries of `only`, or all entries if the typed text, as a filter, shows all of `only` anyway. */
export function narrowEntries(
  entries: readonly Entry[],
  only: readonly Entry[] | undefined,
  typed: string,
): readonly Entry[] {
  const words = typed.split(/[\s/]+/);
  const shows = (entry: Entry): boolean => containsWords(toCells(entry).join(" "), words);
  if (only === undefined || (typed !== "" && only.every(shows))) return entries;
  const known = new Set(only.map(toEntryKey));
  return entries.filter((entry) => known.has(toEntryKey(entry)));
}

function toEntryKey(entry: Entry): string {
  return `${entry.profile ?? ""} ${toRoleKey(entry)}`;
}

function toCells(entry: Entry): string[] {
  const { profile = "", accountId = "", accountName, roleName = "" } = entry;
  const { session = "", region = "" } = entry;
  const id = accountName === undefined ? "" : accountId;
  return [profile, accountName ?? accountId, roleName, region, session, id];
}

/**
 * The order in which columns are kept when space is short. Account and role come first, since a profile's name is often
 * made of both.
 */
export const TELLING = [1, 2, 0, 6, 3, 4, 5];
