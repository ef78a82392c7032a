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
 * The SDK for .NET. SSO keys go before everything else in a profile; without them its keys must be exactly those of one
 * kind of credentials.
 * Source: AWSSDK.Core 4.1 `DefaultAWSCredentialsIdentityResolver`, `CredentialProfileTypeDetector`, and as measured.
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

/** The old name of the secret, too, where the present one is not set. */
function findKeys(env: Setting["env"]): Outcome | undefined {
  const old = env["AWS_SECRET_ACCESS_KEY"] === undefined ? env["AWS_SECRET_KEY"] : undefined;
  return findEnvironmentKeys({ ...env, AWS_SECRET_KEY: old }, "dotnet");
}

/** The keys by which it tells one kind of credentials from another. */
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

/** A session alone, without account and role, goes behind a role. */
function hasOwnSso(profile: ClientProfile): boolean {
  const keys = SSO_KEYS.filter((key) => key !== "sso_session");
  return profile.has(...keys, "sso_registration_scopes");
}

/** @param children the profiles that this one is the source of. */
function resolveProfile(setting: Setting, name: string, children: readonly string[]): Outcome {
  const profile = findProfile(setting, name);
  if (profile === undefined) return findRefusedFile(setting) ?? refuseMissing(name);
  const isRole = !hasOwnSso(profile) && ROLE_FROM_PROFILE(profile);
  return isRole
    ? assumeFromProfile(setting, profile, children)
    : (takeFirst(KINDS, profile, setting) ?? findNoCredentials(profile));
}

/** Whether all of these keys, maybe some of those, and no other that tells a kind have a value. */
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
  return refuse(`"${profile.name}" has ${there}, which is no kind of credentials`);
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
