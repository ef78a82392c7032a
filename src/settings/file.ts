import { join } from "node:path";
import { MAX_CACHE_BYTES, isRecord, parseJson, toRecord, type PlainRecord } from "../text/json.ts";
import { parseSettings, type SettingKey, type Settings } from "./settings.ts";
import { LatchkeyError } from "../errors.ts";
import { settingsDirectory } from "../fs/paths.ts";
import { givePathToOwner } from "../fs/owner.ts";
import {
  ensurePrivateDirectory,
  readFileVersion,
  readIfPresent,
  toStorageError,
} from "../fs/read.ts";
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
  const { general, own } = readSettingLayers(home, env, session);
  return { ...general, ...own };
}

/** The general settings, and those that the session has of its own. */
export function readSettingLayers(
  home: string,
  env: Environment,
  session: string | undefined,
): { readonly general: Settings; readonly own: Settings } {
  const stored = readStoredSettings(home, env);
  const own = session === undefined ? {} : parseSettings(toRecord(stored["sessions"])[session]);
  return { general: parseSettings(stored), own };
}

/** How the settings' file stands: they are as they were where this is. */
export function readSettingsVersion(home: string, env: Environment): string {
  return readFileVersion(settingsPath(home, env));
}

function settingsPath(home: string, env: Environment): string {
  return join(settingsDirectory(home, env), "settings.json");
}

interface ChangedSetting {
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
  const sessions = toRecord(store["sessions"]);
  // What is undefined is not written.
  const change = (before: unknown) => ({ ...toRecord(before), [key]: value });
  const { default: Conf } = await import("conf");
  const cwd = settingsDirectory(home, env);
  ensurePrivateDirectory(cwd);
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
    givePathToOwner(settingsPath(home, env));
  } catch (thrown) {
    throw toStorageError(`The settings in ${cwd} could not be written`, thrown);
  }
}

function readStoredSettings(home: string, env: Environment): PlainRecord {
  const path = settingsPath(home, env);
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
