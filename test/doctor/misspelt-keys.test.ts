import { describe, expect, test } from "vitest";
import { findMisspeltKeysOf } from "../../src/doctor/misspelt-keys.ts";
import { parseConfig } from "../support/config-editor.ts";

/** Which keys are typing errors of which keys. --fix moves their values to the right keys. */

function slips(body: string): string[] {
  const [section] = parseConfig(Buffer.from(`[profile p]\n${body}`)).sections;
  return findMisspeltKeysOf(section!).map(
    ({ wrong, right, value }) => `${wrong} → ${right} = ${value}`,
  );
}

describe("a misspelt key", () => {
  test.each([
    ["so_start_url = a\n", "so_start_url → sso_start_url = a"],
    ["sso_registration_scope = a\n", "sso_registration_scope → sso_registration_scopes = a"],
    ["sso_acount_id = a\n", "sso_acount_id → sso_account_id = a"],
    ["credentials_process = a\n", "credentials_process → credential_process = a"],
    ["regon = a\n", "regon → region = a"],
    ["ssso_start_url = a\n", "ssso_start_url → sso_start_url = a"],
    ["sso_starturl = a\n", "sso_starturl → sso_start_url = a"],
    ["sso-region = a\n", "sso-region → sso_region = a"],
    ["sso_regoin = a\n", "sso_regoin → sso_region = a"],
    ["sso_accoumt_id = a\n", "sso_accoumt_id → sso_account_id = a"],
    ["source_proflie = a\n", "source_proflie → source_profile = a"],
    ["rol_arn = a\n", "rol_arn → role_arn = a"],
  ])("%j is a typing error", (body, slip) => {
    expect(slips(`sso_role_nam =\nsso_session = corp\n${body}`)).toEqual([slip]);
    expect(slips(`color = red\n${body}sso_session = corp\n`)).toEqual([slip]);
  });

  test.each([
    ["so_start_url = wrong\n", "sso_start_url = right\n"],
    ["sso_acount_id = wrong\n", "sso_account_id = right\n"],
    ["regon = wrong\n", "region = right\n"],
    ["regon = wrong\n", "region =\n"],
    ["regon = wrong\n", "Region = right\n"],
  ])("%j is not a typing error if %j is above or below it", (wrong, right) => {
    expect(slips(wrong + right)).toEqual([]);
    expect(slips(right + wrong)).toEqual([]);
  });

  test.each([
    "s3_region",
    "ssm_region",
    "sns_region",
    "sqs_region",
    "sts_region",
    "ses_region",
    "sos_region",
    "ecs_role_name",
    "aws_region",
    "sso_regions",
    "regions",
    "legion",
    "sso_rule_name",
    "sso_role_names",
    "sso_account_ip",
    "sso_account_name",
    "resource_profile",
    "services_profile",
    "user_arn",
    "rule_arn",
    "role_arns",
    "mssso_session",
    "sso_sessions",
    "sso_session_start",
  ])("is never %s, even with other SSO keys", (key) => {
    expect(slips(`${key} = a\nsso_unknown = b\noutput = json\n`)).toEqual([]);
    expect(slips(`sso_start_uri_x = a\n${key} = a\n`)).toEqual([]);
    expect(slips(`sso_registration_scopes = a\n${key} = a\n`)).toEqual([]);
  });

  test("is not reported in a profile without another SSO key", () => {
    expect(slips("so_start_url = a\nregion = b\n")).toEqual([]);
    expect(slips("so_start_url = a\nso_region = b\n")).toEqual([]);
  });

  test("is moved only if it is the only typing error of its key, and there is another SSO key", () => {
    const isSafe = (text: string): boolean[] =>
      findMisspeltKeysOf(parseConfig(Buffer.from(text)).sections[0]!).map((slip) => slip.isSafe);
    const session = "[sso-session s]\n";
    expect(isSafe(`${session}sso_region = a\nso_start_url = b\n`)).toEqual([true]);
    expect(isSafe(`${session}sso_region = a\nso_start_url = b\nsso_starturl = c\n`)).toEqual([
      false,
      false,
    ]);
    expect(isSafe(`${session}so_start_url = b\n`)).toEqual([false]);
    expect(isSafe("[profile p]\nregon = a\n")).toEqual([true]);
  });

  test("is not a key of the AWS CLI, a key without a value, or another word", () => {
    expect(
      slips("sso_account_name = a\nregon =\nrole_session_name = a\nreason = a\nregister = a\n"),
    ).toEqual([]);
  });
});
