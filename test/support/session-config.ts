/** The session "corp" and its profile "okta", which most tests and all measurements use. */

/** Returns a config with one session and one profile, in the form that `configure` writes. */
export const sessionConfig = (accountId: string, startUrl: string): string => `[profile okta]
sso_session = corp
sso_account_id = ${accountId}
sso_role_name = ViewOnlyAccess
region = eu-west-1
output = json
[sso-session corp]
sso_start_url = ${startUrl}
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`;

/** sha1("corp"): the name of that session's token file, in every AWS client. */
export const CORP_TOKEN = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

/** Returns the flags for a role of that session. */
export function nameRole(accountId: string, roleName: string): string[] {
  return ["--sso-session", "corp", "--account-id", accountId, "--role-name", roleName];
}

/** The role of the profile "okta", in the emulator's own org. */
export const OKTA_ROLE: readonly string[] = nameRole("100000000001", "ViewOnlyAccess");
