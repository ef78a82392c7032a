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
 * Reads and changes AWS's variables in an environment: the profile and region of a shell, and credentials that take
 * precedence over them.
 */

/** `use` and `exec` set this variable together with the region. It shows that the user did not set the region. */
const OWN_REGION = "LATCHKEY_SET_REGION";
/** Version 0.1.0 set this variable for the same purpose. Now it is the default of `configure --region`. */
const FORMER_OWN_REGION = "LATCHKEY_REGION";
/** The profile before the last switch; empty if there was none. */
const PREVIOUS_PROFILE = "LATCHKEY_PREVIOUS_PROFILE";
/** `exec` sets this variable in the environment of its child process. */
const EXEC_PROFILE = "LATCHKEY_EXEC";
/** The shell whose hook started this process. */
export const HOOK_SHELL = "LATCHKEY_SHELL";
/** The path of the file that the hook created for the changes of the shell. */
export const CHANGES_FILE = "LATCHKEY_SHELL_FILE";
/** Words of the command line that PowerShell splits, as they were typed. */
export const SPLIT_WORDS = "LATCHKEY_SHELL_WORDS";
/** If this variable is not set, the SDKs Go v1 and JavaScript v2 read only the credentials file. */
const LOAD_CONFIG = "AWS_SDK_LOAD_CONFIG";

/** The kinds of variables that contain credentials or belong to credentials. */
const CREDENTIAL_KINDS = ["key-id", "secret", "token", "companion", "web-identity"] as const;
const WINNING_VARIABLES = [
  ...listRemovable(listVariables(["key-id", "secret"])),
  "AWS_WEB_IDENTITY_TOKEN_FILE",
] as const;
const REGION_VARIABLES = ["AWS_REGION", "AWS_DEFAULT_REGION"] as const;

/** JavaScript v3 reads one variable with this prefix for each service that supports it. */
const STALE_PREFIX = "AWS_BEARER_TOKEN_";
/** Variables that a child process of `exec` must not inherit: those of another identity, and the hook's. */
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

/** Returns the credentials in the environment; undefined if the access key id or its secret is missing. */
export function findEnvironmentCredentials(env: Environment): AwsCredentials | undefined {
  const [id, secret] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;
  if (readVariable(env, id) === undefined || readVariable(env, secret) === undefined)
    return undefined;
  return readEnvironmentCredentials(env, [id, secret, "AWS_SESSION_TOKEN"]);
}

/**
 * Returns the credentials in the given variables.
 * @param names of the variables with the access key id, its secret, and the session token if there is one.
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
 * Returns the credentials endpoint that `exec --server` or a container has set. AWS clients use it only if no profile
 * gives credentials.
 */
export function findEnvironmentEndpoint(
  env: Environment,
):
  | { readonly variable: string; readonly uri: string; readonly token: string | undefined }
  | undefined {
  const token = readVisibleAscii(env["AWS_CONTAINER_AUTHORIZATION_TOKEN"]);
  // If both variables are set, every client uses the relative one.
  const relative = readVariable(env, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  if (relative !== undefined) {
    const uri = `http://169.254.170.2${relative}`;
    return { variable: "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", uri, token };
  }
  const variable = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
  const uri = readVariable(env, variable);
  return uri === undefined ? undefined : { variable, uri, token };
}

/** Returns the region in the environment, for clients and profiles that have no region. */
export function findEnvironmentRegion(env: Environment): string | undefined {
  return readVariable(env, "AWS_REGION") ?? readVariable(env, "AWS_DEFAULT_REGION");
}

/**
 * Checks the region in the environment before a client uses it.
 * @throws LatchkeyError CONFIG_INVALID with the variable's name if its value is not a region.
 */
export function checkRegionVariables(env: Environment): void {
  const used = REGION_VARIABLES.find((name) => readVariable(env, name) !== undefined);
  if (used !== undefined) checkVariable(env, used, "region");
}

/**
 * Returns the region if the user has set it. A region that `use` or `exec` has set is removed together with its profile.
 */
export function findChosenRegion(env: Environment): string | undefined {
  const region = findEnvironmentRegion(env);
  return region === findOwnRegion(env) ? undefined : region;
}

/** Returns the region that `use` or `exec` has set. */
function findOwnRegion(env: Environment): string | undefined {
  return readVariable(env, OWN_REGION) ?? (hasFormerMark(env) ? env[FORMER_OWN_REGION] : undefined);
}

/**
 * Returns whether version 0.1.0 has set LATCHKEY_REGION in this shell. It set that variable together with both region
 * variables.
 */
export function hasFormerMark(env: Environment): boolean {
  const former = readVariable(env, FORMER_OWN_REGION);
  const isOfSwitch = (env[PREVIOUS_PROFILE] ?? env[EXEC_PROFILE]) !== undefined;
  const isAlone = former !== undefined && env[OWN_REGION] === undefined;
  return isAlone && isOfSwitch && REGION_VARIABLES.every((name) => env[name] === former);
}

/**
 * Lists the variables of credentials that take precedence over AWS_PROFILE in at least one client, and the variables
 * that belong to these credentials.
 */
export function listWinningCredentials(env: Environment): string[] {
  if (!WINNING_VARIABLES.some((name) => readVariable(env, name) !== undefined)) return [];
  return listRemovable(listVariables(CREDENTIAL_KINDS)).filter((name) => env[name] !== undefined);
}

/** Lists variables of another tool that remain after its credentials were removed: the tool's marks, and session tokens. */
export function listLeftovers(env: Environment): string[] {
  const tokens = listWinningCredentials(env).length === 0 ? (["token"] as const) : [];
  return listVariables(["mark", ...tokens]).filter((name) => env[name] !== undefined);
}

/** Returns the profile before the last switch: "" if there was none, undefined if there was no switch yet. */
export function findPreviousProfile(env: Environment): string | undefined {
  return env[PREVIOUS_PROFILE];
}

/** The changes to a shell when a profile is selected, or removed. */
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
  // If both variables are set, botocore uses AWS_DEFAULT_PROFILE, not AWS_PROFILE.
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

/** Returns the changes that set a region as the user's own. Such a region stays when the profile changes. */
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
  /** The child process's credentials: as values, or as the address and token of an endpoint. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Returns the environment of a child process of `exec`: that of this process without the variables of another identity. */
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

/** Returns the variables for a local credentials endpoint, as the container credentials protocol defines them. */
export function endpointVariables(url: string, token: string): Record<string, string> {
  return { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: token };
}
