import { createHash } from "node:crypto";
import { ENVIRONMENTS } from "./environment-rows.ts";
import {
  A,
  ACCOUNT,
  BY_BASE,
  BY_CONTAINER,
  CONTAINER,
  BY_ENVIRONMENT,
  BY_TOKEN,
  LEGACY,
  LOGIN,
  PLACE,
  PROCESS,
  REGION,
  ROLE,
  SSO,
  a,
  credentialsOfA,
  inA,
  keyId,
  keyVariables,
  keys,
  secretOf,
  source,
  type Row,
} from "./row.ts";

/**
 * Rows about the identity that a client uses: the input of each row, and the form of its outcome.
 *
 * measured.json holds, for each client, its version and an outcome for each row's id:
 *   `100000000002 AdministratorAccess`   the role of Identity Center whose keys the client got
 *   `100000000003 Deploy by X`           the role that it assumed with the keys of X (X is an outcome itself)
 *   `100000000003 Deploy by token`       the same, with a web identity token
 *   `key CONFIG`                         static keys; the word shows their source (see `keys` in row.ts)
 *   `key ENV token STALE`                the same with the session token STALE of the row
 *   `refuses: …`                         no credentials, with the client's message
 * The outcome of a row of reader-rows.ts ends with ` in REGION` if the client found a region.
 *
 * In texts and variables `{home}`, `{process}` (a program that prints the keys PROCESS), `{token}` (a web identity
 * token file) and `{container}` (an endpoint that returns the keys CONTAINER) are replaced. There are sign-ins to the
 * session `corp`, to the start URL of the legacy form, and of `aws login` as `arn:aws:iam::100000000009:user/me` (the keys LOGIN).
 * AWS_SDK_LOAD_CONFIG=1 and AWS_EC2_METADATA_DISABLED=true are in every row's environment.
 */

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

export const ROWS: readonly Row[] = [
  ...FORMS,
  ...ROLES,
  ...BESIDE_SSO,
  ...WITHOUT_SSO,
  ...ENVIRONMENTS,
];

/** Whether CI runs the row: all rows from real reports, and a part of the others. */
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
