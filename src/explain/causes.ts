/**
 * The causes of failures of AWS clients, by priority. A message can have several causes; the first one in this list that
 * is true on this machine is reported.
 */

/** What explain checks in addition to the config and credentials files. */
export type Check =
  /** Calls the access portal with the session's token, which is refreshed if it has expired. */
  | "session"
  /** Fetches role credentials from the access portal, without the cache. */
  | "role"
  /** Calls STS with the profile's credentials. */
  | "identity"
  /** Compares this machine's clock with the portal's. */
  | "clock"
  /** Reads Docker's config file. */
  | "registry";

export interface Cause {
  /** A few words, printed after the client's name. */
  readonly title: string;
  /** The meaning of the message, in one sentence. */
  readonly means: string;
  /** The ids of the doctor's rules whose findings show that the cause is true. */
  readonly rules: readonly string[];
  readonly checks: readonly Check[];
  /** The cure in docs/errors.md, without facts about a machine. */
  readonly cure: string;
}

export const CAUSES = {
  "profile-missing": {
    title: "the profile does not exist",
    means: "The client looked for a profile that is in none of its files.",
    rules: ["env-profile-missing", "env-profile-empty", "header-unread", "source-profile-missing"],
    checks: [],
    cure: "latchkey profiles",
  },
  "session-missing": {
    title: "the SSO session does not exist",
    means: "The profile uses an sso-session section that is not in the config.",
    rules: ["session-missing"],
    checks: [],
    cure: "latchkey configure session",
  },
  "config-invalid": {
    title: "the client can't use the config",
    means: "The config or the credentials file has a line or a value that this client refuses.",
    rules: [
      "config-unreadable",
      "credentials-unreadable",
      "credentials-refused",
      "byte-order-mark",
      "nul-byte",
      "key-before-section",
      "header-unterminated",
      "line-without-key",
      "nested-line-without-key",
      "duplicate-section",
      "duplicate-key",
      "config-template",
      "session-conflict",
      "session-incomplete",
      "role-incomplete",
      "role-without-source",
      "source-profile-missing",
      "source-profile-loop",
      "account-id-invalid",
      "start-url-invalid",
      "refused-by-javascript",
      "refused-by-some",
      "value-quoted",
      "value-characters",
      "value-invalid",
      "profile-mixed",
      "role-duration",
      "role-session-name",
      "endpoint-unsafe",
    ],
    checks: [],
    cure: "latchkey doctor --fix",
  },
  "client-too-old": {
    title: "the client is too old for sso-session",
    means: "This client ignores sso_session, and the profile has no other SSO keys.",
    rules: ["aws-cli-old", "terraform-old"],
    checks: [],
    cure: "latchkey configure --form credential-process",
  },
  "other-credentials": {
    title: "other credentials take precedence",
    means:
      "Access keys in the environment or in a file override the profile, and they are not valid.",
    rules: [
      "env-keys-partial",
      "env-keys",
      "env-keys-other-names",
      "env-security-token",
      "env-web-identity",
      "credentials-override",
      "identity-mixed",
    ],
    checks: [],
    cure: "latchkey whoami --clients",
  },
  "process-gone": {
    title: "the credential_process can't be started",
    means: "The program in the profile's credential_process does not exist or can't be started.",
    rules: [
      "process-gone",
      "process-quotes",
      "process-quoting",
      "process-shell",
      "process-in-cache",
      "process-of-one-version",
    ],
    checks: ["identity"],
    cure: "latchkey configure",
  },
  "process-failed": {
    title: "the credential_process fails",
    means: "The profile's credential_process ran and ended with an error.",
    rules: ["process-calls-itself"],
    checks: ["identity"],
    cure: "latchkey doctor",
  },
  "process-output": {
    title: "the credential_process prints no credentials",
    means: "The profile's credential_process did not print the JSON that AWS clients require.",
    rules: ["process-calls-itself"],
    checks: ["identity"],
    cure: "latchkey doctor",
  },
  "region-missing": {
    title: "no Region is set",
    means: "The client found no Region, so it can't choose an endpoint.",
    rules: ["region-missing", "env-region-empty", "env-default-region"],
    checks: [],
    cure: "export AWS_REGION=REGION",
  },
  "region-wrong": {
    title: "the Region is wrong",
    means:
      "This service, or your Identity Center, does not run in this Region, or the start URL is wrong.",
    rules: [
      "region-misspelt",
      "sso-region-invalid",
      "start-url-invalid",
      "variable-region",
      "start-url-twins",
    ],
    checks: ["session"],
    cure: "latchkey doctor",
  },
  certificate: {
    title: "the TLS certificate is not trusted",
    means:
      "The client does not trust the certificate that it received. Often it comes from a company's proxy between this machine and AWS.",
    rules: ["ca-bundle-unusable", "tls-unverified"],
    checks: ["session", "identity"],
    cure: "export AWS_CA_BUNDLE=FILE",
  },
  proxy: {
    title: "the proxy does not work",
    means: "The proxy that is set in the environment does not answer, or it refuses the request.",
    rules: ["proxy-invalid", "proxy-socks"],
    checks: ["session", "identity"],
    cure: "latchkey doctor",
  },
  unreachable: {
    title: "AWS can't be reached",
    means:
      "The client got no answer. There is no network, the host name does not exist, or a firewall blocks the connection.",
    rules: ["service-unreachable", "endpoint-in-force", "endpoint-in-config", "region-misspelt"],
    checks: ["session", "identity"],
    cure: "latchkey doctor",
  },
  throttled: {
    title: "too many requests",
    means: "AWS refused the request because it received too many in a short time.",
    rules: [],
    checks: ["session", "identity"],
    cure: "latchkey status --verify",
  },
  "clock-off": {
    title: "the clock is wrong",
    means:
      "AWS refuses requests if this machine's clock is off by more than 5 minutes (15 for S3).",
    rules: ["clock-wrong", "clock-drifting"],
    checks: ["clock", "identity"],
    cure: "latchkey doctor",
  },
  "token-missing": {
    title: "you are not signed in",
    means: "The client found no access token for the SSO session on this machine.",
    rules: ["token-foreign", "token-unreadable"],
    checks: ["session"],
    cure: "latchkey login",
  },
  "scope-missing": {
    title: "the token lacks a scope",
    means: "The access token does not have the scope sso:account:access.",
    rules: ["scopes-missing", "scopes-invalid", "scopes-without-refresh"],
    checks: ["session"],
    cure: "latchkey login --force",
  },
  "session-ended": {
    title: "the sign-in was ended",
    means:
      "AWS no longer accepts the access token. An administrator ended the session, or someone signed out.",
    rules: [],
    checks: ["session"],
    cure: "latchkey login",
  },
  "refresh-refused": {
    title: "the token can't be refreshed",
    means: "The access token has expired, and AWS refused to refresh it.",
    rules: ["token-dead"],
    checks: ["session"],
    cure: "latchkey login",
  },
  "token-expired": {
    title: "the sign-in has expired",
    means: "The access token of the SSO session has expired.",
    rules: ["token-dead", "token-unrenewable"],
    checks: ["session"],
    cure: "latchkey login",
  },
  "role-not-assigned": {
    title: "the role is not assigned to you",
    means: "You have no assignment for this role in this account.",
    rules: [],
    checks: ["role"],
    cure: "latchkey roles",
  },
  "assume-role-refused": {
    title: "the role could not be assumed",
    means:
      "STS refused AssumeRole. The role does not exist, or it does not trust these credentials.",
    rules: ["role-duration", "role-session-name", "source-profile-missing", "role-without-source"],
    checks: ["identity"],
    cure: "latchkey whoami",
  },
  "credentials-expired": {
    title: "the credentials have expired",
    means: "The role credentials that the client sent have expired.",
    rules: [],
    checks: ["identity"],
    cure: "latchkey whoami",
  },
  "credentials-invalid": {
    title: "AWS does not accept the credentials",
    means: "The access key does not exist, or the secret key does not belong to it.",
    rules: [],
    checks: ["identity"],
    cure: "latchkey whoami",
  },
  "permission-missing": {
    title: "the role lacks a permission",
    means:
      "AWS accepts your credentials, but the permissions of this role do not allow the action.",
    rules: [],
    checks: ["identity"],
    cure: "latchkey roles",
  },
  "registry-login": {
    title: "you are not logged in to the registry",
    means: "Docker has no login for this registry, or the login is more than 12 hours old.",
    rules: [],
    checks: ["registry", "identity"],
    cure: "aws ecr get-login-password --region REGION | docker login --username AWS --password-stdin HOST",
  },
  "sign-in-ended": {
    title: "the sign-in was not finished",
    means: "The code or the browser page expired, was refused, or was closed.",
    rules: [],
    checks: ["session"],
    cure: "latchkey login",
  },
  "no-credentials": {
    title: "no credentials were found",
    means:
      "The client found no credentials in any of its sources. The last source is the instance metadata of an EC2 server.",
    rules: ["unprefixed-section", "env-profile-empty", "region-missing"],
    checks: ["identity"],
    cure: "latchkey use",
  },
} as const satisfies Readonly<Record<string, Cause>>;

export type CauseId = keyof typeof CAUSES;
