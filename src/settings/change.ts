import type { Context } from "../context.ts";
import {
  checkedSettingKey,
  checkedSettingValue,
  type SettingKey,
  type Settings,
  type StorageKind,
} from "./settings.ts";
import { LatchkeyError } from "../errors.ts";
import { loadSettings, saveSetting } from "./file.ts";
import { removeOpenRoles } from "../token/store.ts";
import { notice } from "../terminal/notice.ts";
import { chosenStorage, isStorageFailure, openVault } from "../token/open.ts";

interface SettingsRequest {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
  readonly unset: boolean;
  /** Its own values, over the general ones. */
  readonly ssoSession?: string | undefined;
}

/** Sets or takes back one setting where asked to, and returns all that are in force, or the one that was named. */
export async function settings(context: Context, request: SettingsRequest): Promise<Settings> {
  const inForce = (): Settings => loadSettings(context.home, context.env, request.ssoSession);
  if (request.unset && (request.key === undefined || request.value !== undefined)) {
    throw new LatchkeyError(
      "USAGE",
      "--unset takes back one setting: it goes with a setting's name and no value.",
      { hint: "For example: latchkey settings default-region --unset" },
    );
  }
  if (request.key === undefined) return inForce();
  const key = checkedSettingKey(request.key);
  const value = request.unset ? undefined : request.value;
  if (request.unset || value !== undefined)
    await set(
      context,
      key,
      value === undefined ? undefined : checkedSettingValue(key, value),
      request.ssoSession,
    );
  const after = inForce()[key];
  return after === undefined ? {} : { [key]: after };
}

async function set(
  context: Context,
  key: SettingKey,
  value: string | undefined,
  session: string | undefined,
): Promise<void> {
  await saveSetting(context.home, context.env, key, value, session);
  if (key === "storage") await storageChosen(context, chosenStorage(context, session));
}

/** Nothing is moved: a secret that has lain in the open is not made better by a copy elsewhere. */
async function storageChosen(context: Context, kind: StorageKind): Promise<void> {
  notice(
    context,
    `${STORAGE_WORDS[kind]} Nothing is moved: sign in again (latchkey login); what is kept in the other place goes then, or with latchkey logout.`,
  );
  if (kind === "file") return;
  // A cache alone, and the first thing that a credential_process looks at.
  removeOpenRoles(context.home);
  try {
    await openVault(context);
  } catch (thrown) {
    if (!isStorageFailure(thrown)) throw thrown;
    notice(context, `nothing can be kept there yet. ${thrown.message} ${thrown.hint ?? ""}`);
  }
}

const STORAGE_WORDS: Readonly<Record<StorageKind, string>> = {
  file: "from now on tokens are kept in ~/.aws/sso/cache, where the AWS CLI and the SDKs read them.",
  keychain:
    "from now on tokens and role credentials are encrypted with a key in the OS keychain; profiles with credential_process use them, the AWS CLI's own sign-in and profiles with sso_session don't see them.",
};
