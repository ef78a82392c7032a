import { readTokenFile, type AccessToken } from "../domain/access-token.ts";
import { isRecord, parseJson, textOrUndefined } from "../domain/narrow.ts";
import { LatchkeyError } from "../errors.ts";
import { MAX_CACHE_BYTES } from "./cache.ts";
import { cliRoleCacheDirectory, tokenDirectory } from "./paths.ts";
import { listFiles, readIfPresent, removeFile } from "./safe-file.ts";

/** What `aws sso logout` removes, too: tokens of any session, and the AWS CLI's cache of SSO role credentials. */

export interface ForeignToken {
  readonly path: string;
  readonly startUrl: string | undefined;
  readonly region: string | undefined;
  readonly token: AccessToken;
}

/** Every file in the shared cache that holds an access token; client registrations have none and stay. */
export function readForeignTokens(home: string): ForeignToken[] {
  return listFiles(tokenDirectory(home)).flatMap((path) => {
    const stored = storedIn(path);
    const token = readTokenFile(stored);
    if (!isRecord(stored) || token === undefined) return [];
    return [{ path, startUrl: textOrUndefined(stored["startUrl"]), region: textOrUndefined(stored["region"]), token }];
  });
}

export function removeCliRoleCredentials(home: string): string[] {
  return listFiles(cliRoleCacheDirectory(home)).filter((path) => {
    const stored = path.endsWith(".json") ? storedIn(path) : undefined;
    return isRecord(stored) && stored["ProviderType"] === "sso" && removeFile(path);
  });
}

/** The JSON value in a file; a file that is none of ours to understand is left alone. */
function storedIn(path: string): unknown {
  try {
    const bytes = readIfPresent(path, MAX_CACHE_BYTES);
    return bytes === undefined ? undefined : parseJson(bytes.toString("utf8"));
  } catch (thrown) {
    if (thrown instanceof LatchkeyError) return undefined;
    throw thrown;
  }
}
