import type { Context } from "../context.ts";
import {
  credentialVariables,
  exportJson,
  exportText,
  SHELL_FORMATS,
  type AwsCredentials,
  type ExportFormat,
} from "../model/credentials.ts";
import { listVariables } from "../model/identity-variables.ts";
import type { Profile } from "../profiles/profile.ts";
import { selectProfile } from "../profiles/select.ts";
import { notice } from "../terminal/notice.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { fetchCredentials, findRegion } from "./profile.ts";

/** A profile's credentials as text for a shell, a file or an SDK. */
export async function exportCredentials(
  context: Context,
  flags: { readonly profile: string | undefined },
  format: ExportFormat | "json",
): Promise<string> {
  const profile = await selectProfile(context, flags);
  const credentials = await fetchCredentials(context, profile);
  if (format === "json") return exportJson(credentials);
  const region = findRegion(context, profile);
  const text = exportText(format, credentials, { profile: profile.name, region });
  const isForShell = SHELL_FORMATS.includes(format);
  if (isForShell) noticeWhatStays(context, profile, credentials);
  if (isForShell || format === "dotenv") noticeMissingRegion(context, profile);
  return text;
}

/** Credentials without a region are of little use: said once, before the client says it in its own words. */
export function noticeMissingRegion(context: Context, profile: Profile): void {
  if (findRegion(context, profile) !== undefined) return;
  notice(
    context,
    `the profile "${profile.name}" has no region, and no variable names one: AWS clients that need one fail with "You must specify a region". Add a line "region = …" to the profile, or set AWS_REGION`,
  );
}

/** The AWS CLI's formats set four variables and unset none: what else is in the shell stays there, and steers clients. */
function noticeWhatStays(context: Context, profile: Profile, credentials: AwsCredentials): void {
  const { env } = context;
  const used = env["AWS_PROFILE"] ?? "";
  if (used !== "" && used !== profile.name)
    notice(
      context,
      `AWS_PROFILE is set: with it JavaScript v3 goes on as ${quoteShellWord(used)}, whatever keys are in the environment. unset AWS_PROFILE`,
    );
  const set: Readonly<Record<string, string>> = credentialVariables(credentials);
  const written = credentialVariables({ ...credentials, accountId: undefined });
  const stale = listVariables(["token", "companion", "bearer-token"]).filter(
    (name) =>
      (env[name] ?? "") !== "" &&
      !(name in written) &&
      ![set[name], credentials.sessionToken].includes(env[name]),
  );
  if (stale.length === 0) return;
  const [belong, them] = stale.length === 1 ? ["belongs", "it"] : ["belong", "them"];
  notice(
    context,
    `${stale.join(", ")} ${belong} to other credentials, and clients read ${them} beside these. unset ${stale.join(" ")}`,
  );
}
