import * as fs from "node:fs";
import { constants } from "node:fs";
import { join } from "node:path";
import type { Account } from "../model/account.ts";
import type { AccessToken } from "../model/access-token.ts";
import {
  printKept,
  printPart,
  readKeptAccounts,
  readKeptRoles,
  readParts,
  type AccountRoles,
  type Kept,
  type ListedRoles,
  type ListingOwner,
  type ListingParts,
} from "./kept-format.ts";
import { parseJson } from "../text/json.ts";
import {
  isTraceOf,
  printSignInTrace,
  readSignInTrace,
  traceOf,
  type SignInTrace,
} from "../token/sign-in-trace.ts";
import { LatchkeyError } from "../errors.ts";
import { accessDirectory, accessRoot } from "../fs/paths.ts";
import { replaceFile } from "../fs/replace.ts";
import {
  ensurePrivateDirectory,
  ignoreErrors,
  readIfPresent,
  removeDirectory,
  removeFile,
} from "../fs/read.ts";

/**
 * What was listed last, in a folder of each session's: the accounts, all roles, the parts of a listing that is under
 * way, and the sign-in that these are of. Keeping is best effort: a disk that takes nothing costs only the convenience.
 */

const MAX_LISTING_BYTES = 16 * 1024 * 1024;
const MAX_TRACE_BYTES = 4096;
const FILE_MODE = 0o600;

type KeptFile = "accounts.json" | "roles.json" | "roles.part" | "sign-in.json";

function pathOf(home: string, sessionKey: string, file: KeptFile): string {
  return join(accessDirectory(home, sessionKey), file);
}

/** A directory, a FIFO, a giant or a file of somebody else's in its place: nothing usable. */
function textOf(home: string, sessionKey: string, file: KeptFile): string | undefined {
  try {
    return readIfPresent(
      pathOf(home, sessionKey, file),
      file === "sign-in.json" ? MAX_TRACE_BYTES : MAX_LISTING_BYTES,
    )?.toString("utf8");
  } catch (thrown) {
    if (thrown instanceof LatchkeyError) return undefined;
    throw thrown;
  }
}

function storedIn(home: string, sessionKey: string, file: KeptFile): unknown {
  const text = textOf(home, sessionKey, file);
  return text === undefined ? undefined : parseJson(text);
}

/** @returns whether the disk took it. */
function keep(home: string, sessionKey: string, file: KeptFile, text: string): boolean {
  try {
    ensurePrivateDirectory(accessDirectory(home, sessionKey));
    replaceFile(pathOf(home, sessionKey, file), text, { mode: FILE_MODE });
    return true;
  } catch (thrown) {
    if (thrown instanceof LatchkeyError) return false;
    throw thrown;
  }
}

export function keptAccounts(
  home: string,
  sessionKey: string,
  owner: ListingOwner,
): Kept<Account> | undefined {
  return readKeptAccounts(storedIn(home, sessionKey, "accounts.json"), owner);
}

export function keepAccounts(
  home: string,
  sessionKey: string,
  owner: ListingOwner,
  kept: Kept<Account>,
): void {
  rememberSignIn(home, sessionKey, owner);
  keep(home, sessionKey, "accounts.json", printKept(owner, kept));
}

export function keptRoles(
  home: string,
  sessionKey: string,
  owner: ListingOwner,
): Kept<AccountRoles> | undefined {
  return readKeptRoles(storedIn(home, sessionKey, "roles.json"), owner);
}

export function keepRoles(
  home: string,
  sessionKey: string,
  owner: ListingOwner,
  kept: Kept<AccountRoles>,
): void {
  rememberSignIn(home, sessionKey, owner);
  keep(home, sessionKey, "roles.json", printKept(owner, kept));
}

/** The sign-in that a token belongs to: the one that is known here, else a new one that begins with this token. */
export function signInOf(home: string, sessionKey: string, token: AccessToken): SignInTrace {
  return traceOf(token, knownTrace(home, sessionKey, token));
}

/** Before the first thing is kept of a sign-in. A trace that is there already may be ahead, after a refresh. */
function rememberSignIn(home: string, sessionKey: string, { trace }: ListingOwner): void {
  const known = readSignInTrace(storedIn(home, sessionKey, "sign-in.json"));
  if (known?.signIn !== trace.signIn)
    keep(home, sessionKey, "sign-in.json", printSignInTrace(trace));
}

/** After a refresh: the new token's sign-in is the old one's, where that is known here. */
export function continueSignIn(
  home: string,
  sessionKey: string,
  before: AccessToken,
  renewed: AccessToken,
): void {
  const known = knownTrace(home, sessionKey, before);
  if (known !== undefined)
    keep(home, sessionKey, "sign-in.json", printSignInTrace(traceOf(renewed, known)));
}

function knownTrace(home: string, sessionKey: string, token: AccessToken): SignInTrace | undefined {
  const trace = readSignInTrace(storedIn(home, sessionKey, "sign-in.json"));
  return trace !== undefined && isTraceOf(trace, token) ? trace : undefined;
}

/** After a sign-in that may be another person's. The accounts' names stay, and are served only as such. */
export function forgetSignIn(home: string, sessionKey: string): void {
  for (const file of ["roles.json", "roles.part", "sign-in.json"] as const)
    ignoreErrors(() => removeFile(pathOf(home, sessionKey, file)));
}

/** @returns the files that went. */
export function removeKeptListings(home: string, sessionKey: string): string[] {
  return removeDirectory(accessDirectory(home, sessionKey));
}

/** Also those of sessions that the config no longer has. */
export function removeAllKeptListings(home: string): void {
  removeDirectory(accessRoot(home));
}

export function keptParts(
  home: string,
  sessionKey: string,
  owner: ListingOwner,
  now: Date,
): ListingParts | undefined {
  const text = textOf(home, sessionKey, "roles.part");
  return text === undefined ? undefined : readParts(text, owner, now);
}

/** Takes each account's answer as it comes: one line, in one write, so that a kill at any moment costs no other. */
export interface PartsWriter {
  /** Whether the disk takes them. */
  readonly works: boolean;
  add(accountId: string, roles: ListedRoles): void;
  close(): void;
}

/** Begins the file anew with what is there of the listing, and goes on behind that. */
export function openParts(
  home: string,
  sessionKey: string,
  owner: ListingOwner,
  { accounts, roles }: ListingParts,
): PartsWriter {
  rememberSignIn(home, sessionKey, owner);
  const before =
    printKept(owner, accounts) +
    [...roles].map(([accountId, listed]) => printPart(accountId, listed)).join("");
  const descriptor = keep(home, sessionKey, "roles.part", before)
    ? openToAppend(pathOf(home, sessionKey, "roles.part"))
    : undefined;
  if (descriptor === undefined)
    return { works: false, add: () => undefined, close: () => undefined };
  return {
    works: true,
    add: (accountId, listed) =>
      ignoreErrors(() => fs.writeSync(descriptor, printPart(accountId, listed))),
    close: () => ignoreErrors(() => fs.closeSync(descriptor)),
  };
}

function openToAppend(path: string): number | undefined {
  try {
    return fs.openSync(path, constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0));
  } catch {
    return undefined;
  }
}

export function removeParts(home: string, sessionKey: string): void {
  ignoreErrors(() => removeFile(pathOf(home, sessionKey, "roles.part")));
}
