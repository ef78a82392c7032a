import { expect, test } from "vitest";
import { federationCheck } from "../../src/federation/check.ts";
import { contextOf } from "../support/context.ts";
import { ACCOUNT, federatedHome, PERMISSION_SET, tokenFile } from "../support/federation.ts";

test("a profile of the same role in another account is not the one that was asked for", async () => {
  const home = await federatedHome();
  await tokenFile(home);
  const other = `[profile other]
sso_session = corp
sso_account_id = 100000000002
sso_role_name = ${PERMISSION_SET}
`;
  home.write(".aws/config", home.read(".aws/config") + other);
  const asked = {
    account: ACCOUNT,
    permissionSet: PERMISSION_SET,
    loginProfile: "other",
    minDays: 60,
    tokenStdin: false,
    why: false,
    provisioning: "scim",
    scimOnly: false,
    administrator: {},
  } as const;
  const run = { only: ["portal", "identity"], watchSeconds: 0, onStep: () => undefined } as const;
  const [portal, identity] = await federationCheck(contextOf(home), asked, run);
  expect(portal?.status).toBe("ok");
  expect(identity).toMatchObject({ status: "fail", code: "FED-IDENTITY-ROLE" });
  const command = `latchkey configure --account-id ${ACCOUNT} --role-name ${PERMISSION_SET}`;
  expect(identity?.hint?.join("\n")).toContain(command);
});
