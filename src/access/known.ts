import { join } from "node:path";
import type { Account, AccountRole } from "../model/account.ts";
import { isRecord, parseJson, textOrUndefined, type PlainRecord } from "../text/json.ts";
import { LatchkeyError } from "../errors.ts";
import { accessDirectory, accessRoot } from "../fs/paths.ts";
import { listDirectories, readIfPresent } from "../fs/read.ts";

/** Names out of the kept listings, whoever listed them: all that a completion needs, so it imports nothing that writes. */

const MAX_LISTING_BYTES = 16 * 1024 * 1024;

/** What one session may use as listed last, or every session together. */
export function knownAccess(
  home: string,
  sessionKey: string | undefined,
): { accounts: Account[]; roles: AccountRole[] } {
  const directories =
    sessionKey === undefined
      ? listDirectories(accessRoot(home))
      : [accessDirectory(home, sessionKey)];
  return {
    accounts: directories.flatMap((directory) => accountsIn(join(directory, "accounts.json"))),
    roles: directories.flatMap((directory) => rolesIn(join(directory, "roles.json"))),
  };
}

/** The name that an account had in the last listing, whoever made it: names are the organisation's. */
export function knownAccountName(
  home: string,
  sessionKey: string | undefined,
  accountId: string,
): string | undefined {
  return knownAccess(home, sessionKey).accounts.find((account) => account.accountId === accountId)
    ?.accountName;
}

function accountsIn(path: string): Account[] {
  return accountEntries(path).flatMap((entry) => {
    const accountId = textOrUndefined(entry["accountId"]);
    return accountId === undefined
      ? []
      : [
          {
            accountId,
            accountName: textOrUndefined(entry["accountName"]),
            emailAddress: textOrUndefined(entry["emailAddress"]),
          },
        ];
  });
}

function rolesIn(path: string): AccountRole[] {
  return accountEntries(path).flatMap((entry) => {
    const accountId = textOrUndefined(entry["accountId"]);
    const names: unknown = entry["roleNames"];
    if (accountId === undefined || !Array.isArray(names)) return [];
    return names.flatMap((name: unknown) =>
      typeof name === "string" && name !== "" ? [{ accountId, roleName: name }] : [],
    );
  });
}

/** None where there is no listing of this version, or where something else stands in its place. */
function accountEntries(path: string): PlainRecord[] {
  const stored = parseJson(textOf(path));
  const accounts = isRecord(stored) && stored["version"] === 1 ? stored["accounts"] : undefined;
  return Array.isArray(accounts) ? accounts.filter(isRecord) : [];
}

function textOf(path: string): string {
  try {
    return readIfPresent(path, MAX_LISTING_BYTES)?.toString("utf8") ?? "";
  } catch (thrown) {
    if (thrown instanceof LatchkeyError) return "";
    throw thrown;
  }
}
