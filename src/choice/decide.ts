import {
  compareLoosely,
  listStartUrls,
  type Comparison,
  type KnownNames,
  type WordRule,
} from "../profiles/word.ts";
import { isAccountId } from "../model/role.ts";
import { containsWords } from "../text/terminal.ts";
import {
  mergeEntries,
  toRoleEntry,
  toRoleKey,
  type Entry,
  type KnownRole,
  type NamedProfile,
} from "./entry.ts";

/** Decides which profile or role the words of a command line mean. */

/** The known names. */
export interface ChoiceNames extends KnownNames {
  readonly profiles: readonly NamedProfile[];
  /** The roles of every session's last listing, including those that have a profile. */
  readonly roles: readonly KnownRole[];
}

export type Choice =
  | { readonly kind: "profile"; readonly name: string; readonly isPart: boolean }
  | { readonly kind: "role"; readonly role: KnownRole; readonly isPart: boolean }
  /** Any entry of that session. */
  | {
      readonly kind: "session";
      readonly name: string;
      readonly isPart: boolean;
      readonly entries: readonly Entry[];
    }
  /** All entries that match the words. */
  | { readonly kind: "several"; readonly entries: readonly Entry[] }
  | { readonly kind: "none" };

/** A role as typed. */
export interface TypedRole {
  /** An account ID, a name, or a part of a name. */
  readonly account: string;
  readonly role: string;
}

/** Parses `ACCOUNT/ROLE`. A role's name has no slash, but an account's name may. */
export function parseTypedRole(text: string): TypedRole | undefined {
  const at = text.lastIndexOf("/");
  const [account, role] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  return at === -1 || account === "" || role === "" ? undefined : { account, role };
}

/**
 * Decides in this order: the exact name of a profile, an exact ACCOUNT/ROLE, the exact name of a session; then these
 * three ignoring case; then parts of profiles and roles together; then parts of session names; then all words that the
 * picker shows of a profile.
 * @param words at least one; with several, all must occur, in any order
 */
export function decideChoice(
  words: readonly string[],
  names: ChoiceNames,
  { isExact = false }: WordRule,
): Choice {
  const exact = decideExactly(words.join(" "), names);
  if (exact !== undefined || isExact) return exact ?? { kind: "none" };
  return decideLoosely(words, names) ?? { kind: "none" };
}

function decideExactly(text: string, names: ChoiceNames): Choice | undefined {
  const sessions = [...names.sessions, ...listStartUrls(names)];
  return (
    decideProfiles(names, (name) => name === text, false) ??
    decideRoles(names, parseTypedRole(text), (name, part) => name === part) ??
    decideSessions(names, sessions, (name) => name === text, false)
  );
}

function decideLoosely(words: readonly string[], names: ChoiceNames): Choice | undefined {
  const { isSame, isPart } = compareLoosely(words);
  const typed = parseTypedRole(words.join(" "));
  return (
    decideProfiles(names, isSame, true) ??
    decideRoles(names, typed, (name, part) => name.toLowerCase() === part.toLowerCase()) ??
    decideSessions(names, names.sessions, isSame, true) ??
    decideParts(names, words, typed) ??
    decideSessions(names, names.sessions, isPart, true) ??
    decideDescribed(names, words)
  );
}

function decideProfiles(names: ChoiceNames, fits: Comparison, isPart: boolean): Choice | undefined {
  const [first, ...others] = names.profiles.filter(({ profile }) => fits(profile));
  if (first === undefined) return undefined;
  return others.length === 0
    ? { kind: "profile", name: first.profile, isPart }
    : { kind: "several", entries: mergeEntries([first, ...others], []) };
}

/**
 * Matches an account by its full ID or name, and a role by its full name. A typed ID never matches another account's
 * name.
 */
function decideRoles(
  { roles }: ChoiceNames,
  typed: TypedRole | undefined,
  isSame: (name: string, typed: string) => boolean,
): Choice | undefined {
  if (typed === undefined) return undefined;
  const { account, role } = typed;
  const [first, ...others] = roles.filter(
    ({ accountId, accountName = "", roleName }) =>
      isSame(roleName, role) &&
      (isAccountId(account) ? accountId === account : isSame(accountName, account)),
  );
  if (first === undefined) return undefined;
  return others.length === 0
    ? { kind: "role", role: first, isPart: false }
    : { kind: "several", entries: [first, ...others].map(toRoleEntry) };
}

function decideSessions(
  { profiles, roles }: ChoiceNames,
  sessions: readonly string[],
  fits: Comparison,
  isPart: boolean,
): Choice | undefined {
  const fitting = sessions.filter(fits);
  const [name] = fitting;
  if (name === undefined) return undefined;
  const isOfThem = ({ session = "" }: { readonly session?: string | undefined }): boolean =>
    fitting.includes(session);
  const entries = mergeEntries(profiles.filter(isOfThem), roles.filter(isOfThem));
  return fitting.length === 1
    ? { kind: "session", name, isPart, entries }
    : { kind: "several", entries };
}

/**
 * Matches parts of profile names, and parts of roles' account and role names. A role with exactly one profile counts as
 * that profile.
 */
function decideParts(
  { profiles, roles }: ChoiceNames,
  words: readonly string[],
  typed: TypedRole | undefined,
): Choice | undefined {
  const named = profiles.filter(({ profile }) => containsWords(profile, words));
  const known = new Set(named.map(toRoleKey));
  const fitting = roles.filter(
    (role) => !known.has(toRoleKey(role)) && fitsRole(role, words, typed),
  );
  const others = fitting.map((role) => {
    const own = profiles.filter((profile) => toRoleKey(profile) === toRoleKey(role));
    return own.length === 1 ? own : [toRoleEntry(role)];
  });
  return decideAmong([...mergeEntries(named, []), ...others.flat()]);
}

function fitsRole(
  { accountId, accountName = "", roleName }: KnownRole,
  words: readonly string[],
  typed: TypedRole | undefined,
): boolean {
  // For `ACCOUNT/ROLE`, account and role are compared separately, so that "lake/" matches every role of the account.
  if (typed === undefined)
    return containsWords(`${accountId}/${roleName} ${accountName}/${roleName}`, words);
  const isThere = isAccountId(typed.account)
    ? accountId === typed.account
    : containsWords(`${accountId} ${accountName}`, typed.account.split(" "));
  return isThere && containsWords(roleName, typed.role.split(" "));
}

/** Matches several words against all that the picker shows of a profile, if no name contains all words. */
function decideDescribed(
  { profiles, describe }: ChoiceNames,
  words: readonly string[],
): Choice | undefined {
  if (words.length === 1) return undefined;
  const fitting = profiles.filter(({ profile }) =>
    containsWords(`${profile} ${describe(profile)}`, words),
  );
  return decideAmong(mergeEntries(fitting, []));
}

function decideAmong(entries: readonly Entry[]): Choice | undefined {
  const [first, ...others] = entries;
  if (first === undefined) return undefined;
  if (others.length > 0) return { kind: "several", entries };
  const { profile, session = "", accountId = "", accountName, roleName = "" } = first;
  return profile === undefined
    ? { kind: "role", role: { session, accountId, accountName, roleName }, isPart: true }
    : { kind: "profile", name: profile, isPart: true };
}
