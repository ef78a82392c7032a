import { expect } from "vitest";
import * as sdk from "../support/emulator-clients.ts";
import { ACCOUNT, fetchStatus, type Rows } from "./knob-harness.ts";

export const otherRows = {
  async clock({ emulator, turn }) {
    await turn("clock", { frozen: true, set: "2031-05-06T07:08:09Z" });
    const fetchDate = async () => (await fetch(`${emulator.url}/start/device`)).headers.get("date");
    expect(await fetchDate()).toBe("Tue, 06 May 2031 07:08:09 GMT");
    await turn("clock", { advanceMs: 60_000 });
    expect(await fetchDate()).toBe("Tue, 06 May 2031 07:09:09 GMT");
    await turn("clock", { frozen: false, set: 0 });
    expect(emulator.clock.now()).toBeLessThan(60_000);
    await expect(turn("clock", { set: "noon" })).rejects.toThrow("clock.set is not an instant");
  },
  async identity({ emulator, turn }) {
    await turn("identity", { username: "alice@example.com", partition: "aws-us-gov" });
    const { accessToken } = await sdk.signIn(emulator);
    const { Arn } = await sdk.fetchCallerIdentity(
      emulator,
      await sdk.fetchRoleKeys(emulator, accessToken),
    );
    expect(Arn).toMatch(/^arn:aws-us-gov:sts::.*\/alice@example\.com$/);
  },
  async sigv4({ emulator, turn }) {
    const { accessToken } = await sdk.signIn(emulator);
    const keys = await sdk.fetchRoleKeys(emulator, accessToken);
    const runLate = () => sdk.fetchCallerIdentity(emulator, keys, -400_000);
    expect(await sdk.catchFailure(runLate())).toMatchObject({ name: "SignatureDoesNotMatch" });
    await turn("sigv4", { windowSeconds: 900 });
    expect((await runLate()).Account).toBe(ACCOUNT);
    await turn("sigv4", { verify: false });
    expect(
      (await sdk.fetchCallerIdentity(emulator, { ...keys, secretAccessKey: "wrong" })).Account,
    ).toBe(ACCOUNT);
  },
  async directory({ emulator, turn }) {
    await turn("directory", {
      tokens: ["good"],
      users: [{ userId: "u-1", userName: "ada@example.com" }],
    });
    const fetchScim = async (token: string, url = emulator.scimEndpoint): Promise<unknown> => {
      const response = await fetch(
        `${url}Users?filter=${encodeURIComponent('userName eq "ada@example.com"')}`,
        { headers: { Authorization: `Bearer ${token}` } },
      );
      return response.ok ? response.json() : response.status;
    };
    expect(await fetchScim("good")).toMatchObject({ totalResults: 1, Resources: [{ id: "u-1" }] });
    expect(await fetchScim("bad")).toBe(401);
    expect(await fetchScim("good", emulator.scimEndpoint.replace("emu1", "emu2"))).toBe(401);
    await expect(turn("directory", { users: [{ userId: "u-1" }] } as never)).rejects.toThrow(
      "directory.users[0] needs the field userName",
    );
  },
  async setFault({ emulator, turn }) {
    await turn("setFault", { route: "ListAccounts", status: 503, times: 1 });
    expect(await fetchStatus(emulator, "t")).toBe(503);
    expect(await fetchStatus(emulator, "t")).toBe(401);
  },
  async clearFaults({ emulator, turn }) {
    emulator.setFault({ route: "ListAccounts", status: 503 });
    emulator.setFault({ route: "Logout", status: 503 });
    await turn("clearFaults", { route: "Logout" });
    expect(await fetchStatus(emulator, "t")).toBe(503);
    await turn("clearFaults", {});
    expect(await fetchStatus(emulator, "t")).toBe(401);
  },
  async clearJournal({ emulator, turn }) {
    await fetchStatus(emulator, "t");
    await turn("clearJournal", {});
    expect(emulator.journal.entries()).toEqual([]);
  },
} satisfies Rows;
