/** What an access token may use: accounts and roles, and the order in which the AWS CLI shows them. */

export interface Account {
  readonly accountId: string;
  readonly accountName: string | undefined;
  readonly emailAddress: string | undefined;
}

export interface AccountRole {
  readonly accountId: string;
  readonly roleName: string;
}

/** `name, email (id)` with whatever of the three there is; the row of the AWS CLI's account menu. */
export function accountLabel({ accountId, accountName, emailAddress }: Account): string {
  const words = [accountName, emailAddress].filter((word) => word !== undefined).join(", ");
  return words === "" ? accountId : `${words} (${accountId})`;
}

/** By lower-cased name, else email; accounts that have only an id last (AWS CLI 2.34.24 and later). */
export function sortAccounts(accounts: readonly Account[]): Account[] {
  const key = ({ accountId, accountName, emailAddress }: Account): string =>
    (accountName ?? emailAddress ?? accountId).toLowerCase();
  const rankNamed = ({ accountName, emailAddress }: Account): number =>
    accountName === undefined && emailAddress === undefined ? 1 : 0;
  return [...accounts].sort(
    (a, b) =>
      rankNamed(a) - rankNamed(b) || compare(key(a), key(b)) || compare(a.accountId, b.accountId),
  );
}

export function sortRoles(roles: readonly AccountRole[]): AccountRole[] {
  return [...roles].sort((a, b) => compare(a.roleName.toLowerCase(), b.roleName.toLowerCase()));
}

/** By code point, as Python sorts: no locale, so that the order is the same on every machine. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The accounts that `wanted` means: by id, else by exact name, else by a part of the name. One is what is hoped for. */
export function matchAccounts<Entry extends Account>(
  accounts: readonly Entry[],
  wanted: string,
): readonly Entry[] {
  const byId = accounts.filter(({ accountId }) => accountId === wanted);
  const exact = accounts.filter(({ accountName }) => accountName === wanted);
  const partly = accounts.filter(({ accountName }) =>
    accountName?.toLowerCase().includes(wanted.toLowerCase()),
  );
  return [byId, exact, partly].find((found) => found.length > 0) ?? [];
}

export interface RoleInAccount {
  readonly account: Account;
  readonly roleName: string;
}

/** What an administrator did between two listings. */
export interface AccessChanges<Item> {
  /** When the earlier one was made. */
  readonly since: Date;
  readonly came: readonly Item[];
  readonly went: readonly Item[];
}

/** @param identityOf what makes two items the same: a renamed account has neither come nor gone. */
export function findChanges<Item>(
  since: Date,
  before: readonly Item[],
  after: readonly Item[],
  identityOf: (item: Item) => string,
): AccessChanges<Item> {
  const [known, still] = [new Set(before.map(identityOf)), new Set(after.map(identityOf))];
  return {
    since,
    came: after.filter((item) => !known.has(identityOf(item))),
    went: before.filter((item) => !still.has(identityOf(item))),
  };
}
