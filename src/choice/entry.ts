import type { AccountRoles } from "../access/kept-format.ts";
import { isAccountId } from "../model/role.ts";
import type { ProfileSummary } from "../profiles/profile.ts";
import { quoteShellWord } from "../text/shell-words.ts";

/** What a person may use on this machine: profiles, and the roles that no profile stands for. */

/** A row of the picker, and of `latchkey profiles --all`. */
export interface Entry extends Omit<ProfileSummary, "profile" | "form"> {
  /** undefined: a role without a profile. */
  readonly profile: string | undefined;
  readonly form: ProfileSummary["form"] | "role";
  /** As listed last. */
  readonly accountName?: string | undefined;
}

/** A profile, with the name that its account had in the last listing. */
export interface NamedProfile extends ProfileSummary {
  readonly accountName?: string | undefined;
}

/** A role of a session, as it was listed last. */
export interface KnownRole {
  /** The session's name, or its start URL where it has none. */
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

/** What makes two of them the same role; also what a use of one is remembered by. */
export function toRoleKey({ session = "", accountId = "", roleName = "" }: RoleNames): string {
  return `${session} ${accountId}/${roleName}`;
}

/** As far as something names a role. */
type RoleNames = {
  readonly [Member in "session" | "accountId" | "roleName"]?: string | undefined;
};

export function toRoleEntry(role: KnownRole): Entry {
  return { ...role, profile: undefined, form: "role", region: undefined, managed: false };
}

/** The profiles, then the roles that none of them stands for. */
export function mergeEntries(
  profiles: readonly NamedProfile[],
  roles: readonly KnownRole[],
): Entry[] {
  const known = new Set(profiles.map(toRoleKey));
  return [...profiles, ...roles.filter((role) => !known.has(toRoleKey(role))).map(toRoleEntry)];
}

/** How a person may type it: the profile, else `ACCOUNT/ROLE`. */
export function nameEntry({ profile, accountId = "", accountName, roleName = "" }: Entry): string {
  return profile ?? nameRole({ accountId, accountName, roleName });
}

/** By the account's name, unless that reads like another account's id. */
export function nameRole({
  accountId,
  accountName = accountId,
  roleName,
}: Omit<KnownRole, "session">): string {
  return `${isAccountId(accountName) ? accountId : accountName}/${roleName}`;
}

/** How a person types one of these: by the account's id where a name is not its alone, and with the session where an id is not. */
export function toTypedWords(entry: Entry, entries: readonly Entry[]): string[] {
  if (entry.profile !== undefined) return [entry.profile];
  // Words mean the roles of profiles, too.
  const isAlone = (toName: (each: Entry) => string): boolean =>
    entries.filter((other) => toName(other) === toName(entry)).length === 1;
  const toRoleName = (each: Entry): string => nameEntry({ ...each, profile: undefined });
  const toNameById = (each: Entry): string => toRoleName({ ...each, accountName: undefined });
  if (isAlone(toRoleName)) return [toRoleName(entry)];
  return isAlone(toNameById)
    ? [toNameById(entry)]
    : [toNameById(entry), "--sso-session", entry.session ?? ""];
}

/** Names that tell them apart, for a list. */
export function nameEntries(entries: readonly Entry[]): string[] {
  return entries.map((entry) => {
    const [name = "", ...flag] = toTypedWords(entry, entries);
    return [name, ...flag.map(quoteShellWord)].join(" ");
  });
}
