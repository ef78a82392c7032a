import { promisify } from "node:util";
import type { AwsCredentialIdentity } from "@smithy/types";
import { externalDataInterceptor } from "@smithy/core/config";
import {
  fromHttp,
  fromInstanceMetadata,
  fromLoginCredentials,
  fromProcess,
  fromTemporaryCredentials,
  fromTokenFile,
} from "@aws-sdk/credential-providers";
import type { AwsCredentials } from "../model/credentials.ts";
import { LatchkeyError } from "../errors.ts";
import { refusalError } from "./call/clock.ts";
import { describeFailure, toLatchkeyError } from "./call/failure.ts";
import { isAccountId, type ChainedRole } from "../model/role.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { truncate } from "../text/terminal.ts";
import { clientSettings, createHandler, toIdentity } from "./sdk-client.ts";
import { hostName, type Connection } from "./send.ts";

/**
 * Profiles whose credentials only the SDK for JavaScript can get. Its error texts may contain command lines, so
 * messages use only its status and type.
 */
interface ForeignProfile {
  readonly profile: string;
  readonly configFile: string;
  readonly credentialsFile: string;
}

/** Asks the person for the code of an MFA device, if a profile has an `mfa_serial`. */
export type MfaCode = (serial: string) => Promise<string>;

/**
 * Returns the credentials that a profile's credential_process prints.
 * @param runProcess runs the command and returns its output
 * @throws LatchkeyError CONFIG_INVALID, and LatchkeyErrors of `runProcess`
 */
export async function fetchProcessCredentials(
  connection: Connection,
  { profile, configFile, credentialsFile }: ForeignProfile,
  runProcess: (command: string) => Promise<string>,
): Promise<AwsCredentials> {
  // The SDK would run a credential_process with this process's environment. The interceptor is the only way to pass
  // another (@aws-sdk/credential-provider-process 3.972, resolveProcessCredentials.js).
  let failure: unknown;
  const run = (command: string): Promise<string> =>
    runProcess(command).catch((thrown: unknown) => {
      failure = thrown;
      throw thrown;
    });
  externalDataInterceptor.interceptToken("exec", toPromisified(run));
  const files = { configFilepath: configFile, filepath: credentialsFile, ignoreCache: true };
  const provider = fromProcess({ profile, ...files });
  // The SDK's error has only a text, so a LatchkeyError of `runProcess` is thrown instead.
  return resolveWith(provider, (thrown) =>
    failure instanceof LatchkeyError ? failure : toProfileError(connection, profile, thrown),
  );
}

/** The SDK calls `exec` of node:child_process through `promisify`. */
function toPromisified(run: (command: string) => Promise<string>) {
  const exec = async (command: string) => ({ stdout: await run(command) });
  return Object.assign(() => undefined, { [promisify.custom]: exec });
}

/**
 * Returns the credentials of `aws login` (`login_session`).
 * @throws LatchkeyError SIGN_IN_REQUIRED if they have expired, UNREACHABLE
 */
export async function fetchLoginCredentials(
  connection: Connection,
  { profile, configFile, credentialsFile }: ForeignProfile,
): Promise<AwsCredentials> {
  const files = { configFilepath: configFile, filepath: credentialsFile, ignoreCache: true };
  const clientConfig = { requestHandler: createHandler(connection), region: connection.region };
  const provider = fromLoginCredentials({ profile, ...files, clientConfig });
  return resolveWith(provider, (cause) => {
    const known = toLatchkeyError(cause, hostName(connection, "STS"));
    const isUnreachable = known instanceof LatchkeyError && known.code === "UNREACHABLE";
    return isUnreachable ? known : loginEnded(profile, cause);
  });
}

function loginEnded(profile: string, cause: unknown): LatchkeyError {
  return new LatchkeyError(
    "SIGN_IN_REQUIRED",
    `The aws login session of the profile "${profile}" has expired, or there is none on this machine.`,
    { hint: `aws login --profile ${quoteShellWord(profile)}`, cause },
  );
}

interface WebIdentityRole {
  readonly profile: string;
  readonly roleArn: string;
  readonly sessionName: string | undefined;
  readonly tokenFile: string;
}

/** Assumes a role with the token in a file. */
export async function fetchWebIdentityCredentials(
  connection: Connection,
  { profile, roleArn, sessionName, tokenFile }: WebIdentityRole,
): Promise<AwsCredentials> {
  const provider = fromTokenFile({
    roleArn,
    webIdentityTokenFile: tokenFile,
    ...(sessionName === undefined ? {} : { roleSessionName: sessionName }),
    clientConfig: { requestHandler: createHandler(connection) },
    parentClientConfig: { region: connection.region },
  });
  return resolveWith(provider, (thrown) => toProfileError(connection, profile, thrown));
}

/** Returns the credentials of the EC2 instance's role. @throws LatchkeyError UNREACHABLE if it has none. */
export async function fetchMachineCredentials(): Promise<AwsCredentials> {
  return resolveWith(
    fromInstanceMetadata({ timeout: 2_000, maxRetries: 1 }),
    (cause) =>
      new LatchkeyError("UNREACHABLE", "This machine's metadata service returned no credentials.", {
        hint: "credential_source = Ec2InstanceMetadata works only on EC2.",
        cause,
      }),
  );
}

interface ChainedProfile {
  readonly profile: string;
  readonly role: ChainedRole;
  readonly sessionName: string;
  readonly source: AwsCredentials;
  readonly mfaCode: MfaCode;
}

/** Assumes a role with another profile's credentials (`role_arn` and `source_profile`). */
export async function assumeChainedRole(
  connection: Connection,
  { profile, role, sessionName, source, mfaCode }: ChainedProfile,
): Promise<AwsCredentials> {
  const provider = fromTemporaryCredentials({
    masterCredentials: toIdentity(source),
    params: {
      RoleArn: role.roleArn,
      RoleSessionName: sessionName,
      ExternalId: role.externalId,
      DurationSeconds: role.durationSeconds,
      SerialNumber: role.mfaSerial,
    },
    mfaCodeProvider: mfaCode,
    clientConfig: clientSettings(connection),
  });
  return resolveWith(provider, (thrown) =>
    isValidationError(thrown)
      ? toValidationError(role, profile, thrown)
      : toProfileError(connection, profile, thrown),
  );
}

function isValidationError(thrown: unknown): thrown is Error {
  return describeFailure(thrown).type === "ValidationError";
}

/** STS names the value that it refuses and the reason. The external ID is removed from it, since it may be a secret. */
function toValidationError(
  { externalId }: ChainedRole,
  profile: string,
  thrown: Error,
): LatchkeyError {
  const said =
    externalId === undefined ? thrown.message : thrown.message.replaceAll(externalId, "…");
  const message = `STS refuses what the profile "${profile}" asks for: ${truncate(said, 300)}`;
  return new LatchkeyError("CONFIG_INVALID", /[.!?]$/.test(message) ? message : `${message}.`, {
    hint: "Fix the value that STS names: the profile's duration_seconds, role_session_name or role_arn.",
    cause: thrown,
  });
}

/**
 * Returns the credentials from an endpoint that uses the container credentials protocol. The SDK decides which
 * addresses are safe.
 * @throws LatchkeyError UNREACHABLE if the endpoint returns none
 */
export async function fetchEndpointCredentials(
  variable: string,
  uri: string,
  token: string | undefined,
): Promise<AwsCredentials> {
  const provider = fromHttp({
    awsContainerCredentialsFullUri: uri,
    ...(token === undefined ? {} : { awsContainerAuthorizationToken: token }),
    timeout: 5_000,
    maxRetries: 1,
  });
  return resolveWith(
    provider,
    (cause) =>
      new LatchkeyError("UNREACHABLE", `The endpoint in ${variable} returned no credentials.`, {
        hint: `If the program that set it has ended: unset ${variable}`,
        cause,
      }),
  );
}

async function resolveWith(
  provider: () => Promise<AwsCredentialIdentity>,
  toError: (thrown: unknown) => unknown,
): Promise<AwsCredentials> {
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration, accountId } = await provider();
    const account = accountId !== undefined && isAccountId(accountId) ? accountId : undefined;
    return { accessKeyId, secretAccessKey, sessionToken, expiration, accountId: account };
  } catch (thrown) {
    throw toError(thrown);
  }
}

function toProfileError(connection: Connection, profile: string, thrown: unknown): unknown {
  const known = toLatchkeyError(thrown, hostName(connection, "STS"));
  if (known instanceof LatchkeyError) return known;
  const { status, type, words } = describeFailure(thrown);
  if (status !== undefined) {
    return refusalError(connection, {
      message: `STS refuses the role of the profile "${profile}" (${type === "" ? words : type}).`,
      hint: "Check its role_arn and source_profile, and whether the role trusts you.",
      cause: thrown,
    });
  }
  return new LatchkeyError(
    "CONFIG_INVALID",
    `The AWS SDK got no credentials from the profile "${profile}" (${thrown instanceof Error ? thrown.name : "unknown error"}).`,
    {
      hint: `Run the AWS CLI for more details: aws sts get-caller-identity --profile ${profile}`,
      cause: thrown,
    },
  );
}
