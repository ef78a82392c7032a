import { expect } from "vitest";
import type { Emulator } from "../../src/emulator/emulator.ts";
import * as sdk from "../support/emulator-clients.ts";
import { ACCOUNT, CREDENTIALS_PATH, ROLE, fetchStatus, type Rows } from "./knob-harness.ts";

async function fetchRoles(
  emulator: Emulator,
  accessToken: string,
  accountId = ACCOUNT,
): Promise<string[]> {
  const response = await sdk.fetchPortal(
    emulator,
    `/assignment/roles?account_id=${accountId}`,
    accessToken,
  );
  const { roleList } = (await response.json()) as { roleList: { roleName: string }[] };
  return roleList.map((role) => role.roleName);
}

async function fetchPage(emulator: Emulator, accessToken: string, token?: string | null) {
  const query = token ? `?next_token=${token}` : "";
  const response = await sdk.fetchPortal(emulator, `/assignment/accounts${query}`, accessToken);
  return (await response.json()) as {
    accountList: { accountId: string }[];
    nextToken?: string | null;
  };
}

export const portalRows = {
  async org({ emulator, turn }) {
    const { accessToken } = await sdk.signIn(emulator);
    await turn("org", { accounts: 5, roles: 1, seed: "other" });
    expect((await fetchPage(emulator, accessToken)).accountList).toHaveLength(5);
    expect(await fetchRoles(emulator, accessToken)).toEqual([ROLE]);
    await turn("org", { accounts: [{ accountId: "200000000001", roles: ["A", "B"] }] });
    expect((await fetchRoles(emulator, accessToken, "200000000001")).toSorted()).toEqual([
      "A",
      "B",
    ]);
  },
  async assign({ emulator, turn }) {
    const { accessToken } = await sdk.signIn(emulator);
    await turn("assign", { accountId: ACCOUNT, roleName: "Auditor" });
    await turn("assign", { accountId: "300000000001", roleName: "Auditor", accountName: "new" });
    expect(await fetchRoles(emulator, accessToken)).toContain("Auditor");
    expect((await fetchPage(emulator, accessToken)).accountList).toHaveLength(4);
    expect(
      (await sdk.fetchRoleKeys(emulator, accessToken, "300000000001", "Auditor")).accessKeyId,
    ).toBeTruthy();
  },
  async unassign({ emulator, turn }) {
    const { accessToken } = await sdk.signIn(emulator);
    await turn("unassign", { accountId: ACCOUNT, roleName: ROLE });
    expect(await fetchRoles(emulator, accessToken)).not.toContain(ROLE);
    expect(await fetchStatus(emulator, accessToken, CREDENTIALS_PATH)).toBe(403);
  },
  async deny({ emulator, turn }) {
    const { accessToken } = await sdk.signIn(emulator);
    await turn("deny", { accountId: ACCOUNT, roleName: ROLE });
    expect(await fetchRoles(emulator, accessToken)).toContain(ROLE);
    expect(await fetchStatus(emulator, accessToken, CREDENTIALS_PATH)).toBe(403);
    await turn("deny", { accountId: ACCOUNT, roleName: ROLE, denied: false });
    expect(await fetchStatus(emulator, accessToken, CREDENTIALS_PATH)).toBe(200);
  },
  async paging({ emulator, turn }) {
    const { accessToken } = await sdk.signIn(emulator);
    await turn("paging", { pageSize: 2 });
    const first = await fetchPage(emulator, accessToken);
    expect(first.accountList).toHaveLength(2);
    await turn("paging", { emptyPages: true });
    const empty = await fetchPage(emulator, accessToken, first.nextToken);
    expect(empty.accountList).toEqual([]);
    expect((await fetchPage(emulator, accessToken, empty.nextToken)).accountList).toHaveLength(1);
    await turn("paging", { emptyPages: false, repeatToken: true });
    expect((await fetchPage(emulator, accessToken, first.nextToken)).nextToken).toBe(
      first.nextToken,
    );
  },
  async rate({ emulator, turn }) {
    emulator.clock.freeze();
    const [one, other] = [await sdk.signIn(emulator), await sdk.signIn(emulator)];
    const fetchBurst = async (token: string, count: number) => {
      const statuses: number[] = [];
      for (let index = 0; index < count; index += 1)
        statuses.push(await fetchStatus(emulator, token));
      return statuses.filter((status) => status === 200).length;
    };
    await turn("rate", "realistic");
    expect(await fetchBurst(one.accessToken, 45)).toBe(40);
    expect(await fetchBurst(other.accessToken, 1)).toBe(1);
    emulator.clock.advance(500);
    expect(await fetchBurst(one.accessToken, 8)).toBe(5);
    await turn("rate", { burst: 2, refillPerSecond: 0, key: "ip" });
    expect((await fetchBurst(one.accessToken, 2)) + (await fetchBurst(other.accessToken, 2))).toBe(
      2,
    );
    await turn("rate", "off");
    expect(await fetchBurst(one.accessToken, 50)).toBe(50);
  },
  async errorShape({ emulator, turn }) {
    const fetchError = async (path: string, method: string) => {
      const response = await fetch(emulator.url + path, { method });
      const body = (await response.json()) as Record<string, unknown>;
      return [response.headers.has("x-amzn-errortype"), body["__type"] !== undefined];
    };
    const fetchOidc = () => fetchError("/client/register", "POST");
    const fetchPortal = () => fetchError("/assignment/accounts", "GET");
    expect([await fetchOidc(), await fetchPortal()]).toEqual([
      [true, false],
      [true, true],
    ]);
    await turn("errorShape", { shape: "header" });
    expect([await fetchOidc(), await fetchPortal()]).toEqual([
      [true, false],
      [true, false],
    ]);
    await turn("errorShape", { shape: "body" });
    expect([await fetchOidc(), await fetchPortal()]).toEqual([
      [false, true],
      [false, true],
    ]);
    expect(
      await sdk.catchFailure(sdk.startDevice(emulator, { clientId: "x", clientSecret: "x" })),
    ).toMatchObject({
      name: "InvalidClientException",
    });
  },
  async nulls({ emulator, turn }) {
    const { accessToken } = await sdk.signIn(emulator);
    expect(await fetchPage(emulator, accessToken)).toHaveProperty("nextToken", null);
    await turn("nulls", { write: false });
    expect(await fetchPage(emulator, accessToken)).not.toHaveProperty("nextToken");
    const refused = await fetch(`${emulator.url}/client/register`, { method: "POST", body: "{" });
    expect(await refused.json()).not.toHaveProperty("reason");
  },
} satisfies Rows;
