import { describe, expect, test } from "vitest";
import type { SessionStatusJson } from "../../src/commands/status.ts";
import {
  CORP_TOKEN,
  createSignedInHome,
  parseOutput,
  type Home,
  type TokenFileJson,
} from "../support/home.ts";
import { keepSignIn } from "../support/sign-in-files.ts";

/** A refusal of a token by AWS is stored until the next sign-in. */

/** A home whose token the portal refuses before its expiry, and that has no refresh token. */
async function createRefusedHome(): Promise<Home> {
  const home = await createSignedInHome();
  const { refreshToken: _, ...stored } = home.readJson<TokenFileJson>(CORP_TOKEN);
  keepSignIn(home, () => void home.write(CORP_TOKEN, JSON.stringify(stored)));
  home.emulator.expireAccessTokens();
  return home;
}

describe("a token that AWS has refused", () => {
  test(
    "is shown by status, latchkey alone and the prompt, is not sent again, and is forgotten after the next sign-in",
    { tags: ["long"] },
    async () => {
      const home = await createRefusedHome();
      expect((await home.run(["status"])).exitCode).toBe(0);
      expect(await home.run(["accounts"])).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining("is no longer accepted by AWS"),
      });

      const json = await home.run(["status", "--json"]);
      expect(json.exitCode).toBe(4);
      expect(parseOutput<SessionStatusJson[]>(json)).toMatchObject([{ state: "expired" }]);
      expect((await home.run(["status"])).stdout).toMatch(/corp +refused by AWS/);
      expect(await home.run(["status", "--short"])).toMatchObject({
        exitCode: 4,
        stdout: "corp refused\n",
      });
      const { stdout } = await home.run([]);
      expect(stdout).toMatch(/corp +refused by AWS +latchkey login --sso-session corp/);
      expect(stdout).not.toContain("left");

      home.emulator.journal.clear();
      expect(await home.run(["accounts"])).toMatchObject({ exitCode: 4 });
      expect(home.emulator.journal.count("ListAccounts")).toBe(0);

      expect(await home.run(["login", "--no-browser"])).toMatchObject({ exitCode: 0 });
      expect((await home.run(["status"])).stdout).toMatch(/corp +signed in/);
      expect(await home.run(["accounts"])).toMatchObject({ exitCode: 0 });
    },
  );

  test("is also recorded by --verify", { tags: ["long"] }, async () => {
    const home = await createRefusedHome();
    expect((await home.run(["status", "--verify"])).exitCode).toBe(4);
    expect((await home.run(["status"])).exitCode).toBe(4);
  });

  test(
    "is refreshed first by the next command if that is possible",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.emulator.expireAccessTokens();
      home.emulator.setFault({ route: "CreateToken", status: 500 });
      expect((await home.run(["accounts"])).exitCode).toBe(6);
      const json = await home.run(["status", "--json"]);
      expect(parseOutput<SessionStatusJson[]>(json)).toMatchObject([{ state: "refreshable" }]);
      home.emulator.clearFaults();
      home.emulator.journal.clear();
      expect((await home.run(["accounts"])).exitCode).toBe(0);
      expect(home.emulator.journal.entries().map(({ route }) => route)).toEqual([
        "CreateToken",
        "ListAccounts",
      ]);
      expect((await home.run(["status"])).stdout).toMatch(/corp +signed in/);
    },
  );

  test(
    "is not confused with an outage, which proves nothing about the token",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.emulator.setFault({ route: "ListAccounts", status: 500 });
      expect((await home.run(["accounts"])).exitCode).toBe(6);
      home.emulator.clearFaults();
      expect((await home.run(["status"])).stdout).toMatch(/corp +signed in/);
    },
  );
});
