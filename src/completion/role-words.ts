import { plural } from "../text/terminal.ts";

/** `ACCOUNT/ROLE` for every role that was listed last, as far as there is room for them. */

/** An account as one session lists it. */
export interface AccountInSession {
  /** By its name, else its start URL. */
  readonly session: string;
  readonly accountId: string;
  readonly accountName: string | undefined;
  readonly roleNames: readonly string[];
}

interface RoleWord {
  readonly word: string;
  readonly meaning: string;
}

/** An account under one of the words that stand for it. */
interface NamedAccount extends AccountInSession {
  readonly word: string;
  /** Its session, and its id or its name, whichever the word is not. */
  readonly meaning: string;
}

/** What every shell takes as one word without quotes, and nobody for a flag or for an id. */
const PLAIN_NAME = /^(?!\d{12}$)[A-Za-z0-9_.@+=,][A-Za-z0-9_.@+=,-]*$/;

/** So many are offered whole; bash asks before it shows more than a hundred. */
const MOST_WHOLE = 100;

/**
 * Whole where few fit, or one account alone; else `ACCOUNT/`, whose roles come once it is typed. One account is never
 * offered as `ACCOUNT/` alone, which a shell would end with a blank.
 * @param typed the beginning of the word; a shell that compares otherwise than by beginnings gets all where none fits.
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

/** By its name where that is plain and no other account's; by its id where it is not, and where digits are begun. */
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
