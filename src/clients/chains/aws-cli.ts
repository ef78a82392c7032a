import { findNothing, type Outcome, refuse, type StoredKeys, take } from "../identity.ts";
import {
  assumeRole,
  type ClientProfile,
  findEndpoint,
  findEnvironmentKeys,
  findNamedSource,
  findProfile,
  findRefusedFile,
  ID,
  type Kind,
  LOGIN,
  PROCESS,
  readVariable,
  refuseMissing,
  SECRET,
  type Setting,
  takeFirst,
  takeSso,
} from "../profile.ts";
import { type Keys } from "../reading.ts";

/**
 * Returns what the AWS CLI v2 does. An empty AWS_PROFILE is a profile name, not unset.
 * Source: botocore 1.44 `create_credential_resolver` and its providers.
 */
export function resolveAsAwsCli(setting: Setting): Outcome {
  const { env, named } = setting;
  const name = named ?? env["AWS_PROFILE"] ?? env["AWS_DEFAULT_PROFILE"];
  const profile = findProfile(setting, name ?? "default");
  const refused = findRefusedFile(setting);
  if (refused !== undefined) return refused;
  if (profile === undefined && name !== undefined) return refuseMissing(name);
  const keys = named === undefined ? findKeys(env) : undefined;
  return keys ?? resolveUnlessKeys(setting, profile);
}

/** Returns what boto3 does: it prefers AWS_DEFAULT_PROFILE to AWS_PROFILE. */
export function resolveAsBoto3(setting: Setting): Outcome {
  const { AWS_DEFAULT_PROFILE: first, ...env } = setting.env;
  return resolveAsAwsCli(
    first === undefined ? setting : { ...setting, env: { ...env, AWS_PROFILE: first } },
  );
}

function resolveUnlessKeys(setting: Setting, profile: ClientProfile | undefined): Outcome {
  const { name } = profile ?? { name: "default" };
  return (
    resolveRole(setting, profile, [name]) ??
    resolveProfile(setting, profile, setting.named === undefined) ??
    findEndpoint(setting.env) ??
    findNothing(`"${name}" has no credentials`)
  );
}

function findKeys(env: Setting["env"]): Outcome | undefined {
  const keys = findEnvironmentKeys(env, "aws-cli");
  if (keys !== undefined || readVariable(env, "AWS_ACCESS_KEY_ID") === undefined) return keys;
  return refuse("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not");
}

function hasRole(profile: ClientProfile): boolean {
  return profile.has("role_arn") && !profile.has("web_identity_token_file");
}

/** @param visited this profile, and the profiles whose source_profile keys led to it. */
function resolveRole(
  setting: Setting,
  profile: ClientProfile | undefined,
  visited: readonly string[],
): Outcome | undefined {
  if (profile === undefined || !hasRole(profile)) return undefined;
  const { name, keys } = profile;
  const [source, named] = [keys.get("source_profile"), keys.get("credential_source")];
  if (source !== undefined && named !== undefined)
    return refuse(`"${name}" has both source_profile and credential_source`);
  if (named !== undefined)
    return assumeRole(profile, findNamedSource(profile, named, setting, findKeys(setting.env)));
  return source === undefined
    ? refuse(`"${name}" has a role_arn and no source_profile or credential_source`)
    : assumeRole(profile, resolveSource(setting, profile, source, visited));
}

/** @param source the name of another profile, or of the profile itself if it has access keys. */
function resolveSource(
  setting: Setting,
  { name }: ClientProfile,
  source: string,
  visited: readonly string[],
): Outcome {
  const profile = findProfile(setting, source);
  if (profile === undefined) return refuseMissing(source);
  const hasKeys = profile.has(ID, SECRET);
  if (visited.includes(source) && (source !== name || !hasKeys))
    return refuse(`its source_profile leads back to itself: ${[...visited, source].join(" → ")}`);
  if (!hasKeys && hasRole(profile))
    return resolveRole(setting, profile, [...visited, source]) ?? findNothing("");
  return (
    resolveProfile(setting, profile, false) ??
    refuse(`"${source}" has no credentials to assume a role`)
  );
}

const KINDS: readonly Kind[] = [
  [(profile) => profile.has("sso_role_name", "sso_account_id"), takeSso],
  createKeysKind("credentials"),
  LOGIN,
  PROCESS,
  createKeysKind("config"),
];

/** The access keys of one file: an id in one file is not combined with a secret in the other. */
function createKeysKind(file: StoredKeys["file"]): Kind {
  const read = (profile: ClientProfile): Keys | undefined =>
    file === "config" ? profile.inConfig : profile.inCredentials;
  return [
    (profile) => read(profile)?.has(ID) === true,
    (profile) => {
      const keys = read(profile);
      return keys?.has(SECRET) === true
        ? take({ kind: "keys", profile: profile.name, file, accessKeyId: keys.get(ID) ?? "" })
        : refuse(`"${profile.name}" has ${ID} without ${SECRET}`);
    },
  ];
}

/**
 * @param isOfEnvironment whether the variables of a web identity are used, which take precedence over the profile's
 * keys.
 */
function resolveProfile(
  setting: Setting,
  profile: ClientProfile | undefined,
  isOfEnvironment: boolean,
): Outcome | undefined {
  const web = takeWeb(profile, isOfEnvironment ? setting.env : {});
  return web ?? (profile && takeFirst(KINDS, profile, setting));
}

/** Uses a web identity. The token file is read from the environment, else from the profile; so is the role. */
function takeWeb(profile: ClientProfile | undefined, env: Setting["env"]): Outcome | undefined {
  const [file, role] = [env["AWS_WEB_IDENTITY_TOKEN_FILE"], env["AWS_ROLE_ARN"]];
  const tokenFile = file ?? profile?.value("web_identity_token_file") ?? "";
  if (tokenFile === "") return undefined;
  const roleArn = role ?? profile?.value("role_arn") ?? "";
  const isProfiles = file === undefined && role === undefined;
  return roleArn === ""
    ? refuse("a web identity token file is set, but no role for it")
    : take({
        kind: "web-identity",
        profile: isProfiles ? profile?.name : undefined,
        roleArn,
        tokenFile,
      });
}
