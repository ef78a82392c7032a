import { describe, expect, test } from "vitest";
import type { CheckOptions } from "../../src/federation/step.ts";
import type { EmulatedHome } from "../support/emulated-home.ts";
import {
  ACCOUNT,
  createFederatedEmulation,
  GROUP_ID,
  PERMISSION_SET,
  USER,
  USER_ID,
} from "../support/federation.ts";
import {
  statusesExcept,
  runCheck,
  daysFromNow,
  toStatuses,
  user,
} from "../support/federation-check.ts";

interface Doubt {
  readonly directory: Parameters<typeof createFederatedEmulation>[0];
  readonly toOptions: (home: EmulatedHome) => Partial<CheckOptions>;
  readonly step: string;
  readonly code: string;
}

describe("a problem that does not stop the check", () => {
  test.each<[string, Doubt]>([
    [
      "a user name that differs in case",
      {
        directory: { users: user({ userName: USER.toUpperCase() }) },
        toOptions: () => ({ user: USER }),
        step: "user",
        code: "FED-USER-CASE",
      },
    ],
    [
      "a user without a last name",
      {
        directory: {
          users: [
            {
              userId: USER_ID,
              userName: USER,
              givenName: "Okta",
              displayName: "O",
              externalId: "x",
            },
          ],
        },
        toOptions: () => ({}),
        step: "user",
        code: "FED-USER-NAMES",
      },
    ],
    [
      "a token that expires within ninety days",
      {
        directory: {},
        toOptions: () => ({ tokenExpiresAt: daysFromNow(45) }),
        step: "scim-token",
        code: "FED-SCIM-TOKEN-EXPIRES",
      },
    ],
    [
      "an endpoint with the console's trailing slash",
      {
        directory: {},
        toOptions: (home) => ({ scimEndpoint: home.emulator.scimEndpoint }),
        step: "scim-reach",
        code: "FED-SCIM-URL",
      },
    ],
    [
      "a certificate that expires soon",
      {
        directory: {},
        toOptions: () => ({ minDays: 36_500 }),
        step: "metadata",
        code: "META-CERT",
      },
    ],
  ])(
    "%s is a warning, and the later steps are judged",
    { tags: ["long"] },
    async (_, { directory, toOptions, step, code }) => {
      const home = await createFederatedEmulation(directory);
      const checks = await runCheck(home, toOptions(home));
      expect(checks.find(({ id }) => id === step)).toMatchObject({ status: "warn", code });
      expect(toStatuses(checks)).toMatchObject({
        group: "ok",
        member: "ok",
        assignment: "ok",
        portal: "ok",
      });
    },
  );

  test("a SCIM endpoint of another directory is found by comparing it with Identity Store", async () => {
    const home = await createFederatedEmulation();
    const other = await createFederatedEmulation({ users: [] });
    const checks = await runCheck(home, { scimEndpoint: other.emulator.scimEndpoint.slice(0, -1) });
    expect(checks.find(({ id }) => id === "user")).toMatchObject({
      status: "warn",
      code: "FED-WITNESSES-DIFFER",
    });
  });
});

test("both directories find names with quotes and backslashes, and permission sets whose name looks like a role's suffix", async () => {
  const odd = 'a"b\\c d';
  const name = "A_B_0123456789abcdef";
  const home = await createFederatedEmulation(
    {
      groups: [{ groupId: GROUP_ID, displayName: odd, members: [USER_ID], externalId: "g" }],
      permissionSets: [{ id: "ps-0a1b2c3d4e5f6071", name }],
    },
    { org: { accounts: [{ accountId: ACCOUNT, roles: [name] }] } },
  );
  home.write(
    ".aws/config",
    home
      .read(".aws/config")
      .replace(`sso_role_name = ${PERMISSION_SET}`, `sso_role_name = ${name}`),
  );
  const checks = await runCheck(home, { group: odd, permissionSet: name });
  expect(toStatuses(checks)).toEqual(statusesExcept({}));
  const scim = await runCheck(home, { group: odd, scimOnly: true });
  expect(toStatuses(scim)).toMatchObject({ user: "ok", group: "ok", member: "ok" });
});

test("the management account's instance is chosen from two, even after an empty first page", async () => {
  const instances = [
    { id: "ssoins-1111111111111111", ownerAccountId: "100000000002", status: "ACTIVE" as const },
    { id: "ssoins-7223a1b2c3d4e5f6", ownerAccountId: "999999999999", status: "ACTIVE" as const },
  ];
  const home = await createFederatedEmulation(
    { instances },
    { paging: { pageSize: 1, emptyPages: true } },
  );
  const checks = await runCheck(home);
  expect(checks.find(({ id }) => id === "instance")?.summary).toBe(
    "ssoins-7223a1b2c3d4e5f6 (us-east-1)",
  );
});
