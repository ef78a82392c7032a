import { expect, test } from "vitest";
import { createSignedInHome } from "../support/home.ts";
import { createFederatedHome, runAsAdministrator } from "../support/federation-run.ts";
import { USER } from "../support/federation.ts";

/** Kind 2: an answer without a list is not an empty list, and latchkey deletes nothing because of it. */

const ABSENT: readonly unknown[] = [
  {},
  [],
  '"x"',
  "null",
  "",
  { message: "not now" },
  { accountList: null },
  { accountlist: [] },
  { accountList: {} },
  { accountList: "none" },
  { roleList: null },
  { roleList: [{}] },
  { roleList: [null, 1] },
];

test.each(ABSENT)(
  "2.1: if the roles of one account are %j, a sync with --prune fails and keeps all profiles",
  async (body) => {
    const home = await createSignedInHome();
    const first = await home.run(["profiles", "sync", "--yes"]);
    expect(first, first.stderr).toMatchObject({ exitCode: 0 });
    const before = home.read(".aws/config");
    home.emulator.setFault({
      route: "ListAccountRoles",
      match: { accountId: "100000000001" },
      status: 200,
      body,
    });
    const result = await home.run(["profiles", "sync", "--prune", "--yes"]);
    expect(result, result.stderr).toMatchObject({ exitCode: 6 });
    expect(home.read(".aws/config")).toBe(before);
  },
);

test.each([[204], [205]])("2.2: HTTP %i without a body is not an empty list", async (status) => {
  const home = await createSignedInHome();
  for (const route of ["ListAccounts", "ListAccountRoles"] as const) {
    home.emulator.clearFaults();
    home.emulator.setFault({ route, status });
    const result = await home.run(["profiles", "sync", "--prune", "--yes"]);
    expect(result, result.stderr).toMatchObject({ exitCode: 6 });
  }
});

test.each([[{}], [{ Instances: null }], [{ Instances: [[]] }], [{ Instances: [{}] }]])(
  "2.3: %j does not mean that there are no Identity Center instances",
  async (body) => {
    const home = await createFederatedHome();
    home.emulator.setFault({ route: "sso:ListInstances" as never, status: 200, body });
    const result = await runAsAdministrator(home, ["federation", "access"]);
    expect(result, result.stderr).toMatchObject({ exitCode: 6, stdout: "" });
  },
);

test("2.4: an answer without the user does not mean that the user does not exist", async () => {
  const home = await createFederatedHome();
  home.emulator.setFault({ route: "identitystore:GetUserId" as never, status: 200, body: {} });
  const result = await runAsAdministrator(home, ["federation", "access", "--user", USER]);
  expect(result, result.stderr).toMatchObject({ exitCode: 6, stdout: "" });
});
