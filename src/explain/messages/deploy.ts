import { ANY_CREDENTIALS, rows, vague, type MessageFamily } from "../message.ts";

/** Messages of the CDK (2.1148), which prints the reason only with -v. */
export const CDK: MessageFamily = {
  client: "cdk",
  messages: [
    ...vague(
      ANY_CREDENTIALS,
      "Need to perform AWS calls for account {account}, but no credentials",
      "Unable to resolve AWS account to use",
    ),
    ...rows(
      "other-credentials",
      "Need to perform AWS calls for account {…}, but the current credentials are for {account}",
    ),
    ...rows(
      ["credentials-expired", "token-expired", "other-credentials"],
      "There are expired AWS credentials in your environment",
    ),
  ],
  marks: [
    [
      "cdk",
      "Need to perform AWS calls for account",
      "Unable to resolve AWS account to use",
      "Unable to determine the default AWS account",
      "Setting CDK_DEFAULT_REGION environment variable",
      "Synthesis time:",
      "The CDK app will synth",
      "[AWS cloudformation {…} retries]",
    ],
  ],
};

/** Messages of the Serverless Framework (3.40, and 4). */
export const SERVERLESS: MessageFamily = {
  client: "serverless",
  messages: [
    // Version 3 reads only access keys in a profile; it does not support SSO.
    ...rows(
      ["profile-missing", "client-too-old"],
      "AWS profile {profile} doesn't seem to be configured",
    ),
    ...rows(
      ["no-credentials", "other-credentials", "profile-missing"],
      "AWS provider credentials not found",
    ),
    ...rows(
      ["unreachable", "region-wrong", "proxy"],
      "Inaccessible host: {…}. This service may not be available in the {region} region",
    ),
  ],
  marks: [
    [
      "serverless",
      "AWS provider credentials not found",
      "AWS credentials missing or invalid. {…} Original error from AWS:",
      "AWS credentials missing or invalid. Original error from AWS:",
      "AWS profile {…} doesn't seem to be configured",
      "Bugs: github.com/serverless/serverless/issues",
      "serverless-better-credentials",
    ],
  ],
};
