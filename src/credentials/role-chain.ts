import type { Context } from "../context.ts";
import type { AssumedRole, Source } from "../clients/identity.ts";
import type { Keys } from "../clients/reading.ts";
import { isExpectedFailure, LatchkeyError } from "../errors.ts";
import { rememberUserName } from "../access/history/store.ts";
import { readSignInNotes } from "../access/sign-in-notes.ts";
import { isCredentialsRefusal } from "../aws/call/failure.ts";
import type { Connection } from "../aws/send.ts";
import type { AwsCredentials } from "../model/credentials.ts";
import {
  findRoleSessionName,
  toRoleSessionName,
  type ChainedRole,
  type RoleRequest,
} from "../model/role.ts";
import { findSsoRoleBelow, readRoleRequest } from "../profiles/identity.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import { openTokenStore } from "../token/open-store.ts";
import { identifySignIn } from "../token/sign-in-id.ts";
import { createRoleRef } from "./cached-role.ts";

/** Returns the parameters of AssumeRole for a profile. @param keys the profile's keys from both files */
export function readChainedRole({ roleArn }: AssumedRole, keys: Keys): ChainedRole {
  const value = (key: string): string | undefined => keys.get(key) || undefined;
  const seconds = Number(value("duration_seconds"));
  return {
    roleArn,
    sessionName: value("role_session_name"),
    externalId: value("external_id"),
    durationSeconds: Number.isInteger(seconds) ? seconds : undefined,
    mfaSerial: value("mfa_serial"),
  };
}

/** The limit of the AWS CLI's own chain of processes. */
const DEEPEST_CHAIN = 4;

/**
 * Adds a profile to the chain, in the format of `_AWS_CLI_PROFILE_CHAIN` (names separated by commas). Child processes
 * get the chain, since a credential_process can use a profile that runs the same process again.
 * @throws LatchkeyError CONFIG_INVALID if the chain is circular or too long
 */
export function extendChain(chain: string | undefined, profile: string): string {
  const names = (chain ?? "").split(",").filter((name) => name !== "");
  if (names.includes(profile) || names.length >= DEEPEST_CHAIN) {
    throw new LatchkeyError(
      "CONFIG_INVALID",
      `The profile "${profile}" leads ${names.includes(profile) ? "back to itself" : "through too many others"}: ${[...names, profile].join(" → ")}.`,
      { hint: "Fix source_profile or credential_process in one of them." },
    );
  }
  return [...names, profile].join(",");
}

interface FirstRole {
  readonly config: ConfigSource;
  readonly connection: Connection;
  /** The credentials with which the role is assumed. */
  readonly credentials: AwsCredentials;
}

/**
 * Returns the signed-in user's name as the role session name, so that CloudTrail shows who used the role. The portal
 * does not return the name: AWS is asked once per sign-in, with the first role's credentials.
 * @param base the source of the credentials with which the role is assumed
 */
export async function nameRoleSession(
  context: Context,
  { config, connection, credentials }: FirstRole,
  base: Source,
): Promise<string> {
  const role = findSsoRoleBelow(base);
  if (role === undefined) return UNNAMED;
  const request = readRoleRequest(config, role);
  const { session } = request;
  const owner = { session, store: await openTokenStore(context, session) };
  const known = readSignInNotes(context.home, owner).userName;
  if (known !== undefined) return toRoleSessionName(known) ?? UNNAMED;
  // The session name of a chained role comes from the config, not from the sign-in.
  if (base.kind === "role") return UNNAMED;
  try {
    const { fetchCallerIdentity } = await import("../aws/sts.ts");
    const { arn } = await fetchCallerIdentity(connection, credentials);
    await rememberCaller(context, request, { arn, accessKeyId: credentials.accessKeyId });
    return toRoleSessionName(findRoleSessionName(arn) ?? "") ?? UNNAMED;
  } catch (thrown) {
    const isUnexpected = !isExpectedFailure(thrown) || thrown.code === "CANCELLED";
    if (isUnexpected || isCredentialsRefusal(thrown)) throw thrown;
    return UNNAMED;
  }
}

/**
 * Stores the user's name for this sign-in, from STS's answer for a role of the portal. Stores nothing if the
 * credentials may be from an earlier sign-in: they must be in this sign-in's cache.
 */
export async function rememberCaller(
  context: Context,
  request: RoleRequest,
  { arn, accessKeyId }: { readonly arn: string; readonly accessKeyId: string },
): Promise<void> {
  const { home } = context;
  const { session } = request;
  const userName = findRoleSessionName(arn);
  const store = await openTokenStore(context, session);
  const cached = store.readRole(createRoleRef(context, request));
  const isOfThisSignIn =
    cached?.accessKeyId === accessKeyId && cached.signIn.stamp === store.readMark().stamp;
  if (userName === undefined || !isOfThisSignIn) return;
  const signIn = identifySignIn(home, session, store);
  await rememberUserName(context, { session, store }, signIn, userName);
}

/** The role session name if the user's name is unknown. */
const UNNAMED = "latchkey";
