import { basename, join } from "node:path";
import { MAX_CACHE_BYTES, parseJson } from "../text/json.ts";
import {
  parseRoleCredentials,
  roleCachePrefix,
  type CachedRoleCredentials,
  type RoleRef,
  type SignInMark,
} from "../model/role.ts";
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
  removeDirectory,
  removeFile,
} from "../fs/read.ts";

/**
 * The role credentials that lie in the open, as the hot path reads them: it imports nothing that waits. And what
 * removes cached roles, sealed ones too.
 */

/**
 * The cached credentials of a role, or undefined where there is nothing usable. Files of ours are never half-written.
 * @param path where they are kept
 */
export function readCachedRole(
  home: string,
  ref: RoleRef,
  path = roleCredentialsPath(home, ref),
): CachedRoleCredentials | undefined {
  const bytes = readIfPresent(path, MAX_CACHE_BYTES);
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

/** Whether the config is as it was when these credentials' session was read from it. */
export function isConfigUnchanged({ config }: CachedRoleCredentials): boolean {
  return config !== undefined && readFileVersion(config.file) === config.stamp;
}

/** In the open and sealed, whatever config it was fetched by. */
export function removeRole(home: string, ref: RoleRef): void {
  const prefix = roleCachePrefix(ref);
  for (const directory of [
    sessionRolesDirectory(home, ref.session),
    vaultRolesDirectory(home, ref.session),
  ])
    for (const path of listFiles(directory))
      if (basename(path).startsWith(prefix)) removeFile(path);
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

/** Of every session, also of those that the config no longer has; returns the files that went. */
export function removeAllRoles(home: string): string[] {
  return [rolesDirectory(home), vaultRolesRoot(home)]
    .flatMap(listDirectories)
    .flatMap(removeDirectory);
}
