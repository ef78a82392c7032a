import { findNothing, type Outcome, refuse } from "../identity.ts";
import {
  assumeRole,
  type ClientProfile,
  findEndpoint,
  findEnvironmentKeys,
  findNamedSource,
  findNoCredentials,
  findProfile,
  findRefusedFile,
  findWebIdentity,
  hasSso,
  ID,
  type Kind,
  LOGIN,
  refuseCode,
  refuseMissing,
  SECRET,
  type Setting,
  SSO_KEYS,
  takeFirst,
  takeKeys,
  takeProcess,
  takeSessionsSso,
  takeWebIdentity,
} from "../profile.ts";

/**
 * Returns what the SDK for .NET does. In a profile, SSO keys take precedence over everything else; without them, its keys
 * must be exactly those of one kind of credentials.
 * Source: AWSSDK.Core 4.1 `DefaultAWSCredentialsIdentityResolver`, `CredentialProfileTypeDetector`, and measurements.
 */
export function resolveAsDotnet(setting: Setting): Outcome {
  const { env, named } = setting;
  const variable = env["AWS_PROFILE"] ?? "";
  const name = named ?? (variable.trim() === "" ? "default" : variable);
  if (named !== undefined) return resolveProfile(setting, name, []);
  const first = findKeys(env) ?? findWebIdentity(env);
  if (first !== undefined) return first;
  const isMissing = findProfile(setting, name) === undefined;
  if (isMissing && name !== "default") return refuseMissing(name);
  const own = isMissing ? findNothing(refuseMissing(name).why) : resolveProfile(setting, name, []);
  return own.kind === "identity" ? own : (findEndpoint(env) ?? own);
}

/** Also reads the secret's old variable if the current one is not set. */
function findKeys(env: Setting["env"]): Outcome | undefined {
  const old = env["AWS_SECRET_ACCESS_KEY"] === undefined ? env["AWS_SECRET_KEY"] : undefined;
  return findEnvironmentKeys({ ...env, AWS_SECRET_KEY: old }, "dotnet");
}

/** The keys that determine the kind of credentials. */
const TELLING = [
  ID,
  SECRET,
  "aws_session_token",
  "credential_process",
  "credential_source",
  "external_id",
  "mfa_serial",
  "role_arn",
  "role_session_name",
  "source_profile",
  "web_identity_token_file",
] as const;

const ROLE_FROM_PROFILE = createTest(
  ["role_arn", "source_profile"],
  ["external_id", "mfa_serial", "role_session_name"],
);
const KINDS: readonly Kind[] = [
  [hasOwnSso, takeSessionsSso],
  [createTest(["role_arn", "credential_source"], ["role_session_name"]), assumeFromSource],
  [createTest(["role_arn", "web_identity_token_file"], ["role_session_name"]), takeWebIdentity],
  [hasSso, takeSessionsSso],
  [createTest([ID, SECRET], ["aws_session_token"]), takeKeys],
  [createTest(["credential_process"]), takeProcess],
  [(profile) => listTelling(profile).length > 0, refuseMixture],
  LOGIN,
];

/** `sso_session` without other SSO keys does not count: then a role takes precedence. */
function hasOwnSso(profile: ClientProfile): boolean {
  const keys = SSO_KEYS.filter((key) => key !== "sso_session");
  return profile.has(...keys, "sso_registration_scopes");
}

/** @param children the profiles whose source_profile keys led to this profile. */
function resolveProfile(setting: Setting, name: string, children: readonly string[]): Outcome {
  const profile = findProfile(setting, name);
  if (profile === undefined) return findRefusedFile(setting) ?? refuseMissing(name);
  const isRole = !hasOwnSso(profile) && ROLE_FROM_PROFILE(profile);
  return isRole
    ? assumeFromProfile(setting, profile, children)
    : (takeFirst(KINDS, profile, setting) ?? findNoCredentials(profile));
}

/**
 * Returns a test whether all `needed` keys have a value, and of the other keys in `TELLING` at most those in `allowed`.
 */
function createTest(
  needed: readonly string[],
  allowed: readonly string[] = [],
): (profile: ClientProfile) => boolean {
  return (profile) => {
    const there = listTelling(profile);
    const isWhole = needed.every((key) => there.includes(key));
    return isWhole && there.every((key) => needed.includes(key) || allowed.includes(key));
  };
}

function listTelling(profile: ClientProfile): string[] {
  return TELLING.filter((key) => profile.value(key) !== undefined);
}

function refuseMixture(profile: ClientProfile): Outcome {
  const there = listTelling(profile).join(", ");
  return refuse(`"${profile.name}" has ${there}, which is not a valid combination`);
}

function assumeFromSource(profile: ClientProfile, setting: Setting): Outcome {
  const named = profile.value("credential_source") ?? "";
  return assumeRole(profile, findNamedSource(profile, named, setting, findKeys(setting.env)));
}

function assumeFromProfile(
  setting: Setting,
  profile: ClientProfile,
  children: readonly string[],
): Outcome {
  if (children.includes(profile.name))
    return refuse(`the source_profile of "${profile.name}" leads back to itself`);
  const source = profile.value("source_profile") ?? "";
  const base = resolveProfile(setting, source, [...children, profile.name]);
  return refuseCode(profile, assumeRole(profile, base));
}
