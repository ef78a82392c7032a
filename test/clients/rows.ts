import { createHash } from "node:crypto";

/**
 * Whose identity? What each row gives to a client, and where to read what came of it.
 *
 * measured.json holds, for each client, its version and an outcome for each row's id:
 *   `100000000002 AdministratorAccess`   the role of Identity Center whose keys the client got
 *   `100000000003 Deploy by X`           the role that it assumed, with the keys of X (X is written as an outcome is)
 *   `100000000003 Deploy by token`       the same, with a web identity's token
 *   `key CONFIG`                         static keys; the word says from where (see `keys` below)
 *   `key ENV token STALE`                the same with the session token that the row names so
 *   `refuses: …`                         no credentials, with the client's own words
 * A row of reader-rows.ts has ` in REGION` behind its outcome where the client found a region.
 *
 * In texts and variables `{home}`, `{process}` (a program that prints the keys PROCESS), `{token}` (a web identity's
 * token file) and `{container}` (an endpoint that gives the keys CONTAINER) are replaced. Signed in are the session
 * `corp`, the legacy form's start URL, and `aws login` as `arn:aws:iam::100000000009:user/me` (the keys LOGIN).
 * AWS_SDK_LOAD_CONFIG=1 and AWS_EC2_METADATA_DISABLED=true are in every row's environment.
 */
export interface Row {
  readonly id: string;
  readonly config?: string | Buffer;
  readonly credentials?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** Named to the client in its own way (`--profile`, an option of the SDK); without it the environment decides. */
  readonly profile?: string;
  /** More files of the home, below which each is named. */
  readonly files?: Readonly<Record<string, string>>;
  /** Whether the region that the client found is part of the outcome. */
  readonly asksRegion?: true;
}

export const START_URL = "https://emu.awsapps.com/start";

/** Static keys as two lines; the word comes back in the outcome. */
export const keys = (word: string): string =>
  `aws_access_key_id = ${keyId(word)}\naws_secret_access_key = ${secretOf(keyId(word))}\n`;
export const keyId = (word: string): string => `AKIA${word}`.padEnd(20, "0");
export const secretOf = (accessKeyId: string): string => `secret-of-${accessKeyId}`;
const keyVariables = (word: string): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: keyId(word),
  AWS_SECRET_ACCESS_KEY: secretOf(keyId(word)),
});

export const SESSION = `[sso-session corp]
sso_start_url = ${START_URL}
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`;
const REGION = "region = us-east-1\n";
const ACCOUNT = "sso_account_id = 100000000002\nsso_role_name = AdministratorAccess\n";
export const SSO = `sso_session = corp\n${ACCOUNT}`;
const PLACE = `sso_start_url = ${START_URL}\nsso_region = us-east-1\n`;
const LEGACY = `${PLACE}${ACCOUNT}`;
const BASE = `[profile base]
sso_session = corp
sso_account_id = 100000000001
sso_role_name = ViewOnlyAccess
${REGION}`;
const PROCESS = "credential_process = {process}\n";
const LOGIN = "login_session = arn:aws:iam::100000000009:user/me\n";
const ROLE = "role_arn = arn:aws:iam::100000000003:role/Deploy\n";
const BY_BASE = `${ROLE}source_profile = base\n`;
const BY_ENVIRONMENT = `${ROLE}credential_source = Environment\n`;
const BY_CONTAINER = `${ROLE}credential_source = EcsContainer\n`;
const BY_TOKEN = `${ROLE}web_identity_token_file = {token}\n`;
const OLD_NAMES = { AWS_ACCESS_KEY: keyId("OLD"), AWS_SECRET_KEY: secretOf(keyId("OLD")) };
const CONTAINER = { AWS_CONTAINER_CREDENTIALS_FULL_URI: "{container}" };
const WEB_IDENTITY = {
  AWS_ROLE_ARN: "arn:aws:iam::100000000003:role/Web",
  AWS_WEB_IDENTITY_TOKEN_FILE: "{token}",
};

/** A profile `a` with these lines, beside `base` (a role of Identity Center) and the session; more sections behind. */
const a = (lines: string, more = ""): string =>
  `[profile a]\n${lines}${REGION}${BASE}${SESSION}${more}`;
const inA = { AWS_PROFILE: "a" };
const A = (id: string, lines: string, rest: Partial<Row> = {}): Row => ({
  id,
  config: a(lines),
  env: inA,
  ...rest,
});
const credentialsOfA = (lines: string): { credentials: string } => ({
  credentials: `[a]\n${lines}`,
});
const source = (lines: string): { config: string } => ({
  config: a(`${ROLE}source_profile = src\n`, `[profile src]\n${lines}${REGION}`),
});

const FORMS: readonly Row[] = [
  A("sso-session", SSO),
  A("legacy", LEGACY),
  A("process", PROCESS),
  A("static in config", keys("CONFIG")),
  A("static in credentials", "", credentialsOfA(keys("CREDENTIALS"))),
  { id: "static in credentials, no config", ...credentialsOfA(keys("CREDENTIALS")), env: inA },
  A("static in both", keys("CONFIG"), credentialsOfA(keys("CREDENTIALS"))),
  A("login", LOGIN),
  A("sso in credentials file", "", credentialsOfA(SSO)),
  A("legacy in credentials file", "", credentialsOfA(LEGACY)),
  A("process in credentials file", "", credentialsOfA(PROCESS)),
  A("a region alone", ""),
];

const ROLES: readonly Row[] = [
  A("role from sso", BY_BASE),
  A("role from static in credentials alone", `${ROLE}source_profile = src\n`, {
    credentials: `[src]\n${keys("SOURCE")}`,
  }),
  A("role from static in config", "", source(keys("SOURCE"))),
  A("role from process", "", source(PROCESS)),
  A("role from login", "", source(LOGIN)),
  A("role from container", BY_CONTAINER, { env: { ...inA, ...CONTAINER } }),
  A("role from container, none there", BY_CONTAINER),
  A("role from environment, keys there", BY_ENVIRONMENT, {
    env: { ...inA, ...keyVariables("ENV") },
  }),
  A("role from environment, keys there, profile named", BY_ENVIRONMENT, {
    env: keyVariables("ENV"),
    profile: "a",
  }),
  A("role from environment, none there", BY_ENVIRONMENT),
  A("role from token file", BY_TOKEN),
  A("role without source", ROLE),
  A("role without source, static", ROLE + keys("CONFIG")),
  A("role without source, static in credentials", ROLE, credentialsOfA(keys("CREDENTIALS"))),
  A("role without source, process", ROLE + PROCESS),
  A("role with both sources", `${BY_BASE}credential_source = Environment\n`),
  A("source_profile without role", "source_profile = base\n"),
  A("role in credentials file", "", credentialsOfA(BY_BASE)),
  A(
    "role in config, source_profile in credentials file",
    ROLE,
    credentialsOfA("source_profile = base\n"),
  ),
  A("role of a missing profile", `${ROLE}source_profile = nope\n`),
  A("role from default", `${ROLE}source_profile = default\n`, {
    credentials: `[default]\n${keys("DEFAULT")}`,
  }),
  A("role from role from sso", "", {
    config: a(
      `${ROLE}source_profile = mid\n`,
      `[profile mid]\nrole_arn = arn:aws:iam::100000000002:role/Mid\nsource_profile = base\n${REGION}`,
    ),
  }),
  A("role from itself, static in config", `${ROLE}source_profile = a\n${keys("CONFIG")}`),
  A(
    "role from itself, static in credentials",
    `${ROLE}source_profile = a\n`,
    credentialsOfA(keys("CREDENTIALS")),
  ),
  A("role from itself, sso", `${ROLE}source_profile = a\n${SSO}`),
  A("role from itself, process", `${ROLE}source_profile = a\n${PROCESS}`),
  A("role from itself, nothing", `${ROLE}source_profile = a\n`),
  A("role loop", "", source(`${ROLE}source_profile = a\n`)),
  A("role loop, static in the source", "", source(`${ROLE}source_profile = a\n${keys("SOURCE")}`)),
  A("role from sso and static", "", source(SSO + keys("SOURCE"))),
  A("role from sso and process", "", source(SSO + PROCESS)),
  A("role from static and process", "", source(keys("SOURCE") + PROCESS)),
  A("role from sso in config, static in credentials", "", {
    ...source(SSO),
    credentials: `[src]\n${keys("CREDENTIALS")}`,
  }),
  A("role from role and static", "", source(keys("SOURCE") + BY_BASE)),
  A("role from role and sso", "", source(SSO + BY_BASE)),
  A("role from nothing", "", source("")),
  A("role from token file in the source", "", source(BY_TOKEN)),
  A(
    "role with mfa",
    `${ROLE}source_profile = src\nmfa_serial = arn:aws:iam::100000000003:mfa/me\n`,
    {
      credentials: `[src]\n${keys("SOURCE")}`,
    },
  ),
];

const BESIDE_SSO: readonly Row[] = [
  A("sso-session + role from sso", SSO + BY_BASE),
  A("legacy + role from sso", LEGACY + BY_BASE),
  A("process + role from sso", PROCESS + BY_BASE),
  A("sso-session + role from environment, none there", SSO + BY_ENVIRONMENT),
  A("sso-session + role from environment, keys there", SSO + BY_ENVIRONMENT, {
    env: { ...inA, ...keyVariables("ENV") },
  }),
  A("sso-session + role from environment, keys there, profile named", SSO + BY_ENVIRONMENT, {
    env: keyVariables("ENV"),
    profile: "a",
  }),
  A("sso-session + role from container", SSO + BY_CONTAINER, { env: { ...inA, ...CONTAINER } }),
  A("sso-session + role without source", SSO + ROLE),
  A("legacy + role without source", LEGACY + ROLE),
  A("sso-session + source_profile without role", `${SSO}source_profile = base\n`),
  A("sso-session + credential_source without role", `${SSO}credential_source = Environment\n`),
  A("sso-session + role of a missing profile", `${SSO}${ROLE}source_profile = nope\n`),
  A("sso-session + role from token file", SSO + BY_TOKEN),
  A("sso-session + token file without role", `${SSO}web_identity_token_file = {token}\n`),
  A("sso-session + static", SSO + keys("CONFIG")),
  A("sso-session + static in credentials", SSO, credentialsOfA(keys("CREDENTIALS"))),
  A("sso-session + static in both", SSO + keys("CONFIG"), credentialsOfA(keys("CREDENTIALS"))),
  A("legacy + static", LEGACY + keys("CONFIG")),
  A("legacy + static in credentials", LEGACY, credentialsOfA(keys("CREDENTIALS"))),
  A("sso-session + process", SSO + PROCESS),
  A("legacy + process", LEGACY + PROCESS),
  A("sso-session + process in credentials file", SSO, credentialsOfA(PROCESS)),
  A("sso-session + login", SSO + LOGIN),
  A("sso-session + static + process", SSO + keys("CONFIG") + PROCESS),
  A("sso-session + empty static", `${SSO}aws_access_key_id =\naws_secret_access_key =\n`),
  A("sso-session + access key id alone", `${SSO}aws_access_key_id = ${keyId("CONFIG")}\n`),
  A(
    "sso-session + access key id alone in credentials",
    SSO,
    credentialsOfA(`aws_access_key_id = ${keyId("CREDENTIALS")}\n`),
  ),
  A("sso-session + legacy of the same place", SSO + PLACE),
  A("sso-session + another start URL", `${SSO}sso_start_url = https://other.awsapps.com/start\n`),
  A("sso-session + another region", `${SSO}sso_region = eu-west-1\n`),
  A("sso-session that is missing", `sso_session = nope\n${ACCOUNT}`),
  A("sso-session that is missing + legacy", `sso_session = nope\n${LEGACY}`),
  A("sso-session that is missing + static", `sso_session = nope\n${ACCOUNT}${keys("CONFIG")}`),
  A("sso-session without account and role", "sso_session = corp\n"),
  A("sso-session without account and role + static", `sso_session = corp\n${keys("CONFIG")}`),
  A("sso-session without account and role + process", `sso_session = corp\n${PROCESS}`),
  A("sso-session without account and role + role from sso", `sso_session = corp\n${BY_BASE}`),
  A("sso-session without role", "sso_session = corp\nsso_account_id = 100000000002\n"),
  A("account and role alone", ACCOUNT),
  A("account and role alone + static", ACCOUNT + keys("CONFIG")),
  A("legacy without role", `${PLACE}sso_account_id = 100000000002\n`),
  A("legacy without role + static", `${PLACE}sso_account_id = 100000000002\n${keys("CONFIG")}`),
  A("legacy without role + process", `${PLACE}sso_account_id = 100000000002\n${PROCESS}`),
  A("legacy start URL and region alone + process", PLACE + PROCESS),
];

const WITHOUT_SSO: readonly Row[] = [
  A("static + process", keys("CONFIG") + PROCESS),
  A("static in credentials + process", PROCESS, credentialsOfA(keys("CREDENTIALS"))),
  A("static + role from sso", keys("CONFIG") + BY_BASE),
  A("static in credentials + role from sso", BY_BASE, credentialsOfA(keys("CREDENTIALS"))),
  A("static + role from token file", keys("CONFIG") + BY_TOKEN),
  A("process + role from token file", PROCESS + BY_TOKEN),
  A("role from sso + token file", `${BY_BASE}web_identity_token_file = {token}\n`),
  A("login + static", LOGIN + keys("CONFIG")),
  A("login + static in credentials", LOGIN, credentialsOfA(keys("CREDENTIALS"))),
  A("login + process", LOGIN + PROCESS),
  A("login + role from sso", LOGIN + BY_BASE),
  A("login + role from token file", LOGIN + BY_TOKEN),
  A("access key id alone + process", `aws_access_key_id = ${keyId("CONFIG")}\n${PROCESS}`),
  A(
    "half of the keys in each file",
    `aws_secret_access_key = ${secretOf(keyId("CREDENTIALS"))}\n`,
    credentialsOfA(`aws_access_key_id = ${keyId("CREDENTIALS")}\n`),
  ),
];

const DEFAULT_SSO = `[default]\n${SSO}${REGION}${SESSION}`;
const TWO = `${a(SSO)}[profile b]\n${keys("B")}${REGION}`;
const stale = { AWS_SECURITY_TOKEN: "STALE", ...keyVariables("ENV") };

const ENVIRONMENTS: readonly Row[] = [
  A("env keys + AWS_PROFILE", SSO, { env: { ...inA, ...keyVariables("ENV") } }),
  A("env keys + profile named", SSO, { env: keyVariables("ENV"), profile: "a" }),
  A("env keys + static profile named", keys("CONFIG"), { env: keyVariables("ENV"), profile: "a" }),
  A("env keys + AWS_DEFAULT_PROFILE", SSO, {
    env: { AWS_DEFAULT_PROFILE: "a", ...keyVariables("ENV") },
  }),
  { id: "env keys + default", config: DEFAULT_SSO, env: keyVariables("ENV") },
  { id: "env keys, no files", env: { ...keyVariables("ENV"), AWS_REGION: "us-east-1" } },
  A("env keys + AWS_PROFILE that is missing", SSO, {
    env: { AWS_PROFILE: "nope", ...keyVariables("ENV") },
  }),
  A("env keys + missing profile named", SSO, { env: keyVariables("ENV"), profile: "nope" }),
  A("old names + AWS_PROFILE", SSO, { env: { ...inA, ...OLD_NAMES } }),
  A("old names + profile named", SSO, { env: OLD_NAMES, profile: "a" }),
  { id: "old names + default", config: DEFAULT_SSO, env: OLD_NAMES },
  { id: "old names, no files", env: { ...OLD_NAMES, AWS_REGION: "us-east-1" } },
  A("old and present names + AWS_PROFILE", SSO, {
    env: { ...inA, ...OLD_NAMES, ...keyVariables("ENV") },
  }),
  A("present id, old secret + AWS_PROFILE", SSO, {
    env: { ...inA, AWS_ACCESS_KEY_ID: keyId("ENV"), AWS_SECRET_KEY: secretOf(keyId("ENV")) },
  }),
  A("AWS_ACCESS_KEY_ID alone + AWS_PROFILE", SSO, {
    env: { ...inA, AWS_ACCESS_KEY_ID: keyId("ENV") },
  }),
  A("AWS_SECRET_ACCESS_KEY alone + AWS_PROFILE", SSO, {
    env: { ...inA, AWS_SECRET_ACCESS_KEY: secretOf(keyId("ENV")) },
  }),
  A("empty env keys + AWS_PROFILE", SSO, {
    env: { ...inA, AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" },
  }),
  A("AWS_SESSION_TOKEN alone + AWS_PROFILE", SSO, { env: { ...inA, AWS_SESSION_TOKEN: "STALE" } }),
  A("AWS_SECURITY_TOKEN beside keys", SSO, { env: { ...inA, ...stale } }),
  A("AWS_SECURITY_TOKEN and AWS_SESSION_TOKEN beside keys", SSO, {
    env: { ...inA, ...stale, AWS_SESSION_TOKEN: "FRESH" },
  }),
  A("AWS_SESSION_TOKEN beside old names", SSO, {
    env: { ...inA, ...OLD_NAMES, AWS_SESSION_TOKEN: "FRESH" },
  }),
  A("AWS_SECURITY_TOKEN alone + AWS_PROFILE", SSO, {
    env: { ...inA, AWS_SECURITY_TOKEN: "STALE" },
  }),
  { id: "no variable, [default]", config: DEFAULT_SSO },
  {
    id: "no variable, [profile default]",
    config: DEFAULT_SSO.replace("[default]", "[profile default]"),
  },
  { id: "no variable, no default", config: a(SSO) },
  {
    id: "no variable, static default in credentials",
    config: a(SSO),
    credentials: `[default]\n${keys("DEFAULT")}`,
  },
  { id: "no variable, no files" },
  { id: "AWS_PROFILE=default without one", config: a(SSO), env: { AWS_PROFILE: "default" } },
  { id: "AWS_PROFILE empty, [default]", config: DEFAULT_SSO, env: { AWS_PROFILE: "" } },
  { id: "AWS_PROFILE empty, no default", config: a(SSO), env: { AWS_PROFILE: "" } },
  {
    id: "AWS_PROFILE empty, AWS_DEFAULT_PROFILE",
    config: TWO,
    env: { AWS_PROFILE: "", AWS_DEFAULT_PROFILE: "b" },
  },
  { id: "AWS_DEFAULT_PROFILE", config: a(SSO), env: { AWS_DEFAULT_PROFILE: "a" } },
  {
    id: "AWS_PROFILE and AWS_DEFAULT_PROFILE",
    config: TWO,
    env: { ...inA, AWS_DEFAULT_PROFILE: "b" },
  },
  { id: "AWS_PROFILE, another named", config: TWO, env: inA, profile: "b" },
  {
    id: "AWS_PROFILE that is missing, [default]",
    config: DEFAULT_SSO,
    env: { AWS_PROFILE: "nope" },
  },
  A("AWS_PROFILE with a carriage return", SSO, { env: { AWS_PROFILE: "a\r" } }),
  A("AWS_PROFILE with a blank behind", SSO, { env: { AWS_PROFILE: "a " } }),
  A("AWS_PROFILE in another case", SSO, { env: { AWS_PROFILE: "A" } }),
  A("static default in credentials + AWS_PROFILE", SSO, {
    credentials: `[default]\n${keys("DEFAULT")}`,
  }),
  A("container + AWS_PROFILE", SSO, { env: { ...inA, ...CONTAINER } }),
  A("container + static AWS_PROFILE", keys("CONFIG"), { env: { ...inA, ...CONTAINER } }),
  { id: "container + default", config: DEFAULT_SSO, env: CONTAINER },
  { id: "container, no files", env: { ...CONTAINER, AWS_REGION: "us-east-1" } },
  A("container + profile named", SSO, { env: CONTAINER, profile: "a" }),
  A("container + AWS_PROFILE that is missing", SSO, { env: { AWS_PROFILE: "nope", ...CONTAINER } }),
  A("container + AWS_PROFILE with a region alone", "", { env: { ...inA, ...CONTAINER } }),
  A("container + env keys", SSO, { env: { ...CONTAINER, ...keyVariables("ENV") } }),
  A("web identity + AWS_PROFILE", SSO, { env: { ...inA, ...WEB_IDENTITY } }),
  A("web identity + static AWS_PROFILE", keys("CONFIG"), { env: { ...inA, ...WEB_IDENTITY } }),
  { id: "web identity + default", config: DEFAULT_SSO, env: WEB_IDENTITY },
  {
    id: "web identity + static default",
    config: `[default]\n${keys("DEFAULT")}${REGION}`,
    env: WEB_IDENTITY,
  },
  { id: "web identity, no files", env: { ...WEB_IDENTITY, AWS_REGION: "us-east-1" } },
  A("web identity + profile named", SSO, { env: WEB_IDENTITY, profile: "a" }),
  A("web identity + env keys", SSO, { env: { ...WEB_IDENTITY, ...keyVariables("ENV") } }),
  A("web identity + container", SSO, {
    env: { ...WEB_IDENTITY, ...CONTAINER, AWS_REGION: "us-east-1" },
  }),
  A("AWS_ROLE_ARN alone + AWS_PROFILE", SSO, {
    env: { ...inA, AWS_ROLE_ARN: WEB_IDENTITY.AWS_ROLE_ARN },
  }),
  A("AWS_SDK_LOAD_CONFIG empty", SSO, { env: { ...inA, AWS_SDK_LOAD_CONFIG: "" } }),
  A("AWS_SDK_LOAD_CONFIG=false", SSO, { env: { ...inA, AWS_SDK_LOAD_CONFIG: "false" } }),
];

export const ROWS: readonly Row[] = [
  ...FORMS,
  ...ROLES,
  ...BESIDE_SSO,
  ...WITHOUT_SSO,
  ...ENVIRONMENTS,
];

/** What CI repeats: each row that people have met, and a part of the others. */
export function isQuick({ id }: Row): boolean {
  return MET.has(id) || createHash("sha1").update(id).digest().readUInt8() % 6 === 0;
}

const MET = new Set([
  "sso-session + role from sso",
  "process + role from sso",
  "sso-session + role from environment, none there",
  "sso-session + static",
  "sso-session + login",
  "old names + AWS_PROFILE",
  "AWS_SECURITY_TOKEN beside keys",
  "no variable, [default]",
  "first key indented",
  "[ profile a ]",
  "[Profile a]",
  "[sso_session corp]",
]);
