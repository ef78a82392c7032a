import Conf from "conf";
import { isRecord } from "../domain/narrow.ts";
import { readSettings, type SettingKey, type Settings } from "../domain/settings.ts";
import { LatchkeyError } from "../errors.ts";
import { storageFailed } from "./safe-file.ts";

/**
 * This program's own settings, in the platform's config directory. They hold no secret.
 * The file: `{KEY: VALUE, sessions: {NAME: {KEY: VALUE}}}`. Session names may have dots, so none is a path here.
 */
type Stored = Record<string, unknown>;

export function loadSettings(session: string | undefined): Settings {
  const { store } = openStore();
  const general = readSettings(store);
  const sessions = store["sessions"];
  const own = session !== undefined && isRecord(sessions) ? readSettings(sessions[session]) : {};
  return { ...general, ...own };
}

export function saveSetting(key: SettingKey, value: string | undefined, session: string | undefined): void {
  const conf = openStore();
  const { store } = conf;
  const sessions = isRecord(store["sessions"]) ? store["sessions"] : {};
  const before = session === undefined ? store : isRecord(sessions[session]) ? sessions[session] : {};
  const { [key]: _old, ...others } = before;
  const after = value === undefined ? others : { ...others, [key]: value };
  try {
    conf.store = session === undefined ? after : { ...store, sessions: { ...sessions, [session]: after } };
  } catch (thrown) {
    throw storageFailed(`The settings ${conf.path} could not be written`, thrown);
  }
}

function openStore(): Conf<Stored> {
  let conf: Conf<Stored>;
  try {
    conf = new Conf<Stored>({ projectName: "latchkey", projectSuffix: "", configName: "settings", configFileMode: 0o600, accessPropertiesByDotNotation: false });
    return conf;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) throw new LatchkeyError("CONFIG_INVALID", "The settings of latchkey are no JSON any more.", { hint: "Mend or remove settings.json in its config directory (~/.config/latchkey on Linux).", cause: thrown });
    throw storageFailed("The settings of latchkey could not be read", thrown);
  }
}
