import { basename, join } from "node:path";
import { MAX_CACHE_BYTES, parseJson } from "../text/json.ts";
import {
  parseRoleCredentials,
  type CachedRoleCredentials,
  type RoleRef,
  type SignInMark,
} from "../model/role.ts";
import {
  roleCredentialsPath,
  rolesDirectory,
  sessionRolesDirectory,
  vaultRolePath,
  vaultRolesDirectory,
} from "../fs/paths.ts";
import { readFileVersion, readIfPresent, removeDirectory, removeFile } from "../fs/read.ts";

/**
 * The role credentials that lie in the open, as the hot path reads them: it imports nothing that waits. And what
 * removes cached roles, sealed ones too.
 */

/** The cached credentials of a role, or undefined where there is nothing usable. Files of ours are never half-written. */
export function readCachedRole(home: string, ref: RoleRef): CachedRoleCredentials | undefined {
  const bytes = readIfPresent(roleCredentialsPath(home, ref), MAX_CACHE_BYTES);
  return bytes === undefined
    ? undefined
    : parseRoleCredentials(parseJson(bytes.toString("utf8")), ref);
}

/** How the sign-in of a token's file stands now. */
export function readSignInMark(tokenPath: string): SignInMark {
  return { tokenFile: basename(tokenPath), stamp: readFileVersion(tokenPath) };
}

/** Whether nobody has signed in, refreshed or signed out since the mark was read. */
export function isOfThisSignIn(tokenDirectory: string, { tokenFile, stamp }: SignInMark): boolean {
  return readFileVersion(join(tokenDirectory, tokenFile)) === stamp;
}

export function removeRole(home: string, ref: RoleRef): void {
  removeFile(roleCredentialsPath(home, ref));
  removeFile(vaultRolePath(home, ref));
}

/** Drops every cached role of a session, wherever: after a new sign-in they may be another person's. */
export function removeSessionRoles(home: string, session: string): string[] {
  return [
    ...removeDirectory(sessionRolesDirectory(home, session)),
    ...removeDirectory(vaultRolesDirectory(home, session)),
  ];
}

/** Drops the role credentials that lie in the open: once they are to be sealed, nothing may answer from there. */
export function removeOpenRoles(home: string): void {
  removeDirectory(rolesDirectory(home));
}
