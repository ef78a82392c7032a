import type { Context } from "../context.ts";
import { exportText, type ExportFormat } from "../model/credentials.ts";
import { credentialsOf, regionOf } from "./profile.ts";
import { selectProfile } from "../profiles/select.ts";

/** A profile's credentials as text for a shell, a file or an SDK. */
export async function exported(
  context: Context,
  flags: { readonly profile: string | undefined },
  format: ExportFormat,
): Promise<string> {
  const profile = await selectProfile(context, flags);
  const credentials = await credentialsOf(context, profile);
  return exportText(format, credentials, {
    profile: profile.name,
    region: regionOf(context, profile),
  });
}
