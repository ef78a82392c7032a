/** Returns a config with two sessions and profiles whose names share parts, for tests of how typed words are interpreted. */
export function wordsConfig(startUrl: string): string {
  const session = (name: string) =>
    `[sso-session ${name}]\nsso_start_url = ${startUrl}\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n`;
  const profile = (name: string, on: string, accountId: string, roleName: string) =>
    `[profile ${name}]\nsso_session = ${on}\nsso_account_id = ${accountId}\nsso_role_name = ${roleName}\nregion = eu-west-1\n`;
  return [
    session("corp"),
    session("other"),
    session("idle"),
    profile("ledger-view", "corp", "100000000001", "ViewOnlyAccess"),
    profile("ledger-billing", "other", "100000000001", "Billing"),
    profile("search", "corp", "100000000002", "ViewOnlyAccess"),
  ].join("\n");
}
