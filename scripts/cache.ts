// What scripts fetch and make once for all checkouts of a user.
import { homedir } from "node:os";
import { join } from "node:path";

/** The folder of it in the user's cache folder: `~/.cache/latchkey`. */
export function locateCache(env: NodeJS.ProcessEnv = process.env): string {
  const cache = env["XDG_CACHE_HOME"];
  return join(cache?.startsWith("/") === true ? cache : join(homedir(), ".cache"), "latchkey");
}
