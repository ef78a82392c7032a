import { expect, test } from "vitest";
import { checkFederation } from "../../src/federation/check.ts";
import { createContext } from "../support/context.ts";
import {
  ACCOUNT,
  createFederatedEmulation,
  PERMISSION_SET,
  writeTokenFile,
} from "../support/federation.ts";

test("a profile for the same role in another account fails the identity step", async () => {
  const home = await createFederatedEmulation();
  await writeTokenFile(home);
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
  const [portal, identity] = await checkFederation(createContext(home), asked, run);
  expect(portal?.status).toBe("ok");
  expect(identity).toMatchObject({ status: "fail", code: "FED-IDENTITY-ROLE" });
  const command = `latchkey configure --account-id ${ACCOUNT} --role-name ${PERMISSION_SET}`;
  expect(identity?.hint?.join("\n")).toContain(command);
});
