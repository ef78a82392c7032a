import type { Context } from "../context.ts";
import { readSettingLayers } from "./file.ts";
import { describeSetting, SETTING_KEYS, type SettingKey } from "./settings.ts";

/** An effective setting and its origin. */
export interface SettingInForce {
  readonly key: SettingKey;
  /** undefined if there is no value. `words` then explains what happens. */
  readonly value: string | undefined;
  readonly words: string;
  /** Where the value comes from: the session's setting, the general setting, a variable, or the default. */
  readonly origin: string;
}

export function listInForce(
  { home, env }: Pick<Context, "home" | "env">,
  session: string | undefined,
): SettingInForce[] {
  const { general, own } = readSettingLayers(home, env, session);
  return SETTING_KEYS.map((key) => {
    const { byDefault, otherwise = "none", variable = "" } = describeSetting(key);
    const candidates = [
      { value: own[key], origin: `setting of ${session ?? ""}` },
      { value: general[key], origin: "setting" },
      { value: env[variable]?.trim() === "" ? undefined : env[variable], origin: variable },
    ];
    const found = candidates.find(({ value }) => value !== undefined);
    const { value, origin } = found ?? { value: byDefault, origin: "default" };
    return { key, value, words: value ?? otherwise, origin };
  });
}

/** Returns how times are shown. Ignores a settings file that can't be read, because other code reports that error. */
export function readClockStyle({ home, env }: Pick<Context, "home" | "env">): "12h" | "24h" {
  try {
    return readSettingLayers(home, env, undefined).general.time === "12h" ? "12h" : "24h";
  } catch {
    return "24h";
  }
}
