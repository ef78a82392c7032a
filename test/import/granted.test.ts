import { describe, expect, test } from "vitest";
import { parseGrantedConfig, readGranted } from "../../src/import/granted.ts";
import { AT_ACME, checkRow, listLeft, SESSION, toConfig, type Row } from "./read.ts";

/** granted's roles in the AWS config. Each row is a config as a version of granted writes it. */

const GRANTED: readonly Row[] = [
  {
    title: "a profile as `granted sso populate` writes it, keys aligned",
    config: `[profile payments/Admin]
granted_sso_start_url      = https://acme.awsapps.com/start
granted_sso_region         = eu-west-1
granted_sso_account_id     = 111122223333
granted_sso_role_name      = Admin
common_fate_generated_from = aws-sso
credential_process         = granted credential-process --profile payments/Admin
region                     = us-west-2
`,
    roles: [`payments/Admin: 111122223333 Admin us-west-2 ${AT_ACME}`],
  },
  {
    title: "a profile with granted's keys, whose start URL and region are in an SSO session",
    config: `${SESSION}
[profile a]
sso_session = acme
granted_sso_account_id = 111122223333
granted_sso_role_name = Admin
credential_process = /opt/bin/granted credential-process --profile a
`,
    roles: [`a: 111122223333 Admin - ${AT_ACME}`],
  },
  {
    title: "native keys beside granted's credential_process with a Windows path",
    config: `[profile a]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = Admin
credential_process = C:\\Tools\\granted.exe credential-process --auto-login --profile a
`,
    roles: [`a: 111122223333 Admin - ${AT_ACME}`],
  },
  {
    title: "a profile without a credential process, as --no-credential-process writes it",
    config: `[profile a]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
granted_generated_from = aws-sso
sso_role_name = Admin
`,
    roles: [`a: 111122223333 Admin - ${AT_ACME}`],
  },
  {
    title: "a process that names another profile gives that profile's role",
    config: `[profile a]
granted_sso_start_url = https://acme.awsapps.com/start
granted_sso_region = eu-west-1
granted_sso_account_id = 111122223333
granted_sso_role_name = Admin
credential_process = granted credential-process --profile a

[profile b]
region = us-west-2
credential_process = sh -c "granted credential-process --profile a"
`,
    roles: [`a: 111122223333 Admin - ${AT_ACME}`, `b: 111122223333 Admin us-west-2 ${AT_ACME}`],
  },
  {
    title:
      "profiles without a role or with an invalid value are left out with a reason that shows no values",
    config: `[profile keys]
credential_process = granted credential-process --profile keys
[profile half]
granted_sso_account_id = 111122223333
granted_sso_role_name = Admin
[profile odd]
granted_sso_start_url = https://me:hunter2@acme.awsapps.com/start
granted_sso_region = eu-west-1
granted_sso_account_id = 111122223333
granted_sso_role_name = Admin
[profile long]
granted_sso_start_url = https://acme.awsapps.com/start
granted_sso_region = eu-west-1
granted_sso_account_id = 1111222233334444
granted_sso_role_name = Admin
[profile empty]
granted_generated_from = aws-sso
`,
    left: [
      "config, [profile keys], line 1: it has no role of IAM Identity Center: keys in granted's keychain are not read",
      "config, [profile half], line 3: it has no start URL",
      "config, [profile odd], line 6: its start URL is not an https URL",
      "config, [profile long], line 11: its account id is not 12 digits",
      "config, [profile empty], line 16: it names no account and role",
    ],
  },
  {
    title: "profiles of other tools, of latchkey and plain ones are no trace of granted",
    config: `${SESSION}
[profile native]
sso_session = acme
sso_account_id = 111122223333
sso_role_name = Admin
[profile ours]
sso_session = acme
sso_account_id = 111122223333
sso_role_name = View
latchkey_managed = acme
[profile vault]
credential_process = aws-vault exec vault --json
[profile slip]
sso_start_url = https://acme.awsapps.com/start
sso_role_name = View
`,
    roles: [`native: 111122223333 Admin - ${AT_ACME}`],
    isFound: false,
  },
];

describe("granted", () => {
  test.each(GRANTED)("$title", (row) => checkRow(row, (text) => readGranted(toConfig(text), [])));

  test("its own config gives the session names, and sessions without listed roles are reported", async () => {
    const text = `DefaultBrowser = "FIREFOX"
[Keyring]
Backend = "file"
[SSO]
[SSO.work]
StartURL = "https://acme.awsapps.com/start/"
SSORegion = "eu-west-1"
Prefix = "w-"
[SSO.other]
starturl = "https://other.awsapps.com/start"
ssoregion = "us-east-1"
`;
    const { signIns, left } = await parseGrantedConfig(text, "granted");
    expect(left).toEqual([]);
    const config = GRANTED[0]?.config ?? "";
    const reading = readGranted(toConfig(config), signIns);
    expect(reading.roles.map(({ sessionName }) => sessionName)).toEqual(["work"]);
    expect(listLeft(reading)).toEqual([
      "granted, SSO.other: no roles of it are known here. List them: latchkey profiles sync --sso-session other --start-url https://other.awsapps.com/start --sso-region us-east-1",
    ]);
  });

  test("a damaged config of granted only loses the session names, and is reported with its line", async () => {
    const { signIns, left } = await parseGrantedConfig('A = "x"\nSSO = [ oops\n', "granted");
    expect(signIns).toEqual([]);
    expect(left).toEqual([{ place: "granted, line 2", reason: "this line is not valid TOML" }]);
  });
});
