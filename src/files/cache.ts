import { parseJson } from "../domain/narrow.ts";
import { readRoleCredentials, type CachedRoleCredentials, type RoleRef } from "../domain/role-credentials.ts";
import { roleCredentialsPath } from "./paths.ts";
import { readIfPresent } from "./safe-file.ts";

/** The role credential cache's reading side: all that the hot path needs, so it imports nothing that waits. */

/** No cache file of any AWS client comes near it; a larger one is damaged or planted. */
export const MAX_CACHE_BYTES = 1024 * 1024;

/** The cached credentials of a role, or undefined where there is nothing usable. Files of ours are never half-written. */
export function cachedRoleCredentials(home: string, ref: RoleRef): CachedRoleCredentials | undefined {
  const bytes = readIfPresent(roleCredentialsPath(home, ref), MAX_CACHE_BYTES);
  return bytes === undefined ? undefined : readRoleCredentials(parseJson(bytes.toString("utf8")), ref);
}
