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

/** Which profile or which role a person means by the words of a command line. */

/** The names that there are. */
export interface ChoiceNames extends KnownNames {
  readonly profiles: readonly NamedProfile[];
  /** Of every session, as listed last, also those that a profile stands for. */
  readonly roles: readonly KnownRole[];
}

export type Choice =
  | { readonly kind: "profile"; readonly name: string; readonly isPart: boolean }
  | { readonly kind: "role"; readonly role: KnownRole; readonly isPart: boolean }
  /** Any of those of that session. */
  | {
      readonly kind: "session";
      readonly name: string;
      readonly isPart: boolean;
      readonly entries: readonly Entry[];
    }
  /** All that the words fit. */
  | { readonly kind: "several"; readonly entries: readonly Entry[] }
  | { readonly kind: "none" };

/** A role as it is typed. */
export interface TypedRole {
  /** An id, a name, or a part of a name. */
  readonly account: string;
  readonly role: string;
}

/** `ACCOUNT/ROLE`. No role's name has a slash, an account's may. */
export function parseTypedRole(text: string): TypedRole | undefined {
  const at = text.lastIndexOf("/");
  const [account, role] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  return at === -1 || account === "" || role === "" ? undefined : { account, role };
}

/**
 * In this order: a profile of exactly that name, an exact ACCOUNT/ROLE, a session of exactly that name, each without regard to
 * case, then parts of profiles and roles together.
 * @param words at least one. Several narrow together: all must occur, in any order.
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

/** An account by its whole id or name, and a role by its whole name. An id is never the name of another account. */
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

/** Profiles by their names, roles by their accounts and names; a role that a profile stands for is that profile. */
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
  // So that "lake/" is every role there.
  if (typed === undefined)
    return containsWords(`${accountId}/${roleName} ${accountName}/${roleName}`, words);
  const isThere = isAccountId(typed.account)
    ? accountId === typed.account
    : containsWords(`${accountId} ${accountName}`, typed.account.split(" "));
  return isThere && containsWords(roleName, typed.role.split(" "));
}

/** By what else a picker shows of a profile, where no name has all of several words. */
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
