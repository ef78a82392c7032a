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
  ID,
  type Kind,
  LOGIN,
  PROCESS,
  refuseMissing,
  type Setting,
  SSO,
  takeFirst,
  takeKeys,
  WEB_IDENTITY,
} from "../profile.ts";

/**
 * Returns what the SDK for Java v2 does. SSO keys take precedence over a role. After a failure, the search continues.
 * Source: software.amazon.awssdk:auth 2.40 `DefaultCredentialsProvider`, `ProfileCredentialsUtils`.
 */
export function resolveAsJava(setting: Setting): Outcome {
  const { env, named } = setting;
  const name = named ?? env["AWS_PROFILE"]?.trim() ?? "default";
  if (named !== undefined) return resolveProfile(setting, name, []);
  const first = findKeys(env) ?? findWebIdentity(env);
  if (first !== undefined) return first;
  const own = resolveOrMiss(setting, name);
  return own.kind === "identity" ? own : (findEndpoint(env) ?? own);
}

/** A missing default profile is not an error. */
function resolveOrMiss(setting: Setting, name: string): Outcome {
  const outcome = resolveProfile(setting, name, []);
  const isMissing = name === "default" && findProfile(setting, name) === undefined;
  return isMissing && outcome.kind === "refused" ? findNothing(outcome.why) : outcome;
}

function findKeys(env: Setting["env"]): Outcome | undefined {
  return findEnvironmentKeys(env, "java");
}

/** The kinds that are tried before a role, and those after it. */
const FIRST: readonly Kind[] = [WEB_IDENTITY, SSO];
const LAST: readonly Kind[] = [
  LOGIN,
  PROCESS,
  [(profile) => profile.has("aws_session_token", ID), takeKeys],
];

/** @param children the profiles whose source_profile keys led to this profile. */
function resolveProfile(setting: Setting, name: string, children: readonly string[]): Outcome {
  const profile = findProfile(setting, name);
  if (profile === undefined) return findRefusedFile(setting) ?? refuseMissing(name);
  return (
    takeFirst(FIRST, profile, setting) ??
    (profile.has("role_arn") ? resolveRole(setting, profile, children) : undefined) ??
    takeFirst(LAST, profile, setting) ??
    findNoCredentials(profile)
  );
}

/** Returns undefined if the profile has no source for the role. */
function resolveRole(
  setting: Setting,
  profile: ClientProfile,
  children: readonly string[],
): Outcome | undefined {
  const { name, keys } = profile;
  const [source, named] = [keys.get("source_profile"), keys.get("credential_source")];
  if (source !== undefined && named !== undefined)
    return refuse(`"${name}" has both source_profile and credential_source`);
  if (named !== undefined)
    return assumeRole(profile, findNamedSource(profile, named, setting, findKeys(setting.env)));
  if (source === undefined) return undefined;
  return children.includes(name)
    ? refuse(`the source_profile of "${name}" leads back to itself`)
    : assumeRole(profile, resolveProfile(setting, source, [...children, name]));
}
