import type { Account } from "../model/account.ts";
import { formatInstant, parseInstant, secondsUntil } from "../text/instant.ts";
import { isRecord, parseJson, readText, type PlainRecord } from "../text/json.ts";
import { isAccountId } from "../model/role.ts";
import type { SignInTrace } from "../token/sign-in-trace.ts";

/** Listings as they are kept in `~/.aws/latchkey/access/`: whole ones, and the parts of one that is under way. */

/** Whose a listing is; what another sign-in saw is nobody else's to see. */
export interface ListingOwner {
  readonly startUrl: string;
  readonly region: string;
  readonly trace: SignInTrace;
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

/** An interrupted listing is taken up again only for so long: access changes. */
const PART_SECONDS = 60 * 60;

export function isRecent(listedAt: Date, now: Date): boolean {
  const ageSeconds = -secondsUntil(listedAt, now);
  return ageSeconds >= -1 && ageSeconds < PART_SECONDS;
}

/** One line of JSON, for accounts with or without their roles. */
export function formatKept(
  owner: ListingOwner,
  { listedAt, accounts }: KeptListing<Account>,
): string {
  const { startUrl, region, trace } = owner;
  return `${JSON.stringify({ version: 1, startUrl, region, signIn: trace.signIn, listedAt: formatInstant(listedAt), accounts })}\n`;
}

/** The accounts in a kept listing's JSON value; undefined where it is damaged or another sign-in's. */
export function parseKeptAccounts(
  stored: unknown,
  owner: ListingOwner,
): KeptListing<Account> | undefined {
  return parseKept(stored, owner, parseAccount);
}

export function parseKeptRoles(
  stored: unknown,
  owner: ListingOwner,
): KeptListing<AccountRoles> | undefined {
  return parseKept(stored, owner, (entry) => {
    const account = parseAccount(entry);
    const roleNames = parseRoleNames(entry["roleNames"]);
    return account === undefined || roleNames === undefined ? undefined : { ...account, roleNames };
  });
}

function parseKept<Item>(
  stored: unknown,
  owner: ListingOwner,
  itemIn: (entry: PlainRecord) => Item | undefined,
): KeptListing<Item> | undefined {
  if (!isRecord(stored) || stored["version"] !== 1 || !isOwnedBy(stored, owner)) return undefined;
  const listedAt = parseInstant(stored["listedAt"]);
  const entries: unknown = stored["accounts"];
  if (listedAt === undefined || !Array.isArray(entries)) return undefined;
  const accounts = entries.flatMap((entry: unknown) =>
    isRecord(entry) ? (itemIn(entry) ?? []) : [],
  );
  return accounts.length === entries.length ? { listedAt, accounts } : undefined;
}

function isOwnedBy(stored: PlainRecord, owner: ListingOwner): boolean {
  return (
    stored["startUrl"] === owner.startUrl &&
    stored["region"] === owner.region &&
    stored["signIn"] === owner.trace.signIn
  );
}

function parseAccount(entry: PlainRecord): Account | undefined {
  const { accountId, accountName, emailAddress } = entry;
  if (typeof accountId !== "string" || !isAccountId(accountId)) return undefined;
  return {
    accountId,
    accountName: readText(accountName),
    emailAddress: readText(emailAddress),
  };
}

function parseRoleNames(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const names = value.filter(
    (name: unknown) => typeof name === "string" && name !== "",
  ) as string[];
  return names.length === value.length ? names : undefined;
}

/** A line for each account that has been answered, under the first line, which is a kept listing of the accounts. */
export function formatPart(accountId: string, { listedAt, roleNames }: ListedRoles): string {
  return `${JSON.stringify({ listedAt: formatInstant(listedAt), accountId, roleNames })}\n`;
}

/** What is done of a listing; undefined where the file is none of this sign-in's. */
export interface ListingParts {
  readonly accounts: KeptListing<Account>;
  readonly roles: ReadonlyMap<string, ListedRoles>;
}

/** Lines that are torn, foreign or too old count as not there. */
export function parseParts(text: string, owner: ListingOwner, now: Date): ListingParts | undefined {
  const [first = "", ...lines] = text.split("\n");
  const accounts = parseKeptAccounts(parseJson(first), owner);
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
