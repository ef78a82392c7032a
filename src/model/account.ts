/** Describes the accounts and roles that an access token may use, and sorts them like the AWS CLI. */

export interface Account {
  readonly accountId: string;
  readonly accountName: string | undefined;
  readonly emailAddress: string | undefined;
}

export interface AccountRole {
  readonly accountId: string;
  readonly roleName: string;
}

/** Returns `name, email (id)` without the parts that are missing, as in the AWS CLI's account menu. */
export function accountLabel({ accountId, accountName, emailAddress }: Account): string {
  const words = [accountName, emailAddress].filter((word) => word !== undefined).join(", ");
  return words === "" ? accountId : `${words} (${accountId})`;
}

/** Sorts by name in lower case, else by email. Accounts with only an id come last (AWS CLI 2.34.24 and later). */
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

/** Compares by code point, as Python does. The order of a locale could differ between machines. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Returns the accounts that match `wanted` by id. If there are none, those that match by exact name, else by part of
 * the name.
 */
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

/** The differences between two listings: an administrator has assigned or removed access. */
export interface AccessChanges<Item> {
  /** When the earlier listing was made. */
  readonly since: Date;
  readonly came: readonly Item[];
  readonly went: readonly Item[];
}

/** @param identityOf returns a key for an item that stays the same when the account is renamed. */
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
