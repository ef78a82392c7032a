import { expect } from "vitest";
import * as sdk from "../support/emulator-clients.ts";
import { ACCOUNT, statusOf, type Rows } from "./knob-bench.ts";

export const otherRows = {
  async clock({ emulator, turn }) {
    await turn("clock", { frozen: true, set: "2031-05-06T07:08:09Z" });
    const date = async () => (await fetch(`${emulator.url}/start/device`)).headers.get("date");
    expect(await date()).toBe("Tue, 06 May 2031 07:08:09 GMT");
    await turn("clock", { advanceMs: 60_000 });
    expect(await date()).toBe("Tue, 06 May 2031 07:09:09 GMT");
    await turn("clock", { frozen: false, set: 0 });
    expect(emulator.clock.now()).toBeLessThan(60_000);
    await expect(turn("clock", { set: "noon" })).rejects.toThrow("clock.set is no instant");
  },
  async identity({ emulator, turn }) {
    await turn("identity", { username: "alice@example.com", partition: "aws-us-gov" });
    const { accessToken } = await sdk.signIn(emulator);
    const { Arn } = await sdk.whoAmI(emulator, await sdk.roleKeys(emulator, accessToken));
    expect(Arn).toMatch(/^arn:aws-us-gov:sts::.*\/alice@example\.com$/);
  },
  async sigv4({ emulator, turn }) {
    const { accessToken } = await sdk.signIn(emulator);
    const keys = await sdk.roleKeys(emulator, accessToken);
    const late = () => sdk.whoAmI(emulator, keys, -400_000);
    expect(await sdk.failure(late())).toMatchObject({ name: "SignatureDoesNotMatch" });
    await turn("sigv4", { windowSeconds: 900 });
    expect((await late()).Account).toBe(ACCOUNT);
    await turn("sigv4", { verify: false });
    expect((await sdk.whoAmI(emulator, { ...keys, secretAccessKey: "wrong" })).Account).toBe(
      ACCOUNT,
    );
  },
  async directory({ emulator, turn }) {
    await turn("directory", {
      tokens: ["good"],
      users: [{ userId: "u-1", userName: "ada@example.com" }],
    });
    const asked = async (token: string, url = emulator.scimEndpoint): Promise<unknown> => {
      const response = await fetch(
        `${url}Users?filter=${encodeURIComponent('userName eq "ada@example.com"')}`,
        { headers: { Authorization: `Bearer ${token}` } },
      );
      return response.ok ? response.json() : response.status;
    };
    expect(await asked("good")).toMatchObject({ totalResults: 1, Resources: [{ id: "u-1" }] });
    expect(await asked("bad")).toBe(401);
    expect(await asked("good", emulator.scimEndpoint.replace("emu1", "emu2"))).toBe(401);
    await expect(turn("directory", { users: [{ userId: "u-1" }] } as never)).rejects.toThrow(
      "directory.users[0] needs the field userName",
    );
  },
  async setFault({ emulator, turn }) {
    await turn("setFault", { route: "ListAccounts", status: 503, times: 1 });
    expect(await statusOf(emulator, "t")).toBe(503);
    expect(await statusOf(emulator, "t")).toBe(401);
  },
  async clearFaults({ emulator, turn }) {
    emulator.setFault({ route: "ListAccounts", status: 503 });
    emulator.setFault({ route: "Logout", status: 503 });
    await turn("clearFaults", { route: "Logout" });
    expect(await statusOf(emulator, "t")).toBe(503);
    await turn("clearFaults", {});
    expect(await statusOf(emulator, "t")).toBe(401);
  },
  async clearJournal({ emulator, turn }) {
    await statusOf(emulator, "t");
    await turn("clearJournal", {});
    expect(emulator.journal.entries()).toEqual([]);
  },
} satisfies Rows;
