import type { Context } from "../context.ts";
import type { AwsCredentials } from "../model/credentials.ts";
import { findChosenRegion } from "../model/aws-environment.ts";
import { readProfile, type Profile } from "../profiles/profile.ts";
import { resolveChainedRole, extendChain } from "./role-chain.ts";
import { parseRoleArn } from "../clients/identity.ts";
import { usageError } from "../errors.ts";
import { configFilePath, credentialsFilePath } from "../fs/paths.ts";
import type { MfaCode } from "../aws/sdk-credentials.ts";
import { createConnection } from "../aws/connection.ts";
import type { Connection } from "../aws/send.ts";
import { NO_DEADLINE, type TimeBudget } from "../token/time-budget.ts";
import { runShell } from "../terminal/child.ts";
import { roleCredentials } from "./role.ts";
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
  const assumed = await sdk.assumeChainedRole(connection, {
    profile: profile.name,
    role,
    source: await fetchCredentials(context, base, budget, profileChain),
    mfaCode: mfaCode(context),
  });
  return { ...assumed, accountId: parseRoleArn(role.roleArn).accountId };
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
