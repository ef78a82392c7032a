import { describe, expect, test } from "vitest";
import {
  CORP_TOKEN,
  createHome,
  createSignedInHome,
  expireTokenFile,
  PROGRAM,
  SESSION_CONFIG,
  type Home,
} from "../support/home.ts";
import { CTRL_C, ENTER, startSession, startTerminal, type Session } from "../support/pty.ts";
import { installProgram } from "../support/shell.ts";

/** Signing in when a command needs it: it asks at a terminal, and then continues. */

const QUESTION = "Sign in to corp now? (Y/n)";
const ARN = /arn:aws:sts::100000000001:assumed-role/;

async function createSignedOutHome(): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 0 } });
  home.write(".aws/config", SESSION_CONFIG);
  return home;
}

function countSignIns(home: Home): number {
  return home.emulator.journal.count("StartDeviceAuthorization");
}

async function agree(session: Session): Promise<void> {
  await session.see(QUESTION);
  session.type(ENTER);
  await session.see(/Code {3}/);
  await session.see("Signed in to corp.");
}

const COMMANDS: ReadonlyArray<readonly [argv: readonly string[], end: RegExp]> = [
  [["whoami", "okta"], ARN],
  [["exec", "okta", "--", "sh", "-c", "echo key $AWS_ACCESS_KEY_ID"], /key ASIA/],
  [["export", "okta", "--format", "env"], /export AWS_ACCESS_KEY_ID=ASIA/],
  [["console", "okta", "--print"], /https?:\/\/\S+SigninToken=/],
  [["accounts"], /accounts? in corp/],
  [["roles"], /roles? in corp/],
  [["profiles", "sync", "--dry-run"], /add/i],
];

describe("a command that needs a sign-in, at a terminal", () => {
  for (const [argv, end] of COMMANDS)
    test(
      `${argv.slice(0, 2).join(" ")} asks, signs in and continues`,
      { tags: ["long"] },
      async () => {
        const home = await createSignedOutHome();
        const session = startSession(home, argv, 200);
        await agree(session);
        await session.see(end);
        expect(await session.ended).toBe(0);
        expect(countSignIns(home)).toBe(1);
      },
    );

  test("gives the reason before it asks, and No leads to the original error, with exit 4", async () => {
    const home = await createSignedInHome();
    expireTokenFile(home, CORP_TOKEN);
    const { refreshToken: _, ...stored } = home.readJson<Record<string, string>>(CORP_TOKEN);
    home.write(CORP_TOKEN, JSON.stringify(stored));
    const session = startSession(home, ["whoami", "okta"], 200);
    await session.see('latchkey: notice: The SSO session "corp" has expired.');
    await session.answer(QUESTION, "n");
    await session.see('latchkey: error: The SSO session "corp" has expired.');
    await session.see("latchkey: hint: latchkey login --sso-session corp");
    expect(await session.ended).toBe(4);
    expect(countSignIns(home)).toBe(0);
  });

  test("Ctrl-C at the question cancels", async () => {
    const home = await createSignedOutHome();
    const session = startSession(home, ["accounts"], 80);
    await session.see(QUESTION);
    session.type(CTRL_C);
    expect(await session.ended).toBe(130);
    expect(countSignIns(home)).toBe(0);
  });

  test("a profile that was picked is not asked for again", { tags: ["long"] }, async () => {
    const home = await createSignedOutHome();
    const other = "\n[profile other]\nregion = us-east-1\ncredential_process = /bin/false\n";
    home.write(".aws/config", SESSION_CONFIG + other);
    const session = startSession(home, ["whoami"], 120);
    await session.see("okta");
    session.type("okta");
    await new Promise((resolve) => setTimeout(resolve, 200));
    session.type(ENTER);
    await agree(session);
    await session.see(ARN);
    expect(await session.ended).toBe(0);
    expect(session.readText().match(/Sign in to corp now/g)?.length).toBeGreaterThan(0);
  });

  test("a refused sign-in exits 9", { tags: ["long"] }, async () => {
    const home = await createHome();
    home.write(".aws/config", SESSION_CONFIG);
    const session = startSession(home, ["whoami", "okta"], 200);
    await session.answer(QUESTION, "");
    await session.see(/check that the page/);
    home.emulator.denyDevice(/Code {3}(\S+)/.exec(session.readText())?.[1] ?? "");
    await session.see("Start again: latchkey login --sso-session corp");
    expect(await session.ended).toBe(9);
  });

  test("with --json, stdout is one value", { tags: ["long"] }, async () => {
    const home = await createSignedOutHome();
    const line = `${PROGRAM.map((word) => `'${word}'`).join(" ")} whoami okta --json > out.json`;
    const session = startTerminal(home, ["sh", "-c", line], 120);
    await agree(session);
    expect(await session.ended).toBe(0);
    expect(home.readJson("out.json")).toMatchObject({ accountId: "100000000001" });
  });

  test("two at once start one sign-in", { tags: ["long"] }, async () => {
    const home = await createHome({ autoApprove: { afterPolls: 1 } });
    home.write(".aws/config", SESSION_CONFIG);
    const sessions = [0, 1].map(() => startSession(home, ["whoami", "okta"], 200));
    await Promise.all(sessions.map((session) => session.see(QUESTION)));
    for (const session of sessions) session.type(ENTER);
    expect(await Promise.all(sessions.map((session) => session.ended))).toEqual([0, 0]);
    expect(countSignIns(home)).toBe(1);
  });
});

describe("settings sign-in", () => {
  test("auto signs in without a question", { tags: ["long"] }, async () => {
    const home = await createSignedOutHome();
    await home.run(["settings", "sign-in", "auto"]);
    const session = startSession(home, ["whoami", "okta"], 200);
    await session.see(/Code {3}/);
    await session.see(ARN);
    expect(await session.ended).toBe(0);
    expect(session.readText()).not.toContain("now?");
  });

  test("never gives the error at once, for that session only", async () => {
    const home = await createSignedOutHome();
    await home.run(["settings", "--sso-session", "corp", "sign-in", "never"]);
    const session = startSession(home, ["whoami", "okta"], 200);
    expect(await session.ended).toBe(4);
    expect(session.readText()).not.toContain("now?");
  });

  test("accepts only ask, auto and never", { tags: ["long"] }, async () => {
    const home = await createHome();
    expect(await home.run(["settings", "sign-in", "always"])).toMatchObject({ exitCode: 2 });
    for (const value of ["ask", "auto", "never"])
      expect(await home.run(["settings", "sign-in", value])).toMatchObject({ exitCode: 0 });
  });
});

describe("no question is asked", () => {
  test("without a terminal, also with auto", { tags: ["long"] }, async () => {
    const home = await createSignedOutHome();
    await home.run(["settings", "sign-in", "auto"]);
    for (const argv of [["whoami", "okta"], ["accounts"], ["exec", "okta", "--", "true"]])
      expect(await home.run(argv)).toMatchObject({ exitCode: 4 });
    expect(home.emulator.journal.entries()).toEqual([]);
  });

  test("by export as a credential_process that shares the terminal", async () => {
    const home = await createSignedOutHome();
    const line = `${PROGRAM.map((word) => `'${word}'`).join(" ")} export okta > out.json`;
    const session = startTerminal(home, ["sh", "-c", line], 120);
    expect(await session.ended).toBe(4);
    expect(session.readText()).not.toContain("now?");
  });

  test(
    "by credential-process, --cached and --offline at a terminal",
    { tags: ["long"] },
    async () => {
      const home = await createSignedOutHome();
      await home.run(["settings", "sign-in", "auto"]);
      const role = ["--account-id", "100000000001", "--role-name", "ViewOnlyAccess"];
      for (const argv of [
        ["credential-process", "--profile", "okta"],
        ["credential-process", "--sso-session", "corp", ...role],
        ["accounts", "--cached"],
        ["roles", "--cached"],
        ["profiles", "sync", "--cached", "--dry-run"],
      ]) {
        const session = startSession(home, argv, 200);
        expect(await session.ended, argv.join(" ")).not.toBe(0);
        expect(session.readText()).not.toMatch(/now\?|Code {3}/);
      }
      const offline = startSession(home, ["whoami", "okta", "--offline"], 200);
      await offline.ended;
      expect(offline.readText()).not.toMatch(/now\?|Code {3}/);
      expect(countSignIns(home)).toBe(0);
    },
  );
});

describe("use", () => {
  async function startUse(home: Home, after = ""): Promise<Session> {
    const script = `eval "$(latchkey shell-init bash)"\nlatchkey use okta; echo "code $? profile $AWS_PROFILE"${after}`;
    return startTerminal({ path: home.path, env: { ...home.env, PATH: installProgram(home) } }, [
      "bash",
      "-c",
      script,
    ]);
  }

  test("switches, then offers the sign-in", { tags: ["long"] }, async () => {
    const home = await createSignedOutHome();
    const session = await startUse(home);
    await session.see("This shell uses okta");
    await agree(session);
    await session.see("code 0 profile okta");
    expect(await session.ended).toBe(0);
    expect(home.exists(CORP_TOKEN)).toBe(true);
  });

  test("stays switched if the user answers no, or cancels", { tags: ["long"] }, async () => {
    const home = await createSignedOutHome();
    const refusing = await startUse(home);
    await refusing.answer(QUESTION, "n");
    await refusing.see("not signed in: latchkey login --sso-session corp");
    await refusing.see("code 0 profile okta");
    const cancelling = await startUse(home);
    await cancelling.see(QUESTION);
    cancelling.type(CTRL_C);
    await cancelling.see("profile okta");
    expect(countSignIns(home)).toBe(0);
  });

  test("asks nothing if the sign-in is valid", async () => {
    const home = await createSignedInHome();
    const session = await startUse(home);
    await session.see("code 0 profile okta");
    expect(session.readText()).not.toContain("now?");
  });
});
