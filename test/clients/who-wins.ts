/** The credentials that each client uses, by the contents of a profile and the environment. */

const START_URL = "https://acme.awsapps.com/start";
export const SESSION = `[sso-session corp]\nsso_start_url = ${START_URL}\nsso_region = us-east-1\n`;
const ADMIN = "sso_account_id = 100000000002\nsso_role_name = Admin\n";
export const SSO = `sso_session = corp\n${ADMIN}`;
const LEGACY = `sso_start_url = ${START_URL}\nsso_region = us-east-1\n${ADMIN}`;
const ROLE = "role_arn = arn:aws:iam::100000000003:role/Deploy\n";
export const BY_BASE = `${ROLE}source_profile = base\n`;
const BY_TOKEN = `${ROLE}web_identity_token_file = /t\n`;
const BY_ENVIRONMENT = `${ROLE}credential_source = Environment\n`;
export const KEYS = "aws_access_key_id = KEY\naws_secret_access_key = SECRET\n";
const PROCESS = "credential_process = /opt/keys\n";
export const OWN =
  "credential_process = /opt/latchkey credential-process --sso-session corp --account-id 100000000002 --role-name Admin\n";
const LOGIN = "login_session = arn:aws:iam::100000000009:user/me\n";
export const BASE =
  "[profile base]\nsso_session = corp\nsso_account_id = 100000000001\nsso_role_name = View\n";
const ENV_KEYS = { AWS_ACCESS_KEY_ID: "ENV", AWS_SECRET_ACCESS_KEY: "SECRET" };
export const OLD_KEYS = { AWS_ACCESS_KEY: "OLD", AWS_SECRET_KEY: "SECRET" };

export interface Input {
  /** Keys of `[profile a]`. */
  readonly a?: string;
  /** More sections of the config. */
  readonly more?: string;
  /** The whole config, instead of profile a, base and the session. */
  readonly config?: string;
  readonly credentials?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly named?: string;
}

/** The outcome by client names; `"-"` is for all other clients. */
export type Expected = Readonly<Record<string, string>>;

const GO = "go-v2 go-v1 terraform";
export const VIEW = "100000000001 View";
export const SELF = "100000000002 Admin";

export const ROWS: ReadonlyArray<readonly [what: string, input: Input, expected: Expected]> = [
  ["an SSO session", { a: SSO }, { "-": SELF }],
  ["the legacy form", { a: LEGACY }, { "-": SELF }],
  ["latchkey's own process", { a: OWN }, { "-": SELF }],
  ["another process", { a: PROCESS }, { "-": "process" }],
  ["keys in the config", { a: KEYS }, { "-": "key of config" }],
  ["keys in the credentials file", { credentials: `[a]\n${KEYS}` }, { "-": "key of credentials" }],
  ["aws login", { a: LOGIN }, { "go-v1": "none", "-": "login" }],
  ["a region alone", { a: "region = us-east-1\n" }, { "-": "none" }],
  ["a role over SSO", { a: BY_BASE }, { "-": `Deploy by ${VIEW}` }],
  [
    "a role over SSO beside SSO keys",
    { a: SSO + BY_BASE },
    { "java dotnet": SELF, "-": `Deploy by ${VIEW}` },
  ],
  [
    "a role over SSO beside latchkey's process",
    { a: OWN + BY_BASE },
    { [`${GO} dotnet`]: "refused", "-": `Deploy by ${VIEW}` },
  ],
  [
    "a role with a credential_source beside SSO keys, with nothing there",
    { a: SSO + BY_ENVIRONMENT },
    { "java dotnet": SELF, "javascript rust": "none", "-": "refused" },
  ],
  [
    "a role with a credential_source beside SSO keys",
    { a: SSO + BY_ENVIRONMENT, named: "a", env: ENV_KEYS },
    {
      "java dotnet": SELF,
      "-": "Deploy by AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY",
    },
  ],
  [
    "a role with a token's file beside SSO keys",
    { a: SSO + BY_TOKEN },
    { dotnet: SELF, "-": "Deploy by token" },
  ],
  [
    "a role without a source beside SSO keys",
    { a: SSO + ROLE },
    { "aws-cli boto3 rust": "refused", [GO]: `Deploy by ${SELF}`, "-": SELF },
  ],
  [
    "a role with two sources",
    { a: `${BY_BASE}credential_source = Environment\n` },
    { javascript: "none", "-": "refused" },
  ],
  [
    "a role of a profile that is missing",
    { a: `${ROLE}source_profile = nope\n` },
    { "javascript rust": "none", "-": "refused" },
  ],
  [
    "a role over the profile's own keys",
    { a: `${ROLE}source_profile = a\n${KEYS}` },
    { "java dotnet": "refused", "-": "Deploy by key of config" },
  ],
  [
    "static keys beside SSO keys",
    { a: SSO + KEYS },
    { [`javascript ${GO}`]: "key of config", "-": SELF },
  ],
  [
    "static keys in the credentials file beside SSO keys",
    { a: SSO, credentials: `[a]\n${KEYS}` },
    { [`javascript ${GO}`]: "key of credentials", "-": SELF },
  ],
  [
    "static keys beside a process",
    { a: PROCESS, credentials: `[a]\n${KEYS}` },
    { "java rust": "process", dotnet: "refused", "-": "key of credentials" },
  ],
  ["a process beside SSO keys", { a: SSO + PROCESS }, { javascript: "process", "-": SELF }],
  ["aws login beside SSO keys", { a: SSO + LOGIN }, { "-": SELF }],
  [
    "aws login beside keys of the config",
    { a: LOGIN + KEYS },
    { "aws-cli boto3 java rust": "login", "-": "key of config" },
  ],
  [
    "another start URL beside the session",
    { a: `${SSO}sso_start_url = https://other.awsapps.com/start\n` },
    { "javascript dotnet": SELF, "-": "refused" },
  ],
  ["a session that is missing", { a: `sso_session = nope\n${ADMIN}` }, { "-": "refused" }],
  ["SSO keys in the credentials file", { credentials: `[a]\n${SSO}` }, { "-": SELF }],
  [
    "a code for the role",
    { a: `${BY_BASE}mfa_serial = arn:aws:iam::100000000003:mfa/me\n` },
    { "aws-cli boto3 java rust": `Deploy by ${VIEW}`, "-": "refused" },
  ],
  [
    "a loop of sources",
    { a: `${ROLE}source_profile = b\n`, more: `[profile b]\n${ROLE}source_profile = a\n` },
    { javascript: "none", "-": "refused" },
  ],
  [
    "keys in the environment",
    { a: SSO, env: { AWS_PROFILE: "a", ...ENV_KEYS } },
    { javascript: SELF, "-": "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY" },
  ],
  [
    "keys in the environment, and a profile named",
    { a: SSO, env: ENV_KEYS, named: "a" },
    { "-": SELF },
  ],
  [
    "keys by their old names",
    { a: SSO, env: { AWS_PROFILE: "a", ...OLD_KEYS } },
    { [GO]: "AWS_ACCESS_KEY AWS_SECRET_KEY", "-": SELF },
  ],
  [
    "an id without its secret",
    { a: SSO, env: { AWS_PROFILE: "a", AWS_ACCESS_KEY_ID: "X" } },
    { "aws-cli boto3": "refused", "-": SELF },
  ],
  [
    "an old token beside keys",
    { a: SSO, env: { AWS_PROFILE: "a", ...ENV_KEYS, AWS_SECURITY_TOKEN: "STALE" } },
    {
      javascript: SELF,
      "aws-cli boto3": "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SECURITY_TOKEN",
      "-": "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY",
    },
  ],
  [
    "a web identity in the environment",
    {
      a: SSO,
      env: {
        AWS_PROFILE: "a",
        AWS_WEB_IDENTITY_TOKEN_FILE: "/t",
        AWS_ROLE_ARN: "arn:aws:iam::100000000003:role/Web",
      },
    },
    { "javascript rust": SELF, "-": "Web by token" },
  ],
  [
    "an endpoint in the environment",
    { a: SSO, env: { AWS_PROFILE: "a", AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1/" } },
    { "-": SELF },
  ],
  [
    "an endpoint, and a profile without credentials",
    { a: "", env: { AWS_PROFILE: "a", AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/x" } },
    { "-": "endpoint" },
  ],
  [
    "no variable, and SSO keys in [default]",
    { config: `[default]\n${SSO}${SESSION}`, env: {} },
    { "-": SELF },
  ],
  ["no variable, and no [default]", { a: SSO, env: {} }, { "-": "none" }],
  [
    "an empty AWS_PROFILE",
    { config: `[default]\n${SSO}${SESSION}`, env: { AWS_PROFILE: "" } },
    { "aws-cli boto3 java": "refused", rust: "none", "-": SELF },
  ],
  [
    "AWS_DEFAULT_PROFILE alone",
    { a: SSO, env: { AWS_DEFAULT_PROFILE: "a" } },
    { [`aws-cli boto3 ${GO}`]: SELF, "-": "none" },
  ],
  [
    "an AWS_PROFILE that is missing, and keys in the environment",
    { a: SSO, env: { AWS_PROFILE: "nope", ...ENV_KEYS } },
    {
      "aws-cli boto3 go-v2 terraform": "refused",
      javascript: "none",
      "-": "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY",
    },
  ],
];
