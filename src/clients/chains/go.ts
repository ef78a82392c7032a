import { findNothing, type Outcome, type Refusal, refuse, take } from "../identity.ts";
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
  readVariable,
  refuseCode,
  refuseMissing,
  SECRET,
  type Setting,
  SSO_KEYS,
  takeFirst,
  takeKeys,
  takeLogin,
  takeProcess,
  takeSso,
  takeWebIdentity,
} from "../profile.ts";
import { type Keys } from "../reading.ts";

/**
 * The version of the SDK for Go; Terraform (aws-sdk-go-base) uses version 2. Both read the profile first, and an error in
 * it is fatal even if the environment has keys. A role_arn is assumed with any credentials of the profile.
 * Source: aws-sdk-go-v2 config 1.33 `resolve_credentials.go`, `shared_config.go`; aws-sdk-go 1.55 `session`.
 */
type Version = 1 | 2;

/** A loaded profile with its source. */
interface Loaded {
  readonly profile: ClientProfile;
  readonly source: Loaded | undefined;
}

/** Returns what the SDKs for Go and Terraform do. */
export function resolveAsGo(given: Setting, version: Version): Outcome {
  const setting = version === 1 ? hideConfig(given) : given;
  const name = chooseName(setting, version);
  const loaded = findRefusedFile(setting) ?? load({ setting, version, visited: [] }, name);
  const { env, named } = setting;
  const isNeeded = version === 2 && (named ?? readVariable(env, "AWS_PROFILE")) !== undefined;
  if (loaded === undefined && isNeeded) return refuseMissing(name);
  if (loaded !== undefined && "kind" in loaded) return loaded;
  const first = named === undefined ? findInEnvironment(env) : undefined;
  if (first !== undefined) return first;
  return loaded === undefined ? findElsewhere(env, name) : resolveLoaded(setting, loaded, version);
}

function chooseName({ env, named }: Setting, version: Version): string {
  const isOldRead = version === 2 || isConfigOn(env);
  const old = isOldRead ? readVariable(env, "AWS_DEFAULT_PROFILE") : undefined;
  return named ?? readVariable(env, "AWS_PROFILE") ?? old ?? "default";
}

/** Version 1 reads only the credentials file unless AWS_SDK_LOAD_CONFIG=1; most programs enable the config themselves. */
function isConfigOn(env: Setting["env"]): boolean {
  const value = env["AWS_SDK_LOAD_CONFIG"];
  return value === undefined || /^(?:1|t|T|true|TRUE|True)$/.test(value);
}

function hideConfig(setting: Setting): Setting {
  if (isConfigOn(setting.env)) return setting;
  const none = { profiles: new Map(), sessions: new Map(), refused: undefined };
  const read = new Set([
    ID,
    SECRET,
    "aws_session_token",
    "credential_process",
    "web_identity_token_file",
  ]);
  const select = (keys: Keys): Keys => new Map([...keys].filter(([key]) => read.has(key)));
  const profiles = new Map(
    [...setting.credentials.profiles].map(([name, keys]) => [name, select(keys)]),
  );
  return { ...setting, config: none, credentials: { ...setting.credentials, profiles } };
}

function findInEnvironment(env: Setting["env"]): Outcome | undefined {
  const keys = findKeys(env);
  const tokenFile = readVariable(env, "AWS_WEB_IDENTITY_TOKEN_FILE");
  if (keys !== undefined || tokenFile === undefined) return keys;
  const roleArn = readVariable(env, "AWS_ROLE_ARN");
  return roleArn === undefined
    ? refuse("AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not")
    : take({ kind: "web-identity", profile: undefined, roleArn, tokenFile });
}

/** Also reads the old variable names, each if the current one is not set. */
function findKeys(env: Setting["env"]): Outcome | undefined {
  return findEnvironmentKeys(env, "go");
}

function findElsewhere(env: Setting["env"], name: string): Outcome {
  return findEndpoint(env) ?? findNothing(`"${name}" has no credentials`);
}

const TYPES = [
  "source_profile",
  "credential_source",
  "credential_process",
  "web_identity_token_file",
] as const;
const ROLE_OPTIONS = [
  "role_arn",
  "external_id",
  "mfa_serial",
  "role_session_name",
  "source_profile",
];
/** Keys that are ignored in a profile with a source_profile. */
const CREDENTIAL_OPTIONS = [
  "credential_source",
  "credential_process",
  "web_identity_token_file",
  ID,
  SECRET,
  ...SSO_KEYS.filter((key) => key !== "sso_session"),
];

interface Loading {
  readonly setting: Setting;
  readonly version: Version;
  /** The profiles whose source_profile keys led to this profile. */
  readonly visited: readonly string[];
}

/** Returns undefined if the profile does not exist. */
function load(loading: Loading, name: string): Loaded | Refusal | undefined {
  const { setting, version, visited } = loading;
  const found = findProfile(setting, name);
  if (found === undefined) return undefined;
  const isAgain = visited.includes(name);
  const whole = version === 1 && !hasWholeKeys(found) ? dropKeys(found, [ID, SECRET]) : found;
  const profile = isAgain ? dropKeys(whole, ROLE_OPTIONS) : whole;
  const fault = findFault(found, version, isAgain);
  if (fault !== undefined) return fault;
  if (version === 2 && visited.length > 0 && hasKeys(profile))
    return { profile, source: undefined };
  if (TYPES.filter((key) => hasValue(profile, [key])).length > 1)
    return refuse(`"${name}" has more than one of ${TYPES.join(", ")}`);
  return link({ ...loading, visited: [...visited, name] }, profile);
}

/** Adds the profile's source. Both the source and the SSO session must exist. */
function link(loading: Loading, profile: ClientProfile): Loaded | Refusal {
  const sourceName = profile.value("source_profile");
  const source = sourceName === undefined ? undefined : loadSource(loading, sourceName);
  if (source !== undefined && "kind" in source) return source;
  const session = profile.value("sso_session");
  if (session !== undefined && !loading.setting.config.sessions.has(session.trim()))
    return refuse(`the SSO session "${session}" does not exist`);
  const own = source === undefined ? profile : dropKeys(profile, CREDENTIAL_OPTIONS);
  return { profile: own, source };
}

function loadSource(loading: Loading, name: string): Loaded | Refusal {
  const source = load(loading, name) ?? refuseMissing(name);
  if ("kind" in source) return source;
  const { profile } = source;
  return hasValue(profile, [...TYPES, ...SSO_KEYS]) || hasKeys(profile)
    ? source
    : refuse(`"${name}" has no credentials to assume a role`);
}

function hasValue(profile: ClientProfile, names: readonly string[]): boolean {
  return names.some((key) => profile.value(key) !== undefined);
}

function hasKeys(profile: ClientProfile): boolean {
  return profile.value(ID) !== undefined && profile.value(SECRET) !== undefined;
}

/** Version 1 does not combine the keys of the two files. */
function hasWholeKeys({ inConfig, inCredentials }: ClientProfile): boolean {
  return [inConfig, inCredentials].some((keys) => keys?.get(ID) && keys.get(SECRET));
}

/** @param isAgain whether the profile is its own source: then its role needs no check. */
function findFault(
  profile: ClientProfile,
  version: Version,
  isAgain: boolean,
): Refusal | undefined {
  const { name, inConfig, inCredentials } = profile;
  // The last file that contains the profile is used.
  const keys = inCredentials ?? inConfig;
  if (version === 2 && keys?.has(ID) !== keys?.has(SECRET))
    return refuse(`"${name}" has one of ${ID} and ${SECRET}`);
  const needsRole = ["source_profile", "credential_source", "web_identity_token_file"];
  const isRoleless = !isAgain && hasValue(profile, needsRole) && !hasValue(profile, ["role_arn"]);
  return isRoleless ? refuse(`"${name}" has keys to assume a role, but no role_arn`) : undefined;
}

function dropKeys(profile: ClientProfile, names: readonly string[]): ClientProfile {
  const keys = new Map([...profile.keys].filter(([key]) => !names.includes(key)));
  return {
    ...profile,
    keys,
    has: (...wanted) => wanted.some((key) => keys.has(key)),
    value: (key) => keys.get(key) || undefined,
  };
}

function resolveLoaded(setting: Setting, { profile, source }: Loaded, version: Version): Outcome {
  const isWeb = source === undefined && !hasKeys(profile);
  if (isWeb && hasValue(profile, ["web_identity_token_file"])) return takeWebIdentity(profile);
  const base =
    source === undefined
      ? resolveBase(setting, profile, version)
      : resolveLoaded(setting, source, version);
  if (profile.value("role_arn") === undefined) return base;
  return refuseCode(profile, assumeRole(profile, base));
}

const FIRST: readonly Kind[] = [
  [hasKeys, takeKeys],
  [(profile) => hasValue(profile, ["credential_source"]), takeNamedSource],
  [(profile) => hasValue(profile, SSO_KEYS), takeSso],
];
const LOGIN_OF_2: Kind = [(profile) => hasValue(profile, ["login_session"]), takeLogin];
const LAST: Kind = [(profile) => hasValue(profile, ["credential_process"]), takeProcess];

function resolveBase(setting: Setting, profile: ClientProfile, version: Version): Outcome {
  const isForContainer = profile.value("credential_source") === "EcsContainer";
  const hasRelative = setting.env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] !== undefined;
  if (version === 1 && isForContainer && !hasKeys(profile) && !hasRelative)
    return refuse("EcsContainer needs AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  const kinds = version === 2 ? [...FIRST, LOGIN_OF_2, LAST] : [...FIRST, LAST];
  return takeFirst(kinds, profile, setting) ?? findElsewhere(setting.env, profile.name);
}

function takeNamedSource(profile: ClientProfile, setting: Setting): Outcome {
  const named = profile.value("credential_source") ?? "";
  const found = findNamedSource(profile, named, setting, findKeys(setting.env));
  return found.kind === "none" ? refuse(found.why) : found;
}
