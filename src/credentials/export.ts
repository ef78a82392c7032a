import type { Context } from "../context.ts";
import { exportJson, exportText, type ExportFormat } from "../model/credentials.ts";
import { fetchCredentials, findRegion } from "./profile.ts";
import { selectProfile } from "../profiles/select.ts";

/** A profile's credentials as text for a shell, a file or an SDK. */
export async function exportCredentials(
  context: Context,
  flags: { readonly profile: string | undefined },
  format: ExportFormat | "json",
): Promise<string> {
  const profile = await selectProfile(context, flags);
  const credentials = await fetchCredentials(context, profile);
  return format === "json"
    ? exportJson(credentials)
    : exportText(format, credentials, {
        profile: profile.name,
        region: findRegion(context, profile),
      });
}
