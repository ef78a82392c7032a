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

/** What a client goes by. */
export interface Setting {
  readonly config: Reading;
  readonly credentials: Reading;
  readonly env: Environment;
  /** A profile that is named to the client itself (`--profile`, an option); undefined: the environment says which. */
  readonly named: string | undefined;
}

/** A profile, with the keys of both files: those of the credentials file go first in every client. */
export interface ClientProfile {
  readonly name: string;
  readonly keys: Keys;
  readonly inConfig: Keys | undefined;
  readonly inCredentials: Keys | undefined;
  /** Whether the key is there, also without a value. */
  has(...keys: readonly string[]): boolean;
  /** undefined where there is none, or an empty one. */
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

/** The keys of the merged profile. */
export function takeKeys(profile: ClientProfile): Outcome {
  const [accessKeyId, secret] = [profile.value(ID), profile.value(SECRET)];
  if (accessKeyId === undefined || secret === undefined)
    return refuse(`"${profile.name}" has ${accessKeyId === undefined ? SECRET : ID} alone`);
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
    return refuse(`"${profile.name}" has a web_identity_token_file and no role_arn`);
  const tokenFile = profile.value("web_identity_token_file") ?? "";
  return take({ kind: "web-identity", profile: profile.name, roleArn, tokenFile });
}

/** What a role is assumed with becomes the role. */
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

/** Of a client that has nobody to type a code; those that can't be asked for one refuse the profile. */
export function refuseCode(profile: ClientProfile, outcome: Outcome): Outcome {
  if (!profile.has("mfa_serial") || outcome.kind !== "identity") return outcome;
  const why = `"${profile.name}" has an mfa_serial, and the client asks nobody for a code`;
  return { kind: "refused", why, wanted: outcome.source };
}

/** The role of the SSO keys, whole. A start URL or region beside sso_session must be the session's own. */
export function takeSso(profile: ClientProfile, setting: Setting): Outcome {
  const session = setting.config.sessions.get(profile.value("sso_session") ?? "");
  const conflict = ["sso_start_url", "sso_region"].find(
    (key) =>
      profile.has(key) && session?.has(key) === true && profile.keys.get(key) !== session.get(key),
  );
  return conflict === undefined
    ? takeSessionsSso(profile, setting)
    : refuse(`${conflict} of "${profile.name}" is not its SSO session's`);
}

/** The same where the session's start URL and region go before others in the profile. */
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

/** A kind of credentials: whether a profile has it, and what comes of it. */
export type Kind = readonly [
  has: (profile: ClientProfile) => boolean,
  take: (profile: ClientProfile, setting: Setting) => Outcome,
];

/** Kinds that several clients see by the same keys. */
export const WEB_IDENTITY: Kind = [
  (profile) => profile.has("role_arn") && profile.has("web_identity_token_file"),
  takeWebIdentity,
];
export const WHOLE_KEYS: Kind = [(profile) => profile.has(ID) && profile.has(SECRET), takeKeys];
export const SSO: Kind = [hasSso, takeSso];
export const LOGIN: Kind = [(profile) => profile.has("login_session"), takeLogin];
export const PROCESS: Kind = [(profile) => profile.has("credential_process"), takeProcess];

/** By the first kind that the profile has. */
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

/** A file that the client refuses as a whole. */
export function findRefusedFile({ config, credentials }: Setting): Refusal | undefined {
  const refused = config.refused ?? credentials.refused;
  const file = config.refused === undefined ? "the credentials file" : "the config";
  return refused && refuse(`${file} is refused over line ${refused.line}: ${refused.why}`);
}

export function hasSso(profile: ClientProfile): boolean {
  return profile.has(...SSO_KEYS);
}

/** Keys by the names that the client reads; undefined unless an access key id and its secret have a value. */
export function findEnvironmentKeys(env: Environment, reader: VariableReader): Outcome | undefined {
  const variables = findKeyVariables(env, reader);
  return variables && take({ kind: "environment", variables });
}

const ENDPOINTS = [
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
] as const;

/** The endpoint that the environment names; all clients take the relative one first. */
export function findEndpoint(env: Environment): Outcome | undefined {
  const variable = ENDPOINTS.find((name) => readVariable(env, name) !== undefined);
  return variable && take({ kind: "endpoint", variable });
}

/** `AWS_WEB_IDENTITY_TOKEN_FILE` with `AWS_ROLE_ARN`; undefined where one of them is not set. */
export function findWebIdentity(env: Environment): Outcome | undefined {
  const tokenFile = readVariable(env, "AWS_WEB_IDENTITY_TOKEN_FILE");
  const roleArn = readVariable(env, "AWS_ROLE_ARN");
  if (tokenFile === undefined || roleArn === undefined) return undefined;
  return take({ kind: "web-identity", profile: undefined, roleArn, tokenFile });
}

/** What a `credential_source` gives: names as the clients take them. */
export function findNamedSource(
  profile: ClientProfile,
  name: string,
  { env }: Setting,
  keys: Outcome | undefined,
): Outcome {
  if (name === "Ec2InstanceMetadata") return take({ kind: "metadata" });
  const lacks = (what: string): Outcome =>
    findNothing(`"${profile.name}" takes its credentials from ${name}, where ${what}`);
  if (name === "Environment") return keys ?? lacks("no keys are set");
  if (name === "EcsContainer") return findEndpoint(env) ?? lacks("no endpoint is named");
  return refuse(`"${profile.name}" has the unknown credential_source "${name}"`);
}
