import { rows, vague, type MessageFamily } from "../message.ts";

/** Notices and log messages of the AWS Toolkits for VS Code (3) and JetBrains (3). */
export const VSCODE: MessageFamily = {
  client: "vscode",
  messages: [
    ...rows("scope-missing", "Session for {profile} is missing required scope: sso:account:access"),
    ...rows(
      ["token-expired", "session-ended", "token-missing"],
      "Connection is invalid or expired. Try logging in again",
      "Connection profile:{profile} is invalid or expired, login again?",
      "Connection {…} is invalid or expired, login again?",
      "SSO cache data unexpectedly missing props: [{…}]",
    ),
    ...rows(
      ["token-missing", "token-expired"],
      "Failed to load SSO credentials. Try logging in again",
    ),
    ...rows(
      "profile-missing",
      "Connection does not exist: profile:{profile}",
      "Credentials provider 'profile:{profile}' not found",
      "Profile {profile} is not a valid Credential Profile: Shared Credentials Profile {…} not found. Reference chain:",
    ),
    ...rows(
      ["config-invalid", "profile-missing"],
      "Profile {profile} is not a valid Credential Profile: {…}",
      "Shared Credentials profile {profile} is not supported",
      "Credentials profile {profile} is invalid",
    ),
    ...rows(
      "sign-in-ended",
      "Timed-out waiting for browser login flow to complete",
      "User cancelled login",
    ),
    ...rows(
      ["unreachable", "proxy"],
      "Failed to refresh connection due to networking issues",
      "Failed to connect to {…} [FailedToConnect]",
    ),
    ...vague(["token-expired", "profile-missing"], "Error: Unable to authenticate connection"),
    ...vague(
      ["token-missing", "token-expired"],
      "No active SSO connection is detected: no credentials provided",
    ),
  ],
  marks: [
    [
      "vscode",
      "aws-toolkit-vscode",
      "_aws.toolkit.",
      "_aws.auth.",
      "aws.auth.addConnection",
      "auth: Updating connection state of",
      "auth: failed to",
      "aws.codeWhisperer.",
      "amazonq.",
      "is not a valid Credential Profile",
      "API response (oidc.",
    ],
  ],
};

export const JETBRAINS: MessageFamily = {
  client: "jetbrains",
  messages: [
    ...rows(
      ["token-expired", "token-missing", "session-ended"],
      "Profile:{profile} requires you to re-login with AWS IAM Identity Center",
      "AWS IAM Identity Center Login Required",
    ),
    ...rows(
      "session-missing",
      "Profile {profile} references sso-session {session} which does not exist",
    ),
    ...rows(
      "profile-missing",
      "Profile {profile} references source profile {…} which does not exist",
    ),
    // The toolkit before 1.60 ignores sso_session.
    ...rows(
      ["client-too-old", "config-invalid"],
      "Profile {profile} is not using role-based, session-based, process-based, or basic credentials",
    ),
    ...rows(
      ["config-invalid", "client-too-old"],
      "Profile {profile} is missing required property {…}",
      "Failed to load AWS profiles",
      "Profile {profile} is invalid due to a circular profile dependency found between",
      "profile {profile} contains both properties 'source_profile' and 'credential_source'",
      "profile {profile} is not using a valid 'credential_source'",
      "profile {profile} missing either property 'source_profile' or 'credential_source'",
    ),
    ...rows(["process-failed", "process-gone"], "Failed to execute credential_process ({…})"),
    ...rows(
      "process-output",
      "Failed to parse credential_process response",
      "Execution of credential_process ({…}) timed out",
    ),
    ...rows("no-credentials", "No active credential provider configured"),
    ...rows("region-missing", "Must specify a region"),
    ...rows(
      "sign-in-ended",
      "AWS IAM Identity Center login cancelled",
      "Login canceled by user",
      "AWS IAM Identity Center Login Failed",
    ),
    ...vague(
      ["credentials-expired", "token-expired"],
      "Failed to switch to profile {profile}",
      "Failed to validate your AWS credentials",
    ),
  ],
  marks: [
    [
      "jetbrains",
      "software.aws.toolkits",
      "AWS Toolkit For JetBrains",
      "com.intellij.",
      "#c.i.",
      "Unable to connect to AWS:",
      "Failed to load AWS profiles",
      "Exception occurred attempting to inject region/credentials",
    ],
  ],
};
