import type { Context } from "../context.ts";
import { checkSettingKey, checkSettingValue, type Settings } from "./settings.ts";
import { usageError } from "../errors.ts";
import { readSettings, writeSetting } from "./file.ts";

interface SettingsRequest {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
  readonly unset: boolean;
  /** Its own values, over the general ones. */
  readonly ssoSession?: string | undefined;
}

/** Sets or takes back one setting where asked to, and returns all that are in force, or the one that was named. */
export async function changeSettings(
  { home, env }: Context,
  { key: name, value, unset, ssoSession: session }: SettingsRequest,
): Promise<Settings> {
  if (unset && (name === undefined || value !== undefined))
    throw usageError(
      "--unset takes back one setting: it goes with a setting's name and no value.",
      "For example: latchkey settings default-region --unset",
    );
  if (name === undefined) return readSettings(home, env, session);
  const key = checkSettingKey(name);
  if (value !== undefined) checkSettingValue(key, value);
  if (unset || value !== undefined) await writeSetting(home, env, { key, value, session });
  const inForce = readSettings(home, env, session)[key];
  return inForce === undefined ? {} : { [key]: inForce };
}
