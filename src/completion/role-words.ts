import { plural } from "../text/terminal.ts";

/** Completes `ACCOUNT/ROLE` from the last listing of roles, as long as there are few enough to show. */

/** An account in one session's listing. */
export interface AccountInSession {
  /** The session's name, or its start URL if it has no name. */
  readonly session: string;
  readonly accountId: string;
  readonly accountName: string | undefined;
  readonly roleNames: readonly string[];
}

interface RoleWord {
  readonly word: string;
  readonly meaning: string;
}

/** An account with one of the words that name it. */
interface NamedAccount extends AccountInSession {
  readonly word: string;
  /** The account's session, and its ID if the word is its name, or its name if the word is its ID. */
  readonly meaning: string;
}

/** A name that every shell reads as one word without quotes, and that can't be mistaken for a flag or an account ID. */
const PLAIN_NAME = /^(?!\d{12}$)[A-Za-z0-9_.@+=,][A-Za-z0-9_.@+=,-]*$/;

/** The most complete words to offer, because bash asks before it shows more than a hundred. */
const MOST_WHOLE = 100;

/**
 * Returns complete `ACCOUNT/ROLE` words if few match, or all match in one account. Otherwise returns `ACCOUNT/` words,
 * and the roles after the slash is typed. A single `ACCOUNT/` is never returned, because a shell would add a space to
 * it.
 * @param typed The beginning of the word. If nothing begins with it, all are returned, for shells that match
 * differently.
 */
export function listRoleWords(accounts: readonly AccountInSession[], typed: string): RoleWord[] {
  const named = nameAccounts(accounts, /^\d/.test(typed));
  const begun = typed.toLowerCase();
  const slash = begun.lastIndexOf("/");
  if (slash !== -1)
    return named
      .filter(({ word }) => word.toLowerCase() === begun.slice(0, slash))
      .flatMap(listWhole);

  const exact = named.filter(({ word }) => word.startsWith(typed));
  const alike = named.filter(({ word }) => word.toLowerCase().startsWith(begun));
  const shown = [exact, alike].find((found) => found.length > 0) ?? named;
  const count = shown.reduce((sum, { roleNames }) => sum + roleNames.length, 0);
  const isOne = new Set(shown.map(({ word }) => word)).size === 1;
  if (isOne || count <= MOST_WHOLE) return shown.flatMap(listWhole);
  return shown.map(({ word, meaning, roleNames }) => ({
    word: `${word}/`,
    meaning: `${meaning}, ${plural(roleNames.length, "role")}`,
  }));
}

function listWhole({ word, meaning, roleNames }: NamedAccount): RoleWord[] {
  return roleNames.map((roleName) => ({ word: `${word}/${roleName}`, meaning }));
}

/**
 * Names an account by its name if that is plain and unique; by its ID otherwise, and in addition if a digit was typed.
 */
function nameAccounts(accounts: readonly AccountInSession[], withIds: boolean): NamedAccount[] {
  const fold = ({ accountName = "" }: AccountInSession): string => accountName.toLowerCase();
  const idsByName = new Map<string, Set<string>>();
  for (const account of accounts)
    idsByName.set(
      fold(account),
      (idsByName.get(fold(account)) ?? new Set()).add(account.accountId),
    );
  return accounts
    .filter(({ roleNames }) => roleNames.length > 0)
    .flatMap((account) => {
      const { session, accountId, accountName = "" } = account;
      const isOnly = idsByName.get(fold(account))?.size === 1;
      const byName = { ...account, word: accountName, meaning: `${session} ${accountId}` };
      const byId = { ...account, word: accountId, meaning: `${session} ${accountName}`.trim() };
      if (!isOnly || !PLAIN_NAME.test(accountName)) return [byId];
      return withIds ? [byName, byId] : [byName];
    });
}
