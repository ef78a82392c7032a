import type { Choice, Context, PickAct } from "../context.ts";
import { configError, usageError } from "../errors.ts";
import { findEnvironmentProfile } from "../model/aws-environment.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import type { RoleFlags } from "../profiles/select.ts";
import { createChoices, listEntries, narrowEntries, TELLING } from "./choices.ts";
import { toTypedWords, type Entry } from "./entry.ts";
import { readListings, toRoleFlags, type SessionListing } from "./known.ts";
import { formatAge, listAgain, listMissing } from "./missing.ts";
import { toggleFavourite } from "./remembered.ts";

/** Asks a person to choose among all profiles and all roles of every session. */

/** A key that accepts the chosen row as Enter does, for another action. */
export interface EntryAct {
  readonly key: string;
  readonly label: string;
  /** @param words how a person types the chosen entry */
  readonly note: (words: readonly string[]) => void;
}

/** The actions of the keys, for the last line. */
export interface PickKeys {
  readonly enter?: string | undefined;
  readonly acts?: readonly EntryAct[] | undefined;
}

interface PickRequest extends PickKeys {
  /** The entries to choose from; undefined means all. */
  readonly only?: readonly Entry[] | undefined;
  /** The text typed already. */
  readonly words?: readonly string[] | undefined;
}

/**
 * Asks the person for a profile or role.
 * @returns the flags that name the chosen entry
 * @throws LatchkeyError USAGE without a terminal, CONFIG_INVALID if there is nothing to choose from
 */
export async function pickEntry(
  context: Context,
  source: ConfigSource,
  request: PickRequest = {},
): Promise<RoleFlags> {
  const kept = readListings(context, source, undefined);
  if (kept.length === 0 && listEntries(context, source, kept).length === 0)
    throw createEmptyError(source);
  if (!context.terminal.interactive)
    throw usageError("Which profile?", "Name one: --profile NAME, or set AWS_PROFILE");
  const { only, words = [] } = request;
  let listings = only === undefined ? await listMissing(context, kept) : kept;
  let typed = words.join(" ");
  for (;;) {
    const entries = narrowEntries(listEntries(context, source, listings), only, typed);
    if (entries.length === 0) throw createEmptyError(source);
    const answer = await ask(context, request, { entries, listings, typed });
    if (answer.kind === "entry") return toFlags(answer.entry, listings);
    ({ typed } = answer);
    listings = await listAgain(context, listings);
  }
}

function createEmptyError({ file }: ConfigSource) {
  return configError(`No profile in ${file}.`, "Set one up: latchkey configure");
}

interface Chosen {
  readonly kind: "entry";
  readonly entry: Entry;
}

type Answer = Chosen | { readonly kind: "again"; readonly typed: string };

interface Shown {
  readonly entries: readonly Entry[];
  readonly listings: readonly SessionListing[];
  readonly typed: string;
}

function ask(
  context: Context,
  { acts = [], enter = "takes" }: PickRequest,
  { entries, listings, typed }: Shown,
): Promise<Answer> {
  const choices = createChoices(context, entries, listings).map(
    ({ value, ...row }): Choice<Chosen> => ({ ...row, value: { kind: "entry", entry: value } }),
  );
  const current = findEnvironmentProfile(context.env);
  return context.terminal.pick<Chosen, Answer>("Profile", choices, {
    current: choices.find(({ value }) => value.entry.profile === current && current !== undefined)
      ?.value,
    telling: TELLING,
    filter: typed.replaceAll("/", " "),
    enter,
    acts: [
      ...acts.map((act) => toPickAct(act, entries)),
      {
        key: "ctrl-r",
        label: "refresh",
        needsRow: false,
        run: (_, filter) => ({ kind: "again", typed: filter }),
      },
    ],
    marking: {
      key: "ctrl-s",
      label: "favourite",
      toggle: ({ entry }) =>
        toggleFavourite(
          context,
          listings.map(({ session }) => session),
          entry,
        ),
    },
    note: formatAge(listings, context.now()),
  });
}

function toPickAct(
  { key, label, note }: EntryAct,
  entries: readonly Entry[],
): PickAct<Chosen, Answer> {
  return {
    key,
    label,
    run: (chosen) => {
      note(toTypedWords(chosen.entry, entries));
      return chosen;
    },
  };
}

function toFlags(
  { profile, session = "", accountId = "", roleName = "" }: Entry,
  listings: readonly SessionListing[],
): RoleFlags {
  return profile === undefined
    ? toRoleFlags(listings, { session, accountId, roleName })
    : { profile };
}
