import type { Context } from "../context.ts";
import { findSection } from "../aws-config/document.ts";
import { readConfigDocument } from "../aws-config/file.ts";
import { excerptProfiles } from "../clients/excerpt.ts";
import { findSource, type Outcome, type Source, type SsoRole } from "../clients/identity.ts";
import {
  findMajority,
  resolveClients,
  type Outcomes,
  type Verdict,
  type Whereabouts,
} from "../clients/resolve.ts";
import { configError } from "../errors.ts";
import { configFilePath, credentialsFilePath } from "../fs/paths.ts";
import { isAccountId, isRoleName, type RoleRequest } from "../model/role.ts";
import type { SsoSession } from "../model/sso-session.ts";
import { isRegion, isStartUrl } from "../model/start-url.ts";
import { readProfile, readSession, type ConfigSource, type Profile } from "./profile.ts";

/** The identity behind a profile or the environment, as most AWS clients resolve it. */
export interface ResolvedIdentity extends Verdict {
  /** The result for each client. */
  readonly outcomes: Outcomes;
  /** The source of credentials that most clients use; undefined if most find no credentials or refuse the profile. */
  readonly source: Source | undefined;
  readonly whereabouts: Whereabouts;
}

/** @param profile the name of the profile; undefined to use the environment. */
export function resolveIdentity(
  context: Context,
  profile: string | undefined,
  env = context.env,
): ResolvedIdentity {
  const names = [profile, env["AWS_PROFILE"], env["AWS_DEFAULT_PROFILE"], "default"];
  const credentials = readConfigDocument(credentialsFilePath(context.home, context.env));
  const config = excerptProfiles(
    readConfigDocument(configFilePath(context.home, context.env)),
    credentials,
    names.filter((name) => name !== undefined),
  );
  const whereabouts = {
    config: config.text,
    credentials: credentials.text,
    env,
    profile,
  };
  const outcomes = resolveClients(whereabouts);
  const verdict = findMajority(outcomes);
  return { ...verdict, outcomes, source: findSource(verdict.outcome), whereabouts };
}

/** @throws LatchkeyError CONFIG_INVALID if most clients refuse the profile or find no credentials in it. */
function requireSource(
  config: ConfigSource,
  name: string,
  { outcome, source }: ResolvedIdentity,
): Source {
  if (source !== undefined) return source;
  const section = findSection(config.document, "profile", name);
  const at = section === undefined ? "" : ` (${config.file}, line ${section.line})`;
  throw configError(
    `The profile "${name}" yields no credentials to AWS clients: ${toReason(outcome)}${at}.`,
    "See what each client does: latchkey whoami --clients",
  );
}

/** Like requireSource, but for a profile of the form "role", returns the role that it contains. */
export function requireProfileSource(
  config: ConfigSource,
  profile: Profile,
  identity: ResolvedIdentity,
): Source {
  const { form, name, session, accountId, roleName } = profile;
  if (form !== "role" || session === undefined || accountId === undefined || roleName === undefined)
    return requireSource(config, name, identity);
  const { startUrl, region } = session;
  return {
    kind: "sso",
    profile: name,
    session: session.name,
    startUrl,
    region,
    accountId,
    roleName,
  };
}

function toReason(outcome: Outcome): string {
  return outcome.kind === "identity" ? "" : outcome.why;
}

/** Returns the Identity Center role in a source: from its SSO keys, or from latchkey's own credential_process line. */
export function findSsoRole(source: Source | undefined): SsoRole | undefined {
  if (source?.kind === "sso") return source;
  if (source?.kind !== "process" || source.own === undefined) return undefined;
  return { kind: "sso", profile: source.profile, ...source.own };
}

/** Returns the Identity Center role at the start of a role chain. */
export function findSsoRoleBelow(source: Source | undefined): SsoRole | undefined {
  return source?.kind === "role" ? findSsoRoleBelow(source.source) : findSsoRole(source);
}

/** Returns the profile at the start of a role chain if it uses `aws login`. */
export function findLogin(source: Source | undefined): string | undefined {
  if (source?.kind === "role") return findLogin(source.source);
  return source?.kind === "login" ? source.profile : undefined;
}

/** Returns the values of a request to the access portal. @throws LatchkeyError CONFIG_INVALID for a wrong value. */
export function readRoleRequest(config: ConfigSource, role: SsoRole): RoleRequest {
  const { accountId, roleName, profile } = role;
  const isConfigured = findSection(config.document, "profile", profile) !== undefined;
  const read = isConfigured ? readProfile(config, profile) : undefined;
  const isSame = read?.accountId === accountId && read.roleName === roleName;
  if (read?.session !== undefined && isSame) return { session: read.session, accountId, roleName };
  if (!isAccountId(accountId) || !isRoleName(roleName))
    throw configError(
      `The profile "${profile}" names no account and role that can be asked for.`,
      `latchkey configure --profile ${profile}`,
    );
  return { session: readSessionOf(config, role), accountId, roleName };
}

function readSessionOf(config: ConfigSource, role: SsoRole): SsoSession {
  const { session, startUrl, region, profile } = role;
  if (session !== undefined) return readSession(config, session, `the profile "${profile}"`);
  if (!isStartUrl(startUrl) || !isRegion(region))
    throw configError(
      `The profile "${profile}" has a start URL or a region that can't be used.`,
      `latchkey configure --profile ${profile}`,
    );
  return { name: undefined, startUrl, region, registrationScopes: undefined };
}

/** Returns the profile as most clients resolve it. If they ignore its SSO keys, returns it without these keys. */
export function narrowToIdentity(context: Context, profile: Profile): Profile {
  if (profile.form === "other") return profile;
  const role = findSsoRole(resolveIdentity(context, profile.name).source);
  const isOwn = role?.accountId === profile.accountId && role?.roleName === profile.roleName;
  const none = { session: undefined, accountId: undefined, roleName: undefined };
  const { caBundle = profile.session?.caBundle } = profile;
  return isOwn ? profile : { ...profile, ...none, caBundle, form: "other" };
}
