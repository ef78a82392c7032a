// The cache for files that scripts fetch or make once and all checkouts of a user share.
import { homedir } from "node:os";
import { join } from "node:path";

/** Returns the folder in the user's cache folder: `~/.cache/latchkey`. */
export function locateCache(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env["XDG_CACHE_HOME"];
  return join(cache?.startsWith("/") === true ? cache : join(homedir(), ".cache"), "latchkey");
}
