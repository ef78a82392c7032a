import type { Account } from "../model/account.ts";
import { formatInstant, parseInstant, secondsUntil } from "../text/instant.ts";
import { isRecord, parseJson, readText, type PlainRecord } from "../text/json.ts";
import { isAccountId } from "../model/role.ts";

/** Listings as they are kept in `~/.aws/latchkey/access/`: whole ones, and the parts of one that is under way. */

/** Whose a listing is; what another sign-in saw is nobody else's to see. */
export interface ListingOwner {
  readonly startUrl: string;
  readonly region: string;
  readonly signInId: string;
}

export interface AccountRoles extends Account {
  readonly roleNames: readonly string[];
}

export interface KeptListing<Item> {
  /** Of its oldest part. */
  readonly listedAt: Date;
  readonly accounts: readonly Item[];
}

/** The roles of one account, as they were answered. */
export interface ListedRoles {
  readonly listedAt: Date;
  readonly roleNames: readonly string[];
}

/** What is done of a listing that is under way. */
export interface ListingParts {
  readonly accounts: KeptListing<Account>;
  readonly roles: ReadonlyMap<string, ListedRoles>;
}

/** An interrupted listing is taken up again only for so long: access changes. */
const PART_SECONDS = 60 * 60;

export function isRecent(listedAt: Date, now: Date): boolean {
  const ageSeconds = -secondsUntil(listedAt, now);
  return ageSeconds >= -1 && ageSeconds < PART_SECONDS;
}

/** One line of JSON, for accounts with or without their roles. */
export function formatKept(
  { startUrl, region, signInId }: ListingOwner,
  { listedAt, accounts }: KeptListing<Account>,
): string {
  return `${JSON.stringify({ version: 1, startUrl, region, signIn: signInId, listedAt: formatInstant(listedAt), accounts })}\n`;
}

/** What stays of a listing when its sign-in ends: the accounts' names, which are the organisation's. */
export function formatNames(accounts: readonly Account[]): string {
  const names = accounts.map(({ accountId, accountName }) => ({ accountId, accountName }));
  return `${JSON.stringify({ version: 1, accounts: names })}\n`;
}

/** The accounts in a kept listing's JSON value; undefined where it is damaged or another sign-in's. */
export function parseKept<Item>(
  stored: unknown,
  owner: ListingOwner,
  parseItem: (entry: PlainRecord) => Item | undefined,
): KeptListing<Item> | undefined {
  const accounts = parseItems(stored, parseItem);
  if (accounts === undefined || !isRecord(stored) || !isOwnedBy(stored, owner)) return undefined;
  const listedAt = parseInstant(stored["listedAt"]);
  return listedAt === undefined ? undefined : { listedAt, accounts };
}

/** The same, whoever listed them, also where only their names stayed. */
export function parseItems<Item>(
  stored: unknown,
  parseItem: (entry: PlainRecord) => Item | undefined,
): Item[] | undefined {
  const entries: unknown =
    isRecord(stored) && stored["version"] === 1 ? stored["accounts"] : undefined;
  if (!Array.isArray(entries)) return undefined;
  const items = entries.flatMap((entry: unknown) =>
    isRecord(entry) ? (parseItem(entry) ?? []) : [],
  );
  return items.length === entries.length ? items : undefined;
}

function isOwnedBy(stored: PlainRecord, { startUrl, region, signInId }: ListingOwner): boolean {
  const isSamePortal = stored["startUrl"] === startUrl && stored["region"] === region;
  return isSamePortal && stored["signIn"] === signInId;
}

export function parseAccount(entry: PlainRecord): Account | undefined {
  const { accountId, accountName, emailAddress } = entry;
  if (typeof accountId !== "string" || !isAccountId(accountId)) return undefined;
  return {
    accountId,
    accountName: readText(accountName),
    emailAddress: readText(emailAddress),
  };
}

export function parseAccountRoles(entry: PlainRecord): AccountRoles | undefined {
  const account = parseAccount(entry);
  const roleNames = parseRoleNames(entry["roleNames"]);
  return account === undefined || roleNames === undefined ? undefined : { ...account, roleNames };
}

function parseRoleNames(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const names = value.flatMap((name: unknown) => readText(name) ?? []);
  return names.length === value.length ? names : undefined;
}

/** A line for each account that has been answered, under the first line, which is a kept listing of the accounts. */
export function formatPart(accountId: string, { listedAt, roleNames }: ListedRoles): string {
  return `${JSON.stringify({ listedAt: formatInstant(listedAt), accountId, roleNames })}\n`;
}

/** Lines that are torn, foreign or too old count as not there; undefined where all is another sign-in's. */
export function parseParts(text: string, owner: ListingOwner, now: Date): ListingParts | undefined {
  const [first = "", ...lines] = text.split("\n");
  const accounts = parseKept(parseJson(first), owner, parseAccount);
  if (accounts === undefined) return undefined;
  const roles = new Map<string, ListedRoles>();
  for (const line of lines) {
    const part = parseJson(line);
    if (!isRecord(part) || typeof part["accountId"] !== "string") continue;
    const listedAt = parseInstant(part["listedAt"]);
    const roleNames = parseRoleNames(part["roleNames"]);
    if (listedAt !== undefined && roleNames !== undefined && isRecent(listedAt, now))
      roles.set(part["accountId"], { listedAt, roleNames });
  }
  return { accounts, roles };
}
