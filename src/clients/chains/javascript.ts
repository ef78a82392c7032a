import { findNothing, type Outcome } from "../identity.ts";
import {
  assumeRole,
  type ClientProfile,
  findEndpoint,
  findEnvironmentKeys,
  findNamedSource,
  findNoCredentials,
  findProfile,
  findWebIdentity,
  hasSso,
  type Kind,
  LOGIN,
  PROCESS,
  readVariable,
  refuseCode,
  type Setting,
  takeFirst,
  takeProcess,
  takeSessionsSso,
  WEB_IDENTITY,
  WHOLE_KEYS,
} from "../profile.ts";

/**
 * Returns what the SDK for JavaScript v3 does. A named profile takes precedence over keys in the environment. If a profile
 * has no credentials, the search continues. AWS_DEFAULT_PROFILE is not read.
 * Source: `@aws-sdk/credential-provider-node` and `-ini` 3.973.
 */
export function resolveAsJavascript(setting: Setting): Outcome {
  const { env } = setting;
  const named = setting.named ?? readVariable(env, "AWS_PROFILE");
  const keys = named === undefined ? findKeys(env) : undefined;
  if (keys !== undefined) return keys;
  const name = named ?? "default";
  const profile = findProfile(setting, name);
  const own = resolveProfile(setting, name, []);
  if (own.kind !== "none") return own;
  const process =
    profile?.has("credential_process") === true ? takeProcess(profile, setting) : undefined;
  return process ?? findWebIdentity(env) ?? findEndpoint(env) ?? own;
}

function findKeys(env: Setting["env"]): Outcome | undefined {
  return findEnvironmentKeys(env, "javascript");
}

const KINDS: readonly Kind[] = [
  WHOLE_KEYS,
  WEB_IDENTITY,
  PROCESS,
  [hasSso, takeSessionsSso],
  LOGIN,
];

/** @param visited the profiles whose source_profile keys led to this profile. */
function resolveProfile(setting: Setting, name: string, visited: readonly string[]): Outcome {
  const profile = findProfile(setting, name);
  if (profile === undefined) return findNothing(`there is no profile "${name}"`);
  const keys = visited.length > 0 ? takeFirst([WHOLE_KEYS], profile, setting) : undefined;
  return (
    keys ??
    resolveRole(setting, profile, visited) ??
    takeFirst(KINDS, profile, setting) ??
    findNoCredentials(profile)
  );
}

/** A role needs exactly one source. A source profile may have a credential_source without a role. */
function resolveRole(
  setting: Setting,
  profile: ClientProfile,
  visited: readonly string[],
): Outcome | undefined {
  const sources = ["source_profile", "credential_source"].filter((key) => profile.has(key));
  const hasRole = profile.has("role_arn");
  if (hasRole && sources.length === 1)
    return refuseCode(profile, assumeSoftly(profile, resolveSource(setting, profile, visited)));
  const isBare = visited.length > 0 && !hasRole && profile.has("credential_source");
  return isBare ? resolveSource(setting, profile, visited) : undefined;
}

/** If the source has no credentials, the profile has none, but the search continues. */
function assumeSoftly(profile: ClientProfile, base: Outcome): Outcome {
  return base.kind === "none" ? base : assumeRole(profile, base);
}

function resolveSource(
  setting: Setting,
  profile: ClientProfile,
  visited: readonly string[],
): Outcome {
  const source = profile.value("source_profile");
  if (source === undefined) {
    const name = profile.value("credential_source") ?? "";
    const found = findNamedSource(profile, name, setting, findKeys(setting.env));
    return found.kind === "refused" ? findNothing(found.why) : found;
  }
  if (visited.includes(source))
    return findNothing(`the source_profile of "${profile.name}" leads back to itself`);
  return resolveProfile(setting, source, [...visited, source]);
}
