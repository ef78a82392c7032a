import { dirname } from "node:path";
import { parseJson } from "../text/json.ts";
import { printUsage, readUsage, withUse, type ProfileUse } from "./usage.ts";
import { profileUsagePath } from "../fs/paths.ts";
import { replaceFile } from "../fs/replace.ts";
import { ensurePrivateDirectory, ignoreErrors, readIfPresent } from "../fs/read.ts";

/** What was used how often: a convenience, so that nothing ever fails for it. Of two at once the later one counts. */

const MAX_USAGE_BYTES = 1024 * 1024;

export function profileUsage(home: string): ProfileUse[] {
  let usage: ProfileUse[] = [];
  ignoreErrors(() => {
    const bytes = readIfPresent(profileUsagePath(home), MAX_USAGE_BYTES);
    usage = bytes === undefined ? [] : readUsage(parseJson(bytes.toString("utf8")));
  });
  return usage;
}

export function rememberUse(home: string, profile: string, now: Date): void {
  ignoreErrors(() => {
    const path = profileUsagePath(home);
    ensurePrivateDirectory(dirname(path));
    replaceFile(path, printUsage(withUse(profileUsage(home), profile, now)), { mode: 0o600 });
  });
}
