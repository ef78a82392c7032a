import type { Context } from "../context.ts";
import { listingAgeText } from "../access/text.ts";
import { configError, usageError, type LatchkeyError } from "../errors.ts";
import { sessionLabel } from "../model/sso-session.ts";
import { listNames, listSummaries, requireProfile } from "../profiles/known.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import { readConfig, type RoleFlags } from "../profiles/select.ts";
import { createContradiction } from "../profiles/typed.ts";
import { createSeveralError, formatNames, type WordRule } from "../profiles/word.ts";
import { notice } from "../terminal/notice.ts";
import { secondsUntil } from "../text/instant.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { plural } from "../text/terminal.ts";
import { trace } from "../trace.ts";
import { decideChoice, parseTypedRole, type Choice, type ChoiceNames } from "./decide.ts";
import {
  nameEntries,
  nameEntry,
  nameRole,
  toRoleKey,
  type Entry,
  type KnownRole,
} from "./entry.ts";
import {
  listKnownRoles,
  nameAccounts,
  readListings,
  toRoleFlags,
  type SessionListing,
} from "./known.ts";
import { pickEntry, type PickKeys } from "./pick.ts";
import { findUnknown, type Known } from "./unknown.ts";

/** Converts a person's words to the flags that they mean. After this, every name is exact. */

interface ChoiceRule extends WordRule {
  /** Keys of the picker, for several matches. */
  readonly keys?: PickKeys;
}

/**
 * Returns the flags of the profile or role that words or flags name. Without words, returns the flags unchanged, except
 * that `--profile` may name a role. For a session or several matches, the person chooses.
 * @throws LatchkeyError USAGE if words and flags contradict, or several match and there is no terminal; CONFIG_INVALID
 *   if nothing matches; NOT_FOUND for an unknown account
 */
export async function chooseByWords(
  context: Context,
  words: readonly string[],
  flags: RoleFlags,
  { isExact = false, keys = {} }: ChoiceRule = {},
): Promise<RoleFlags> {
  const source = readConfig(context);
  if (words.length === 0) return chooseByFlag(context, source, flags);
  const bare: ChoiceNames = { ...listNames(context, source), roles: [] };
  const text = words.join(" ");
  // A profile's full name needs no listing.
  const isProfile = bare.profiles.some(({ profile }) => profile === text);
  const listings = isProfile ? [] : readListings(context, source, flags.ssoSession);
  const names = isProfile
    ? bare
    : {
        ...bare,
        profiles: nameAccounts(context, bare.profiles),
        roles: listKnownRoles(listings),
      };
  const known = { source, words, flags, names, listings };
  // The meaning of a line in an SDK's config must not depend on a listing of roles.
  const decided = decideChoice(words, isExact ? bare : names, { isExact });
  const found = decided.kind === "none" ? await findUnknown(context, known, { isExact }) : decided;
  const chosen = await takeChoice(context, known, found, keys);
  trace(() => `"${text}" means ${describeFlags(chosen)}`);
  refuseOther(known, chosen);
  return chosen;
}

/** `--profile` may name a profile, or a role by its full name. */
async function chooseByFlag(
  context: Context,
  source: ConfigSource,
  flags: RoleFlags,
): Promise<RoleFlags> {
  const { profile } = flags;
  if (profile === undefined || parseTypedRole(profile) === undefined) return flags;
  const isProfile = listSummaries(context, source.document).some((row) => row.profile === profile);
  if (isProfile) return flags;
  return chooseByWords(context, [profile], { ...flags, profile: undefined }, { isExact: true });
}

async function takeChoice(
  context: Context,
  known: Known,
  choice: Choice,
  keys: PickKeys,
): Promise<RoleFlags> {
  const { words, source, listings } = known;
  switch (choice.kind) {
    case "none":
      return { profile: requireProfile(context, source, words.join(" ")).name };
    case "profile":
      if (choice.isPart) sayMeant(context, words, `the profile ${choice.name}`);
      return { profile: choice.name };
    case "role":
      if (choice.isPart) sayMeant(context, words, describeRole(choice.role));
      sayAge(context, listings, choice.role);
      return toRoleFlags(listings, choice.role);
    default:
      if (choice.entries.length === 0 || !context.terminal.interactive)
        throw createChoiceError(words, choice);
      return pickEntry(context, source, {
        ...keys,
        only: choice.entries,
        words: choice.kind === "several" ? words : [],
      });
  }
}

/** Shows which profile or role a part of a name was read as, before anything is done. */
function sayMeant(context: Context, words: readonly string[], meant: string): void {
  notice(context, `"${words.join(" ")}" means ${meant}`);
}

function describeRole(role: KnownRole): string {
  const { accountId, accountName } = role;
  return `the role ${nameRole(role)}${accountName === undefined ? "" : ` (${accountId})`}`;
}

/** The age from which a listing's age is shown. */
const STALE_SECONDS = 24 * 60 * 60;

function sayAge(context: Context, listings: readonly SessionListing[], role: KnownRole): void {
  const listing = listings.find(({ session }) => sessionLabel(session) === role.session)?.listing;
  const { listedAt } = listing ?? {};
  if (listedAt === undefined || -secondsUntil(listedAt, context.now()) < STALE_SECONDS) return;
  notice(context, listingAgeText(listedAt, context.now()));
}

/** Refuses flags that contradict the words. A flag that names the same profile or role is accepted. */
function refuseOther({ words, flags, names }: Known, chosen: RoleFlags): void {
  const meant = listMeant(names, chosen, flags.profile);
  const given = ["profile", "ssoSession", "accountId", "roleName"] as const;
  if (given.some((name) => flags[name] !== undefined && flags[name] !== meant[name]))
    throw createContradiction(words, flags);
}

/** Returns the profile, session, account and role of the chosen entry. @param named the profile that a flag names */
function listMeant(
  { profiles }: ChoiceNames,
  { profile, ssoSession, startUrl, accountId, roleName }: RoleFlags,
  named: string | undefined,
): RoleFlags {
  const row = profiles.find((each) => each.profile === (profile ?? named));
  if (profile !== undefined) return { ...row, profile, ssoSession: row?.session };
  const role = { session: ssoSession ?? startUrl, accountId, roleName };
  const isOfRole = row !== undefined && toRoleKey(row) === toRoleKey(role);
  return { ...role, ssoSession: role.session, profile: isOfRole ? row.profile : undefined };
}

function createChoiceError(
  words: readonly string[],
  choice: Extract<Choice, { kind: "session" | "several" }>,
): LatchkeyError {
  const names = nameEntries(choice.entries.slice(0, MOST_TOLD_APART));
  const all = [...names, ...choice.entries.slice(MOST_TOLD_APART).map(nameEntry)];
  const hasRoles = choice.entries.some(({ profile }) => profile === undefined);
  if (choice.kind === "several") {
    const cure = hasRoles ? "Name one of them exactly as shown here." : undefined;
    return createSeveralError(words, countEntries(choice.entries), all, cure);
  }
  const session = `"${words.join(" ")}" is the SSO session ${choice.name}`;
  if (all.length === 0)
    return configError(
      `${session}, and no profile uses it.`,
      `latchkey profiles sync --sso-session ${quoteShellWord(choice.name)}`,
    );
  return usageError(
    `${session}, with ${countEntries(choice.entries)}: ${formatNames(all)}.`,
    hasRoles ? "Name one of them." : "Name one of its profiles.",
  );
}

/** The most entries that an error shows with names that distinguish them. */
const MOST_TOLD_APART = 40;

function countEntries(entries: readonly Entry[]): string {
  const roles = entries.filter(({ profile }) => profile === undefined).length;
  if (roles === 0) return plural(entries.length, "profile");
  return roles === entries.length ? plural(roles, "role") : `${entries.length} profiles and roles`;
}

/** Returns the profile that the words mean without asking the service, for error reports. */
export function findTypedProfile(context: Context, words: readonly string[]): string | undefined {
  const names = { ...listNames(context, readConfig(context)), roles: [] };
  const decision = decideChoice(words, names, {});
  return decision.kind === "profile" ? decision.name : undefined;
}

function describeFlags({ profile, accountId, roleName }: RoleFlags): string {
  return profile === undefined ? `the role ${roleName} in ${accountId}` : `the profile ${profile}`;
}
