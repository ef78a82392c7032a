import { describe, expect, test } from "vitest";
import {
  CORP_TOKEN,
  createHome,
  createSignedInHome,
  expireTokenFile,
  runProgram,
  PROGRAM,
  SESSION_CONFIG,
  type Home,
} from "../support/home.ts";
import { startSession } from "../support/pty.ts";
import { createNotingBrowser } from "../support/browser.ts";

/** Coding agents and CI jobs: latchkey asks no question and starts no sign-in. */

const MARKS = [
  ["CLAUDECODE", "1", "a coding agent"],
  ["CURSOR_AGENT", "1", "a coding agent"],
  ["GITHUB_ACTIONS", "true", "a CI job"],
  ["CI", "true", "a CI job"],
] as const;

async function createSignedOutHome(): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 0 } });
  home.write(".aws/config", SESSION_CONFIG);
  return home;
}

/** A browser that records that it was started. */
function createTracingBrowser(home: Home): Record<string, string> {
  return { BROWSER: createNotingBrowser(home) };
}

describe("login run by an agent or CI", () => {
  for (const [name, value, who] of MARKS)
    test(
      `with ${name}, at a terminal and without, names the command for a person and starts nothing`,
      { tags: ["long"] },
      async () => {
        const home = await createSignedOutHome();
        const env = { ...createTracingBrowser(home), DISPLAY: ":99", [name]: value };
        const words = `latchkey: error: Signing in to corp requires a person, but ${who} runs this command (${name} is set).\nlatchkey: hint: Run in a terminal of your own: latchkey login --sso-session corp\n`;
        for (const argv of [["login"], ["login", "--use-pkce"], ["login", "--force"]])
          expect(await home.run(argv, { env })).toMatchObject({ exitCode: 4, stderr: words });
        const session = startSession(home, ["login"], 200, env);
        expect(await session.ended).toBe(4);
        expect(session.readText().replaceAll("\r", "")).toBe(words);
        expect(home.emulator.journal.entries()).toEqual([]);
        expect(home.exists("opened")).toBe(false);
      },
    );

  test("a sign-in that can be refreshed is refreshed", async () => {
    const home = await createSignedInHome();
    expireTokenFile(home, CORP_TOKEN);
    const env = { CLAUDECODE: "1" };
    expect(await home.runJson(["login"], { env })).toMatchObject({ alreadySignedIn: true });
    expect(home.emulator.journal.count("CreateToken")).toBe(1);
    expect(home.emulator.journal.count("StartDeviceAuthorization")).toBe(0);
  });

  test("--json prints the error as one value", async () => {
    const home = await createSignedOutHome();
    const result = await home.run(["login", "--json"], { env: { CI: "1" } });
    expect(result).toMatchObject({ exitCode: 4, stderr: "" });
    expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: "SIGN_IN_REQUIRED" } });
  });

  test(
    "settings agents allow permits the sign-in, for one session or for all",
    { tags: ["long"] },
    async () => {
      const home = await createSignedOutHome();
      const env = { CLAUDECODE: "1" };
      const allow = ["settings", "--sso-session", "corp", "agents", "allow"];
      expect(await home.run(allow, { env })).toMatchObject({ exitCode: 0 });
      const result = await home.run(["login", "--no-browser"], { env });
      expect(result.stderr).toMatch(/Code {3}/);
      expect(result.exitCode).toBe(0);
      await home.run(["settings", "--sso-session", "corp", "agents", "refuse"]);
      expect(await home.run(["login", "--force"], { env })).toMatchObject({ exitCode: 4 });
    },
  );

  test("the setting accepts only refuse and allow", async () => {
    const home = await createHome();
    for (const value of ["yes", "Allow", ""])
      expect(await home.run(["settings", "agents", value])).toMatchObject({ exitCode: 2 });
  });

  test(
    "without a terminal and without an agent or CI, login works as always; CI=false does not count as CI",
    { tags: ["long"] },
    async () => {
      const home = await createSignedOutHome();
      for (const env of [{}, { CI: "false" }, { CI: "0", CLAUDECODE: "" }])
        expect(await home.run(["login", "--no-browser", "--force"], { env })).toMatchObject({
          exitCode: 0,
        });
    },
  );
});

describe("questions in a run by an agent or CI", () => {
  for (const [name, value] of MARKS)
    test(
      `with ${name}, a terminal is ignored: a command that needs an answer exits 2`,
      { tags: ["long"] },
      async () => {
        const home = await createSignedInHome();
        const env = { [name]: value };
        for (const argv of [["use"], ["configure"], ["profiles", "sync"]]) {
          const session = startSession(home, argv, 200, env);
          expect(await session.ended, session.readText()).toBe(2);
        }
      },
    );

  test("with CI=false the questions are asked", async () => {
    const home = await createSignedInHome();
    const session = startSession(home, ["configure"], 80, { CI: "false" });
    await session.see("SSO session name");
    session.type("\u0003");
    expect(await session.ended).toBe(130);
  });
});

test(
  "demo signs in to its own emulator, also if an agent runs it",
  { tags: ["long"] },
  async () => {
    const home = await createHome();
    const env = { ...home.env, CLAUDECODE: "1", CI: "true" };
    expect(await runProgram([...PROGRAM, "demo"], env)).toMatchObject({ exitCode: 0 });
  },
);
