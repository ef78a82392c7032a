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
  context: Context,
  request: SettingsRequest,
): Promise<Settings> {
  const listInForce = (): Settings => readSettings(context.home, context.env, request.ssoSession);
  if (request.unset && (request.key === undefined || request.value !== undefined)) {
    throw usageError(
      "--unset takes back one setting: it goes with a setting's name and no value.",
      "For example: latchkey settings default-region --unset",
    );
  }
  if (request.key === undefined) return listInForce();
  const key = checkSettingKey(request.key);
  const value = request.unset ? undefined : request.value;
  if (request.unset || value !== undefined)
    await writeSetting(context.home, context.env, {
      key,
      value: value === undefined ? undefined : checkSettingValue(key, value),
      session: request.ssoSession,
    });
  const after = listInForce()[key];
  return after === undefined ? {} : { [key]: after };
}
