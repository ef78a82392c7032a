import { expect, test } from "vitest";
import { mayCarryCredentials } from "../../src/profiles/change/edits.ts";

test.each([
  // Keys with which an unknown tool may give a profile its credentials.
  ["saml_role", true],
  ["x_principal_arn", true],
  ["azure_default_username", true],
  ["my_credential_helper", true],
  ["okta-profile", true],
  ["vault.secret", true],
  // Keys without a telling word, and known keys.
  ["region", false],
  ["output", false],
  ["cli_pager", false],
  ["s3", false],
  ["enrolled", false],
  ["colour", false],
  ["account_id_endpoint_mode", false],
  ["sso_registration_scopes", false],
  ["role_arn", false],
  ["latchkey_managed", false],
])("whether the unknown key %s may carry credentials: %s", (key, expected) => {
  expect(mayCarryCredentials(key)).toBe(expected);
});
