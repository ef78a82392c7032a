import { describe, expect, test } from "vitest";
import { createHome, parseOutput, type Home, type RunResult } from "../support/home.ts";
import { startSession } from "../support/pty.ts";
import { wordsConfig } from "../support/session-words.ts";
import { runInBash } from "../support/shell.ts";
import { writeSignIn } from "../support/sign-in-files.ts";
import type { WhoamiJson } from "../../src/commands/whoami.ts";
import { printVariables } from "../support/commands.ts";

const ROLES = ["ViewOnlyAccess", "Billing"];
const ORG = {
  accounts: [
    { accountId: "100000000001", accountName: "ledger", roles: ROLES },
    { accountId: "100000000002", accountName: "search", roles: ROLES },
  ],
};

/** Signed in to "corp" only. */
async function createWordsHome(): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 0 }, org: ORG });
  home.write(".aws/config", wordsConfig(home.emulator.startUrl));
  writeSignIn(home);
  return home;
}

/** How words are passed to each command that acts on a profile, and how its output shows the profile search. */
const COMMANDS: ReadonlyArray<
  readonly [name: string, argv: (words: readonly string[]) => string[], search: RegExp]
> = [
  ["whoami", (words) => ["whoami", "--offline", ...words], /100000000002/],
  ["whoami --clients", (words) => ["whoami", "--clients", ...words], /100000000002/],
  ["export", (words) => ["export", ...words, "--format", "dotenv"], /100000000002/],
  ["console", (words) => ["console", "--print", "--shortcut", ...words], /100000000002/],
  [
    "exec",
    (words) => ["exec", ...words, "--", ...printVariables("AWS_ACCOUNT_ID")],
    /100000000002/,
  ],
];

const toLine = ({ exitCode, stderr }: RunResult): string => `${exitCode} ${stderr}`;

describe.each(COMMANDS)("%s takes its profile as a word", (_, toArgv, search) => {
  test(
    "a full name, a part of one in any case; a part gets a notice",
    { tags: ["long"] },
    async () => {
      const home = await createWordsHome();
      const whole = await home.run(toArgv(["search"]));
      expect(whole).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(search) });
      expect(whole.stderr).not.toContain("means the profile");
      for (const part of ["sear", "ARCH"])
        expect(await home.run(toArgv([part]))).toMatchObject({
          exitCode: 0,
          stdout: expect.stringMatching(search),
          stderr: expect.stringContaining(`notice: "${part}" means the profile search`),
        });
    },
  );

  test(
    "a part of several and a session are listed, a word without a match gets the nearest name",
    { tags: ["long"] },
    async () => {
      const home = await createWordsHome();
      expect(toLine(await home.run(toArgv(["ledger"])))).toBe(
        '2 latchkey: error: "ledger" fits 2 profiles: ledger-view, ledger-billing.\nlatchkey: hint: Type more of the name that you mean.\n',
      );
      expect(toLine(await home.run(toArgv(["corp"])))).toBe(
        '2 latchkey: error: "corp" is the SSO session corp, with 2 profiles: ledger-view, search.\nlatchkey: hint: Name one of its profiles.\n',
      );
      expect(toLine(await home.run(toArgv(["idle"])))).toBe(
        '7 latchkey: error: "idle" is the SSO session idle, and no profile uses it.\nlatchkey: hint: latchkey profiles sync --sso-session idle\n',
      );
      expect(toLine(await home.run(toArgv(["serach"])))).toMatch(
        /^7 latchkey: error: No profile "serach" in .*\nlatchkey: hint: The nearest names: search\n$/,
      );
    },
  );

  test(
    "--profile takes full names only; a flag with another profile is refused",
    { tags: ["long"] },
    async () => {
      const home = await createWordsHome();
      expect(
        (await home.run([...toArgv([]).slice(0, 1), "-p", "sear", ...toArgv([]).slice(1)]))
          .exitCode,
      ).toBe(7);
      expect(toLine(await home.run(toArgv(["search", "-p", "ledger-view"])))).toBe(
        '2 latchkey: error: "search" and --profile ledger-view contradict each other.\nlatchkey: hint: Give one of the two.\n',
      );
      expect((await home.run(toArgv(["sear", "-p", "search"]))).exitCode).toBe(0);
    },
  );

  test(
    "at a terminal it asks for one of the session's profiles or of the matches",
    { tags: ["long"] },
    async () => {
      const home = await createWordsHome();
      const ofSession = startSession(home, toArgv(["corp"]));
      await ofSession.answer("Profile", "search");
      expect(await ofSession.ended, ofSession.readText()).toBe(0);
      expect(ofSession.readText()).toMatch(search);
      expect(ofSession.readText()).not.toContain("ledger-billing");
      const ofPart = startSession(home, toArgv(["ledger"]));
      await ofPart.answer(/Profile.*ledger/, " view");
      expect(await ofPart.ended, ofPart.readText()).toBe(0);
      expect(ofPart.readText()).toContain("100000000001");
      expect(ofPart.readText()).not.toContain("search");
    },
  );
});

test("AWS_PROFILE takes full names only", async () => {
  const home = await createWordsHome();
  const env = { AWS_PROFILE: "sear" };
  expect(toLine(await home.run(["whoami"], { env }))).toMatch(/^7 .*AWS_PROFILE names it/);
});

describe("several words", () => {
  test(
    "filter together, in any order, by names and then by the picker's columns",
    { tags: ["long"] },
    async () => {
      const home = await createWordsHome();
      const read = (words: readonly string[]) =>
        home.runJson<WhoamiJson>(["whoami", "--offline", ...words]);
      expect(await read(["view", "led"])).toMatchObject({ profile: "ledger-view" });
      expect(await read(["100000000002", "View"])).toMatchObject({ profile: "search" });
      const several = await home.run(["whoami", "ledger", "1000", "--offline", "--json"]);
      expect(several.exitCode).toBe(2);
      expect(parseOutput(several)).toMatchObject({
        error: { code: "USAGE", message: expect.stringContaining("ledger-view, ledger-billing") },
      });
    },
  );

  test("console: the second word is the service", { tags: ["long"] }, async () => {
    const home = await createWordsHome();
    const open = (words: readonly string[]) =>
      home.run(["console", "--print", "--shortcut", ...words]);
    expect((await open(["search", "s3"])).stdout).toContain(encodeURIComponent("/s3/home"));
    expect(toLine(await open(["search", "s3", "--service", "ec2"]))).toMatch(
      /^2 .*"s3" and --service ec2/,
    );
  });
});

describe("use, in a shell with the hook", () => {
  test("takes words; several matches are listed if it can't ask", { tags: ["long"] }, async () => {
    const home = await createWordsHome();
    const { stdout, stderr } = await runInBash(
      home,
      'latchkey use view led; echo "$AWS_PROFILE"; latchkey use sear; echo "$AWS_PROFILE"; latchkey use ledger; echo "$? $AWS_PROFILE"; latchkey use corp; echo "$? $AWS_PROFILE"; latchkey use -; echo "$AWS_PROFILE"',
    );
    expect(stdout.trim().split("\n"), stderr).toEqual([
      "ledger-view",
      "search",
      "2 search",
      "2 search",
      "ledger-view",
    ]);
    expect(stderr).toContain('"ledger" fits 2 profiles: ledger-view, ledger-billing.');
    const unset = await runInBash(home, "latchkey use search --unset");
    expect(toLine(unset)).toMatch(/^2 .*--unset means none/);
  });
});

describe("credential-process, which programs run", () => {
  test(
    "takes full names only, never asks, and lists a session's profiles",
    { tags: ["long"] },
    async () => {
      const home = await createWordsHome();
      const run = (...words: string[]) => home.run(["credential-process", ...words]);
      expect(await run("search")).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("100000000002"),
        stderr: "",
      });
      expect(toLine(await run("sear"))).toMatch(/^7 .*No profile "sear"[^]*nearest names: search/);
      expect(toLine(await run("corp"))).toMatch(/^2 .*with 2 profiles: ledger-view, search\./);
      expect(toLine(await run("search", "--profile", "ledger-view"))).toMatch(/^2 /);
      expect(toLine(await run("search", "--sso-session", "other"))).toMatch(/^2 /);
      const session = startSession(home, ["credential-process", "corp"]);
      expect(await session.ended).toBe(2);
      expect(session.readText()).toContain("with 2 profiles: ledger-view, search.");
    },
  );
});

test("an error of a profile that a part of its name selected has its reason and line", async () => {
  const home = await createHome();
  home.write(
    ".aws/config",
    "[profile gone-tool]\ncredential_process = /opt/gone/tool\n[profile chain]\nrole_arn = arn:aws:iam::100000000001:role/X\n",
  );
  expect(toLine(await home.run(["whoami", "cha"]))).toMatch(
    /^7 [^]*\[profile chain\] has a role_arn and no source of credentials[^]*line 4/,
  );
});
