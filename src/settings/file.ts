import { join } from "node:path";
import { MAX_CACHE_BYTES, isRecord, parseJson, toRecord, type PlainRecord } from "../text/json.ts";
import { parseSettings, type SettingKey, type Settings } from "./settings.ts";
import { LatchkeyError } from "../errors.ts";
import { settingsDirectory } from "../fs/paths.ts";
import { describeOwner, givePathToOwner, judgeOwnership, listTrustedOwners } from "../fs/owner.ts";
import { ensureClosedDirectory, withPrivateUmask } from "../fs/directories/private.ts";
import { openReplacement } from "../fs/replace.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { moveAside, readFileVersion, readIfPresent, toStorageError } from "../fs/read.ts";
import type { Environment } from "../context.ts";

/**
 * Reads latchkey's own settings, from the platform's config directory. They contain no secrets.
 * The file is `{KEY: VALUE, sessions: {NAME: {KEY: VALUE}}}`. Session names may contain dots, so they are never used as
 * paths of keys. Every command that is not on the hot path reads the settings, so the package that writes them is not
 * loaded here.
 */
export function readSettings(
  home: string,
  env: Environment,
  session: string | undefined,
): Settings {
  const { general, own } = readSettingLayers(home, env, session);
  return { ...general, ...own };
}

/** Returns the general settings and the session's own settings. */
export function readSettingLayers(
  home: string,
  env: Environment,
  session: string | undefined,
): { readonly general: Settings; readonly own: Settings } {
  const stored = readStoredSettings(home, env);
  const own = session === undefined ? {} : parseSettings(toRecord(stored["sessions"])[session]);
  return { general: parseSettings(stored), own };
}

/** Returns a text that changes whenever the settings file changes. */
export function readSettingsVersion(home: string, env: Environment): string {
  return readFileVersion(settingsPath(home, env));
}

function settingsPath(home: string, env: Environment): string {
  return join(settingsDirectory(home, env), "settings.json");
}

interface ChangedSetting {
  readonly key: SettingKey;
  /** undefined removes the setting. */
  readonly value: string | undefined;
  /** The session that the value is for. undefined means all sessions that have no value of their own. */
  readonly session: string | undefined;
}

export async function writeSetting(
  home: string,
  env: Environment,
  { key, value, session }: ChangedSetting,
): Promise<void> {
  const store = readStoredSettings(home, env);
  const sessions = toRecord(store["sessions"]);
  // Undefined values are not written.
  const change = (before: unknown) => ({ ...toRecord(before), [key]: value });
  const { default: Conf } = await import("conf");
  const cwd = settingsDirectory(home, env);
  prepareFile(home, env);
  try {
    withPrivateUmask(() => {
      const conf = new Conf<PlainRecord>({
        cwd,
        configName: "settings",
        configFileMode: SETTINGS_MODE,
        accessPropertiesByDotNotation: false,
      });
      conf.store =
        session === undefined
          ? change(store)
          : { ...store, sessions: { ...sessions, [session]: change(sessions[session]) } };
    });
    givePathToOwner(settingsPath(home, env));
  } catch (thrown) {
    throw toStorageError(`The settings in ${cwd} could not be written`, thrown);
  }
}

const SETTINGS_MODE = 0o600;

/**
 * Prepares the file before the library writes it: the library follows umask and links, and would overwrite another
 * user's file. If the old file is not trusted, renames it, so that its values do not become trusted.
 */
function prepareFile(home: string, env: Environment): void {
  const path = settingsPath(home, env);
  ensureClosedDirectory(settingsDirectory(home, env));
  openReplacement(path, { mode: SETTINGS_MODE, isSecret: true }).abandon();
  if (findSettingsDoubt(home, env) !== undefined) moveAside(path, `${path}.not-believed`);
}

function readStoredSettings(home: string, env: Environment): PlainRecord {
  const path = settingsPath(home, env);
  const { bytes, doubt } = readBelieved(home, path);
  if (doubt !== undefined) tellDoubt(doubt);
  if (bytes === undefined) return {};
  const stored = parseJson(bytes.toString("utf8"));
  if (isRecord(stored)) return stored;
  throw new LatchkeyError(
    "CONFIG_INVALID",
    `The settings file of latchkey is not a JSON object: ${path}`,
    { hint: "Fix or remove that file." },
  );
}

/** Why latchkey ignores the settings file: anyone who can write to it can choose the program that opens a URL. */
export interface SettingsDoubt {
  readonly path: string;
  /** The end of a sentence that starts with the path: "can be written by others". */
  readonly what: string;
  readonly cure: string;
}

/** Returns undefined if there is no file, or if the file is trusted. */
export function findSettingsDoubt(home: string, env: Environment): SettingsDoubt | undefined {
  return readBelieved(home, settingsPath(home, env)).doubt;
}

function readBelieved(
  home: string,
  path: string,
): { readonly bytes?: Buffer | undefined; readonly doubt?: SettingsDoubt | undefined } {
  let doubt: SettingsDoubt | undefined;
  const bytes = readIfPresent(path, MAX_CACHE_BYTES, (stat) => {
    const trust = judgeOwnership(stat, listTrustedOwners(home));
    if (trust === "foreign") {
      const { owner, cure } = describeOwner(path, stat);
      doubt = { path, what: `belongs to ${owner}`, cure };
    }
    if (trust === "exposed")
      doubt = { path, what: "can be written by others", cure: `chmod 600 ${quoteShellWord(path)}` };
  });
  return doubt === undefined ? { bytes } : { doubt };
}

let tellDoubt: (doubt: SettingsDoubt) => void = () => undefined;

/** Sets a function that is called once if the settings file is not trusted. */
export function onSettingsDoubt(say: (doubt: SettingsDoubt) => void): void {
  tellDoubt = (doubt) => {
    tellDoubt = () => undefined;
    say(doubt);
  };
}
