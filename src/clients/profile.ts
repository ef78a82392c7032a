import type { Environment } from "../context.ts";
import { findKeyVariables, type VariableReader } from "../model/identity-variables.ts";
import {
  findNothing,
  parseOwnProcess,
  refuse,
  take,
  type Outcome,
  type Refusal,
  type Source,
  type SsoRole,
} from "./identity.ts";
import type { Keys, Reading } from "./reading.ts";

/** The input of a client's search for credentials. */
export interface Setting {
  readonly config: Reading;
  readonly credentials: Reading;
  readonly env: Environment;
  /** The profile that is given to the client (`--profile`, an option); undefined: the environment selects it. */
  readonly named: string | undefined;
}

/** A profile with the keys of both files. In every client, the credentials file takes precedence. */
export interface ClientProfile {
  readonly name: string;
  readonly keys: Keys;
  readonly inConfig: Keys | undefined;
  readonly inCredentials: Keys | undefined;
  /** Whether one of the keys exists, even without a value. */
  has(...keys: readonly string[]): boolean;
  /** Returns undefined for a missing or empty value. */
  value(key: string): string | undefined;
}

export function findProfile(
  { config, credentials }: Pick<Setting, "config" | "credentials">,
  name: string,
): ClientProfile | undefined {
  const [inConfig, inCredentials] = [config.profiles.get(name), credentials.profiles.get(name)];
  if (inConfig === undefined && inCredentials === undefined) return undefined;
  const keys = new Map([...(inConfig ?? []), ...(inCredentials ?? [])]);
  return {
    name,
    keys,
    inConfig,
    inCredentials,
    has: (...names) => names.some((key) => keys.has(key)),
    value: (key) => keys.get(key) || undefined,
  };
}

export const ID = "aws_access_key_id";
export const SECRET = "aws_secret_access_key";
export const SSO_KEYS = [
  "sso_account_id",
  "sso_region",
  "sso_role_name",
  "sso_start_url",
  "sso_session",
] as const;

export function readVariable(env: Environment, name: string): string | undefined {
  return env[name] || undefined;
}

export function refuseMissing(name: string): Refusal {
  return refuse(`there is no profile "${name}"`);
}

/** Uses the access keys of the merged profile. */
export function takeKeys(profile: ClientProfile): Outcome {
  const [accessKeyId, secret] = [profile.value(ID), profile.value(SECRET)];
  if (accessKeyId === undefined || secret === undefined)
    return refuse(`"${profile.name}" has only ${accessKeyId === undefined ? SECRET : ID}`);
  const file = profile.inCredentials?.has(ID) === true ? "credentials" : "config";
  return take({ kind: "keys", profile: profile.name, file, accessKeyId });
}

export function takeProcess(profile: ClientProfile, { config }: Pick<Setting, "config">): Outcome {
  const command = profile.value("credential_process") ?? "";
  const words = parseOwnProcess(command);
  const session = words && config.sessions.get(words.session);
  const [startUrl, region] = ["sso_start_url", "sso_region"].map((key) => session?.get(key) ?? "");
  const own = words && { ...words, startUrl: startUrl ?? "", region: region ?? "" };
  return take({ kind: "process", profile: profile.name, command, own });
}

export function takeLogin(profile: ClientProfile): Outcome {
  const session = profile.value("login_session") ?? "";
  return take({ kind: "login", profile: profile.name, session });
}

export function takeWebIdentity(profile: ClientProfile): Outcome {
  const roleArn = profile.value("role_arn");
  if (roleArn === undefined)
    return refuse(`"${profile.name}" has a web_identity_token_file, but no role_arn`);
  const tokenFile = profile.value("web_identity_token_file") ?? "";
  return take({ kind: "web-identity", profile: profile.name, roleArn, tokenFile });
}

/** Wraps the source of `base` in the profile's role. */
export function assumeRole(profile: ClientProfile, base: Outcome): Outcome {
  const roleArn = profile.value("role_arn") ?? "";
  const wrap = (source: Source): Source => ({
    kind: "role",
    profile: profile.name,
    roleArn,
    source,
  });
  if (base.kind === "identity") return take(wrap(base.source));
  if (base.kind === "none") return refuse(base.why);
  return { ...base, ...(base.wanted && { wanted: wrap(base.wanted) }) };
}

/** Refuses a profile with mfa_serial, for clients that can't ask for an MFA code. */
export function refuseCode(profile: ClientProfile, outcome: Outcome): Outcome {
  if (!profile.has("mfa_serial") || outcome.kind !== "identity") return outcome;
  const why = `"${profile.name}" has an mfa_serial, but the client can't ask for a code`;
  return { kind: "refused", why, wanted: outcome.source };
}

/** Uses the role of the SSO keys. A start URL or region in the profile must equal the session's. */
export function takeSso(profile: ClientProfile, setting: Setting): Outcome {
  const session = setting.config.sessions.get(profile.value("sso_session") ?? "");
  const conflict = ["sso_start_url", "sso_region"].find(
    (key) =>
      profile.has(key) && session?.has(key) === true && profile.keys.get(key) !== session.get(key),
  );
  return conflict === undefined
    ? takeSessionsSso(profile, setting)
    : refuse(`${conflict} of "${profile.name}" differs from its SSO session's`);
}

/** Like `takeSso`, but the session's start URL and region override those in the profile. */
export function takeSessionsSso(profile: ClientProfile, { config }: Setting): Outcome {
  const name = profile.value("sso_session");
  const session = name === undefined ? undefined : config.sessions.get(name);
  if (name !== undefined && session === undefined)
    return refuse(`the SSO session "${name}" does not exist`);
  const read = (key: string): string => session?.get(key) || profile.value(key) || "";
  const role: SsoRole = {
    kind: "sso",
    profile: profile.name,
    session: name,
    startUrl: read("sso_start_url"),
    region: read("sso_region"),
    accountId: profile.value("sso_account_id") ?? "",
    roleName: profile.value("sso_role_name") ?? "",
  };
  const missing = listMissing(role);
  return missing.length === 0
    ? take(role)
    : refuse(`"${profile.name}" has no ${missing.join(" and no ")}`);
}

function listMissing({ startUrl, region, accountId, roleName }: SsoRole): string[] {
  const needed = {
    sso_start_url: startUrl,
    sso_region: region,
    sso_account_id: accountId,
    sso_role_name: roleName,
  };
  return Object.entries(needed).flatMap(([key, value]) => (value === "" ? [key] : []));
}

/** A kind of credentials: whether a profile has it, and the outcome. */
export type Kind = readonly [
  has: (profile: ClientProfile) => boolean,
  take: (profile: ClientProfile, setting: Setting) => Outcome,
];

/** Kinds that several clients recognise by the same keys. */
export const WEB_IDENTITY: Kind = [
  (profile) => profile.has("role_arn") && profile.has("web_identity_token_file"),
  takeWebIdentity,
];
export const WHOLE_KEYS: Kind = [(profile) => profile.has(ID) && profile.has(SECRET), takeKeys];
export const SSO: Kind = [hasSso, takeSso];
export const LOGIN: Kind = [(profile) => profile.has("login_session"), takeLogin];
export const PROCESS: Kind = [(profile) => profile.has("credential_process"), takeProcess];

/** Returns the outcome of the first kind that the profile has. */
export function takeFirst(
  kinds: readonly Kind[],
  profile: ClientProfile,
  setting: Setting,
): Outcome | undefined {
  return kinds.find(([has]) => has(profile))?.[1](profile, setting);
}

export function findNoCredentials({ name }: ClientProfile): Outcome {
  return findNothing(`"${name}" has no credentials`);
}

/** Returns the refusal if the client refuses a whole file. */
export function findRefusedFile({ config, credentials }: Setting): Refusal | undefined {
  const refused = config.refused ?? credentials.refused;
  const file = config.refused === undefined ? "the credentials file" : "the config";
  return refused && refuse(`${file} is refused because of line ${refused.line}: ${refused.why}`);
}

export function hasSso(profile: ClientProfile): boolean {
  return profile.has(...SSO_KEYS);
}

/** Returns the keys in the variables that the client reads; undefined unless both access key id and secret have a value. */
export function findEnvironmentKeys(env: Environment, reader: VariableReader): Outcome | undefined {
  const variables = findKeyVariables(env, reader);
  return variables && take({ kind: "environment", variables });
}

const ENDPOINTS = [
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
] as const;

/** Returns the container endpoint in the environment. All clients prefer the relative one. */
export function findEndpoint(env: Environment): Outcome | undefined {
  const variable = ENDPOINTS.find((name) => readVariable(env, name) !== undefined);
  return variable && take({ kind: "endpoint", variable });
}

/** Uses `AWS_WEB_IDENTITY_TOKEN_FILE` with `AWS_ROLE_ARN`; returns undefined if one of them is not set. */
export function findWebIdentity(env: Environment): Outcome | undefined {
  const tokenFile = readVariable(env, "AWS_WEB_IDENTITY_TOKEN_FILE");
  const roleArn = readVariable(env, "AWS_ROLE_ARN");
  if (tokenFile === undefined || roleArn === undefined) return undefined;
  return take({ kind: "web-identity", profile: undefined, roleArn, tokenFile });
}

/** Returns the outcome of a `credential_source`. */
export function findNamedSource(
  profile: ClientProfile,
  name: string,
  { env }: Setting,
  keys: Outcome | undefined,
): Outcome {
  if (name === "Ec2InstanceMetadata") return take({ kind: "metadata" });
  const lacks = (what: string): Outcome =>
    findNothing(`"${profile.name}" has the credential_source ${name}, but ${what}`);
  if (name === "Environment") return keys ?? lacks("no keys are set");
  if (name === "EcsContainer") return findEndpoint(env) ?? lacks("no endpoint is set");
  return refuse(`"${profile.name}" has the unknown credential_source "${name}"`);
}
