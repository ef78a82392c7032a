import type { Context } from "../context.ts";
import { findSection, parseConfig } from "../aws-config/document.ts";
import { readProfile, type ConfigSource, type Profile } from "./profile.ts";
import { summarizeProfiles, type ProfileSummary } from "./summary.ts";
import { sortByUse } from "./usage.ts";
import { alignColumns } from "../text/terminal.ts";
import { LatchkeyError, usageError } from "../errors.ts";
import { findAccountName } from "../access/known.ts";
import { readConfigFile } from "../aws-config/file.ts";
import { credentialsFilePath } from "../fs/paths.ts";
import { readProfileUsage } from "./usage-file.ts";

/** Every profile that there is, of the config and of the credentials file: by its name, or by a person's choice. */

/** A profile of the config, or one that only the credentials file has. */
export function requireProfile(context: Context, source: ConfigSource, name: string): Profile {
  const isConfigured = findSection(source.document, "profile", name) !== undefined;
  if (isConfigured || !listCredentialsFileProfiles(context).includes(name))
    return readProfile(source, name);
  return {
    name,
    form: "other",
    session: undefined,
    accountId: undefined,
    roleName: undefined,
    region: undefined,
  };
}

/** The names in the credentials file: its sections are profiles by their bare names. */
export function listCredentialsFileProfiles(context: Context): string[] {
  const document = parseConfig(readConfigFile(credentialsFilePath(context.home, context.env)));
  return document.sections.map(({ name, place }) =>
    name === "default" ? name : place.header.trim(),
  );
}

/**
 * A person's choice among all profiles, most used and latest first.
 * @throws LatchkeyError USAGE where nobody is there to choose, CONFIG_INVALID where there is nothing to choose from.
 */
export async function pickProfile(context: Context, source: ConfigSource): Promise<Profile> {
  const { document, file } = source;
  const rows = summarizeProfiles(document);
  const known = new Set(rows.map(({ profile }) => profile));
  const others = listCredentialsFileProfiles(context).filter((name) => !known.has(name));
  if (rows.length + others.length === 0)
    throw new LatchkeyError("CONFIG_INVALID", `No profile in ${file}.`, {
      hint: "Set one up: latchkey configure",
    });
  if (!context.terminal.interactive)
    throw usageError("Which profile?", "Name one: --profile NAME, or set AWS_PROFILE");
  const accountWords = createAccountNames(context);
  const cells = rows.map((row) => [
    row.profile,
    accountWords(row),
    row.roleName ?? "",
    row.region ?? "",
  ]);
  const table = [...cells, ...others.map((name) => [name, "", "", ""])];
  const lines = alignColumns(table).map((line, index) => ({
    name: line,
    value: table[index]?.[0] ?? "",
  }));
  const ordered = sortByUse(
    lines,
    ({ value }) => value,
    readProfileUsage(context.home),
    context.now(),
  );
  return requireProfile(context, source, await context.terminal.pick("Profile", ordered));
}

/** The name that an account had in the last listing, else its id; each looked up once, however many profiles it has. */
function createAccountNames({ home }: Context): (row: ProfileSummary) => string {
  const known = new Map<string, string>();
  return ({ session, accountId }) => {
    if (accountId === undefined) return "";
    const key = `${session ?? ""} ${accountId}`;
    const words =
      known.get(key) ??
      (session === undefined ? undefined : findAccountName(home, session, accountId)) ??
      accountId;
    known.set(key, words);
    return words;
  };
}
