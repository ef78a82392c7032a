import type { Context } from "../context.ts";
import { findSection, listSessionNames, type ConfigDocument } from "../aws-config/document.ts";
import {
  readProfile,
  summarizeProfiles,
  type ConfigSource,
  type Profile,
  type ProfileSummary,
} from "./profile.ts";
import { readProfileUsage, sortByUse } from "./usage.ts";
import { findEnvironmentProfile } from "../model/aws-environment.ts";
import { configError, usageError } from "../errors.ts";
import { readKnownAccess } from "../access/known.ts";
import { tokenCacheKey } from "../model/sso-session.ts";
import { readConfigDocument } from "../aws-config/file.ts";
import { credentialsFilePath } from "../fs/paths.ts";
import type { KnownNames } from "./word.ts";

/** Every profile that there is, of the config and of the credentials file: by its name, or by a person's choice. */

/** A profile of the config, or one that only the credentials file has. */
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

/** The names in the credentials file: its sections are profiles by their bare names. */
export function listCredentialsFileProfiles(context: Context): string[] {
  const document = readConfigDocument(credentialsFilePath(context.home, context.env));
  return document.sections.map(({ name, place }) =>
    name === "default" ? name : place.header.trim(),
  );
}

/** Those of the config, then those that the credentials file alone has: they have keys, and no session. */
export function listSummaries(context: Context, document: ConfigDocument): ProfileSummary[] {
  const configured = summarizeProfiles(document);
  const known = new Set(configured.map(({ profile }) => profile));
  const others = listCredentialsFileProfiles(context)
    .filter((profile) => !known.has(profile))
    .map((profile) => ({ profile, form: "other", region: undefined, managed: false }) as const);
  return [...configured, ...others];
}

/** The names that typed words are held against. */
export function listNames(context: Context, { document }: ConfigSource): KnownNames {
  const profiles = listSummaries(context, document);
  return {
    sessions: listSessionNames(document),
    profiles,
    describe: createDescription(context, profiles),
  };
}

/** What a picker shows of a profile beside its name. */
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

export interface PickedFrom {
  /** The profiles to choose from; undefined: all. */
  readonly only?: readonly string[] | undefined;
  /** What is typed already. */
  readonly filter?: string | undefined;
}

/**
 * A person's choice among all profiles, or some, most used and latest first.
 * @throws LatchkeyError USAGE where nobody is there to choose, CONFIG_INVALID where there is nothing to choose from.
 */
export async function pickProfile(
  context: Context,
  source: ConfigSource,
  { only, filter }: PickedFrom = {},
): Promise<Profile> {
  const all = listSummaries(context, source.document);
  const rows = only === undefined ? all : all.filter(({ profile }) => only.includes(profile));
  if (rows.length === 0)
    throw configError(`No profile in ${source.file}.`, "Set one up: latchkey configure");
  if (!context.terminal.interactive)
    throw usageError("Which profile?", "Name one: --profile NAME, or set AWS_PROFILE");
  const accountWords = createAccountNames(context);
  const choices = rows.map((row) => ({
    cells: [row.profile, accountWords(row), row.roleName ?? "", row.region ?? ""],
    value: row.profile,
  }));
  const usage = readProfileUsage(context.home);
  const ordered = sortByUse(choices, ({ value }) => value, usage, context.now());
  const current = findEnvironmentProfile(context.env);
  const options = { current, telling: TELLING, filter };
  const picked = await context.terminal.pick("Profile", ordered, options);
  return requireProfile(context, source, picked);
}

/** The account and the role say more than a name that is made of both. */
const TELLING = [1, 2, 0, 3];

/** The name that an account had in the session's last listing, else its id. Each listing is read once. */
function createAccountNames({ home }: Context): (row: ProfileSummary) => string {
  const bySession = new Map<string, ReadonlyMap<string, string | undefined>>();
  const readNames = (session: string): ReadonlyMap<string, string | undefined> => {
    const { accounts } = readKnownAccess(home, tokenCacheKey(session));
    const names = new Map(accounts.map(({ accountId, accountName }) => [accountId, accountName]));
    bySession.set(session, names);
    return names;
  };
  return ({ session, accountId }) => {
    if (accountId === undefined || session === undefined) return accountId ?? "";
    return (bySession.get(session) ?? readNames(session)).get(accountId) ?? accountId;
  };
}
