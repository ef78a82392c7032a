/**
 * Why an AWS client failed: the one list of causes, the one that goes before another first. A message may have several; the
 * first of the list that is so on this machine is taken.
 */

/** What is looked at beside the files. */
export type Check =
  /** The access portal, with the session's token, which is refreshed where it has run out. */
  | "session"
  /** The access portal, for the role's credentials, past the cache. */
  | "role"
  /** STS, with the credentials that the profile has. */
  | "identity"
  /** The portal's clock. */
  | "clock"
  /** Docker's own file. */
  | "registry";

export interface Cause {
  /** In a few words, behind the client's name. */
  readonly title: string;
  /** What the message means, in one sentence. */
  readonly means: string;
  /** The doctor's rules whose findings show it on a machine, by their ids. */
  readonly rules: readonly string[];
  readonly checks: readonly Check[];
  /** The cure for a reader of docs/errors.md, whose machine nobody has looked at. */
  readonly cure: string;
}

export const CAUSES = {
  "profile-missing": {
    title: "there is no such profile",
    means: "The client looked for a profile that none of its files has.",
    rules: ["env-profile-missing", "env-profile-empty", "header-unread", "source-profile-missing"],
    checks: [],
    cure: "latchkey profiles",
  },
  "session-missing": {
    title: "there is no such SSO session",
    means: "The profile names an sso-session section that the config does not have.",
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
    means: "This client does not know sso_session, and finds no SSO keys in the profile.",
    rules: ["aws-cli-old", "terraform-old"],
    checks: [],
    cure: "latchkey configure --form credential-process",
  },
  "other-credentials": {
    title: "other credentials win",
    means: "Keys in the environment or in a file go before the profile, and they are not good.",
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
    title: "the credential_process is not there",
    means: "The profile's credential_process names a program that can't be started.",
    rules: [
      "process-gone",
      "process-quotes",
      "process-quoting",
      "process-shell",
      "process-in-cache",
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
    means: "What the profile's credential_process printed is not the JSON that AWS clients take.",
    rules: ["process-calls-itself"],
    checks: ["identity"],
    cure: "latchkey doctor",
  },
  "region-missing": {
    title: "no Region is set",
    means: "The client does not know which Region to call.",
    rules: ["region-missing", "env-region-empty", "env-default-region"],
    checks: [],
    cure: "export AWS_REGION=REGION",
  },
  "region-wrong": {
    title: "the Region is wrong",
    means:
      "The Region, or the start URL, is not one in which this service or Identity Center runs.",
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
      "Something between this machine and AWS, often a company's proxy, shows a certificate that the client does not trust.",
    rules: ["ca-bundle-unusable", "tls-unverified"],
    checks: ["session", "identity"],
    cure: "export AWS_CA_BUNDLE=FILE",
  },
  proxy: {
    title: "the proxy is in the way",
    means: "The proxy that the environment names does not answer, or refuses the request.",
    rules: ["proxy-invalid", "proxy-socks"],
    checks: ["session", "identity"],
    cure: "latchkey doctor",
  },
  unreachable: {
    title: "AWS could not be reached",
    means: "The client got no answer: no network, no such name, or a firewall in between.",
    rules: ["service-unreachable", "endpoint-in-force", "endpoint-in-config", "region-misspelt"],
    checks: ["session", "identity"],
    cure: "latchkey doctor",
  },
  throttled: {
    title: "too many requests",
    means: "AWS turned the request away because too many came at once.",
    rules: [],
    checks: ["session", "identity"],
    cure: "latchkey status --verify",
  },
  "clock-off": {
    title: "the clock is wrong",
    means: "AWS takes no request whose time is more than 5 minutes (15 for S3) from its own.",
    rules: ["clock-wrong", "clock-drifting"],
    checks: ["clock", "identity"],
    cure: "latchkey doctor",
  },
  "token-missing": {
    title: "nobody is signed in",
    means: "The client found no access token for the SSO session on this machine.",
    rules: ["token-foreign", "token-unreadable"],
    checks: ["session"],
    cure: "latchkey login",
  },
  "scope-missing": {
    title: "the token was made for something else",
    means: "The access token lacks the scope sso:account:access.",
    rules: ["scopes-missing", "scopes-invalid", "scopes-without-refresh"],
    checks: ["session"],
    cure: "latchkey login --force",
  },
  "session-ended": {
    title: "the sign-in was ended",
    means:
      "AWS no longer accepts the access token: an administrator ended the session, or somebody signed out.",
    rules: [],
    checks: ["session"],
    cure: "latchkey login",
  },
  "refresh-refused": {
    title: "the sign-in can't be renewed",
    means: "The access token has expired, and AWS refused to renew it.",
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
    means: "Identity Center does not give you this role in this account.",
    rules: [],
    checks: ["role"],
    cure: "latchkey roles",
  },
  "assume-role-refused": {
    title: "the role could not be assumed",
    means: "STS refused AssumeRole: the role is not there, or does not trust these credentials.",
    rules: ["role-duration", "role-session-name", "source-profile-missing", "role-without-source"],
    checks: ["identity"],
    cure: "latchkey whoami",
  },
  "credentials-expired": {
    title: "the credentials have expired",
    means: "The role credentials that the client sent have run out.",
    rules: [],
    checks: ["identity"],
    cure: "latchkey whoami",
  },
  "credentials-invalid": {
    title: "AWS does not know the credentials",
    means: "The access key does not exist, or its secret does not fit.",
    rules: [],
    checks: ["identity"],
    cure: "latchkey whoami",
  },
  "permission-missing": {
    title: "the role may not do this",
    means: "AWS knows who you are; the permissions of this role do not allow the action.",
    rules: [],
    checks: ["identity"],
    cure: "latchkey roles",
  },
  "registry-login": {
    title: "no login at the registry",
    means: "Docker has no login for this registry, or one that is over 12 hours old.",
    rules: [],
    checks: ["registry", "identity"],
    cure: "aws ecr get-login-password --region REGION | docker login --username AWS --password-stdin HOST",
  },
  "sign-in-ended": {
    title: "the sign-in was not finished",
    means: "The code or the browser's page ran out, was refused or was closed.",
    rules: [],
    checks: ["session"],
    cure: "latchkey login",
  },
  "no-credentials": {
    title: "no credentials were found",
    means:
      "The client looked in every place that it knows, at last for a server's instance metadata, and found nothing.",
    rules: ["unprefixed-section", "env-profile-empty", "region-missing"],
    checks: ["identity"],
    cure: "latchkey use",
  },
} as const satisfies Readonly<Record<string, Cause>>;

export type CauseId = keyof typeof CAUSES;
