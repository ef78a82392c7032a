import type { Choice, Context } from "../context.ts";
import { configError, usageError } from "../errors.ts";
import { findEnvironmentProfile } from "../model/aws-environment.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import type { RoleFlags } from "../profiles/select.ts";
import { containsWords } from "../text/terminal.ts";
import { mergeEntries, nameEntry, toRoleKey, type Entry } from "./entry.ts";
import {
  listChoiceNames,
  listKnownRoles,
  readListings,
  toRoleFlags,
  type SessionListing,
} from "./known.ts";
import { formatAge, listAgain, listMissing } from "./missing.ts";
import { readUsage, sortByUse } from "./usage.ts";

/** A person's choice among everything that they may use: profiles, and the roles of every session. */

/** What a key does with the chosen row; the question ends then. */
interface EntryAct<R> {
  readonly key: string;
  readonly label: string;
  /** @param name how a person types what was chosen. */
  readonly run: (chosen: RoleFlags, name: string) => R | Promise<R>;
}

interface PickRequest<R> {
  /** What to choose from; undefined: everything. */
  readonly only?: readonly Entry[] | undefined;
  /** What was typed already. */
  readonly words?: readonly string[] | undefined;
  /** What Enter does, for the last line. */
  readonly enter?: string | undefined;
  readonly acts?: ReadonlyArray<EntryAct<R>> | undefined;
}

/**
 * @returns the flags that name what was chosen, or what an act's key made of it.
 * @throws LatchkeyError USAGE where nobody is there to choose, CONFIG_INVALID where there is nothing to choose from.
 */
export async function pickEntry<R = never>(
  context: Context,
  source: ConfigSource,
  request: PickRequest<R> = {},
): Promise<RoleFlags | R> {
  const kept = readListings(context, source, undefined);
  if (kept.length === 0 && listEntries(context, source, kept).length === 0)
    throw createEmptyError(source);
  if (!context.terminal.interactive)
    throw usageError("Which profile?", "Name one: --profile NAME, or set AWS_PROFILE");
  const { only, words = [] } = request;
  let listings = only === undefined ? await listMissing(context, kept) : kept;
  let typed = words.join(" ");
  for (;;) {
    const entries = narrow(listEntries(context, source, listings), only, typed);
    if (entries.length === 0) throw createEmptyError(source);
    const answer = await ask(context, request, { entries, listings, typed });
    if (answer.kind === "entry") return toFlags(answer.entry, listings);
    if (answer.kind === "done") return answer.result;
    ({ typed } = answer);
    listings = await listAgain(context, listings);
  }
}

function createEmptyError({ file }: ConfigSource) {
  return configError(`No profile in ${file}.`, "Set one up: latchkey configure");
}

/** Most used and latest first. */
function listEntries(
  context: Context,
  source: ConfigSource,
  listings: readonly SessionListing[],
): Entry[] {
  const { profiles } = listChoiceNames(context, source, []);
  const entries = mergeEntries(profiles, listKnownRoles(listings));
  const toUsageKey = (entry: Entry): string => entry.profile ?? toRoleKey(entry);
  return sortByUse(entries, toUsageKey, readUsage(context.home), context.now());
}

/** All, where what was typed shows which are meant; else those alone. */
function narrow(
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

type Answer<R> =
  | { readonly kind: "entry"; readonly entry: Entry }
  | { readonly kind: "done"; readonly result: R }
  | { readonly kind: "again"; readonly typed: string };

interface Shown {
  readonly entries: readonly Entry[];
  readonly listings: readonly SessionListing[];
  readonly typed: string;
}

function ask<R>(
  context: Context,
  { acts = [], enter = "takes it" }: PickRequest<R>,
  { entries, listings, typed }: Shown,
): Promise<Answer<R>> {
  const choices = entries.map((entry): Choice<Extract<Answer<R>, { kind: "entry" }>> => ({
    cells: toCells(entry),
    value: { kind: "entry", entry },
  }));
  const current = findEnvironmentProfile(context.env);
  return context.terminal.pick<(typeof choices)[number]["value"], Answer<R>>("Profile", choices, {
    current: choices.find(({ value }) => value.entry.profile === current && current !== undefined)
      ?.value,
    telling: TELLING,
    filter: typed.replaceAll("/", " "),
    enter,
    acts: [
      ...acts.map(({ key, label, run }) => ({
        key,
        label,
        run: async ({ entry }: { readonly entry: Entry }): Promise<Answer<R>> => ({
          kind: "done",
          result: await run(toFlags(entry, listings), nameEntry(entry)),
        }),
      })),
      {
        key: "ctrl-r",
        label: "look again",
        needsRow: false,
        run: (_row: unknown, filter: string): Answer<R> => ({ kind: "again", typed: filter }),
      },
    ],
    note: formatAge(listings, context.now()),
  });
}

function toFlags(
  { profile, session = "", accountId = "", roleName = "" }: Entry,
  listings: readonly SessionListing[],
): RoleFlags {
  return profile === undefined
    ? toRoleFlags(listings, { session, accountId, roleName })
    : { profile };
}

function toCells(entry: Entry): string[] {
  const { profile = "", accountId = "", accountName, roleName = "" } = entry;
  const { session = "", region = "" } = entry;
  const id = accountName === undefined ? "" : accountId;
  return [profile, accountName ?? accountId, roleName, region, session, id];
}

/** The account and the role say more than a name that is made of both. */
const TELLING = [1, 2, 0, 3, 4, 5];
