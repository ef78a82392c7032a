import { describe, expect, test } from "vitest";
import { PASTE_QUESTION } from "../../src/sign-in/text.ts";
import { createHome, SESSION_CONFIG, type Home } from "../support/home.ts";
import { patience } from "../support/patience.ts";
import { CTRL_C, CTRL_D, ENTER, ESCAPE, startSession, startTerminal } from "../support/pty.ts";
import { installProgram } from "../support/shell.ts";

const PROFILE = "account-id 100000000002 role-name ViewOnlyAccess region eu-west-1 output json";
const PROFILE_FLAGS = PROFILE.split(" ").map((word, at) => (at % 2 === 0 ? `--${word}` : word));

/** One command for each kind of question, and the words of its first question. */
const KINDS: ReadonlyArray<readonly [kind: string, argv: readonly string[], question: string]> = [
  [
    "yes or no",
    ["configure", "--profile", "new", "--sso-session", "corp", ...PROFILE_FLAGS],
    "Write this to",
  ],
  ["a line", ["configure", "session"], "SSO session name"],
  ["the picker", ["console", "--print"], "type to narrow"],
  ["a hidden line", ["login", "--use-pkce", "--no-browser"], PASTE_QUESTION],
];

const KEYS = [
  ["Esc", ESCAPE],
  ["Ctrl-C", CTRL_C],
  ["Ctrl-D", CTRL_D],
] as const;

const TWO_PROFILES = `${SESSION_CONFIG}[profile other]\nregion = us-east-1\n`;

async function createPromptHome(): Promise<Home> {
  const home = await createHome();
  home.write(".aws/config", TWO_PROFILES);
  return home;
}

describe.each(KINDS)("a question with %s", (_kind, argv, question) => {
  test.each(KEYS)("is cancelled by %s, and nothing is changed", async (_key, key) => {
    const home = await createPromptHome();
    const session = startSession(home, argv);
    await session.see(question);
    session.type(key);
    await session.see("latchkey: error: Cancelled. Nothing was changed.");
    expect(await session.ended).toBe(130);
    expect(home.read(".aws/config")).toBe(TWO_PROFILES);
  });

  test("is cancelled also after something was typed", async () => {
    const home = await createPromptHome();
    const session = startSession(home, argv);
    await session.see(question);
    session.type("o");
    session.type(CTRL_D);
    await session.see("Cancelled.");
    expect(await session.ended).toBe(130);
  });

  test("ends when its terminal is closed", async () => {
    const home = await createPromptHome();
    const session = startSession(home, argv);
    await session.see(question);
    session.hangUp();
    await expect
      .poll(() => isRunning(session.processId), { timeout: patience(10_000) })
      .toBe(false);
    expect(home.read(".aws/config")).toBe(TWO_PROFILES);
  });

  test("is ended by a signal at once", async () => {
    const home = await createPromptHome();
    const session = startSession(home, argv);
    await session.see(question);
    process.kill(session.processId, "SIGTERM");
    expect(await session.ended).toBe(143);
  });
});

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

describe("the terminal", () => {
  test.each(KEYS)(
    "has its original modes after a question is cancelled by %s",
    { timeout: patience(60_000) },
    async (_key, key) => {
      const home = await createPromptHome();
      const shell = startTerminal(home, ["sh"], 80, { PATH: installProgram(home), PS1: "READY> " });
      await shell.see("READY> ");
      shell.type(
        `stty -g >before; latchkey configure session; stty -g >after; echo do"ne"${ENTER}`,
      );
      await shell.see("SSO session name");
      shell.type(key);
      await shell.see("done");
      expect(home.read("after")).toBe(home.read("before"));
      shell.type(`exit${ENTER}`);
      await shell.ended;
    },
  );
});

describe("waiting for an approval", () => {
  test(
    "shows no typed keys, accepts Ctrl-C, and restores the terminal's modes",
    { tags: ["long"], timeout: patience(60_000) },
    async () => {
      const home = await createPromptHome();
      const shell = startTerminal(home, ["sh"], 80, { PATH: installProgram(home), PS1: "READY> " });
      await shell.see("READY> ");
      shell.type(
        `stty -g >before; latchkey login --no-browser; stty -g >after; echo do"ne"${ENTER}`,
      );
      await shell.see("waiting for your approval");
      const at = shell.readText().length;
      shell.type("typed meanwhile");
      // Wait for the next line of progress.
      await shell.see("waiting for your approval");
      expect(shell.readText().slice(at)).not.toContain("typed");
      shell.type(CTRL_C);
      await shell.see("Cancelled");
      await shell.see("done");
      expect(home.read("after")).toBe(home.read("before"));
      shell.type(`\u0015exit${ENTER}`);
      await shell.ended;
    },
  );
});

describe("a text question", () => {
  test("shows the default in brackets, and can be edited like a shell's line", async () => {
    const home = await createPromptHome();
    const session = startSession(home, ["configure", "session"]);
    await session.see("SSO session name");
    // Ctrl-A, Ctrl-E, Left, Backspace, Ctrl-W and Ctrl-U.
    session.type("wrong words\u0017\u0015orp\u0001c\u0005x\u001b[D\u007fp\u001b[C\u007f");
    session.type(ENTER);
    await session.see("corp is known");
    await session.see("SSO start URL (https://emu.awsapps.com/start)");
    session.type(CTRL_C);
    expect(await session.ended).toBe(130);
  });

  test("for yes or no accepts no other word", async () => {
    const home = await createPromptHome();
    const session = startSession(home, KINDS[0]?.[1] ?? []);
    await session.answer(/Write this to .*\(y\/N\)|\(Y\/n\)/, "maybe");
    await session.see("y or n");
    session.type(`\u0015no${ENTER}`);
    expect(await session.ended).toBe(130);
    expect(session.readText()).toContain("Nothing was written.");
    expect(home.read(".aws/config")).toBe(TWO_PROFILES);
  });
});
