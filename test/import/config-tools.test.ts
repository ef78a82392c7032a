import { describe, expect, test } from "vitest";
import { readAwsSsoUtil } from "../../src/import/aws-sso-utility.ts";
import { readAwsVault } from "../../src/import/aws-vault.ts";
import { AT_ACME, checkRow, listLeft, listRoles, SESSION, toConfig, type Row } from "./read.ts";

/** Tools that store their roles in the AWS config. Each row is a config as a version of the tool writes it. */

const AWS_VAULT: readonly Row[] = [
  {
    title: "a profile that includes the sign-in of another, and that one's region",
    config: `[profile base]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
region = eu-north-1
[profile a]
include_profile = base
sso_account_id = 111122223333
sso_role_name = Admin
[profile b]
parent_profile = a
sso_role_name = View
region = us-west-2
`,
    roles: [
      `a: 111122223333 Admin eu-north-1 ${AT_ACME}`,
      `b: 111122223333 View us-west-2 ${AT_ACME}`,
    ],
  },
  {
    title: "SSO keys of [default], which only aws-vault uses for other profiles",
    config: `[default]
sso_start_url=https://acme.awsapps.com/start
sso_region=eu-west-1
[profile a]
sso_account_id=111122223333
sso_role_name=Admin
[profile keys]
region=us-east-1
`,
    roles: [`a: 111122223333 Admin - ${AT_ACME}`],
  },
  {
    title: "an SSO profile behind a process of exec or export, with flags in any place",
    config: `${SESSION}
[profile a]
sso_session = acme
sso_account_id = 111122223333
sso_role_name = Admin
[profile b]
credential_process = aws-vault --backend=file exec --duration 8h a --json
region = us-west-2
[profile c]
credential_process = "/opt/aws vault/aws-vault" export --format=json a
`,
    roles: [
      `a: 111122223333 Admin - ${AT_ACME}`,
      `b: 111122223333 Admin us-west-2 ${AT_ACME}`,
      `c: 111122223333 Admin - ${AT_ACME}`,
    ],
  },
  {
    title: "long-term keys, further roles and circles are left out",
    config: `${SESSION}
[profile keys]
credential_process = aws-vault exec keys --json
[profile chained]
include_profile = sso
role_arn = arn:aws:iam::111122223333:role/Ops
[profile sso]
sso_session = acme
sso_account_id = 111122223333
sso_role_name = Admin
[profile one]
include_profile = two
[profile two]
include_profile = one
[profile lost]
include_profile = nobody
`,
    roles: [`sso: 111122223333 Admin - ${AT_ACME}`],
    left: [
      "config, [profile keys], line 6: it has no role of IAM Identity Center: keys in aws-vault's keychain are not read",
      "config, [profile chained], line 8: it assumes a further role (role_arn)",
      "config, [profile one], line 15: its include_profile leads back to itself",
      "config, [profile two], line 17: its include_profile leads back to itself",
      "config, [profile lost], line 19: it has no role of IAM Identity Center: keys in aws-vault's keychain are not read",
    ],
  },
  {
    title: "roles and keys without SSO are no trace of aws-vault",
    config: `[profile jon]
mfa_serial = arn:aws:iam::111122223333:mfa/jon
[profile ops]
source_profile = jon
role_arn = arn:aws:iam::111122223333:role/Ops
`,
    isFound: false,
  },
];

describe("aws-vault", () => {
  test.each(AWS_VAULT)("$title", (row) => checkRow(row, (text) => readAwsVault(toConfig(text))));
});

const UTIL: readonly Row[] = [
  {
    title:
      "a profile as `aws-sso-util configure populate` writes it, whose name no AWS client reads",
    config: `[profile search dev.Admin]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
sso_account_name = search dev
sso_account_id = 011122223333
sso_role_name = Admin
region = us-west-2
credential_process = aws-sso-util credential-process --profile search-dev.Admin
sso_auto_populated = true
`,
    roles: [`search dev.Admin: 011122223333 Admin us-west-2 ${AT_ACME}`],
  },
  {
    title: "a profile with a valid name and an output",
    config: `[profile search.Admin]
sso_start_url=https://acme.awsapps.com/start
sso_region=eu-west-1
sso_account_id=011122223333
sso_role_name=Admin
region=us-west-2
output=yaml
credential_process=aws-sso-util credential-process --profile search.Admin
`,
    roles: [`search.Admin: 011122223333 Admin us-west-2 ${AT_ACME}`],
  },
  {
    title: "options in the process line, and the tool's former name",
    config: `[profile a]
credential_process = python3 -m aws_sso_util credential-process --sso-start-url https://acme.awsapps.com/start --sso-region=eu-west-1 --account-id 111122223333 --role-name Admin
[profile b]
credential_process = aws-sso-credential-process --profile c
region = us-west-2
[profile c]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = View
sso_interactive_auth = true
`,
    roles: [
      `a: 111122223333 Admin - ${AT_ACME}`,
      `b: 111122223333 View us-west-2 ${AT_ACME}`,
      `c: 111122223333 View - ${AT_ACME}`,
    ],
  },
  {
    title: "a profile without a role, and one with an invalid region",
    config: `[profile a]
credential_process = aws-sso-util credential-process --profile a
[profile b]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = Admin
sso_auto_populated = true
region = eu west 1
output = xml
`,
    roles: [`b: 111122223333 Admin - ${AT_ACME}`],
    left: [
      "config, [profile a], line 1: it names no account and role",
      "config, [profile b], line 3: its region is not a region's name, and is left out",
      "config, [profile b], line 3: its output is not an output format of the AWS CLI, and is left out",
    ],
  },
];

describe("aws-sso-util", () => {
  test.each(UTIL)("$title", (row) => checkRow(row, (text) => readAwsSsoUtil(toConfig(text), {})));

  test("start URL and region come from variables if the profile has none", () => {
    const config = `[profile a]
sso_account_name = search
sso_account_id = 111122223333
sso_role_name = Admin
credential_process = aws-sso-util credential-process --profile a
`;
    const env = {
      AWS_DEFAULT_SSO_START_URL: "https://acme.awsapps.com/start",
      AWS_DEFAULT_SSO_REGION: "eu-west-1",
    };
    expect(listRoles(readAwsSsoUtil(toConfig(config), env))).toEqual([
      `a: 111122223333 Admin - ${AT_ACME}`,
    ]);
    expect(listLeft(readAwsSsoUtil(toConfig(config), {}))).toEqual([
      "config, [profile a], line 1: it has no start URL",
    ]);
  });
});
