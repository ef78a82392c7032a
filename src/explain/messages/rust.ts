import { rows, vague, type MessageFamily } from "../message.ts";

/**
 * The SDK for Rust (aws-config 1.13, aws-runtime 1.10): in words, as `{:#}` and DisplayErrorContext print an error, and in
 * the names of its types, as `{:?}` and `unwrap()` do.
 */
export const RUST: MessageFamily = {
  client: "rust",
  messages: [
    ...rows(
      "profile-missing",
      "profile {profile} was not defined:",
      'MissingProfile { profile: "{profile}", message:',
    ),
    ...rows(
      "session-missing",
      "sso-session named {session} (referenced by profile {profile}) was not found",
      'MissingSsoSession { profile: "{profile}", sso_session: "{session}" }',
    ),
    ...rows(
      ["config-invalid", "client-too-old"],
      "profile {profile} has invalid SSO config: {…}",
      'InvalidSsoConfig { profile: "{profile}", message: {…}',
      "selected profile will resolve an access token instead of credentials since it doesn't have sso_account_id and sso_role_name set",
      "TokenProviderConfig {",
      "error parsing {…} on line {…}:",
      "EnvConfigParseError {",
      "profile formed an infinite loop. first we loaded",
      "CredentialLoop { profiles:",
      "missing credential source in {profile}:",
      "invalid credential source in {profile}:",
      "profile {profile} did not contain credential information",
      'ProfileDidNotContainCredentials { profile: "{profile}" }',
      "This behavior requires following cargo feature(s) enabled:",
      "FeatureNotEnabled { feature:",
      "profile referenced {…} provider but that provider is not supported",
    ),
    ...rows(
      ["no-credentials"],
      "profile default did not contain credential information",
      'ProfileDidNotContainCredentials { profile: "default" }',
      "No profiles were defined",
      "NoProfilesDefined",
    ),
    ...rows(
      ["token-missing", "token-expired"],
      "failed to load the cached SSO token",
      "FailedToLoadToken {",
      "invalid JSON in cached SSO token file",
      "missing field {…} in cached SSO token file",
      "invalid value for the {…} field in the cached SSO token file",
    ),
    ...rows(
      ["token-expired", "refresh-refused"],
      "the SSO token has expired and cannot be refreshed",
      "source: ExpiredToken",
    ),
    ...rows(
      ["refresh-refused", "token-expired"],
      "call to SSO OIDC CreateToken for SSO token refresh failed: {…}",
    ),
    ...rows(
      ["process-failed", "process-gone", "process-output"],
      "Error retrieving credentials: external process exited with code {…}. Stderr:",
    ),
    ...rows(
      ["process-gone", "process-failed"],
      "Error retrieving credentials: external process exited with code exit status: 126. Stderr:",
      "Error retrieving credentials: external process exited with code exit status: 127. Stderr:",
    ),
    ...rows(
      "process-output",
      "Error retrieving credentials from external process, could not parse response:",
      "Error retrieving credentials from external process: could not decode output as UTF-8",
    ),
    ...vague(
      ["no-credentials"],
      "no providers in chain provided credentials",
      "the credential provider was not enabled",
      "CredentialsNotLoaded(",
      "could not communicate with IMDS",
      "ImdsCommunicationError {",
      "an error occurred while loading credentials",
      "credentials provider timed out after {…} seconds",
    ),
    ...rows(
      ["unreachable", "region-wrong", "proxy"],
      "dns error {…} failed to lookup address information",
      "tcp connect error",
      "HttpTimeoutError { kind:",
      "HTTP connect timeout occurred after",
    ),
    ...rows(
      "certificate",
      "invalid peer certificate: UnknownIssuer",
      "InvalidCertificate(UnknownIssuer)",
      "invalid peer certificate: {…}",
      "InvalidCertificate({…})",
      "invalid certificate: UnknownIssuer",
      "tls_process_server_certificate:certificate verify failed",
    ),
    ...vague(["config-invalid"], "the credentials provider was not properly configured"),
    ...vague("unreachable", "dispatch failure"),
  ],
  marks: [
    [
      "rust",
      "DispatchFailure(",
      "dispatch failure",
      "aws_config::",
      "aws_runtime::",
      "aws_smithy_",
      "aws_sdk_",
      "cached SSO token file",
      "the credentials provider was not properly configured",
    ],
  ],
};
