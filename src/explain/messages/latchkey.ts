import { rows, vague, type MessageFamily } from "../message.ts";

/** latchkey's own messages, as in src/. `machine/attempts.ts` also uses them to find the cause of latchkey's errors. */
export const LATCHKEY: MessageFamily = {
  client: "latchkey",
  messages: [
    ...rows(
      "profile-missing",
      "latchkey: error: No profile {profile} in {…}",
      "latchkey: error: No SSO session or profile {profile} in {…}",
      "[profile {profile}] has the source_profile {…}, which does not exist",
    ),
    ...rows(
      "session-missing",
      "latchkey: error: No SSO session {session}, which is named in",
      "latchkey: error: No SSO session {session} in {…}",
    ),
    ...rows(
      "token-missing",
      "The SSO session {session} has no token on this machine",
      "The SSO session at {url} has no token on this machine",
    ),
    ...rows(
      ["token-missing", "session-ended", "region-wrong"],
      "has no token on this machine: the one under its name is another portal's",
    ),
    ...rows(
      ["token-expired", "refresh-refused"],
      "The SSO session {session} has expired.",
      "The SSO session at {url} has expired.",
    ),
    ...rows(
      ["session-ended", "scope-missing"],
      "The SSO session {session} is no longer accepted by AWS",
      "The SSO session at {url} is no longer accepted by AWS",
      "The SSO session {session} was signed out meanwhile",
    ),
    ...rows(
      "config-invalid",
      "sso_start_url is missing (",
      "sso_region is missing (",
      "[profile {profile}] has no sso_{…}: ",
      "[profile {profile}] has another sso_{…} than its SSO session",
      "[profile {profile}] has a role_arn and no source of credentials",
    ),
    ...rows("process-gone", "[profile {profile}] runs {…}, which is not there or can't be run"),
    ...rows("role-not-assigned", "The role {role} in {account} is not assigned to you"),
    ...rows("role-not-assigned", "No AWS accounts are available to you"),
    ...rows(
      ["credentials-expired", "other-credentials", "clock-off"],
      "does not accept these credentials (ExpiredToken",
    ),
    ...rows(
      ["credentials-invalid", "other-credentials", "clock-off"],
      "does not accept these credentials ({…})",
    ),
    ...rows("permission-missing", "does not accept these credentials (AccessDenied)"),
    ...rows(
      "clock-off",
      "the clock of this machine is {…} behind the service's",
      "the clock of this machine is {…} ahead of the service's",
    ),
    ...rows(
      "credentials-expired",
      "The access portal gave role credentials that have already expired",
    ),
    ...rows("assume-role-refused", "STS refuses the role of the profile {profile} ("),
    ...rows("config-invalid", "STS refuses what the profile {profile} asks for"),
    ...rows("no-credentials", "The profile {profile} has no source of credentials"),
    ...rows(
      ["no-credentials", "config-invalid"],
      "The profile {profile} yields no credentials to AWS clients",
      "The profile {profile} names no account and role",
    ),
    ...rows(
      ["process-failed", "process-output", "process-gone", "no-credentials", "config-invalid"],
      "The AWS SDK got no credentials from the profile {profile}",
      "The profile {profile} has no SSO session.",
    ),
    ...rows(
      ["no-credentials", "other-credentials", "credentials-invalid"],
      "latchkey: error: Which profile?",
    ),
    ...rows("no-credentials", "latchkey: error: No profile in {…}.aws/config"),
    ...rows("no-credentials", "This machine's metadata service returned no credentials"),
    ...rows("token-expired", "The aws login session of the profile {profile} has expired"),
    ...rows("throttled", "is throttling requests (HTTP 429)"),
    ...rows(
      "certificate",
      "The TLS certificate of {…} could not be verified ({…})",
      "did not answer with valid TLS",
    ),
    ...rows(
      "proxy",
      "latchkey: error: The proxy {…} could not be reached",
      "The proxy {…} requires a user name and password",
      "The proxy {…} rejected the user name and password",
      "The proxy {…} does not let requests to",
      "The proxy {…} did not answer within",
      "The proxy {…} could not reach",
      "The proxy {…} does not speak {…}, which {…}:// in",
      "names a {…} proxy, but latchkey supports only HTTP",
      "is not the address of a proxy",
      "contains a space or a line break in the proxy's address",
      "but botocore and latchkey accept only lower case",
    ),
    ...rows(
      "region-wrong",
      "The sign-in service refuses the client that it has just registered",
      "The start URL {url} does not lead to an access portal",
      "The start URL {url} is not an AWS access portal",
    ),
    ...rows("unreachable", "latchkey: error: {…} could not be reached ("),
    ...vague("config-invalid", "latchkey: error: {…}.aws/config, line"),
  ],
  marks: [["latchkey", "latchkey: error:", "latchkey: hint:"]],
};
