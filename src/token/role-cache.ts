import { join } from "node:path";
import { MAX_CACHE_BYTES, parseJson } from "../text/json.ts";
import {
  parseRoleCredentials,
  type CachedRoleCredentials,
  type RoleRef,
  type SignInMark,
} from "../model/role.ts";
import { roleCredentialsPath } from "../fs/paths.ts";
import { readFileVersion, readIfPresent } from "../fs/read.ts";

/** The role credential cache's reading side: all that the hot path needs, so it imports nothing that waits. */

/** The cached credentials of a role, or undefined where there is nothing usable. Files of ours are never half-written. */
export function readCachedRole(home: string, ref: RoleRef): CachedRoleCredentials | undefined {
  const bytes = readIfPresent(roleCredentialsPath(home, ref), MAX_CACHE_BYTES);
  return bytes === undefined
    ? undefined
    : parseRoleCredentials(parseJson(bytes.toString("utf8")), ref);
}

/** How the sign-in of a token's file, in the directory where its storage keeps tokens, stands now. */
export function readSignInMark(tokenDirectory: string, tokenFile: string): SignInMark {
  return { tokenFile, stamp: readFileVersion(join(tokenDirectory, tokenFile)) };
}

/** Whether nobody has signed in, refreshed or signed out since these credentials were fetched. */
export function isOfThisSignIn(tokenDirectory: string, { signIn }: CachedRoleCredentials): boolean {
  return readSignInMark(tokenDirectory, signIn.tokenFile).stamp === signIn.stamp;
}
