import { dirname } from "node:path";
import { parseJson } from "../text/json.ts";
import { formatUsage, parseUsage, addUse, type ProfileUse } from "./usage.ts";
import { profileUsagePath } from "../fs/paths.ts";
import { replaceFile } from "../fs/replace.ts";
import { ensurePrivateDirectory, ignoreErrors, readIfPresent } from "../fs/read.ts";

/** What was used how often: a convenience, so that nothing ever fails for it. Of two at once the later one counts. */

const MAX_USAGE_BYTES = 1024 * 1024;

export function readProfileUsage(home: string): ProfileUse[] {
  let usage: ProfileUse[] = [];
  ignoreErrors(() => {
    const bytes = readIfPresent(profileUsagePath(home), MAX_USAGE_BYTES);
    usage = bytes === undefined ? [] : parseUsage(parseJson(bytes.toString("utf8")));
  });
  return usage;
}

export function recordUse(home: string, profile: string, now: Date): void {
  ignoreErrors(() => {
    const path = profileUsagePath(home);
    ensurePrivateDirectory(dirname(path));
    replaceFile(path, formatUsage(addUse(readProfileUsage(home), profile, now)), { mode: 0o600 });
  });
}
