import type { Context } from "../context.ts";
import {
  checkSettingKey,
  checkSettingValue,
  describeSetting,
  type SettingKey,
  type Settings,
} from "./settings.ts";
import { usageError } from "../errors.ts";
import { findProgram } from "../fs/programs.ts";
import { judgeRegion } from "../model/start-url.ts";
import { notice } from "../terminal/notice.ts";
import { browserProgram } from "./browser.ts";
import { readSettings, writeSetting } from "./file.ts";

interface SettingsRequest {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
  readonly unset: boolean;
  /** Its own values, over the general ones. */
  readonly ssoSession?: string | undefined;
  /** Takes a region that looks like a slip, and a browser that is not there. */
  readonly force: boolean;
}

/** Sets or takes back one setting where asked to, and returns all that are in force, or the one that was named. */
export async function changeSettings(
  context: Context,
  { key: name, value, unset, ssoSession: session, force }: SettingsRequest,
): Promise<Settings> {
  const { home, env } = context;
  if (unset && (name === undefined || value !== undefined))
    throw usageError(
      "--unset takes back one setting: it goes with a setting's name and no value.",
      "For example: latchkey settings default-region --unset",
    );
  if (name === undefined) return readSettings(home, env, session);
  const key = checkSettingKey(name);
  if (value !== undefined && session !== undefined) refuseOfOneSession(key);
  if (value !== undefined) checkNewValue(context, { key, value, force });
  if (unset || value !== undefined) await writeSetting(home, env, { key, value, session });
  const inForce = readSettings(home, env, session)[key];
  return inForce === undefined ? {} : { [key]: inForce };
}

/** @throws LatchkeyError USAGE for a setting that no session has of its own. */
function refuseOfOneSession(key: SettingKey): void {
  if (describeSetting(key).isForAll !== true) return;
  throw usageError(`${key} holds for all sessions: none has its own.`, "Leave --sso-session away.");
}

/** @throws LatchkeyError USAGE for a value that this setting does not take, or only by force. */
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

/** @throws LatchkeyError USAGE where its program is not there. */
function checkBrowser({ env, platform }: Context, command: string): void {
  const program = browserProgram(command, platform);
  if (findProgram(program, env["PATH"]) !== undefined) return;
  throw usageError(
    `There is no program ${JSON.stringify(program)} on PATH.`,
    "--force takes it as it is, for a program that comes later.",
  );
}

/**
 * Of a region that is about to be written. One that is not known and no slip is said: regions are born, and other stores have
 * their own.
 * @throws LatchkeyError USAGE for a slip, unless it is forced.
 */
export function checkNewRegion(context: Context, region: string, force: boolean): string {
  const judged = judgeRegion(region);
  if (judged.kind === "known") return region;
  if (judged.kind === "slip" && !force)
    throw usageError(
      `There is no region ${JSON.stringify(region)}.`,
      `Did you mean ${judged.meant}? --force takes it as it is.`,
    );
  notice(context, `${region} is no region that this version knows. It is taken as it is.`);
  return region;
}
