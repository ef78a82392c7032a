import type { AccountRoles } from "../access/kept-format.ts";
import { isAccountId } from "../model/role.ts";
import type { ProfileSummary } from "../profiles/profile.ts";
import { quoteShellWord } from "../text/shell-words.ts";

/** What a person can use on this machine: profiles, and roles without a profile. */

/** A row of the picker, and of `latchkey profiles --all`. */
export interface Entry extends Omit<ProfileSummary, "profile" | "form"> {
  /** Undefined for a role without a profile. */
  readonly profile: string | undefined;
  readonly form: ProfileSummary["form"] | "role";
  /** The name in the last listing. */
  readonly accountName?: string | undefined;
}

/** A profile, with its account's name from the last listing. */
export interface NamedProfile extends ProfileSummary {
  readonly accountName?: string | undefined;
}

/** A role of a session, from the last listing. */
export interface KnownRole {
  /** The session's name, or its start URL if it has no name. */
  readonly session: string;
  readonly accountId: string;
  readonly accountName: string | undefined;
  readonly roleName: string;
}

export function toKnownRoles(session: string, accounts: readonly AccountRoles[]): KnownRole[] {
  return accounts.flatMap(({ accountId, accountName, roleNames }) =>
    roleNames.map((roleName) => ({ session, accountId, accountName, roleName })),
  );
}

/** Returns what identifies a role. Also the key under which its use is recorded. */
export function toRoleKey({ session = "", accountId = "", roleName = "" }: RoleNames): string {
  return `${session} ${accountId}/${roleName}`;
}

/** Parts of a role's name, as far as they are known. */
type RoleNames = {
  readonly [Member in "session" | "accountId" | "roleName"]?: string | undefined;
};

export function toRoleEntry(role: KnownRole): Entry {
  return { ...role, profile: undefined, form: "role", region: undefined, managed: false };
}

/** Returns the profiles, then the roles without a profile. */
export function mergeEntries(
  profiles: readonly NamedProfile[],
  roles: readonly KnownRole[],
): Entry[] {
  const known = new Set(profiles.map(toRoleKey));
  return [...profiles, ...roles.filter((role) => !known.has(toRoleKey(role))).map(toRoleEntry)];
}

/** Returns a name that a person can type: the profile, or `ACCOUNT/ROLE`. */
export function nameEntry({ profile, accountId = "", accountName, roleName = "" }: Entry): string {
  return profile ?? nameRole({ accountId, accountName, roleName });
}

/** Returns `ACCOUNT/ROLE` with the account's name, or with its ID if the name itself looks like an account ID. */
export function nameRole({
  accountId,
  accountName = accountId,
  roleName,
}: Omit<KnownRole, "session">): string {
  return `${isAccountId(accountName) ? accountId : accountName}/${roleName}`;
}

/**
 * Returns the words to type for an entry. Uses the account ID if the name is ambiguous, and adds the session if the ID
 * is ambiguous too.
 */
export function toTypedWords(entry: Entry, entries: readonly Entry[]): string[] {
  if (entry.profile !== undefined) return [entry.profile];
  // Compares also with roles that have a profile, since the same words could match those.
  const isAlone = (toName: (each: Entry) => string): boolean =>
    entries.filter((other) => toName(other) === toName(entry)).length === 1;
  const toRoleName = (each: Entry): string => nameEntry({ ...each, profile: undefined });
  const toNameById = (each: Entry): string => toRoleName({ ...each, accountName: undefined });
  if (isAlone(toRoleName)) return [toRoleName(entry)];
  return isAlone(toNameById)
    ? [toNameById(entry)]
    : [toNameById(entry), "--sso-session", entry.session ?? ""];
}

/** Returns names that distinguish the entries, for a list. */
export function nameEntries(entries: readonly Entry[]): string[] {
  return entries.map((entry) => {
    const [name = "", ...flag] = toTypedWords(entry, entries);
    return [name, ...flag.map(quoteShellWord)].join(" ");
  });
}
