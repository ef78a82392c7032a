import { ANY_CREDENTIALS, rows, vague, type MessageFamily } from "../message.ts";

/** Messages of the SDK for Go v2 (config 1.33, credentials 1.21, smithy-go 1.28), and Go's network errors. */
export const GO: MessageFamily = {
  client: "go-v2",
  messages: [
    // Also printed if the section's header can't be read.
    ...rows(
      ["profile-missing", "config-invalid"],
      "failed to get shared config profile, {profile}",
    ),
    ...rows("session-missing", "failed to find SSO session section, {session}"),
    // The SDKs before config 1.18 (v2) and 1.44.201 (v1) ignore sso_session.
    ...rows(
      ["client-too-old", "config-invalid", "session-missing"],
      "profile {profile} is configured to use SSO but is missing required configuration: sso_region, sso_start_url",
    ),
    ...rows(
      "config-invalid",
      "profile {profile} is configured to use SSO but is missing required configuration: {…}",
      "in profile {profile} must match {…} in sso-session",
      "failed to load shared config file, {…}",
      "only one credential type may be specified per profile: source profile, credential source",
      "credential_source values must be EcsContainer, Ec2InstanceMetadata, or Environment",
      "assume role with MFA enabled, but AssumeRoleTokenProvider session option not set",
      "InvalidRequestException: account_id and role_name are required",
    ),
    ...rows(
      ["token-missing", "token-expired"],
      "failed to read cached SSO token file, open {…}",
      "failed to parse cached SSO token file",
      "cached SSO token must contain accessToken and expiresAt fields",
      "the SSO session has expired or is invalid: open {…}",
      "the SSO session has expired or is invalid: failed to read cached SSO token file",
    ),
    ...rows(
      ["token-expired", "refresh-refused", "token-missing"],
      "cached SSO token is expired, or not present, and cannot be refreshed",
      "the SSO session has expired or is invalid",
    ),
    ...rows(
      "assume-role-refused",
      "operation error STS: AssumeRole, https response error StatusCode: 403, {…}api error AccessDenied:",
    ),
    // For `aws login`.
    ...rows(
      ["credentials-expired", "no-credentials"],
      "token file not found, please reauthenticate",
      "login session has expired, please reauthenticate",
    ),
    ...rows("permission-missing", "api error Forbidden: Forbidden"),
    ...rows("region-missing", "an AWS region is required, but was not found"),
    ...rows("region-wrong", "requested bucket from {region}, actual location"),
    ...rows(
      ["process-failed", "process-gone", "process-output"],
      "error in credential_process: {…}",
    ),
    // The exit code of a shell that can't find a program is 127, and 126 if it can't start the program.
    ...rows(
      ["process-gone", "process-failed"],
      "error in credential_process: exit status 127",
      "error in credential_process: exit status 126",
    ),
    ...rows(
      "process-output",
      "parse failed of process output: {…}",
      "wrong version in process output (not 1)",
      "missing {…} in process output",
      "credential process timed out",
    ),
    ...rows(
      "other-credentials",
      "error fetching config from profile, {profile}, Error using profile: {…}, partial credentials found for profile",
      "static credentials are empty",
    ),
    ...rows(
      ["unreachable", "region-wrong", "proxy"],
      "dial tcp: lookup {…}.amazonaws.com{…}: no such host",
      "dial tcp: lookup {…}.awsapps.com{…}: no such host",
    ),
    ...rows(
      ["no-credentials", "profile-missing", "config-invalid", "other-credentials"],
      "no EC2 IMDS role found",
      "latest/meta-data/iam/security-credentials/: dial tcp",
      "request send failed, {…}http://169.254.169.254/{…}: dial tcp",
    ),
    ...rows(
      ["proxy"],
      "request send failed, {…}: proxyconnect tcp: dial tcp",
      "request send failed, {…}: Proxy Authentication Required",
      // The response of a proxy that does not allow the host.
      "request send failed, {…}: Forbidden",
    ),
    ...rows(
      ["certificate"],
      "tls: failed to verify certificate: {…}",
      "x509: certificate signed by unknown authority",
    ),
    ...rows(["certificate", "clock-off"], "x509: certificate has expired or is not yet valid"),
    ...rows(["unreachable", "region-wrong", "proxy"], "request send failed, {…}: dial tcp"),
    ...vague(
      ["throttled", "unreachable", "proxy"],
      "failed to get rate limit token, retry quota exceeded",
    ),
    ...vague(ANY_CREDENTIALS, "failed to refresh cached credentials, {…}"),
    ...vague(
      ["unreachable", "region-wrong", "proxy", "certificate"],
      "https response error StatusCode: 0, RequestID: {…}, request send failed",
      "https response error StatusCode: 0, RequestID: {…}, canceled, context deadline exceeded",
    ),
  ],
  marks: [
    [
      "go-v2",
      "https response error StatusCode:",
      "failed to refresh cached credentials,",
      "get identity: get credentials:",
      "operation error {…}: {…}, failed to",
    ],
  ],
};

/** Messages of the SDK for Go v1 (1.55), which begin with an error code. */
export const GO_V1: MessageFamily = {
  client: "go-v1",
  messages: [
    ...rows(
      ["profile-missing", "config-invalid"],
      "SharedConfigProfileNotExistsError: failed to get profile, {profile}",
      "SharedCredsLoad: failed to get profile",
      "failed to load assume role for {…}, source profile {profile} has no shared credentials",
    ),
    ...rows("config-invalid", "SharedConfigLoadError: failed to load config file, {…}"),
    ...rows(
      ["token-missing", "token-expired"],
      "SSOProviderInvalidToken: the SSO session has expired or is invalid caused by: open",
    ),
    ...rows(
      ["token-expired", "refresh-refused", "token-missing"],
      "SSOProviderInvalidToken: the SSO session has expired or is invalid",
    ),
    ...rows(
      "region-wrong",
      "BucketRegionError: incorrect region, the bucket is not in {region} region",
    ),
    ...rows("region-missing", "MissingRegion: could not find region configuration"),
    ...rows(
      ["process-failed", "process-gone", "process-output"],
      "ProcessProviderExecutionError: error in credential_process",
    ),
    ...rows(
      ["process-gone", "process-failed"],
      "ProcessProviderExecutionError: error in credential_process caused by: exit status 127",
      "ProcessProviderExecutionError: error in credential_process caused by: exit status 126",
    ),
    ...rows("process-output", "parse failed of credential_process output: {…}"),
    ...rows(
      ["no-credentials", "profile-missing", "config-invalid", "other-credentials"],
      "NoCredentialProviders: no valid providers in chain",
      "EC2RoleRequestError: no EC2 instance role found",
    ),
    ...vague(
      ["no-credentials", "profile-missing"],
      "EC2MetadataError: failed to make EC2Metadata request",
    ),
    ...rows(
      ["no-credentials", "other-credentials"],
      "SharedCredsLoad: failed to load shared credentials file",
      "AWS_ACCESS_KEY_ID or AWS_ACCESS_KEY not found in environment",
    ),
    ...rows(
      ["other-credentials"],
      "AWS_SECRET_ACCESS_KEY or AWS_SECRET_KEY not found in environment",
    ),
    ...rows(
      "proxy",
      "send request failed caused by: {…}: proxyconnect tcp: dial tcp",
      "send request failed caused by: {…}: Proxy Authentication Required",
      "send request failed caused by: {…}: Forbidden",
    ),
    ...rows(
      ["unreachable", "region-wrong", "proxy"],
      "send request failed caused by: {…}: dial tcp",
    ),
    ...vague(
      ["unreachable", "region-wrong", "proxy", "certificate"],
      "RequestError: send request failed",
    ),
  ],
  marks: [
    [
      "go-v1",
      "status code: {…}, request id:",
      "RequestError: send request failed",
      "RespMetadata: { StatusCode:",
      "NoCredentialProviders:",
      "SSOProviderInvalidToken:",
      "ProcessProviderExecutionError:",
      "ProcessProviderParseError:",
      "ProcessProviderVersionError:",
      "ProcessProviderRequiredError:",
      "SharedConfigAssumeRoleError:",
      "EmptyStaticCreds:",
      "BucketRegionError:",
      // The SDK for Go v2 prints other text before these messages.
      "failed to read cached SSO token file, open",
      "refresh cached SSO token failed,",
    ],
  ],
};
