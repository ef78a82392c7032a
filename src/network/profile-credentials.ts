import { fromIni } from "@aws-sdk/credential-providers";
import { LatchkeyError } from "../errors.ts";
import type { AwsCredentials } from "./sts.ts";

/**
 * The credentials of a profile that is none of ours to resolve (static keys, role_arn, another credential_process), as
 * the SDK for JavaScript finds them. Its error texts can hold command lines: only its type is told.
 */
export async function profileCredentials(profile: string, configFile: string, credentialsFile: string): Promise<AwsCredentials> {
  try {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await fromIni({ profile, configFilepath: configFile, filepath: credentialsFile, ignoreCache: true })();
    return { accessKeyId, secretAccessKey, sessionToken, expiration };
  } catch (thrown) {
    throw new LatchkeyError("CONFIG_INVALID", `The profile "${profile}" yields no credentials to the AWS SDK (${thrown instanceof Error ? thrown.name : "unknown error"}).`, {
      hint: `Ask the AWS CLI, which says more: aws sts get-caller-identity --profile ${profile}`,
      cause: thrown,
    });
  }
}
