import type { Environment } from "../context.ts";
import { regionVariables, type AwsCredentials } from "./credentials.ts";
import { isAccountId } from "./role.ts";
import { checkVariable } from "./values.ts";
import { IDENTITY_VARIABLES, listRemovable, listVariables } from "./identity-variables.ts";
import { configError } from "../errors.ts";
import { parseInstant } from "../text/instant.ts";
import { readVisibleAscii } from "../text/json.ts";
import type { EnvironmentChanges } from "../text/shell-words.ts";

/**
 * Reads and changes AWS's variables in an environment: the profile and region of a shell, and credentials that have
 * priority over them.
 */

/** Set together with the region by `use` and `exec`, to distinguish it from a region that the user has set. */
const OWN_REGION = "LATCHKEY_SET_REGION";
/** The same mark of version 0.1.0. Now the variable is the default of `configure --region`. */
const FORMER_OWN_REGION = "LATCHKEY_REGION";
/** The profile before the last switch; empty if there was none. */
const PREVIOUS_PROFILE = "LATCHKEY_PREVIOUS_PROFILE";
/** Set in the environment of a child of `exec`. */
const EXEC_PROFILE = "LATCHKEY_EXEC";
/** The shell whose hook started this process. */
export const HOOK_SHELL = "LATCHKEY_SHELL";
/** The file that the hook created for the changes. */
export const CHANGES_FILE = "LATCHKEY_SHELL_FILE";
/** The words as PowerShell split them. */
export const SPLIT_WORDS = "LATCHKEY_SHELL_WORDS";
/** Without it Go v1 and JavaScript v2 read only the credentials file. */
const LOAD_CONFIG = "AWS_SDK_LOAD_CONFIG";

/** Credentials in the environment, and the variables that belong to them. */
const CREDENTIAL_KINDS = ["key-id", "secret", "token", "companion", "web-identity"] as const;
const WINNING_VARIABLES = [
  ...listRemovable(listVariables(["key-id", "secret"])),
  "AWS_WEB_IDENTITY_TOKEN_FILE",
] as const;
const REGION_VARIABLES = ["AWS_REGION", "AWS_DEFAULT_REGION"] as const;

/** JavaScript v3 reads one such variable for each service that supports it. */
const STALE_PREFIX = "AWS_BEARER_TOKEN_";
/** Variables that a child of `exec` must not inherit: another identity and its companions. */
const STALE_VARIABLES: ReadonlySet<string> = new Set([
  ...listRemovable(IDENTITY_VARIABLES.map(({ name }) => name)),
  OWN_REGION,
  EXEC_PROFILE,
  HOOK_SHELL,
  CHANGES_FILE,
  SPLIT_WORDS,
]);

function readVariable(env: Environment, name: string): string | undefined {
  return env[name] === "" ? undefined : env[name];
}

export function findEnvironmentProfile(env: Environment): string | undefined {
  return readVariable(env, "AWS_PROFILE") ?? readVariable(env, "AWS_DEFAULT_PROFILE");
}

/** Returns credentials from their variables; undefined if the access key id or its secret is missing. */
export function findEnvironmentCredentials(env: Environment): AwsCredentials | undefined {
  const [id, secret] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;
  if (readVariable(env, id) === undefined || readVariable(env, secret) === undefined)
    return undefined;
  return readEnvironmentCredentials(env, [id, secret, "AWS_SESSION_TOKEN"]);
}

/**
 * Returns the credentials in these variables.
 * @param names of the access key id, its secret, and the session token if there is one.
 * @throws LatchkeyError CONFIG_INVALID for an invalid value.
 */
export function readEnvironmentCredentials(
  env: Environment,
  [id = "", secret = "", token = ""]: readonly string[],
): AwsCredentials {
  const accessKeyId = readVisibleAscii(env[id], 128);
  const secretAccessKey = readVisibleAscii(env[secret], 256);
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw configError(`${id} and ${secret} are not valid AWS keys.`, `unset ${id} ${secret}`);
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: readVisibleAscii(env[token]),
    expiration: parseInstant(env["AWS_CREDENTIAL_EXPIRATION"]),
    accountId: isAccountId(env["AWS_ACCOUNT_ID"] ?? "") ? env["AWS_ACCOUNT_ID"] : undefined,
  };
}

/**
 * Returns the endpoint for credentials that `exec --server` or a container has set. AWS clients use it after any profile.
 */
export function findEnvironmentEndpoint(
  env: Environment,
):
  | { readonly variable: string; readonly uri: string; readonly token: string | undefined }
  | undefined {
  const token = readVisibleAscii(env["AWS_CONTAINER_AUTHORIZATION_TOKEN"]);
  // If both are set, every client uses this one.
  const relative = readVariable(env, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (relative !== undefined) {
    const uri = `http://169.254.170.2${relative}`;
    return { variable: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", uri, token };
  }
  const variable = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
  const uri = readVariable(env, variable);
  return uri === undefined ? undefined : { variable, uri, token };
}

/** Returns the region for clients and profiles that have none. */
export function findEnvironmentRegion(env: Environment): string | undefined {
  return readVariable(env, "AWS_REGION") ?? readVariable(env, "AWS_DEFAULT_REGION");
}

/**
 * Checks the region in the environment before a client uses it.
 * @throws LatchkeyError CONFIG_INVALID naming the variable if its value is not a region.
 */
export function checkRegionVariables(env: Environment): void {
  const used = REGION_VARIABLES.find((name) => readVariable(env, name) !== undefined);
  if (used !== undefined) checkVariable(env, used, "region");
}

/** Returns the region that the user has set. A region set by `use` or `exec` is removed together with its profile. */
export function findChosenRegion(env: Environment): string | undefined {
  const region = findEnvironmentRegion(env);
  return region === findOwnRegion(env) ? undefined : region;
}

/** Returns the region that `use` or `exec` has set. */
function findOwnRegion(env: Environment): string | undefined {
  return readVariable(env, OWN_REGION) ?? (hasFormerMark(env) ? env[FORMER_OWN_REGION] : undefined);
}

/**
 * Returns whether version 0.1.0 left LATCHKEY_REGION in an older shell: it set the variable together with both region
 * variables.
 */
export function hasFormerMark(env: Environment): boolean {
  const former = readVariable(env, FORMER_OWN_REGION);
  const isOfSwitch = (env[PREVIOUS_PROFILE] ?? env[EXEC_PROFILE]) !== undefined;
  const isAlone = former !== undefined && env[OWN_REGION] === undefined;
  return isAlone && isOfSwitch && REGION_VARIABLES.every((name) => env[name] === former);
}

/**
 * Lists the credential variables, and those that belong to them, that would have priority over AWS_PROFILE in at least
 * one client.
 */
export function listWinningCredentials(env: Environment): string[] {
  if (!WINNING_VARIABLES.some((name) => readVariable(env, name) !== undefined)) return [];
  return listRemovable(listVariables(CREDENTIAL_KINDS)).filter((name) => env[name] !== undefined);
}

/** Lists variables that another tool has left without credentials: its marks, and session tokens. */
export function listLeftovers(env: Environment): string[] {
  const tokens = listWinningCredentials(env).length === 0 ? (["token"] as const) : [];
  return listVariables(["mark", ...tokens]).filter((name) => env[name] !== undefined);
}

/** Returns the profile before the last switch: "" if there was none, undefined if there was no switch yet. */
export function findPreviousProfile(env: Environment): string | undefined {
  return env[PREVIOUS_PROFILE];
}

/** The changes in a shell that selects a profile, or none. */
interface Switch {
  readonly profile: string | undefined;
  readonly region: string | undefined;
  /** Further variables to remove. */
  readonly unset: readonly string[];
}

export function switchChanges(
  env: Environment,
  { profile, region, unset }: Switch,
): EnvironmentChanges {
  const changes = new Map<string, string | undefined>([
    [PREVIOUS_PROFILE, findEnvironmentProfile(env) ?? ""],
  ]);
  changes.set("AWS_PROFILE", profile);
  // botocore prefers AWS_DEFAULT_PROFILE to AWS_PROFILE.
  changes.set("AWS_DEFAULT_PROFILE", undefined);
  if (profile !== undefined && readVariable(env, LOAD_CONFIG) === undefined)
    changes.set(LOAD_CONFIG, "1");
  const ours = findOwnRegion(env);
  for (const name of REGION_VARIABLES) {
    if (region !== undefined) changes.set(name, region);
    else if (ours !== undefined && env[name] === ours) changes.set(name, undefined);
  }
  changes.set(OWN_REGION, region);
  if (hasFormerMark(env)) changes.set(FORMER_OWN_REGION, undefined);
  for (const name of unset) changes.set(name, undefined);
  return changes;
}

/** Returns the changes that set a region as the user's own: it stays when the profile changes. */
export function regionChanges(env: Environment, region: string): EnvironmentChanges {
  const former = hasFormerMark(env) ? [FORMER_OWN_REGION] : [];
  return new Map<string, string | undefined>([
    ...REGION_VARIABLES.map((name) => [name, region] as const),
    ...[OWN_REGION, ...former].map((name) => [name, undefined] as const),
  ]);
}

/** Returns the profile of the `exec` that started this process. */
export function findSurroundingExec(env: Environment): string | undefined {
  return readVariable(env, EXEC_PROFILE);
}

interface ChildIdentity {
  readonly profile: string;
  readonly region: string | undefined;
  /** How the child gets its credentials: as values, or as an endpoint's address and token. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Returns the environment of a child of `exec`: that of this process without variables of another identity. */
export function childEnvironment(
  env: Environment,
  { profile, region, variables }: ChildIdentity,
  platform: string,
): Record<string, string> {
  const stale = hasFormerMark(env) ? [...STALE_VARIABLES, FORMER_OWN_REGION] : STALE_VARIABLES;
  const staleNames = new Set(stale);
  const isStale = (name: string): boolean => {
    const known = platform === "win32" ? name.toUpperCase() : name;
    return staleNames.has(known) || known.startsWith(STALE_PREFIX);
  };
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !isStale(entry[0]),
  );
  const regions = region === undefined ? {} : { ...regionVariables(region), [OWN_REGION]: region };
  return { ...Object.fromEntries(kept), ...regions, ...variables, [EXEC_PROFILE]: profile };
}

/** Returns the address of a local credentials endpoint in the variables of the container credentials protocol. */
export function endpointVariables(url: string, token: string): Record<string, string> {
  return { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: token };
}
