import type { Context } from "../context.ts";
import type { AwsCredentials } from "../model/credentials.ts";
import { findChosenRegion } from "../model/aws-environment.ts";
import { readProfile, type ConfigSource, type Profile } from "../profiles/profile.ts";
import { resolveChainedRole, extendChain } from "./role-chain.ts";
import { parseRoleArn } from "../clients/identity.ts";
import { isExpectedFailure, usageError } from "../errors.ts";
import { toRoleSessionName } from "../model/role.ts";
import { readSignInNotes, recordUserName } from "../access/sign-in-notes.ts";
import { configFilePath, credentialsFilePath } from "../fs/paths.ts";
import type { MfaCode } from "../aws/sdk-credentials.ts";
import { createConnection } from "../aws/connection.ts";
import { isCredentialsRefusal } from "../aws/failure.ts";
import type { Connection } from "../aws/send.ts";
import { NO_DEADLINE, type TimeBudget } from "../token/time-budget.ts";
import { openTokenStore } from "../token/open-store.ts";
import { runShell } from "../terminal/child.ts";
import { dropRole, roleCredentials } from "./role.ts";
import { readConfig, requireRole } from "../profiles/select.ts";

/** The credentials of any profile that AWS SDKs resolve. */

/** For whom no region is known. */
export const DEFAULT_REGION = "us-east-1";

/** The AWS CLI's guard against profiles that lead back to themselves: those that are being resolved, for child processes. */
const PROFILE_CHAIN = "_AWS_CLI_PROFILE_CHAIN";

/**
 * Ours from the engine that serves SDKs; a role that stands on another profile with that one's credentials; everybody
 * else's as the SDK for JavaScript resolves them.
 */
export async function fetchCredentials(
  context: Context,
  profile: Profile,
  budget: TimeBudget = NO_DEADLINE,
  chain = context.env[PROFILE_CHAIN],
): Promise<AwsCredentials> {
  if (profile.form !== "other") return roleCredentials(context, requireRole(profile), budget);
  const profileChain = extendChain(chain, profile.name);
  const sdk = await import("../aws/sdk-credentials.ts");
  const connection = createProfileConnection(context, "STS", profile, findRegion(context, profile));
  const source = readConfig(context);
  const role = resolveChainedRole(source, profile.name);
  if (role === undefined) {
    const { home, env } = context;
    return sdk.fetchProfileCredentials(connection, {
      profile: profile.name,
      configFile: configFilePath(home, env),
      credentialsFile: credentialsFilePath(home, env),
      mfaCode: mfaCode(context),
      runProcess: (command) => runShell(command, { ...env, [PROFILE_CHAIN]: profileChain }),
    });
  }
  const base = readProfile(source, role.sourceProfile);
  const below = createProfileSource(context, base, () =>
    fetchCredentials(context, base, budget, profileChain),
  );
  const assumed = await callWithCredentials(below, async (credentials) =>
    sdk.assumeChainedRole(connection, {
      profile: profile.name,
      role,
      sessionName:
        role.sessionName ?? (await nameRoleSession(context, base, connection, credentials)),
      source: credentials,
      mfaCode: mfaCode(context),
    }),
  );
  return { ...assumed, accountId: parseRoleArn(role.roleArn).accountId };
}

/** Where a profile's credentials come from, for whoever learns from AWS that they are no good. */
export interface CredentialsSource {
  readonly fetch: () => Promise<AwsCredentials>;
  /** Takes what AWS refused out of the cache; undefined where none of it is ours. */
  readonly drop?: ((accessKeyId: string) => Promise<void>) | undefined;
}

export function createProfileSource(
  context: Context,
  profile: Profile,
  fetch = (): Promise<AwsCredentials> => fetchCredentials(context, profile),
): CredentialsSource {
  if (profile.form === "other") return { fetch };
  return { fetch, drop: (accessKeyId) => dropRole(context, requireRole(profile), accessKeyId) };
}

/**
 * Calls AWS with credentials. What it calls expired or invalid is dropped, so that nobody is handed it again, and fetched
 * anew once before anything is said.
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

/** A service that is asked with a profile's credentials, by the roots of trust that it names. */
export function createProfileConnection(
  context: Context,
  service: "STS" | "SIGNIN",
  profile: Profile | undefined,
  region: string = DEFAULT_REGION,
): Connection {
  const caBundle = profile?.session?.caBundle ?? profile?.caBundle;
  return createConnection(context, service, { region, caBundle });
}

/** The region that a profile's work is in: what a person has set in the environment, else the profile's own. */
export function findRegion({ env }: Context, profile: Profile): string | undefined {
  return findChosenRegion(env) ?? profile.region;
}

/**
 * The signed-in user's name, so that the trail of the assumed role says who it was. The portal does not tell it: AWS is
 * asked once a sign-in, with the first role's credentials.
 * @param base what the role stands on.
 */
async function nameRoleSession(
  context: Context,
  base: Profile,
  connection: Connection,
  credentials: AwsCredentials,
): Promise<string> {
  const { session } = findSignInBelow(readConfig(context), base);
  if (session === undefined) return UNNAMED;
  const owner = { session, store: await openTokenStore(context, session) };
  const known = readSignInNotes(context.home, owner).userName;
  if (known !== undefined) return toRoleSessionName(known) ?? UNNAMED;
  // What a chained role says of itself is what the config named it.
  if (base.form === "other") return UNNAMED;
  try {
    const { fetchCallerIdentity } = await import("../aws/sts.ts");
    const { arn } = await fetchCallerIdentity(connection, credentials);
    const [, userName] = /:assumed-role\/[^/]+\/(.+)$/.exec(arn) ?? [];
    if (userName === undefined) return UNNAMED;
    recordUserName(context.home, owner, userName);
    return toRoleSessionName(userName) ?? UNNAMED;
  } catch (thrown) {
    const isUnexpected = !isExpectedFailure(thrown) || thrown.code === "CANCELLED";
    if (isUnexpected || isCredentialsRefusal(thrown)) throw thrown;
    return UNNAMED;
  }
}

/** The name of a role's session where nobody is known. */
const UNNAMED = "latchkey";

function findSignInBelow(source: ConfigSource, profile: Profile): Profile {
  const role = resolveChainedRole(source, profile.name);
  return role === undefined || profile.form !== "other"
    ? profile
    : findSignInBelow(source, readProfile(source, role.sourceProfile));
}

function mfaCode({ terminal }: Context): MfaCode {
  return async (serial) => {
    if (!terminal.interactive)
      throw usageError(
        `The device ${serial} must be asked for a code, and nobody is there to type it.`,
        "Run it at a terminal.",
      );
    return terminal.ask(`Code of ${serial}`, {
      validate: (answer) => /^\d{6}$/.test(answer) || "six digits",
    });
  };
}
