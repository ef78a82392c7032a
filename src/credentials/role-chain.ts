import type { Context } from "../context.ts";
import type { AssumedRole, Source } from "../clients/identity.ts";
import type { Keys } from "../clients/reading.ts";
import { isExpectedFailure, LatchkeyError } from "../errors.ts";
import { rememberUserName } from "../access/history/store.ts";
import { readSignInNotes } from "../access/sign-in-notes.ts";
import { isCredentialsRefusal } from "../aws/failure.ts";
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
import { createRoleRef } from "./role.ts";

/** What is asked of STS for a profile's role. @param keys the profile's, of both files */
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

/** As deep as the AWS CLI follows its own chain of processes. */
const DEEPEST_CHAIN = 4;

/**
 * The chain of profiles with one more, in the form of `_AWS_CLI_PROFILE_CHAIN` (names parted by commas): it goes from
 * process to process, since a credential_process can name a profile that names the same process again.
 * @throws LatchkeyError CONFIG_INVALID where a profile leads back to itself, or too far.
 */
export function extendChain(chain: string | undefined, profile: string): string {
  const names = (chain ?? "").split(",").filter((name) => name !== "");
  if (names.includes(profile) || names.length >= DEEPEST_CHAIN) {
    throw new LatchkeyError(
      "CONFIG_INVALID",
      `The profile "${profile}" leads ${names.includes(profile) ? "back to itself" : "through too many others"}: ${[...names, profile].join(" → ")}.`,
      { hint: "Mend source_profile or credential_process in one of them." },
    );
  }
  return [...names, profile].join(",");
}

interface FirstRole {
  readonly config: ConfigSource;
  readonly connection: Connection;
  /** Of what the role stands on. */
  readonly credentials: AwsCredentials;
}

/**
 * The signed-in user's name, so that the trail of the assumed role says who it was. The portal does not tell it: AWS is
 * asked once a sign-in, with the first role's credentials.
 * @param base what the role stands on.
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
  // What a chained role says of itself is what the config named it.
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
 * Keeps the user's name for this sign-in, as STS says it of a role that the portal gave. Nothing is kept where the
 * credentials may be those of a sign-in before: they are this one's only where its cache has them.
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

/** The name of a role's session where nobody is known. */
const UNNAMED = "latchkey";
