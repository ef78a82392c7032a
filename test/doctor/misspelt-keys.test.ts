import { describe, expect, test } from "vitest";
import { findMisspeltKeysOf } from "../../src/doctor/rules/keys.ts";
import { parseConfig } from "../support/config-editor.ts";

/** Which keys count as slips, and of what; --fix writes their values under the right names. */

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
  ])("%j is a slip", (body, slip) => {
    expect(slips(body)).toEqual([slip]);
    expect(slips(`color = red\n${body}`)).toEqual([slip]);
  });

  test.each([
    ["so_start_url = wrong\n", "sso_start_url = right\n"],
    ["sso_acount_id = wrong\n", "sso_account_id = right\n"],
    ["regon = wrong\n", "region = right\n"],
    ["regon = wrong\n", "region =\n"],
    ["regon = wrong\n", "Region = right\n"],
  ])("%j is none where %j is there, above or below it", (wrong, right) => {
    expect(slips(wrong + right)).toEqual([]);
    expect(slips(right + wrong)).toEqual([]);
  });

  test("is none where it is a key of the AWS CLI, has no value, or is another word", () => {
    expect(
      slips("sso_account_name = a\nregon =\nrole_session_name = a\nreason = a\nregister = a\n"),
    ).toEqual([]);
  });
});
