import type { Context } from "../context.ts";
import { parseConfig } from "../aws-config/document.ts";
import { findEnvironmentProfile } from "../model/aws-environment.ts";
import { isRegion, isStartUrl, findRegionInStartUrl } from "../model/start-url.ts";
import { listSessions, readSession, type ConfigSource, type Profile } from "./profile.ts";
import { fileVersion, isAccountId, isRoleName, type RoleRequest } from "../model/role.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { configError, usageError } from "../errors.ts";
import { readConfigFile } from "../aws-config/file.ts";
import { configFilePath } from "../fs/paths.ts";
import { ignoreExpected, statIfPresent } from "../fs/read.ts";
import { pickProfile, requireProfile } from "./pick.ts";

/** Which session, which profile, which role: flags, then the environment, then the config, then a person, then exit 2. */

interface SessionFlags {
  readonly ssoSession?: string | undefined;
  readonly profile?: string | undefined;
  readonly startUrl?: string | undefined;
  readonly ssoRegion?: string | undefined;
}

export interface RoleFlags extends SessionFlags {
  readonly accountId?: string | undefined;
  readonly roleName?: string | undefined;
}

export function readConfig(context: Context): ConfigSource {
  const file = configFilePath(context.home, context.env);
  // Before the text is read: a change in between shows.
  const stamp = ignoreExpected(() => fileVersion(statIfPresent(file)));
  return { file, stamp, document: parseConfig(readConfigFile(file)) };
}

export async function selectSession(context: Context, flags: SessionFlags): Promise<SsoSession> {
  if (flags.startUrl !== undefined || flags.ssoRegion !== undefined) return toSession(flags);
  const source = readConfig(context);
  if (flags.ssoSession !== undefined) return readSession(source, flags.ssoSession);
  if (flags.profile !== undefined)
    return requireSession(requireProfile(context, source, flags.profile));
  const fromEnvironment = findEnvironmentProfile(context.env);
  if (fromEnvironment !== undefined) {
    const { session } = requireProfile(context, source, fromEnvironment);
    if (session !== undefined) return session;
  }
  return selectOnlySession(context, source);
}

/** A session that the config need not know: as a legacy profile would name it. */
function toSession({ startUrl, ssoRegion, ssoSession }: SessionFlags): SsoSession {
  const region = ssoRegion ?? (startUrl === undefined ? undefined : findRegionInStartUrl(startUrl));
  if (startUrl === undefined || region === undefined)
    throw usageError(
      "--start-url and --sso-region go together, unless the start URL names its region.",
      "Give both, or --sso-session with a name that the config has.",
    );
  if (ssoSession !== undefined)
    throw usageError(
      "--sso-session names a session of the config; --start-url describes one that is not there.",
      "Give one of the two.",
    );
  return {
    name: undefined,
    startUrl: checkStartUrlFlag(startUrl),
    region: checkRegionFlag("--sso-region", region),
    registrationScopes: undefined,
  };
}

function requireSession(profile: Profile): SsoSession {
  if (profile.session !== undefined) return profile.session;
  throw configError(
    `The profile "${profile.name}" has no SSO session.`,
    `Give it one: latchkey configure --profile ${profile.name}`,
  );
}

async function selectOnlySession(context: Context, source: ConfigSource): Promise<SsoSession> {
  const sessions = listSessions(source);
  const [first, ...others] = sessions;
  if (first === undefined)
    throw configError(`No SSO session in ${source.file}.`, "Set one up: latchkey configure");
  if (others.length === 0) return first;
  const labels = sessions.map(sessionLabel);
  if (!context.terminal.interactive)
    throw usageError(
      `Which SSO session? ${source.file} has ${labels.join(", ")}.`,
      `Name one: --sso-session ${labels[0] ?? "NAME"}`,
    );
  return context.terminal.pick(
    "SSO session",
    sessions.map((session) => ({ name: sessionLabel(session), value: session })),
  );
}

/** The profile by argument or flag, else by the environment, else by a person's choice. */
export async function selectProfile(
  context: Context,
  flags: { readonly profile?: string | undefined },
): Promise<Profile> {
  const source = readConfig(context);
  const named = flags.profile ?? findEnvironmentProfile(context.env);
  return named === undefined
    ? pickProfile(context, source)
    : requireProfile(context, source, named);
}

/** The role by `--sso-session --account-id --role-name`, all three, else the profile's. */
export async function selectRole(context: Context, flags: RoleFlags): Promise<RoleRequest> {
  const { accountId, roleName } = flags;
  if (accountId !== undefined || roleName !== undefined) {
    if (accountId === undefined || roleName === undefined)
      throw usageError("--account-id and --role-name go together.", "Give both, or --profile.");
    return {
      session: await selectSession(context, flags),
      accountId: checkAccountFlag(accountId),
      roleName: checkRoleFlag(roleName),
    };
  }
  if (flags.ssoSession !== undefined && flags.profile === undefined)
    throw usageError(
      "--sso-session alone names no role.",
      "Add --account-id and --role-name, or give --profile.",
    );
  return requireRole(await selectProfile(context, flags));
}

export function requireRole(profile: Profile): RoleRequest {
  const session = requireSession(profile);
  if (profile.accountId === undefined || profile.roleName === undefined)
    throw configError(
      `The profile "${profile.name}" names no account and role.`,
      `latchkey configure --profile ${profile.name}`,
    );
  return { session, accountId: profile.accountId, roleName: profile.roleName };
}

export function checkStartUrlFlag(startUrl: string): string {
  if (isStartUrl(startUrl)) return startUrl;
  throw usageError(
    "--start-url is not an https URL.",
    "A start URL looks like https://my-company.awsapps.com/start",
  );
}

export function checkRegionFlag(flag: string, region: string): string {
  if (isRegion(region)) return region;
  throw usageError(`${flag} is not a region's name.`, "A region looks like us-east-1.");
}

export function checkAccountFlag(accountId: string): string {
  if (isAccountId(accountId)) return accountId;
  throw usageError("--account-id is not 12 digits.", "Give it with its leading zeros.");
}

export function checkRoleFlag(roleName: string): string {
  if (isRoleName(roleName)) return roleName;
  throw usageError(
    "--role-name is not a role's name.",
    "See the roles that you hold: latchkey roles",
  );
}
