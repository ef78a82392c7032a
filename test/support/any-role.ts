import { createHome, SESSION_CONFIG, type Home } from "./home.ts";

/** Accounts with roles. Only one role has a profile: `okta` is payments-prod/ViewOnlyAccess. */

const ACCOUNTS = [
  {
    accountId: "100000000001",
    accountName: "payments-prod",
    roles: ["AdministratorAccess", "ViewOnlyAccess"],
  },
  { accountId: "100000000002", accountName: "payments-staging", roles: ["ViewOnlyAccess"] },
  { accountId: "100000000003", accountName: "Data Lake", roles: ["Billing", "ViewOnlyAccess"] },
  { accountId: "012345678901", accountName: "twin", roles: ["Deploy"] },
  { accountId: "012345678902", accountName: "twin", roles: ["Deploy"] },
];

/** Makes a signed-in home in which nothing was listed yet. */
export async function createRolesHome(): Promise<Home> {
  const home = await createHome({
    autoApprove: { afterPolls: 0 },
    org: { accounts: ACCOUNTS },
  });
  home.write(".aws/config", SESSION_CONFIG);
  const { exitCode, stderr } = await home.run(["login", "--no-browser"]);
  if (exitCode !== 0) throw new Error(stderr);
  return home;
}
