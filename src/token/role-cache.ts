import { basename, join } from "node:path";
import { MAX_CACHE_BYTES, parseJson } from "../text/json.ts";
import {
  parseRoleCredentials,
  roleCachePrefix,
  type CachedRoleCredentials,
  type RoleRef,
  type SignInMark,
} from "../model/role.ts";
import { removeDirectory } from "../fs/directories/remove.ts";
import { isOwnFile } from "../fs/owner.ts";
import {
  roleCredentialsPath,
  rolesDirectory,
  sessionRolesDirectory,
  vaultRolesDirectory,
  vaultRolesRoot,
} from "../fs/paths.ts";
import {
  listDirectories,
  listFiles,
  readFileVersion,
  readIfPresent,
  removeFile,
} from "../fs/read.ts";

/**
 * Reads unencrypted cached role credentials. The hot path loads this module, so it imports nothing asynchronous. Also
 * removes cached roles, including encrypted ones.
 */

/**
 * Returns the cached credentials of a role; undefined if they are missing or not usable, or if another user can have written
 * them: the command would work with that user's account. latchkey's own files are never half-written.
 * @param path the file with the credentials.
 */
export function readCachedRole(
  home: string,
  ref: RoleRef,
  path = roleCredentialsPath(home, ref),
): CachedRoleCredentials | undefined {
  let isOwn = false;
  const bytes = readIfPresent(path, MAX_CACHE_BYTES, (stat) => (isOwn = isOwnFile(stat, home)));
  return bytes === undefined || !isOwn
    ? undefined
    : parseRoleCredentials(parseJson(bytes.toString("utf8")), ref);
}

/** Returns the current state of a token file. The state identifies the sign-in. */
export function readSignInMark(tokenPath: string): SignInMark {
  return { tokenFile: basename(tokenPath), stamp: readFileVersion(tokenPath) };
}

/** Returns whether no sign-in, refresh or sign-out has happened since the mark was read. */
export function isOfThisSignIn(tokenDirectory: string, { tokenFile, stamp }: SignInMark): boolean {
  return readFileVersion(join(tokenDirectory, tokenFile)) === stamp;
}

/** Returns whether the config is unchanged since these credentials' session was read from it. */
export function isConfigUnchanged({ config }: CachedRoleCredentials): boolean {
  return config !== undefined && readFileVersion(config.file) === config.stamp;
}

/** Removes the cached credentials of a role for all config files, both unencrypted and encrypted ones. */
export function removeRole(home: string, ref: RoleRef): void {
  const prefix = roleCachePrefix(ref);
  for (const directory of [
    sessionRolesDirectory(home, ref.session),
    vaultRolesDirectory(home, ref.session),
  ])
    for (const path of listFiles(directory))
      if (basename(path).startsWith(prefix)) removeFile(path);
}

/**
 * Removes all cached roles of a session and returns their paths. After a new sign-in, the old ones may be another user's.
 */
export function removeSessionRoles(home: string, session: string): string[] {
  return [
    ...removeDirectory(sessionRolesDirectory(home, session)),
    ...removeDirectory(vaultRolesDirectory(home, session)),
  ];
}

/** Removes the unencrypted role credentials. Once encryption is enabled, they must not be used any more. */
export function removeOpenRoles(home: string): void {
  removeDirectory(rolesDirectory(home));
}

/**
 * Removes the cached roles of every session, including sessions that are no longer in the config.
 * @returns the removed paths.
 */
export function removeAllRoles(home: string): string[] {
  return [rolesDirectory(home), vaultRolesRoot(home)]
    .flatMap(listDirectories)
    .flatMap(removeDirectory);
}
