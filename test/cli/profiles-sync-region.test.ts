import { describe, expect, test } from "vitest";
import { createSignedInHome, SESSION_CONFIG, type Home } from "../support/home.ts";
import { startSession } from "../support/pty.ts";

const SESSION = SESSION_CONFIG.slice(SESSION_CONFIG.indexOf("[sso-session"));
const QUESTION = "Default client Region of the profiles";

async function createSyncHome(profiles = ""): Promise<Home> {
  const home = await createSignedInHome();
  home.write(".aws/config", SESSION + profiles);
  return home;
}

function listRegions(home: Home): Set<string> {
  return new Set(
    [...home.read(".aws/config").matchAll(/^region = (.*)$/gm)].map(([, at]) => at ?? ""),
  );
}

async function syncOnce(home: Home, answers: ReadonlyArray<readonly [string, string]>) {
  const session = startSession(home, ["profiles", "sync"]);
  for (const [question, answer] of answers) await session.answer(question, answer);
  expect(await session.ended, session.readText()).toBe(0);
  return session;
}

describe("profiles sync without a configured region", () => {
  test("asks a person once, and suggests the session's region", { tags: ["long"] }, async () => {
    const home = await createSyncHome();
    const first = await syncOnce(home, [
      [`${QUESTION} (none: no region) (us-east-1)`, "eu-west-1"],
      ["Write them? (Y/n)", ""],
    ]);
    expect(first.readText().split(QUESTION).length).toBeGreaterThan(1);
    expect(listRegions(home)).toEqual(new Set(["eu-west-1"]));
    const second = await syncOnce(home, []);
    expect(second.readText()).not.toContain(QUESTION);
    expect(listRegions(home)).toEqual(new Set(["eu-west-1"]));
  });

  test(
    "accepts an empty region as the answer, and does not ask again",
    { tags: ["long"] },
    async () => {
      const home = await createSyncHome();
      await syncOnce(home, [
        [QUESTION, "none"],
        ["Write them?", ""],
      ]);
      expect(listRegions(home)).toEqual(new Set());
      expect((await syncOnce(home, [])).readText()).not.toContain(QUESTION);
    },
  );

  test("rejects a mistyped region and suggests the right one", async () => {
    const home = await createSyncHome();
    const session = startSession(home, ["profiles", "sync"]);
    await session.answer(QUESTION, "eu-wst-1");
    await session.see("Did you mean eu-west-1?");
    session.type("\u0003");
    expect(await session.ended).toBe(130);
    expect(home.read(".aws/config")).toBe(SESSION);
  });

  test("uses the region of the session's existing profiles", async () => {
    const home = await createSyncHome(
      "[profile own]\nsso_session = corp\nsso_account_id = 100000000001\nsso_role_name = ViewOnlyAccess\nregion = eu-west-3\n",
    );
    const session = await syncOnce(home, [["Write them?", ""]]);
    expect(session.readText()).not.toContain(QUESTION);
    expect(listRegions(home)).toEqual(new Set(["eu-west-3"]));
  });

  test.each([["--region", "ap-south-1"], ["--yes"], ["--dry-run"]])(
    "does not ask with %s",
    async (...flags) => {
      const home = await createSyncHome();
      const session = startSession(home, ["profiles", "sync", ...flags]);
      if (flags[0] === "--region") await session.answer("Write them?", "");
      expect(await session.ended, session.readText()).toBe(0);
      expect(session.readText()).not.toContain(QUESTION);
    },
  );
});

describe("a filter that matches nothing", () => {
  test.each([
    [["--filter", "nosuch*"], "--filter 'nosuch*'"],
    [
      ["--filter", "role:Nobody", "--filter", "account:x"],
      "--filter role:Nobody --filter account:x",
    ],
    [["--filter", "role:View*", "--exclude", "*"], "--filter 'role:View*' --exclude '*'"],
  ])("is reported, with exit code 2: %j", { tags: ["long"] }, async (flags, words) => {
    const home = await createSyncHome();
    for (const more of [["--yes"], ["--dry-run"], ["--yes", "--json"]]) {
      const result = await home.run(["profiles", "sync", ...flags, ...more]);
      expect(result.exitCode, result.stderr).toBe(2);
      expect(result.stderr + result.stdout).toContain(`matches ${words}`);
    }
    expect(home.read(".aws/config")).toBe(SESSION);
    expect(await home.run(["roles", "--sso-session", "corp"])).toMatchObject({ exitCode: 0 });
  });
});

test("login rejects a mistyped region before any request", async () => {
  const home = await createSignedInHome();
  const place = ["--start-url", "https://new.awsapps.com/start", "--sso-region", "us-est-1"];
  expect(await home.run(["login", "--no-browser", ...place])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("Did you mean us-east-1?"),
  });
  expect(home.emulator.journal.entries()).toEqual([]);
});
