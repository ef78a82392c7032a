import { LatchkeyError, usageError } from "../errors.ts";
import { isLoginFlowSetting } from "../model/login-method.ts";
import { isClientRegion } from "../model/start-url.ts";
import { describeFault, OUTPUT_FORMATS } from "../model/values.ts";
import { isTemplate } from "../model/name-template.ts";
import { toRecord } from "../text/json.ts";
import { closestMatches } from "../text/terminal.ts";

/**
 * latchkey's own settings: the meaning and the valid values of each setting. Most settings can have a separate value
 * for each session.
 */

interface SettingDescription {
  readonly meaning: string;
  readonly isValid: (value: string) => boolean;
  readonly form: string;
  /** The value if the setting is not set. */
  readonly byDefault?: string;
  /** What happens if the setting is not set and has no default value. */
  readonly otherwise?: string;
  /** The environment variable that takes precedence over the default. */
  readonly variable?: string;
  /** The setting can't have a separate value for a session. */
  readonly isForAll?: true;
}

export const SETTINGS = {
  "login-flow": {
    meaning: "how login signs in if no flag is given",
    form: "device (approve a code), pkce (a redirect from this machine's browser), or auto (pkce where the browser is local)",
    byDefault: "device",
    isValid: isLoginFlowSetting,
  },
  browser: {
    meaning: "command that opens a URL, instead of BROWSER and the desktop's default",
    form: "a program and its arguments; %s is replaced by the URL",
    variable: "BROWSER",
    otherwise: "the desktop's default",
    isValid: (value) => value.trim() !== "" && isPrintable(value),
  },
  "default-region": {
    meaning: "region that configure writes if none is given",
    form: "a region such as eu-west-1",
    isValid: isClientRegion,
  },
  "default-output": {
    meaning: "output format that configure writes if none is given",
    form: `one of ${OUTPUT_FORMATS.join(", ")}`,
    isValid: (value) => OUTPUT_FORMATS.includes(value),
  },
  storage: {
    meaning: "where tokens and role credentials are stored",
    form: "file (0600 files that the AWS CLI and SDKs read) or keychain (files encrypted with a key in the OS keychain)",
    byDefault: "file",
    isValid: (value) => value === "file" || value === "keychain",
  },
  template: {
    meaning: "how profiles sync names profiles, instead of by account and, if needed, role",
    form: "a template such as {account.slug}-{role|lower}",
    otherwise: "account, and role if needed",
    isValid: isTemplate,
  },
  "sign-in": {
    meaning: "whether a command that needs a sign-in starts one in a terminal",
    form: "ask (the default), auto (without a question) or never",
    byDefault: "ask",
    isValid: (value) => value === "ask" || value === "auto" || value === "never",
  },
  agents: {
    meaning: "whether login may start a sign-in if a coding agent or a CI job runs it",
    form: "refuse (the default) or allow",
    byDefault: "refuse",
    isValid: (value) => value === "refuse" || value === "allow",
  },
  "redirect-port": {
    meaning: "port of 127.0.0.1 for the browser's redirect, instead of any free port",
    form: "a port from 1 to 65535",
    otherwise: "any free port",
    isValid: (value) => describeFault("port", value) === undefined,
  },
  time: {
    meaning: "how times of day are shown",
    form: "24h (18:04) or 12h (6:04 pm)",
    byDefault: "24h",
    isForAll: true,
    isValid: (value) => value === "24h" || value === "12h",
  },
} as const satisfies Record<string, SettingDescription>;

/** Returns the description of a setting. */
export function describeSetting(key: SettingKey): SettingDescription {
  return SETTINGS[key];
}

export type SettingKey = keyof typeof SETTINGS;
export type Settings = Readonly<Partial<Record<SettingKey, string>>>;

export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];

export function checkSettingKey(key: string): SettingKey {
  const known = SETTING_KEYS.find((name) => name === key);
  if (known !== undefined) return known;
  const [close] = closestMatches(key, SETTING_KEYS);
  throw usageError(
    `There is no setting "${key}". There are: ${SETTING_KEYS.join(", ")}.`,
    close === undefined ? "See them with their values: latchkey settings" : `The nearest: ${close}`,
  );
}

/** @throws LatchkeyError USAGE for an invalid value */
export function checkSettingValue(key: SettingKey, value: string): void {
  if (SETTINGS[key].isValid(value)) return;
  throw usageError(
    `"${value}" is not a valid value of the setting ${key}.`,
    `Valid: ${SETTINGS[key].form}.`,
  );
}

export type StorageKind = "file" | "keychain";

export function storageKind({ storage }: Settings): StorageKind {
  return storage === "keychain" ? "keychain" : "file";
}

/**
 * Returns the settings in a file that are known and valid. The file may come from another version of latchkey, or a
 * person may have edited it.
 * @throws LatchkeyError CONFIG_INVALID for an unknown storage, so that a misspelling does not store secrets unencrypted
 */
export function parseSettings(stored: unknown): Settings {
  const source = toRecord(stored);
  const valid = SETTING_KEYS.flatMap((key) => {
    const value = source[key];
    return typeof value === "string" && SETTINGS[key].isValid(value) ? [[key, value] as const] : [];
  });
  const settings: Settings = Object.fromEntries(valid);
  const { storage } = source;
  if (storage !== undefined && settings.storage === undefined)
    throw new LatchkeyError(
      "CONFIG_INVALID",
      `The setting storage is ${JSON.stringify(storage).slice(0, 40)}, which this version does not know.`,
      { hint: "Set it again: latchkey settings storage file" },
    );
  return settings;
}

function isPrintable(value: string): boolean {
  return !/[\u0000-\u001f\u007f]/.test(value);
}
