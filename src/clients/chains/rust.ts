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
  PROCESS,
  SECRET,
  type Setting,
  takeFirst,
  takeKeys,
  takeSso,
  takeWebIdentity,
  WHOLE_KEYS,
} from "../profile.ts";

/**
 * Returns what the SDK for Rust does. An invalid profile ends the search; a missing one, or one without credentials, does
 * not.
 * Source: aws-config 1.13 `default_provider/credentials.rs`, `profile/credentials/repr.rs`.
 */
export function resolveAsRust(setting: Setting): Outcome {
  const { env, named } = setting;
  const name = named ?? env["AWS_PROFILE"] ?? "default";
  if (named !== undefined) return resolveFirst(setting, name);
  const keys = findKeys(env);
  if (keys !== undefined) return keys;
  const own = resolveFirst(setting, name);
  return own.kind === "none" ? (findWebIdentity(env) ?? findEndpoint(env) ?? own) : own;
}

function findKeys(env: Setting["env"]): Outcome | undefined {
  return findEnvironmentKeys(env, "rust");
}

function resolveFirst(setting: Setting, name: string): Outcome {
  return findRefusedFile(setting) ?? resolveProfile(setting, name, []);
}

/** @param visited the profiles whose source_profile keys led to this profile. */
function resolveProfile(setting: Setting, name: string, visited: readonly string[]): Outcome {
  const profile = findProfile(setting, name);
  if (profile === undefined) return findNothing(`there is no profile "${name}"`);
  if (visited.includes(name)) return refuse(`the source_profile of "${name}" leads back to itself`);
  const isSource = visited.length > 0;
  const keys = isSource ? takeFirst([WHOLE_KEYS], profile, setting) : undefined;
  if (keys !== undefined) return keys;
  if (profile.has("role_arn") && !profile.has("web_identity_token_file"))
    return resolveRole(setting, profile, visited);
  const base = resolveBase(setting, profile);
  return isSource && base.kind === "none" ? refuse(base.why) : base;
}

function resolveRole(
  setting: Setting,
  profile: ClientProfile,
  visited: readonly string[],
): Outcome {
  const { name, keys } = profile;
  const source = keys.get("source_profile");
  const isNamed = keys.has("credential_source");
  if (isNamed && source !== undefined)
    return refuse(`"${name}" has both source_profile and credential_source`);
  if (!isNamed && source === undefined)
    return refuse(`"${name}" has a role_arn and no source_profile or credential_source`);
  const isItself = source === undefined || source === name;
  const base = isItself
    ? resolveBase(setting, profile)
    : resolveProfile(setting, source, [...visited, name]);
  return base.kind === "none" ? base : assumeRole(profile, base);
}

const BASES: readonly Kind[] = [
  [(profile) => profile.has("credential_source"), takeNamedSource],
  [(profile) => profile.has("web_identity_token_file"), takeWebIdentity],
  [hasSso, takeOnlySso],
  LOGIN,
  PROCESS,
  [(profile) => profile.has(ID, SECRET, "aws_session_token"), takeKeys],
];

function resolveBase(setting: Setting, profile: ClientProfile): Outcome {
  return takeFirst(BASES, profile, setting) ?? findNoCredentials(profile);
}

function takeNamedSource(profile: ClientProfile, setting: Setting): Outcome {
  const named = profile.value("credential_source") ?? "";
  return findNamedSource(profile, named, setting, findKeys(setting.env));
}

/** Refuses a start URL or region together with sso_session, even if they equal the session's. */
function takeOnlySso(profile: ClientProfile, setting: Setting): Outcome {
  const inline = ["sso_start_url", "sso_region"].find((key) => profile.has(key));
  if (profile.has("sso_session") && inline !== undefined)
    return refuse(`"${profile.name}" has ${inline} together with sso_session`);
  const outcome = takeSso(profile, setting);
  const isForTokens = !profile.has("sso_account_id", "sso_role_name");
  return outcome.kind === "refused" && isForTokens ? findNothing(outcome.why) : outcome;
}
