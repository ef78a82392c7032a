import type { Context } from "../context.ts";
import { findSection, listSessionNames, type ConfigDocument } from "../aws-config/document.ts";
import {
  readProfile,
  summarizeProfiles,
  type ConfigSource,
  type Profile,
  type ProfileSummary,
} from "./profile.ts";
import { readKnownAccess } from "../access/known.ts";
import { tokenCacheKey } from "../model/sso-session.ts";
import { readConfigDocument } from "../aws-config/file.ts";
import { credentialsFilePath } from "../fs/paths.ts";
import type { KnownNames } from "./word.ts";

/** Finds all profiles of the config and the credentials file, and the names with which typed words are compared. */

/** Returns a profile by its name: from the config, or from the credentials file if only that file contains it. */
export function requireProfile(context: Context, source: ConfigSource, name: string): Profile {
  const isConfigured = findSection(source.document, "profile", name) !== undefined;
  if (isConfigured || !listCredentialsFileProfiles(context).includes(name))
    return readProfile(
      source,
      name,
      ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].find((variable) => context.env[variable] === name),
    );
  return {
    name,
    form: "other",
    session: undefined,
    accountId: undefined,
    roleName: undefined,
    region: undefined,
  };
}

/** Returns the profile names in the credentials file, whose section headers have no "profile" prefix. */
export function listCredentialsFileProfiles(context: Context): string[] {
  const document = readConfigDocument(credentialsFilePath(context.home, context.env));
  return document.sections.map(({ name, place }) =>
    name === "default" ? name : place.header.trim(),
  );
}

/**
 * Returns the profiles of the config, followed by the profiles that are only in the credentials file. These have keys
 * and no session.
 */
export function listSummaries(context: Context, document: ConfigDocument): ProfileSummary[] {
  const configured = summarizeProfiles(document);
  const known = new Set(configured.map(({ profile }) => profile));
  const others = listCredentialsFileProfiles(context)
    .filter((profile) => !known.has(profile))
    .map((profile) => ({ profile, form: "other", region: undefined, managed: false }) as const);
  return [...configured, ...others];
}

/** Returns the names that typed words are compared with. */
export function listNames(
  context: Context,
  { document }: ConfigSource,
): KnownNames & { readonly profiles: readonly ProfileSummary[] } {
  const profiles = listSummaries(context, document);
  return {
    sessions: listSessionNames(document),
    profiles,
    describe: createDescription(context, profiles),
  };
}

/** Returns a function that describes a profile for a picker. The description does not contain the profile's name. */
function createDescription(context: Context, profiles: readonly ProfileSummary[]) {
  const findAccount = createAccountNames(context);
  const byName = new Map(profiles.map((row) => [row.profile, row]));
  return (name: string): string => {
    const row = byName.get(name);
    if (row === undefined) return "";
    const { session, accountId, roleName, region } = row;
    return [session, accountId, findAccount(row), roleName, region].filter(Boolean).join(" ");
  };
}

/** Returns a function that finds the account's name in the session's last listing. It reads each listing once. */
export function createAccountNames({ home }: Context): (row: ProfileSummary) => string | undefined {
  const bySession = new Map<string, ReadonlyMap<string, string | undefined>>();
  const readNames = (session: string): ReadonlyMap<string, string | undefined> => {
    const { accounts } = readKnownAccess(home, tokenCacheKey(session));
    const names = new Map(accounts.map(({ accountId, accountName }) => [accountId, accountName]));
    bySession.set(session, names);
    return names;
  };
  return ({ session, accountId }) => {
    if (accountId === undefined || session === undefined) return undefined;
    return (bySession.get(session) ?? readNames(session)).get(accountId);
  };
}
