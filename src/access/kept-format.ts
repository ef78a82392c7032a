import type { Account, RoleInAccount } from "../model/account.ts";
import { formatInstant, parseInstant, secondsUntil } from "../text/instant.ts";
import { parseJson, readText, toRecord, type PlainRecord } from "../text/json.ts";
import { isAccountId } from "../model/role.ts";

/** File formats of listings in `~/.aws/latchkey/access/`: complete ones, and the parts of one in progress. */

/** The owner of a listing. A listing is shown only to the sign-in that made it. */
export interface ListingOwner {
  readonly startUrl: string;
  readonly region: string;
  readonly signInId: string;
}

export interface AccountRoles extends Account {
  readonly roleNames: readonly string[];
}

export interface KeptListing<Entry> {
  /** The time at which the oldest part of the listing was made. */
  readonly listedAt: Date;
  readonly accounts: readonly Entry[];
}

/** The kind of a listing: how its file stores an entry for each account, and how entries become the items shown. */
export interface ListingKind<Entry extends Account, Item> {
  readonly name: "accounts" | "roles";
  readonly parseEntry: (entry: PlainRecord) => Entry | undefined;
  readonly toItems: (entries: readonly Entry[]) => readonly Item[];
  /** Returns the key by which two listings are compared. The account's name is not part of it, so a renamed account is not new. */
  readonly identityOf: (item: Item) => string;
}

export const ACCOUNTS: ListingKind<Account, Account> = {
  name: "accounts",
  parseEntry: parseAccount,
  toItems: (accounts) => accounts,
  identityOf: ({ accountId }) => accountId,
};

export const ROLES: ListingKind<AccountRoles, RoleInAccount> = {
  name: "roles",
  parseEntry: parseAccountRoles,
  toItems: (accounts) =>
    accounts.flatMap(({ roleNames, ...account }) =>
      roleNames.map((roleName) => ({ account, roleName })),
    ),
  identityOf: ({ account, roleName }) => `${account.accountId}/${roleName}`,
};

/** The roles of one account, and when they were listed. */
export interface ListedRoles {
  readonly listedAt: Date;
  readonly roleNames: readonly string[];
}

/** The finished part of a listing in progress. */
export interface ListingParts {
  readonly accounts: KeptListing<Account>;
  readonly roles: ReadonlyMap<string, ListedRoles>;
}

/** The maximum age at which an interrupted listing is resumed. Later, the user's access may have changed. */
const PART_SECONDS = 60 * 60;

export function isRecent(listedAt: Date, now: Date): boolean {
  const ageSeconds = -secondsUntil(listedAt, now);
  return ageSeconds >= -1 && ageSeconds < PART_SECONDS;
}

/** Returns one line of JSON for accounts, with or without their roles. */
export function formatKept(
  { startUrl, region, signInId }: ListingOwner,
  { listedAt, accounts }: KeptListing<Account>,
): string {
  return `${JSON.stringify({ version: 1, startUrl, region, signIn: signInId, listedAt: formatInstant(listedAt), accounts })}\n`;
}

/**
 * Returns the part of a listing that is kept after the sign-in ends: the names of the accounts, which are the same for every
 * user.
 */
export function formatNames(accounts: readonly Account[]): string {
  const names = accounts.map(({ accountId, accountName }) => ({ accountId, accountName }));
  return `${JSON.stringify({ version: 1, accounts: names })}\n`;
}

/** Returns a stored listing, or undefined if its text is damaged or belongs to another sign-in. */
export function parseKept<Entry extends Account, Item>(
  text: string,
  kind: ListingKind<Entry, Item>,
  owner: ListingOwner,
): KeptListing<Entry> | undefined {
  const stored = toRecord(parseJson(text));
  const accounts = parseEntries(stored, kind);
  const listedAt = parseInstant(stored["listedAt"]);
  if (accounts === undefined || listedAt === undefined) return undefined;
  return isOwnedBy(stored, owner) ? { listedAt, accounts } : undefined;
}

/**
 * Returns the accounts of a listing, regardless of its owner. Also reads a file of which only the accounts' names are
 * left (`formatNames`).
 */
export function parseEntries<Entry extends Account, Item>(
  { version, accounts }: PlainRecord,
  { parseEntry }: ListingKind<Entry, Item>,
): Entry[] | undefined {
  if (version !== 1 || !Array.isArray(accounts)) return undefined;
  const entries = accounts.flatMap((entry: unknown) => parseEntry(toRecord(entry)) ?? []);
  return entries.length === accounts.length ? entries : undefined;
}

function isOwnedBy(stored: PlainRecord, { startUrl, region, signInId }: ListingOwner): boolean {
  const isSamePortal = stored["startUrl"] === startUrl && stored["region"] === region;
  return isSamePortal && stored["signIn"] === signInId;
}

function parseAccount({ accountId, accountName, emailAddress }: PlainRecord): Account | undefined {
  if (typeof accountId !== "string" || !isAccountId(accountId)) return undefined;
  return {
    accountId,
    accountName: readText(accountName),
    emailAddress: readText(emailAddress),
  };
}

function parseAccountRoles(entry: PlainRecord): AccountRoles | undefined {
  const account = parseAccount(entry);
  const roleNames = parseRoleNames(entry["roleNames"]);
  return account === undefined || roleNames === undefined ? undefined : { ...account, roleNames };
}

function parseRoleNames(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const names = value.flatMap((name: unknown) => readText(name) ?? []);
  return names.length === value.length ? names : undefined;
}

/**
 * Returns the line of `roles.part` that stores the roles of one account. The first line of that file is the listing of
 * the accounts.
 */
export function formatPart(accountId: string, { listedAt, roleNames }: ListedRoles): string {
  return `${JSON.stringify({ listedAt: formatInstant(listedAt), accountId, roleNames })}\n`;
}

/**
 * Parses parts. Lines that are damaged or too old are ignored. Returns undefined if the file belongs to another
 * sign-in.
 */
export function parseParts(text: string, owner: ListingOwner, now: Date): ListingParts | undefined {
  const [first = "", ...lines] = text.split("\n");
  const accounts = parseKept(first, ACCOUNTS, owner);
  if (accounts === undefined) return undefined;
  const roles = new Map<string, ListedRoles>();
  for (const line of lines) {
    const { accountId, ...part } = toRecord(parseJson(line));
    const listedAt = parseInstant(part["listedAt"]);
    const roleNames = parseRoleNames(part["roleNames"]);
    if (typeof accountId !== "string" || listedAt === undefined || roleNames === undefined)
      continue;
    if (isRecent(listedAt, now)) roles.set(accountId, { listedAt, roleNames });
  }
  return { accounts, roles };
}
