/** A row, and texts for rows. rows.ts describes the outcomes. */
export interface Row {
  readonly id: string;
  readonly config?: string | Buffer;
  readonly credentials?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** The profile that is given to the client (`--profile`, an option of the SDK); else the environment selects it. */
  readonly profile?: string;
  /** More files by their path below the home. */
  readonly files?: Readonly<Record<string, string>>;
  /** The client's region is part of the outcome. */
  readonly asksRegion?: true;
}

export const START_URL = "https://emu.awsapps.com/start";

/** Returns two lines with static keys; the outcome contains the word. */
export const keys = (word: string): string =>
  `aws_access_key_id = ${keyId(word)}\naws_secret_access_key = ${secretOf(keyId(word))}\n`;
export const keyId = (word: string): string => `AKIA${word}`.padEnd(20, "0");
export const secretOf = (accessKeyId: string): string => `secret-of-${accessKeyId}`;
export const keyVariables = (word: string): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: keyId(word),
  AWS_SECRET_ACCESS_KEY: secretOf(keyId(word)),
});

export const SESSION = `[sso-session corp]
sso_start_url = ${START_URL}
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`;
export const REGION = "region = us-east-1\n";
export const ACCOUNT = "sso_account_id = 100000000002\nsso_role_name = AdministratorAccess\n";
export const SSO = `sso_session = corp\n${ACCOUNT}`;
export const PLACE = `sso_start_url = ${START_URL}\nsso_region = us-east-1\n`;
export const LEGACY = `${PLACE}${ACCOUNT}`;
const BASE = `[profile base]
sso_session = corp
sso_account_id = 100000000001
sso_role_name = ViewOnlyAccess
${REGION}`;
export const PROCESS = "credential_process = {process}\n";
export const LOGIN = "login_session = arn:aws:iam::100000000009:user/me\n";
export const ROLE = "role_arn = arn:aws:iam::100000000003:role/Deploy\n";
export const BY_BASE = `${ROLE}source_profile = base\n`;
export const BY_ENVIRONMENT = `${ROLE}credential_source = Environment\n`;
export const BY_CONTAINER = `${ROLE}credential_source = EcsContainer\n`;
export const BY_TOKEN = `${ROLE}web_identity_token_file = {token}\n`;
export const OLD_NAMES = { AWS_ACCESS_KEY: keyId("OLD"), AWS_SECRET_KEY: secretOf(keyId("OLD")) };
export const CONTAINER = { AWS_CONTAINER_CREDENTIALS_FULL_URI: "{container}" };
export const WEB_IDENTITY = {
  AWS_ROLE_ARN: "arn:aws:iam::100000000003:role/Web",
  AWS_WEB_IDENTITY_TOKEN_FILE: "{token}",
};

/**
 * Returns a config with the profile `a` with these lines, `base` (a role of Identity Center), the session, and more
 * sections.
 */
export const a = (lines: string, more = ""): string =>
  `[profile a]\n${lines}${REGION}${BASE}${SESSION}${more}`;
export const inA = { AWS_PROFILE: "a" };
export const A = (id: string, lines: string, rest: Partial<Row> = {}): Row => ({
  id,
  config: a(lines),
  env: inA,
  ...rest,
});
export const credentialsOfA = (lines: string): { credentials: string } => ({
  credentials: `[a]\n${lines}`,
});
export const source = (lines: string): { config: string } => ({
  config: a(`${ROLE}source_profile = src\n`, `[profile src]\n${lines}${REGION}`),
});
