import {
  GetRoleCredentialsCommand,
  ListAccountRolesCommand,
  ListAccountsCommand,
  LogoutCommand,
  paginateListAccounts,
} from "@aws-sdk/client-sso";
import { expect, test } from "vitest";
import type { EmulatorOptions } from "../../src/emulator/emulator.ts";
import * as sdk from "../support/emulator-clients.ts";

async function startSignedIn(options: EmulatorOptions = {}) {
  const emulator = await sdk.startEmulatorForTest(options);
  const { accessToken } = await sdk.signIn(emulator);
  return { emulator, accessToken, portal: sdk.createPortalClient(emulator) };
}

async function listAccounts(
  portal: ReturnType<typeof sdk.createPortalClient>,
  accessToken: string,
  pageSize?: number,
) {
  const pages: string[][] = [];
  const configuration = pageSize === undefined ? { client: portal } : { client: portal, pageSize };
  for await (const page of paginateListAccounts(configuration, { accessToken })) {
    pages.push((page.accountList ?? []).map((account) => account.accountId ?? ""));
  }
  return pages;
}

test("accounts are listed with name and address, in a stable order that is not sorted", async () => {
  const { portal, accessToken } = await startSignedIn({ org: { accounts: 30 } });
  const first = await portal.send(new ListAccountsCommand({ accessToken }));
  expect(first.nextToken).toBeFalsy();
  expect(first.accountList?.[0]).toEqual({
    accountId: expect.stringMatching(/^1000000000\d\d$/),
    accountName: expect.stringMatching(/^[a-z]+-(prod|staging|dev)$/),
    emailAddress: expect.stringMatching(/^aws\+.*@example\.com$/),
  });
  const ids = (await listAccounts(portal, accessToken)).flat();
  expect(ids).toEqual(first.accountList?.map((account) => account.accountId));
  expect(ids).not.toEqual(ids.toSorted());
});

test("250 accounts are listed on three pages, each account once", async () => {
  const { portal, accessToken, emulator } = await startSignedIn({ org: { accounts: 250 } });
  const pages = await listAccounts(portal, accessToken);
  expect(pages.map((page) => page.length)).toEqual([100, 100, 50]);
  expect(new Set(pages.flat()).size).toBe(250);
  expect((await listAccounts(portal, accessToken, 90)).map((page) => page.length)).toEqual([
    90, 90, 70,
  ]);
  expect(
    emulator.journal.count("ListAccounts", (entry) => entry.query["max_result"] === "90"),
  ).toBe(3);
});

test.each([0, 101, 1000])(
  "a page size of %i is refused with the service's message",
  async (maxResults) => {
    const { portal, accessToken } = await startSignedIn();
    const call = portal.send(new ListAccountsCommand({ accessToken, maxResults }));
    expect(await sdk.catchFailure(call)).toMatchObject({
      name: "InvalidRequestException",
      message: "ResultSize parameter must be within the valid limits of: 1-100",
      status: 400,
    });
  },
);

test("a page token that was not issued, or belongs to another listing, is refused", async () => {
  const { portal, accessToken } = await startSignedIn({ org: { accounts: 3, roles: 3 } });
  const { nextToken } = await portal.send(new ListAccountsCommand({ accessToken, maxResults: 1 }));
  const roles = new ListAccountRolesCommand({ accessToken, accountId: "100000000001", nextToken });
  expect(await sdk.catchFailure(portal.send(roles))).toMatchObject({
    name: "InvalidRequestException",
  });
  const forged = new ListAccountsCommand({ accessToken, nextToken: "MTAw" });
  expect(await sdk.catchFailure(portal.send(forged))).toMatchObject({
    name: "InvalidRequestException",
  });
});

test("roles are listed page by page, and an account without assignment has none", async () => {
  const { portal, accessToken } = await startSignedIn({ org: { roles: 3 } });
  const accountId = "100000000002";
  const whole = await portal.send(new ListAccountRolesCommand({ accessToken, accountId }));
  expect(whole.roleList?.map((role) => role.roleName).toSorted()).toEqual([
    "AdministratorAccess",
    "PowerUserAccess",
    "ViewOnlyAccess",
  ]);
  const page = await portal.send(
    new ListAccountRolesCommand({ accessToken, accountId, maxResults: 2 }),
  );
  const rest = await portal.send(
    new ListAccountRolesCommand({
      accessToken,
      accountId,
      maxResults: 2,
      nextToken: page.nextToken,
    }),
  );
  expect([...(page.roleList ?? []), ...(rest.roleList ?? [])]).toEqual(whole.roleList);
  const foreign = await portal.send(
    new ListAccountRolesCommand({ accessToken, accountId: "999999999999" }),
  );
  expect(foreign.roleList).toEqual([]);
});

test("role credentials are new each time and expire in an hour, in whole seconds", async () => {
  const { portal, accessToken, emulator } = await startSignedIn();
  const command = new GetRoleCredentialsCommand({
    accessToken,
    accountId: "100000000001",
    roleName: "ViewOnlyAccess",
  });
  const first = (await portal.send(command)).roleCredentials;
  const second = (await portal.send(command)).roleCredentials;
  expect(first?.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(first?.secretAccessKey).toHaveLength(40);
  expect(second?.accessKeyId).not.toBe(first?.accessKeyId);
  const left = (first?.expiration ?? 0) - emulator.clock.now();
  expect(left).toBeGreaterThan(3_590_000);
  expect(left).toBeLessThanOrEqual(3_600_000);
  expect((first?.expiration ?? 1) % 1000).toBe(0);
});

test.each([
  ["an unassigned role", "100000000001", "Administrator"],
  ["an unknown account", "999999999999", "ViewOnlyAccess"],
])(
  "%s is forbidden with the error that the model does not have",
  async (_what, accountId, roleName) => {
    const { emulator, accessToken } = await startSignedIn();
    const query = new URLSearchParams({ account_id: accountId, role_name: roleName });
    const response = await sdk.fetchPortal(
      emulator,
      `/federation/credentials?${query.toString()}`,
      accessToken,
    );
    expect(response.status).toBe(403);
    expect(response.headers.get("x-amzn-errortype")).toBe(
      "ForbiddenException:http://internal.amazon.com/coral/com.amazonaws.switchboard.portal/",
    );
    expect(await response.json()).toEqual({
      message: "No access",
      __type: "com.amazonaws.switchboard.portal#ForbiddenException",
    });
  },
);

test("a missing, unknown or expired token is unauthorized on every operation", async () => {
  const { emulator, accessToken } = await startSignedIn();
  emulator.clock.advance(3_600_000);
  for (const token of [accessToken, "unknown", ""]) {
    for (const path of [
      "/assignment/accounts",
      "/assignment/roles?account_id=1",
      "/federation/credentials",
    ]) {
      const response = await sdk.fetchPortal(emulator, path, token);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({
        message: "Session token not found or invalid",
        __type: "com.amazonaws.switchboard.portal#UnauthorizedException",
      });
    }
  }
});

test("missing parameters are invalid and the wrong method is not allowed", async () => {
  const { emulator, accessToken } = await startSignedIn();
  expect((await sdk.fetchPortal(emulator, "/assignment/roles", accessToken)).status).toBe(400);
  expect(
    (await sdk.fetchPortal(emulator, "/federation/credentials?account_id=1", accessToken)).status,
  ).toBe(400);
  const posted = await sdk.fetchPortal(emulator, "/assignment/accounts", accessToken, {
    method: "POST",
  });
  expect(posted.status).toBe(405);
  expect(await posted.json()).toMatchObject({
    __type: "com.amazonaws.switchboard.portal#MethodNotAllowedException",
  });
});

test("logout revokes the session with its refresh token, and role credentials stay valid", async () => {
  const emulator = await sdk.startEmulatorForTest();
  const session = await sdk.signIn(emulator);
  const portal = sdk.createPortalClient(emulator);
  const keys = await sdk.fetchRoleKeys(emulator, session.accessToken);
  const logout = new LogoutCommand({ accessToken: session.accessToken });
  await portal.send(logout);
  const unauthorized = { name: "UnauthorizedException", status: 401 };
  expect(await sdk.catchFailure(portal.send(logout))).toMatchObject(unauthorized);
  const listing = portal.send(new ListAccountsCommand({ accessToken: session.accessToken }));
  expect(await sdk.catchFailure(listing)).toMatchObject(unauthorized);
  expect(
    await sdk.catchFailure(sdk.refresh(emulator, session, session.refreshToken)),
  ).toMatchObject({
    error: "invalid_grant",
  });
  expect((await sdk.fetchCallerIdentity(emulator, keys)).Account).toBe("100000000001");
});

test("accounts may have the same name, no name, or long, foreign or hostile names", async () => {
  const names = ["same", "same", "naïve 帳戶 🗝", "x".repeat(500), '"; rm -rf ~ #\n[profile x]'];
  const accounts = [
    ...names.map((accountName, index) => ({
      accountId: `20000000000${index}`,
      accountName,
      roles: ["R"],
    })),
    { accountId: "200000000009", roles: ["R"] },
  ];
  const { portal, accessToken, emulator } = await startSignedIn({ org: { accounts } });
  const listed = (await portal.send(new ListAccountsCommand({ accessToken }))).accountList ?? [];
  expect(
    listed
      .map((account) => account.accountName ?? "")
      .filter(Boolean)
      .toSorted(),
  ).toEqual(names.toSorted());
  const raw = await (await sdk.fetchPortal(emulator, "/assignment/accounts", accessToken)).json();
  expect(raw).toMatchObject({
    accountList: expect.arrayContaining([
      { accountId: "200000000009", accountName: null, emailAddress: null },
    ]),
  });
});
