import { ANY_CREDENTIALS, rows, vague, type MessageFamily } from "../message.ts";

/**
 * Messages of Terraform and OpenTofu: aws-sdk-go-base (2.0, and 0.7 in the provider before 4.0), the provider and the S3
 * backend. The SDK for Go inside them prints the reason.
 */
export const TERRAFORM: MessageFamily = {
  client: "terraform",
  messages: [
    ...rows(
      "region-missing",
      "The region attribute or the AWS_REGION or AWS_DEFAULT_REGION environment variables must be set",
      "The argument region is required, but was not set",
      "Error: region: required field is not set",
    ),
    ...rows(["region-wrong", "region-missing"], "invalid AWS Region: {region}"),
    ...rows("other-credentials", "AWS account ID not allowed: {account}"),
    ...vague(
      ANY_CREDENTIALS,
      "No valid credential sources found",
      "no valid credential sources for {…} found",
    ),
    ...vague("assume-role-refused", "IAM Role ({…}/{role}) cannot be assumed"),
  ],
  marks: [
    [
      "terraform",
      "No valid credential sources found",
      "no valid credential sources for",
      "Initializing the backend",
      "Planning failed. Terraform encountered an error",
      "Planning failed. OpenTofu encountered an error",
      "The argument region is required, but was not set",
      "Error: region: required field is not set",
      "configuring Terraform AWS Provider",
      "configuring S3 Backend",
      "provider[registry.terraform.io/",
      "provider[registry.opentofu.org/",
      "validating provider credentials",
      "error calling sts:GetCallerIdentity",
      "error using credentials to get account ID",
      "Unable to list objects in S3 bucket",
      "AWS account ID not allowed",
      "{…}.tf line {…}, in ",
      // Terraform prints this prefix before the SDK's message.
      "Error: failed to get shared config profile",
      "Error: failed to load assume role",
      "Error: failed to find SSO session section",
      "Error: error fetching config from profile",
      "Error: profile {…} is configured to use SSO",
      "Error: sso_region in profile",
      "Error: sso_start_url in profile",
      "Error: failed to load shared config file",
    ],
  ],
};
