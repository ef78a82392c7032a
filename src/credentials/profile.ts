import type { Context } from "../context.ts";
import type { AwsCredentials } from "../model/credentials.ts";
import { findSection } from "../aws-config/document.ts";
import {
  checkRegionVariables,
  findChosenRegion,
  findEnvironmentEndpoint,
  readEnvironmentCredentials,
} from "../model/aws-environment.ts";
import { isAccountId } from "../model/role.ts";
import {
  checkProfileRegion,
  checkRoleKeys,
  findValue,
  type ConfigSource,
  type Profile,
} from "../profiles/profile.ts";
import { extendChain, nameRoleSession, readChainedRole } from "./role-chain.ts";
import {
  parseRoleArn,
  type AssumedRole,
  type Source,
  type StoredKeys,
} from "../clients/identity.ts";
import { findKeys, type Whereabouts } from "../clients/resolve.ts";
import {
  findSsoRole,
  readRoleRequest,
  requireProfileSource,
  resolveIdentity,
  type ResolvedIdentity,
} from "../profiles/identity.ts";
import { configError, usageError } from "../errors.ts";
import { credentialsFilePath } from "../fs/paths.ts";
import { readVisibleAscii } from "../text/json.ts";
import type { MfaCode } from "../aws/sdk-credentials.ts";
import { createConnection } from "../aws/connection.ts";
import { isCredentialsRefusal } from "../aws/call/failure.ts";
import type { Connection } from "../aws/send.ts";
import { NO_DEADLINE, type TimeBudget } from "../token/time-budget.ts";
import { runCredentialProcess } from "./foreign-process.ts";
import { signInOnTheWay } from "../sign-in/on-the-way.ts";
import { dropRole, roleCredentials } from "./role.ts";
import { readConfig } from "../profiles/select.ts";
import { checkTokenFile } from "./token-file.ts";

/** Gets the credentials of any profile that AWS SDKs can resolve. */

/** Used if no region is known. */
export const DEFAULT_REGION = "us-east-1";

/** The AWS CLI's protection against circular profiles: the names being resolved, passed on to child processes. */
const PROFILE_CHAIN = "_AWS_CLI_PROFILE_CHAIN";

/**
 * Returns the credentials that most AWS clients use for a profile. @throws LatchkeyError CONFIG_INVALID if they find
 * none
 */
export async function fetchCredentials(
  context: Context,
  profile: Profile,
  budget: TimeBudget = NO_DEADLINE,
): Promise<AwsCredentials> {
  const identity = resolveIdentity(context, profile.name);
  const config = readConfig(context);
  const source = requireProfileSource(config, profile, identity);
  return fetchSource({ context, config, budget, identity }, source, context.env[PROFILE_CHAIN]);
}

/** What a fetch needs besides the source. */
export interface SourceRequest {
  readonly context: Context;
  readonly config: ConfigSource;
  readonly budget: TimeBudget;
  readonly identity: ResolvedIdentity;
}

/**
 * Fetches credentials: an Identity Center role through latchkey's own cache, anything else from its source. @param
 * chain as in PROFILE_CHAIN
 */
async function fetchSource(
  request: SourceRequest,
  source: Source,
  chain?: string,
): Promise<AwsCredentials> {
  const { context, config, budget, identity } = request;
  const role = findSsoRole(source);
  if (role !== undefined) {
    const wanted = readRoleRequest(config, role);
    return signInOnTheWay(context, wanted.session, (session) =>
      roleCredentials(context, { ...wanted, session }, budget),
    );
  }
  switch (source.kind) {
    case "environment":
      return readEnvironmentCredentials(context.env, source.variables);
    case "keys":
      return readKeys(identity.whereabouts, source);
    case "role":
      return assumeRole(request, source, chain);
    default:
      return fetchThroughSdk(request, source, chain);
  }
}

async function fetchThroughSdk(
  { context, config }: SourceRequest,
  source: Exclude<Source, { kind: "environment" | "keys" | "role" }>,
  chain: string | undefined,
): Promise<AwsCredentials> {
  const { home, env } = context;
  checkTokenFile(context, source);
  const sdk = await import("../aws/sdk-credentials.ts");
  if (source.kind === "metadata") return sdk.fetchMachineCredentials();
  if (source.kind === "endpoint") {
    const { uri = "", token } = findEnvironmentEndpoint(env) ?? {};
    return sdk.fetchEndpointCredentials(source.variable, uri, token);
  }
  const { profile = "default" } = source;
  const connection = createConnectionOf(context, config, profile);
  const files = { configFile: config.file, credentialsFile: credentialsFilePath(home, env) };
  switch (source.kind) {
    case "login":
      return sdk.fetchLoginCredentials(connection, { profile, ...files });
    case "web-identity":
      return sdk.fetchWebIdentityCredentials(connection, {
        ...source,
        profile,
        sessionName: findWebSessionName(context, config, source.profile),
      });
    default: {
      const environment = { ...env, [PROFILE_CHAIN]: extendChain(chain, profile) };
      const around = { env: environment, interruption: context.interruption };
      return sdk.fetchProcessCredentials(connection, { profile, ...files }, (command) =>
        runCredentialProcess(command, profile, around),
      );
    }
  }
}

function findWebSessionName(
  { env }: Context,
  { document }: ConfigSource,
  profile: string | undefined,
): string | undefined {
  if (profile === undefined) return env["AWS_ROLE_SESSION_NAME"];
  const section = findSection(document, "profile", profile);
  return section && findValue(section, "role_session_name");
}

async function assumeRole(
  request: SourceRequest,
  source: AssumedRole,
  chain: string | undefined,
): Promise<AwsCredentials> {
  const { context, config, identity } = request;
  const { profile, roleArn } = source;
  checkRoleKeys(config, profile);
  const { assumeChainedRole } = await import("../aws/sdk-credentials.ts");
  const keys = findKeys(identity.whereabouts, profile, ["role_arn", roleArn]);
  const role = readChainedRole(source, keys);
  const connection = createConnectionOf(context, config, profile);
  const below = createSource(request, source.source, extendChain(chain, profile));
  const assumed = await callWithCredentials(below, async (credentials) =>
    assumeChainedRole(connection, {
      profile,
      role,
      sessionName:
        role.sessionName ??
        (await nameRoleSession(context, { config, connection, credentials }, source.source)),
      source: credentials,
      mfaCode: mfaCode(context),
    }),
  );
  return { ...assumed, accountId: parseRoleArn(roleArn).accountId };
}

/** @throws LatchkeyError CONFIG_INVALID if the values can't be keys */
function readKeys(whereabouts: Whereabouts, source: StoredKeys): AwsCredentials {
  const { profile, accessKeyId } = source;
  const keys = findKeys(whereabouts, profile, ["aws_access_key_id", accessKeyId]);
  const secretAccessKey = readVisibleAscii(keys.get("aws_secret_access_key"), 256);
  const token = keys.get("aws_session_token") ?? keys.get("aws_security_token");
  if (readVisibleAscii(accessKeyId, 128) === undefined || secretAccessKey === undefined)
    throw configError(
      `The keys of the profile "${profile}" are not valid.`,
      "Write aws_access_key_id and aws_secret_access_key exactly as AWS issued them.",
    );
  const accountId = keys.get("aws_account_id") ?? "";
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: readVisibleAscii(token),
    expiration: undefined,
    accountId: isAccountId(accountId) ? accountId : undefined,
  };
}

/** Creates the connection to STS that a profile of the config needs. */
function createConnectionOf(context: Context, config: ConfigSource, name: string): Connection {
  const section = findSection(config.document, "profile", name);
  const [region, caBundle] = ["region", "ca_bundle"].map(
    (key) => section && findValue(section, key),
  );
  return createConnection(context, "STS", {
    region: findChosenRegion(context.env) ?? region ?? DEFAULT_REGION,
    caBundle,
  });
}

/** The source of a profile's credentials, for a caller that gets new credentials if AWS refuses the cached ones. */
export interface CredentialsSource {
  readonly fetch: () => Promise<AwsCredentials>;
  /** Removes refused credentials from the cache; undefined if latchkey does not cache them. */
  readonly drop?: ((accessKeyId: string) => Promise<void>) | undefined;
}

/** Returns the source that most AWS clients use for a profile. */
export function createProfileSource(context: Context, profile: Profile): CredentialsSource {
  const config = readConfig(context);
  const identity = resolveIdentity(context, profile.name);
  const source = requireProfileSource(config, profile, identity);
  return createSource({ context, config, budget: NO_DEADLINE, identity }, source);
}

export function createSource(
  request: SourceRequest,
  source: Source,
  chain = request.context.env[PROFILE_CHAIN],
): CredentialsSource {
  const { context, config } = request;
  const fetch = (): Promise<AwsCredentials> => fetchSource(request, source, chain);
  const role = findSsoRole(source);
  if (role === undefined) return { fetch };
  const drop = (accessKeyId: string): Promise<void> =>
    dropRole(context, readRoleRequest(config, role), accessKeyId);
  return { fetch, drop };
}

/**
 * Calls AWS with credentials. If AWS refuses them as expired or invalid, removes them from the cache, fetches new ones
 * and calls once more.
 */
export async function callWithCredentials<T>(
  { fetch, drop }: CredentialsSource,
  call: (credentials: AwsCredentials) => Promise<T>,
  isRefusal: (thrown: unknown) => boolean = isCredentialsRefusal,
): Promise<T> {
  const attempt = async (credentials: AwsCredentials): Promise<T> => {
    try {
      return await call(credentials);
    } catch (thrown) {
      if (isRefusal(thrown)) await drop?.(credentials.accessKeyId);
      throw thrown;
    }
  };
  const first = await fetch();
  try {
    return await attempt(first);
  } catch (thrown) {
    if (drop === undefined || !isRefusal(thrown)) throw thrown;
    const second = await fetch();
    if (second.accessKeyId === first.accessKeyId) throw thrown;
    return attempt(second);
  }
}

/** Creates the connection to a service with a profile's CA bundle. */
export function createProfileConnection(
  context: Context,
  service: "STS" | "SIGNIN",
  profile: Profile | undefined,
  region: string = DEFAULT_REGION,
): Connection {
  const caBundle = profile?.session?.caBundle ?? profile?.caBundle;
  return createConnection(context, service, { region, caBundle });
}

/** Returns the region for a profile's work: from the environment, or else from the profile. */
export function findRegion({ env }: Context, profile: Profile): string | undefined {
  checkRegionVariables(env);
  return findChosenRegion(env) ?? checkProfileRegion(profile);
}

function mfaCode({ terminal }: Context): MfaCode {
  return async (serial) => {
    if (!terminal.interactive)
      throw usageError(
        `The MFA device ${serial} requires a code, but there is no terminal to type it.`,
        "Run it in a terminal.",
      );
    return terminal.ask(`Code of ${serial}`, {
      validate: (answer) => /^\d{6}$/.test(answer) || "six digits",
    });
  };
}
