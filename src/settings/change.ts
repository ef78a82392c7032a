import type { Context } from "../context.ts";
import {
  checkSettingKey,
  checkSettingValue,
  describeSetting,
  type SettingKey,
  type Settings,
} from "./settings.ts";
import { usageError } from "../errors.ts";
import { lockOptions, withLock } from "../fs/lock.ts";
import { findProgram } from "../fs/programs.ts";
import { splitBrowserCommand } from "../terminal/desktop/browser.ts";
import { judgeRegion } from "../model/start-url.ts";
import { notice } from "../terminal/notice.ts";
import { readSettings, writeSetting } from "./file.ts";

interface SettingsRequest {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
  readonly unset: boolean;
  /** Change the session's own value, not the general one. */
  readonly ssoSession?: string | undefined;
  /** Accept a region that looks misspelt, and a browser that is not installed. */
  readonly force: boolean;
}

/** Sets or unsets a setting if requested. Returns all effective settings, or only the setting with the given name. */
export async function changeSettings(
  context: Context,
  { key: name, value, unset, ssoSession: session, force }: SettingsRequest,
): Promise<Settings> {
  const { home, env } = context;
  if (unset && (name === undefined || value !== undefined))
    throw usageError(
      "--unset removes one setting: give it a setting's name and no value.",
      "For example: latchkey settings default-region --unset",
    );
  if (name === undefined) return readSettings(home, env, session);
  const key = checkSettingKey(name);
  if (value !== undefined && session !== undefined) refuseOfOneSession(key);
  if (value !== undefined) checkNewValue(context, { key, value, force });
  // Under a lock, because the whole file is written: of two changes at the same time, one would be lost.
  if (unset || value !== undefined)
    await withLock(home, "the settings", lockOptions(context), () =>
      writeSetting(home, env, { key, value, session }),
    );
  const inForce = readSettings(home, env, session)[key];
  return inForce === undefined ? {} : { [key]: inForce };
}

/** @throws LatchkeyError USAGE for a setting that can't have a separate value for a session */
function refuseOfOneSession(key: SettingKey): void {
  if (describeSetting(key).isForAll !== true) return;
  throw usageError(
    `${key} applies to all sessions: it can't be set for one.`,
    "Remove --sso-session.",
  );
}

/** @throws LatchkeyError USAGE for an invalid value, or one that needs --force */
function checkNewValue(
  context: Context,
  {
    key,
    value,
    force,
  }: { readonly key: SettingKey; readonly value: string; readonly force: boolean },
): void {
  checkSettingValue(key, value);
  if (key === "default-region") checkNewRegion(context, value, force);
  if (key === "browser" && !force) checkBrowser(context, value);
}

/** @throws LatchkeyError USAGE if the program is not on PATH */
function checkBrowser({ env, platform }: Context, command: string): void {
  const [program = ""] = splitBrowserCommand(command, platform);
  if (findProgram(program, env["PATH"]) !== undefined) return;
  throw usageError(
    `There is no program ${JSON.stringify(program)} on PATH.`,
    "Use --force to set it anyway, for a program that you install later.",
  );
}

/**
 * Checks a region before it is written. If the region is unknown but not a misspelling, accepts it with a notice: AWS
 * adds regions, and other services have their own.
 * @throws LatchkeyError USAGE for a misspelling without --force
 */
export function checkNewRegion(context: Context, region: string, force: boolean): string {
  const judged = judgeRegion(region);
  if (judged.kind === "known") return region;
  if (judged.kind === "slip" && !force)
    throw usageError(
      `There is no region ${JSON.stringify(region)}.`,
      `Did you mean ${judged.meant}? Use --force to set it anyway.`,
    );
  notice(context, `${region} is not a region that this version knows. It is used unchanged.`);
  return region;
}
