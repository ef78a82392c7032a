import type { Environment } from "../context.ts";
import { regionVariables, type AwsCredentials } from "./credentials.ts";
import { isAccountId } from "./role.ts";
import { parseInstant } from "../text/instant.ts";
import { readVisibleAscii } from "../text/json.ts";
import type { EnvironmentChanges } from "../text/shell-words.ts";

/** AWS's own variables in an environment: which profile and region a shell uses, and what would win over them. */

/** Set beside the region by `use` and `exec`, so that a region which a person has set can be told from theirs. */
const OWN_REGION = "LATCHKEY_REGION";
/** The profile before the last switch; empty where there was none. */
const PREVIOUS_PROFILE = "LATCHKEY_PREVIOUS_PROFILE";
/** Set in the environment of a child of `exec`. */
const EXEC_PROFILE = "LATCHKEY_EXEC";

/** What AWS clients take before a profile of AWS_PROFILE, and what goes with it. */
const CREDENTIAL_VARIABLES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_SESSION_EXPIRATION",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_ROLE_ARN",
  "AWS_ROLE_SESSION_NAME",
] as const;
const WINNING_VARIABLES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
] as const;
const CONTAINER_VARIABLES = [
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
] as const;
const PROFILE_VARIABLES = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] as const;
const REGION_VARIABLES = ["AWS_REGION", "AWS_DEFAULT_REGION"] as const;

/** What a child of `exec` must not inherit: another identity, or what belonged to it. */
const STALE_VARIABLES: ReadonlySet<string> = new Set([
  ...CREDENTIAL_VARIABLES,
  ...CONTAINER_VARIABLES,
  ...PROFILE_VARIABLES,
  ...REGION_VARIABLES,
  "AWS_ACCOUNT_ID",
  "AWS_CREDENTIAL_SCOPE",
  OWN_REGION,
  EXEC_PROFILE,
]);

function readVariable(env: Environment, name: string): string | undefined {
  return env[name] === "" ? undefined : env[name];
}

export function findEnvironmentProfile(env: Environment): string | undefined {
  return readVariable(env, "AWS_PROFILE") ?? readVariable(env, "AWS_DEFAULT_PROFILE");
}

/** Credentials by their values, whole: an access key without its secret is none. */
export function findEnvironmentCredentials(env: Environment): AwsCredentials | undefined {
  const accessKeyId = readVisibleAscii(env["AWS_ACCESS_KEY_ID"], 128);
  const secretAccessKey = readVisibleAscii(env["AWS_SECRET_ACCESS_KEY"], 256);
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: readVisibleAscii(env["AWS_SESSION_TOKEN"]),
    expiration: parseInstant(env["AWS_CREDENTIAL_EXPIRATION"]),
    accountId: isAccountId(env["AWS_ACCOUNT_ID"] ?? "") ? env["AWS_ACCOUNT_ID"] : undefined,
  };
}

/** An endpoint that gives credentials, as `exec --server` and containers name it; AWS clients ask it after any profile. */
export function findEnvironmentEndpoint(
  env: Environment,
):
  | { readonly variable: string; readonly uri: string; readonly token: string | undefined }
  | undefined {
  const variable = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
  const uri = readVariable(env, variable);
  return uri === undefined
    ? undefined
    : { variable, uri, token: readVisibleAscii(env["AWS_CONTAINER_AUTHORIZATION_TOKEN"]) };
}

/** The region in force for whatever names none. */
export function findEnvironmentRegion(env: Environment): string | undefined {
  return readVariable(env, "AWS_REGION") ?? readVariable(env, "AWS_DEFAULT_REGION");
}

/** The region that a person has set; one that `use` or `exec` left there goes with its profile. */
export function findChosenRegion(env: Environment): string | undefined {
  const region = findEnvironmentRegion(env);
  return region === readVariable(env, OWN_REGION) ? undefined : region;
}

/** Credentials in the environment that would win over any AWS_PROFILE: their names, with all that goes with them. */
export function listWinningCredentials(env: Environment): string[] {
  if (!WINNING_VARIABLES.some((name) => readVariable(env, name) !== undefined)) return [];
  return CREDENTIAL_VARIABLES.filter((name) => env[name] !== undefined);
}

/** The profile before the last switch: "" where there was none, undefined where nothing was switched yet. */
export function findPreviousProfile(env: Environment): string | undefined {
  return env[PREVIOUS_PROFILE];
}

/** What a shell changes to use a profile, or none. */
interface Switch {
  readonly profile: string | undefined;
  readonly region: string | undefined;
  /** Credentials of the environment that go, too. */
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
  const ours = readVariable(env, OWN_REGION);
  for (const name of REGION_VARIABLES) {
    if (region !== undefined) changes.set(name, region);
    else if (ours !== undefined && env[name] === ours) changes.set(name, undefined);
  }
  changes.set(OWN_REGION, region);
  for (const name of unset) changes.set(name, undefined);
  return changes;
}

/** The profile of the `exec` that this process is a child of. */
export function findSurroundingExec(env: Environment): string | undefined {
  return readVariable(env, EXEC_PROFILE);
}

interface ChildIdentity {
  readonly profile: string;
  readonly region: string | undefined;
  /** How the child gets its credentials: as values, or as the address of an endpoint and the token for it. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The environment of a child of `exec`: all of ours but what is about another identity. */
export function childEnvironment(
  env: Environment,
  { profile, region, variables }: ChildIdentity,
  platform: string,
): Record<string, string> {
  const isStale = (name: string): boolean =>
    STALE_VARIABLES.has(platform === "win32" ? name.toUpperCase() : name);
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !isStale(entry[0]),
  );
  const regions = region === undefined ? {} : { ...regionVariables(region), [OWN_REGION]: region };
  return { ...Object.fromEntries(kept), ...regions, ...variables, [EXEC_PROFILE]: profile };
}

/** The address of a credentials endpoint on this machine, as the container credentials protocol names it. */
export function endpointVariables(url: string, token: string): Record<string, string> {
  return { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: token };
}
