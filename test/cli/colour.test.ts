import { describe, expect, test } from "vitest";
import {
  CORP_TOKEN,
  createSignedInHome,
  expireTokenFile,
  type TokenFileJson,
} from "../support/home.ts";
import { OKTA_ROLE } from "../support/session-config.ts";
import { startSession } from "../support/pty.ts";

const [GREEN, YELLOW, RED] = ["\u001b[32m", "\u001b[33m", "\u001b[31m"];

describe("colours", () => {
  test(
    "a terminal shows the state in green, yellow and red, next to its words",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const readStatus = async (argv: readonly string[] = [], env = {}): Promise<string> => {
        const session = startSession(home, ["status", ...argv], 120, env);
        await session.ended;
        return session.readRaw();
      };
      expect(await readStatus()).toContain(`${GREEN}signed in`);
      for (const [argv, env] of [
        [["--no-color"], {}],
        [[], { NO_COLOR: "1" }],
        [[], { TERM: "dumb" }],
        [["--json"], {}],
        [["--query", "[].state"], {}],
      ] as const)
        expect(await readStatus(argv, env)).not.toContain("\u001b[3");
      const { refreshToken, ...token } = home.readJson<TokenFileJson>(CORP_TOKEN);
      expect(refreshToken).not.toBe("");
      home.write(CORP_TOKEN, JSON.stringify(token));
      expireTokenFile(home, CORP_TOKEN, 600);
      expect(await readStatus()).toContain(`${YELLOW}signed in`);
      expireTokenFile(home, CORP_TOKEN);
      expect(await readStatus()).toContain(`${RED}expired`);
    },
  );

  test(
    "a dumb terminal gets no escape sequence at all, and no question",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({ autoApprove: { afterPolls: 0 } });
      for (const [argv, exitCode] of [
        [["whoami"], 2],
        [["use"], 2],
        [["configure", "--profile", "new"], 2],
        [["login", "--force", "--no-browser"], 0],
        [["accounts"], 0],
        [["profiles", "sync", "--sso-session", "corp", "--yes"], 0],
        [["exec", "okta", "--", "true"], 0],
        [["logout"], 0],
        [["accounts"], 4],
      ] as const) {
        const session = startSession(home, argv, 80, { TERM: "dumb" });
        expect(await session.ended, `${argv.join(" ")}: ${session.readRaw()}`).toBe(exitCode);
        expect(session.readRaw(), argv.join(" ")).not.toContain("\u001b");
      }
    },
  );

  test("a pipe gets no colours, unless they are forced", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    expect((await home.run(["status"])).stdout).not.toContain("\u001b");
    const forced = await home.run(["status"], { env: { FORCE_COLOR: "1" } });
    expect(forced.stdout).toContain(`${GREEN}signed in`);
    const plain = await home.run(["status", "--no-color"], { env: { FORCE_COLOR: "1" } });
    expect(plain.stdout).not.toContain("\u001b");
  });

  test("an error is two lines whose first words are coloured on a terminal only", async () => {
    const home = await createSignedInHome();
    const session = startSession(home, ["exec", "nosuch", "--", "true"]);
    await session.ended;
    expect(session.readRaw()).toContain(`latchkey: ${RED}error\u001b[39m: `);
    expect((await home.run(["exec", "nosuch", "--", "true"])).stderr).toMatch(/^latchkey: error: /);
  });

  test("the signs of a plan are coloured", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    const env = { FORCE_COLOR: "1" };
    const role = ["--profile", "okta", ...OKTA_ROLE];
    const argv = ["configure", ...role, "--region", "eu-north-1", "--yes"];
    const { stderr } = await home.run(argv, { env });
    expect(stderr).toContain(`  ${YELLOW}~\u001b[39m region = eu-west-1 → eu-north-1`);
    const sync = await home.run(["profiles", "sync", "--region", "us-east-1", "--dry-run"], {
      env,
    });
    expect(sync.stderr).toMatch(/^ {2}\u001b\[32m\+\u001b\[39m /m);
  });

  test(
    "the plan of a removal is coloured, and --no-color for another program turns nothing off",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const env = { FORCE_COLOR: "1" };
      const child = await home.run(["exec", "nosuch", "true", "--no-color"], { env });
      expect(child.stderr).toContain(`latchkey: ${RED}error`);
      const own = await home.run(["exec", "--no-color", "nosuch", "true"], { env });
      expect(own.stderr).toMatch(/^latchkey: error/);
      const { stderr } = await home.run(["profiles", "rm", "okta", "--yes"], { env });
      expect(stderr).toContain(`  ${RED}-\u001b[39m `);
    },
  );

  test("the levels of the doctor are coloured", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    home.write(
      ".aws/config",
      "[profile a]\nsso_session = gone\nsso_account_id = 100000000001\nsso_role_name = R\n",
    );
    const { stdout } = await home.run(["doctor", "--offline"], { env: { FORCE_COLOR: "1" } });
    expect(stdout).toContain(` ${RED}FAIL\u001b[39m  `);
    expect(stdout).toContain(` ${GREEN}ok\u001b[39m  `);
  });
});
