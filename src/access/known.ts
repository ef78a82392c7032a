import { join } from "node:path";
import type { Account, AccountRole } from "../model/account.ts";
import { isRecord, parseJson, readText, type PlainRecord } from "../text/json.ts";
import { isExpectedFailure } from "../errors.ts";
import { accessDirectory, accessRoot } from "../fs/paths.ts";
import { listDirectories, readIfPresent } from "../fs/read.ts";

/** Names out of the kept listings, whoever listed them: all that a completion needs, so it imports nothing that writes. */

const MAX_LISTING_BYTES = 16 * 1024 * 1024;

/** What one session may use as listed last, or every session together. */
export function readKnownAccess(
  home: string,
  sessionKey: string | undefined,
): { accounts: Account[]; roles: AccountRole[] } {
  const directories =
    sessionKey === undefined
      ? listDirectories(accessRoot(home))
      : [accessDirectory(home, sessionKey)];
  return {
    accounts: directories.flatMap((directory) => readAccounts(join(directory, "accounts.json"))),
    roles: directories.flatMap((directory) => readRoles(join(directory, "roles.json"))),
  };
}

/** The name that an account had in the last listing, whoever made it: names are the organisation's. */
export function findAccountName(
  home: string,
  sessionKey: string | undefined,
  accountId: string,
): string | undefined {
  return readKnownAccess(home, sessionKey).accounts.find(
    (account) => account.accountId === accountId,
  )?.accountName;
}

function readAccounts(path: string): Account[] {
  return readAccountEntries(path).flatMap((entry) => {
    const accountId = readText(entry["accountId"]);
    return accountId === undefined
      ? []
      : [
          {
            accountId,
            accountName: readText(entry["accountName"]),
            emailAddress: readText(entry["emailAddress"]),
          },
        ];
  });
}

function readRoles(path: string): AccountRole[] {
  return readAccountEntries(path).flatMap((entry) => {
    const accountId = readText(entry["accountId"]);
    const names: unknown = entry["roleNames"];
    if (accountId === undefined || !Array.isArray(names)) return [];
    return names.flatMap((name: unknown) =>
      typeof name === "string" && name !== "" ? [{ accountId, roleName: name }] : [],
    );
  });
}

/** None where there is no listing of this version, or where something else stands in its place. */
function readAccountEntries(path: string): PlainRecord[] {
  const stored = parseJson(readListingText(path));
  const accounts = isRecord(stored) && stored["version"] === 1 ? stored["accounts"] : undefined;
  return Array.isArray(accounts) ? accounts.filter(isRecord) : [];
}

function readListingText(path: string): string {
  try {
    return readIfPresent(path, MAX_LISTING_BYTES)?.toString("utf8") ?? "";
  } catch (thrown) {
    if (isExpectedFailure(thrown)) return "";
    throw thrown;
  }
}
