import type { Context } from "../context.ts";
import type { StorageKind } from "../settings/settings.ts";
import { removeOpenRoles } from "./store.ts";
import { notice } from "../terminal/notice.ts";
import { findStorageKind, isStorageFailure, openVault } from "./open.ts";

/** After the setting `storage` was changed. Nothing is moved: a secret that has lain in the open is not made better by a copy elsewhere. */
export async function applyStorageChoice(
  context: Context,
  session: string | undefined,
): Promise<void> {
  const kind = findStorageKind(context, session);
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
