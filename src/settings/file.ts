import { join } from "node:path";
import { MAX_CACHE_BYTES, isRecord, parseJson, type PlainRecord } from "../text/json.ts";
import { parseSettings, type SettingKey, type Settings } from "./settings.ts";
import { LatchkeyError } from "../errors.ts";
import { settingsDirectory } from "../fs/paths.ts";
import { readIfPresent, toStorageError } from "../fs/read.ts";
import type { Environment } from "../context.ts";

/**
 * This program's own settings, in the platform's config directory. They hold no secret.
 * The file: `{KEY: VALUE, sessions: {NAME: {KEY: VALUE}}}`. Session names may have dots, so none is a path here.
 * Every cold command reads them, so reading does without the package that writes them.
 */
export function readSettings(
  home: string,
  env: Environment,
  session: string | undefined,
): Settings {
  const stored = readStoredSettings(home, env);
  const sessions = stored["sessions"];
  const own = session !== undefined && isRecord(sessions) ? parseSettings(sessions[session]) : {};
  return { ...parseSettings(stored), ...own };
}

export interface ChangedSetting {
  readonly key: SettingKey;
  /** undefined removes it. */
  readonly value: string | undefined;
  /** Whose it is; undefined: of all sessions that have none of their own. */
  readonly session: string | undefined;
}

export async function writeSetting(
  home: string,
  env: Environment,
  { key, value, session }: ChangedSetting,
): Promise<void> {
  const store = readStoredSettings(home, env);
  const sessions = recordOrEmpty(store["sessions"]);
  // What is undefined is not written.
  const change = (before: unknown) => ({ ...recordOrEmpty(before), [key]: value });
  const { default: Conf } = await import("conf");
  const cwd = settingsDirectory(home, env);
  try {
    const conf = new Conf<PlainRecord>({
      cwd,
      configName: "settings",
      configFileMode: 0o600,
      accessPropertiesByDotNotation: false,
    });
    conf.store =
      session === undefined
        ? change(store)
        : { ...store, sessions: { ...sessions, [session]: change(sessions[session]) } };
  } catch (thrown) {
    throw toStorageError(`The settings in ${cwd} could not be written`, thrown);
  }
}

function recordOrEmpty(value: unknown): PlainRecord {
  return isRecord(value) ? value : {};
}

function readStoredSettings(home: string, env: Environment): PlainRecord {
  const path = join(settingsDirectory(home, env), "settings.json");
  const bytes = readIfPresent(path, MAX_CACHE_BYTES);
  if (bytes === undefined) return {};
  const stored = parseJson(bytes.toString("utf8"));
  if (isRecord(stored)) return stored;
  throw new LatchkeyError(
    "CONFIG_INVALID",
    `The settings of latchkey are no JSON object any more: ${path}`,
    { hint: "Mend that file or remove it." },
  );
}
