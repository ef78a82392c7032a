import type { Context } from "../context.ts";
import { findEnvironmentProfile } from "../model/aws-environment.ts";
import {
  judgeRegion,
  isRegion,
  findRegionInStartUrl,
  readTypedStartUrl,
} from "../model/start-url.ts";
import { describeFault } from "../model/values.ts";
import { listSessions, readSession, type ConfigSource, type Profile } from "./profile.ts";
import { fileVersion, isAccountId, isRoleName } from "../model/role.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { configError, usageError, type LatchkeyError } from "../errors.ts";
import { readConfigDocument } from "../aws-config/file.ts";
import { configFilePath } from "../fs/paths.ts";
import { ignoreExpected, statIfPresent } from "../fs/read.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { trace } from "../trace.ts";
import { findLogin, findSsoRoleBelow, readRoleRequest, resolveIdentity } from "./identity.ts";
import { requireProfile } from "./known.ts";

/**
 * Selects the session: from flags, the environment, the config, or the user's choice. If none of these gives a session,
 * fails with exit code 2.
 */

export interface SessionFlags {
  readonly ssoSession?: string | undefined;
  readonly profile?: string | undefined;
  readonly startUrl?: string | undefined;
  readonly ssoRegion?: string | undefined;
}

/** Selects exactly one role or one profile. */
export interface RoleFlags extends SessionFlags {
  readonly accountId?: string | undefined;
  readonly roleName?: string | undefined;
}

export function readConfig(context: Context): ConfigSource {
  const file = configFilePath(context.home, context.env);
  // Read before the text, so that a change between the two is noticed.
  const stamp = ignoreExpected(() => fileVersion(statIfPresent(file)));
  return { file, stamp, document: readConfigDocument(file) };
}

export async function selectSession(context: Context, flags: SessionFlags): Promise<SsoSession> {
  const { startUrl, ssoRegion, ssoSession, profile: named } = flags;
  if (startUrl !== undefined || ssoRegion !== undefined)
    return traceSession(toSession(flags), "by its start URL");
  const source = readConfig(context);
  if (ssoSession !== undefined) return traceSession(readSession(source, ssoSession), "as named");
  if (named !== undefined) {
    const profile = requireProfile(context, source, named);
    const session = findSessionOf(context, source, profile) ?? requireSession(profile);
    return traceSession(session, `of the profile ${named}, as named`);
  }
  const fromEnvironment = findEnvironmentProfile(context.env);
  const profile =
    fromEnvironment === undefined ? undefined : requireProfile(context, source, fromEnvironment);
  const session = profile && findSessionOf(context, source, profile);
  return session === undefined
    ? selectOnlySession(context, source)
    : traceSession(
        session,
        `of the profile ${fromEnvironment}, by ${findProfileVariable(context)}`,
      );
}

function traceSession(session: SsoSession, reason: string): SsoSession {
  trace(() => `session ${sessionLabel(session)}: ${reason}`);
  return session;
}

/** Returns the variable that contains the name of the current profile. */
export function findProfileVariable({ env }: Context): string | undefined {
  const named = findEnvironmentProfile(env);
  const variables = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];
  return named && variables.find((variable) => env[variable] === named);
}

/**
 * Returns the session that a profile uses. If it assumes a role of another profile, returns that profile's session.
 * @throws LatchkeyError USAGE for a profile that signs in with `aws login`.
 */
function findSessionOf(
  context: Context,
  config: ConfigSource,
  profile: Profile,
): SsoSession | undefined {
  if (profile.session !== undefined) return profile.session;
  const { source } = resolveIdentity(context, profile.name);
  const login = findLogin(source);
  if (login !== undefined)
    throw usageError(
      `The profile "${profile.name}" signs in with aws login, and has no SSO session.`,
      `aws ${context.command === "logout" ? "logout" : "login"} --profile ${quoteShellWord(login)}`,
    );
  const role = findSsoRoleBelow(source);
  return role && readRoleRequest(config, role).session;
}

/** Returns a session from flags. It need not be in the config, and has the same values as a session of a legacy profile. */
function toSession({ startUrl, ssoRegion, ssoSession }: SessionFlags): SsoSession {
  const url = startUrl === undefined ? undefined : checkStartUrlFlag(startUrl);
  const region = ssoRegion ?? (url === undefined ? undefined : findRegionInStartUrl(url));
  if (url === undefined || region === undefined)
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
    startUrl: url,
    region: refuseSlip(checkRegionFlag("--sso-region", region)),
    registrationScopes: undefined,
  };
}

/** Refuses a region that looks like a typing error. Accepts an unknown region that may be new. */
function refuseSlip(region: string): string {
  const judged = judgeRegion(region);
  if (judged.kind !== "slip") return region;
  throw usageError(
    `There is no region ${JSON.stringify(region)}.`,
    `Did you mean ${judged.meant}?`,
  );
}

function requireSession(profile: Profile): SsoSession {
  if (profile.session !== undefined) return profile.session;
  throw configError(
    `The profile "${profile.name}" has no SSO session.`,
    `Give it one: latchkey configure --profile ${quoteShellWord(profile.name)}`,
  );
}

async function selectOnlySession(context: Context, source: ConfigSource): Promise<SsoSession> {
  const sessions = listSessions(source);
  const [first, ...others] = sessions;
  if (first === undefined) throw createNoSessionError(source);
  if (others.length === 0) return traceSession(first, "the only one of the config");
  const labels = sessions.map(sessionLabel);
  if (!context.terminal.interactive)
    throw usageError(
      `Which SSO session? ${source.file} has ${labels.join(", ")}.`,
      `Name one: --sso-session ${quoteShellWord(labels[0] ?? "NAME")}`,
    );
  const picked = await context.terminal.pick(
    "SSO session",
    sessions.map((session) => ({
      cells: [sessionLabel(session), session.startUrl, session.region],
      value: session,
    })),
  );
  return traceSession(picked, "picked");
}

export function createNoSessionError({ file }: ConfigSource): LatchkeyError {
  return configError(`No SSO session in ${file}.`, "Set one up: latchkey configure");
}

export function checkStartUrlFlag(startUrl: string): string {
  const typed = readTypedStartUrl(startUrl);
  if (typed.kind === "url") return typed.url;
  throw usageError(
    `--start-url ${describeFault("startUrl", startUrl.trim()) ?? typed.fault}.`,
    "A start URL looks like https://my-company.awsapps.com/start",
  );
}

export function checkRegionFlag(flag: string, region: string): string {
  if (isRegion(region)) return region;
  const judged = judgeRegion(region);
  throw usageError(
    `${flag} ${describeFault("ssoRegion", region)}.`,
    judged.kind === "slip" ? `Did you mean ${judged.meant}?` : "A region looks like us-east-1.",
  );
}

export function checkAccountFlag(accountId: string): string {
  if (isAccountId(accountId)) return accountId;
  throw usageError(
    `--account-id ${describeFault("accountId", accountId)}.`,
    "Give it with its leading zeros.",
  );
}

export function checkRoleFlag(roleName: string): string {
  if (isRoleName(roleName)) return roleName;
  throw usageError(
    `--role-name ${describeFault("roleName", roleName)}.`,
    "List your roles: latchkey roles",
  );
}
