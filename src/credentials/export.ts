import type { Context } from "../context.ts";
import {
  EXPORT_MARK,
  findSectionOwner,
  createForeignError,
} from "../aws-config/credentials-section.ts";
import { findSection } from "../aws-config/document.ts";
import { readConfigDocument } from "../aws-config/file.ts";
import { describePortableName, isPortableName } from "../aws-config/header.ts";
import { usageError } from "../errors.ts";
import { credentialsFilePath } from "../fs/paths.ts";
import {
  credentialVariables,
  exportJson,
  exportText,
  formatMarkedSection,
  SHELL_FORMATS,
  type AwsCredentials,
  type ExportFormat,
} from "../model/credentials.ts";
import { accountSlug, slug } from "../model/name-template.ts";
import { listVariables } from "../model/identity-variables.ts";
import type { Profile } from "../profiles/profile.ts";
import { confirmOrThrow } from "../profiles/change/change.ts";
import { writeExported } from "../profiles/change/exported.ts";
import { selectProfile } from "../choice/select.ts";
import { readConfig, type RoleFlags } from "../profiles/select.ts";
import { notice } from "../terminal/notice.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { clockTime } from "../text/terminal.ts";
import { fetchCredentials, findRegion } from "./profile.ts";

/** Returns a profile's credentials as text for a shell, a file or an SDK. */
export async function exportCredentials(
  context: Context,
  flags: RoleFlags,
  format: ExportFormat | "json",
): Promise<string> {
  const profile = await selectProfile(context, flags);
  const credentials = await fetchCredentials(context, profile);
  if (format === "json") return exportJson(credentials);
  const region = findRegion(context, profile);
  const text = exportText(format, credentials, { profile: nameSection(profile), region });
  const isForShell = SHELL_FORMATS.includes(format);
  if (isForShell) noticeWhatStays(context, profile, credentials);
  if (isForShell || format === "dotenv") noticeMissingRegion(context, profile);
  return text;
}

interface WriteRequest {
  readonly role: RoleFlags;
  /** The profile under which they are written; undefined means `NAME-keys`. */
  readonly as: string | undefined;
  readonly yes: boolean;
  /** Shows the plan, as lines of text, before the person is asked. */
  readonly show: (lines: readonly string[]) => void;
}

export interface WrittenCredentials {
  /** The profile that contains the credentials now. */
  readonly profile: string;
  /** The profile from which they come. */
  readonly of: string;
  readonly credentialsFile: string;
  readonly expiresAt: Date;
}

/**
 * Writes a profile's credentials to a separate section of the credentials file, for tools that read only that file.
 * @throws LatchkeyError USAGE if the name is already a profile; CONFIG_INVALID if another program owns the section
 */
export async function writeCredentials(
  context: Context,
  { role, as, yes, show }: WriteRequest,
): Promise<WrittenCredentials> {
  const profile = await selectProfile(context, role);
  const name = as ?? `${nameSection(profile)}-keys`;
  const file = credentialsFilePath(context.home, context.env);
  const isThere = checkExportName(context, name, file);
  const credentials = await fetchCredentials(context, profile);
  const { expiration } = credentials;
  if (expiration === undefined)
    throw usageError(
      `The credentials of the profile "${profile.name}" never expire, so they are not copied into another section.`,
      "Let the tool use the profile itself: AWS_PROFILE",
    );
  const text = formatMarkedSection(credentials, name, { [EXPORT_MARK]: profile.name });
  const until = clockTime(expiration, context.now());
  show([
    file,
    `  ${isThere ? "~" : "+"} [${name}]  the credentials of ${profile.name}, good until ${until}`,
  ]);
  await confirmOrThrow(context, yes, `Write this to ${file}?`);
  await writeExported(context, { name, text });
  return { profile: name, of: profile.name, credentialsFile: file, expiresAt: expiration };
}

/** Returns a name for a section. A role's own name may contain characters that a section's name can't. */
function nameSection({ form, name, accountId = "", roleName = "" }: Profile): string {
  if (form !== "role") return name;
  const accountName = name.slice(0, -roleName.length - 1);
  const account = accountSlug({ accountId, accountName, emailAddress: undefined });
  return `${account}-${slug(roleName)}`;
}

/**
 * Returns whether latchkey's section with that name already exists.
 * @throws LatchkeyError USAGE, CONFIG_INVALID
 */
function checkExportName(context: Context, name: string, file: string): boolean {
  if (!isPortableName(name))
    throw usageError(
      `"${name}" can't be the name of a profile: SDKs drop or refuse such names.`,
      `${describePortableName(name)} For example: --as role-keys`,
    );
  if (findSection(readConfig(context).document, "profile", name) !== undefined)
    throw usageError(
      `There is a profile "${name}" in the config already, and AWS clients would mix the two.`,
      "Choose another name: --as NAME",
    );
  const owner = findSectionOwner(readConfigDocument(file), name);
  if (owner.kind === "somebody-else") throw createForeignError(name, owner.line, file);
  return owner.kind === "latchkey";
}

/** Shows a notice if there is no region, before the client fails without one. */
export function noticeMissingRegion(context: Context, profile: Profile): void {
  if (findRegion(context, profile) !== undefined) return;
  const [what, cure] =
    profile.form === "role"
      ? ["role", "Set AWS_REGION, or once: latchkey settings default-region REGION"]
      : ["profile", 'Add a line "region = …" to the profile, or set AWS_REGION'];
  notice(
    context,
    `the ${what} "${profile.name}" has no region, and no variable names one: AWS clients that need one fail with "You must specify a region". ${cure}`,
  );
}

/**
 * Shows notices about other variables in the shell. The AWS CLI's formats set four variables and unset none, and the
 * others may change what clients use.
 */
function noticeWhatStays(context: Context, profile: Profile, credentials: AwsCredentials): void {
  const { env } = context;
  const used = env["AWS_PROFILE"] ?? "";
  if (used !== "" && used !== profile.name)
    notice(
      context,
      `AWS_PROFILE is set: the SDK for JavaScript v3 uses the profile ${quoteShellWord(used)} instead of keys in the environment. unset AWS_PROFILE`,
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
    `${stale.join(", ")} ${belong} to other credentials, and clients use ${them} together with these. unset ${stale.join(" ")}`,
  );
}
