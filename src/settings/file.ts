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
 * Whatever the library would do by the umask, through a link or over another's file is ours to do or to refuse. What was not
 * believed does not come to be believed: it stays beside the new file.
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
    `The settings of latchkey are no JSON object any more: ${path}`,
    { hint: "Mend that file or remove it." },
  );
}

/** Why settings are not believed: whoever can write them chooses the program that opens a URL. */
export interface SettingsDoubt {
  readonly path: string;
  /** Goes on from the path: "can be written by others". */
  readonly what: string;
  readonly cure: string;
}

/** undefined where there is no file, and where it is believed. */
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

/** @param say is told why the settings are not believed, once in this run. */
export function onSettingsDoubt(say: (doubt: SettingsDoubt) => void): void {
  tellDoubt = (doubt) => {
    tellDoubt = () => undefined;
    say(doubt);
  };
}
