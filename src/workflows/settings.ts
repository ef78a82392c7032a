import { checkedSettingKey, checkedSettingValue, type Settings } from "../domain/settings.ts";
import { LatchkeyError } from "../errors.ts";

export interface SettingsRequest {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
  readonly unset: boolean;
  /** Its own values, over the general ones. */
  readonly ssoSession?: string | undefined;
}

/** Sets or takes back one setting where asked to, and returns all that are in force, or the one that was named. */
export async function settings(request: SettingsRequest): Promise<Settings> {
  const { loadSettings, saveSetting } = await import("../files/settings.ts");
  if (request.unset && (request.key === undefined || request.value !== undefined)) {
    throw new LatchkeyError("USAGE", "--unset takes back one setting: it goes with a setting's name and no value.", { hint: "For example: latchkey settings default-region --unset" });
  }
  if (request.key === undefined) return loadSettings(request.ssoSession);
  const key = checkedSettingKey(request.key);
  if (request.unset) saveSetting(key, undefined, request.ssoSession);
  else if (request.value !== undefined) saveSetting(key, checkedSettingValue(key, request.value), request.ssoSession);
  const value = loadSettings(request.ssoSession)[key];
  return value === undefined ? {} : { [key]: value };
}
