import { rows, vague, type MessageFamily } from "../message.ts";

/** Messages of the AWS CLI (1 and 2) and boto3: botocore 1.43, and the additions of the AWS CLI 2. */
export const BOTOCORE: MessageFamily = {
  client: "aws-cli",
  messages: [
    ...rows(
      "profile-missing",
      "The config profile ({profile}) could not be found",
      "The source_profile {…} referenced in the profile {profile} does not exist",
    ),
    ...rows(
      "session-missing",
      "The specified sso-session does not exist: {session}",
      "The profile {profile} is configured to use the SSO token provider but the {session} sso_session configuration does not exist",
    ),
    // botocore before 1.29 ignores sso_session.
    ...rows(
      ["client-too-old", "config-invalid", "session-missing"],
      "The profile {profile} is configured to use SSO but is missing required configuration: sso_start_url, sso_region",
    ),
    // The AWS CLI before 2.9 looks for both keys in the profile.
    ...rows(
      ["client-too-old", "config-invalid"],
      "Missing the following required SSO configuration values: sso_start_url, sso_region",
    ),
    ...rows(
      "client-too-old",
      "aws: error: argument operation: Invalid choice, valid choices are: get-role-credentials",
    ),
    ...rows(
      "config-invalid",
      "The profile {profile} is configured to use SSO but is missing required configuration:",
      "The profile {profile} is configured to use the SSO token provider but is missing the following configuration:",
      "Missing the following required SSO configuration values:",
      "is inconsistent between profile ({…}) and sso-session (",
      "Unable to parse config file: {…}",
      "The profile {profile} contains both source_profile and credential_source",
      "The source profile {…} must have credentials.",
      "Infinite loop in credential configuration detected. Attempting to load from profile {profile} which has already been visited",
      "Partial credentials found in assume-role, missing: source_profile or credential_source",
      "The credential source {…} referenced in profile {profile} is not valid",
      "The credential_source {…} is specified in profile {profile}, but no source provider was configured",
      "is configured to assume role with web identity but has no role ARN configured",
    ),
    // The instance metadata service, the last source that is tried. It does not exist outside AWS.
    ...rows(
      ["no-credentials", "profile-missing", "other-credentials"],
      "Connect timeout on endpoint URL: http://169.254.169.254/",
      "Could not connect to the endpoint URL: http://169.254.169.254/",
    ),
    ...rows(
      ["token-missing", "token-expired"],
      "Error loading SSO Token: Token for {session} does not exist",
      "Error loading SSO Token: Token for https://{…} does not exist",
      "Error loading SSO Token: Token for {…} is invalid",
      "Unable to locate authorization token",
    ),
    ...rows(
      ["token-expired", "refresh-refused", "token-missing", "region-wrong"],
      "Error when retrieving token from sso: Token has expired and refresh failed",
      "Error loading SSO Token: The SSO access token has either expired or is otherwise invalid",
    ),
    // The SDK for Java prints the same text for expired tokens and for revoked ones.
    ...rows(
      [
        "token-expired",
        "token-missing",
        "session-ended",
        "refresh-refused",
        "scope-missing",
        "region-wrong",
      ],
      "The SSO session associated with this profile has expired or is otherwise invalid",
    ),
    ...rows(
      ["sign-in-ended"],
      "The pending authorization to retrieve an SSO token has expired",
      "An error occurred (ExpiredTokenException) when calling the CreateToken operation",
      "An error occurred (AccessDeniedException) when calling the CreateToken operation",
      "Unable to initialize the OAuth 2.0 authorization callback handler",
    ),
    ...rows(
      ["region-wrong"],
      "(InvalidRequestException) when calling the StartDeviceAuthorization operation",
      "(InvalidRequestException) when calling the RegisterClient operation",
      "Provided region_name {…} doesn't match a supported format",
      "Invalid endpoint: https://{…}.amazonaws.com",
    ),
    ...rows("region-missing", "You must specify a region"),
    ...rows(
      ["no-credentials", "profile-missing"],
      "Unable to locate credentials",
      "Error when retrieving credentials from {…}: No credentials found in credential_source referenced in profile {profile}",
      "Error when retrieving credentials from container-role:",
      "Error when retrieving credentials from iam-role:",
      "Invalid endpoint EC2 Instance Metadata endpoint:",
    ),
    ...rows(
      ["other-credentials"],
      "Partial credentials found in env, missing:",
      "Partial credentials found in explicit, missing:",
      "Partial credentials found in shared-credentials-file, missing:",
      "Partial credentials found in config-file, missing:",
    ),
    ...rows(
      ["process-failed", "process-gone", "process-output"],
      "Error when retrieving credentials from custom-process:",
    ),
    ...rows(
      ["process-gone"],
      "in _retrieve_credentials_using p = self._popen(",
      "aws: [ERROR]: [Errno 2] No such file or directory:",
      "aws: [ERROR]: [Errno 13] Permission denied:",
      "aws: [ERROR]: [WinError 2] The system cannot find the file specified",
    ),
    ...vague(
      ["process-gone"],
      "[Errno 2] No such file or directory: {…}",
      "[WinError 2] The system cannot find the file specified",
      "[Errno 13] Permission denied: {…}",
    ),
    ...rows(
      ["process-output"],
      "Error when retrieving credentials from custom-process: Unsupported version {…} for credential process provider",
      "Error when retrieving credentials from custom-process: Missing required key in response:",
      "in _retrieve_credentials_using parsed = botocore.compat.json.loads(",
      "Credentials were refreshed, but the refreshed credentials are still expired",
      "aws: [ERROR]: Expecting value: line",
    ),
    ...vague(["process-output"], "Expecting value: line {…} column {…} (char {…})"),
    ...rows(
      ["unreachable", "region-wrong", "proxy"],
      "Could not connect to the endpoint URL: {url}",
      "Connect timeout on endpoint URL: {url}",
      "Read timeout on endpoint URL: {url}",
    ),
    // Also printed if the portal throttles requests (HTTP 429).
    ...rows(
      ["unreachable", "proxy", "throttled"],
      "Connection was closed before we received a valid response from endpoint URL: {url}",
    ),
    ...rows(
      "proxy",
      "Failed to connect to proxy URL: {…}",
      "Invalid configuration value(s) provided for proxies_config",
    ),
    ...rows(
      "certificate",
      "SSL validation failed for",
      "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed",
      "certificate verify failed: unable to get local issuer certificate",
      "certificate verify failed: self signed certificate",
      "certificate verify failed: self-signed certificate",
    ),
    // The AWS CLI 2.9, if the source profile's role fails.
    ...rows("assume-role-refused", "'NoneType' object has no attribute 'get_frozen_token'"),
    ...rows(
      ["credentials-expired"],
      "Your session has expired or credentials have changed. Please reauthenticate using aws login",
      "Error loading login session token:",
    ),
    ...rows(
      "permission-missing",
      "Unable to create or refresh login credentials due to insufficient permissions",
    ),
  ],
  marks: [
    [
      "aws-cli-v1",
      "aws-cli/1.",
      "aws: error: argument operation: Invalid choice, valid choices are: get-role-credentials",
    ],
    ["aws-cli", "aws: [ERROR]:", "aws: error:", "aws-cli/2.", "awscli/clidriver.py"],
    [
      "boto3",
      "botocore.exceptions.",
      "botocore.errorfactory.",
      "boto3/session.py",
      "botocore/client.py",
      "botocore/credentials.py",
    ],
    ["aws-cli", "An error occurred ({…}) when calling the {…} operation", "by running aws"],
  ],
};
