import { describe, expect, test } from "vitest";
import { startSession } from "../support/pty.ts";
import { clockTimePattern } from "../support/clock-time.ts";
import {
  CORP_TOKEN,
  createHome,
  expireTokenFile,
  SESSION_CONFIG,
  createSignedInHome,
  type Home,
  type TokenFileJson,
} from "../support/home.ts";

const runAlone = async (
  home: Home,
  env: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const result = await home.run([], { env });
  expect(result, result.stderr).toMatchObject({ exitCode: 0, stderr: "" });
  return result.stdout;
};
const findFirstStep = (text: string): string | undefined =>
  /\n\nlatchkey (.+?) {2}/.exec(text)?.[1];

describe("latchkey alone shows the current state, and the next useful command", () => {
  test("nothing configured: configure, or the demo", async () => {
    const home = await createHome();
    const text = await runAlone(home);
    expect(text).toMatch(
      /^No SSO session on this machine yet\.\n\nlatchkey configure +set one up.*\nlatchkey demo +.*\nlatchkey --help +.*\n$/,
    );
    expect(home.list(".aws")).toEqual([]);
  });

  test(
    "signed out: login; signed in without a profile in this shell: use; with one: its role, and whoami",
    { tags: ["long"] },
    async () => {
      const home = await createHome({ autoApprove: { afterPolls: 0 } });
      home.write(".aws/config", SESSION_CONFIG);
      const out = await runAlone(home);
      expect(out).toMatch(/^corp {2}signed out {2}latchkey login --sso-session corp\n/);
      expect(findFirstStep(out)).toBe("login");
      await home.run(["login", "--no-browser"]);
      await home.run(["accounts"]);
      home.emulator.journal.clear();
      const signedIn = await runAlone(home, { LATCHKEY_SHELL: "bash" });
      const until = clockTimePattern(home.readJson<TokenFileJson>(CORP_TOKEN).expiresAt);
      expect(signedIn).toMatch(
        new RegExp(`^corp {2}signed in {2}\\d.* left \\(${until}\\), renews itself\n`),
      );
      expect(findFirstStep(signedIn)).toBe("use");
      const inShell = await runAlone(home, { AWS_PROFILE: "okta" });
      expect(inShell).toMatch(
        /\nokta {2}this shell {2}100000000001 \S.* · ViewOnlyAccess · eu-west-1\n/,
      );
      expect(findFirstStep(inShell)).toBe("whoami");
      expect(home.emulator.journal.entries()).toEqual([]);
      expireTokenFile(home, CORP_TOKEN);
      expect(await runAlone(home)).toMatch(/^corp {2}renews itself {2}at the next use\n/);
    },
  );

  test("a session without profiles: accounts; keys in the environment are shown before AWS_PROFILE", async () => {
    const home = await createSignedInHome();
    expect(
      await runAlone(home, {
        AWS_PROFILE: "okta",
        AWS_ACCESS_KEY_ID: "AKIDX",
        AWS_SECRET_ACCESS_KEY: "SKX",
      }),
    ).toContain("this shell  AWS_ACCESS_KEY_ID in the environment");
    home.write(".aws/config", SESSION_CONFIG.slice(SESSION_CONFIG.indexOf("[sso-session")));
    expect(findFirstStep(await runAlone(home))).toBe("accounts");
  });

  test("a wrong config, and a missing profile: the error with its hint, the rest, and the doctor", async () => {
    const home = await createHome();
    home.write(".aws/config", SESSION_CONFIG.replace("sso_region = us-east-1\n", ""));
    const wrong = await runAlone(home);
    expect(wrong).toMatch(/sso_region is missing \(.*line 7\)\.\n→ /);
    expect(findFirstStep(wrong)).toBe("doctor");
    home.write(".aws/config", SESSION_CONFIG);
    expect(await runAlone(home, { AWS_PROFILE: "okat" })).toMatch(
      /^corp .*\nNo profile "okat" in .*\n→ The nearest names: okta\n/,
    );
  });

  test("sessions beyond a screenful are counted, and only commands, printed whole, may be wider than the terminal", async () => {
    const home = await createHome();
    const nameSession = (index: number): string => `s${index}${"-long".repeat(20)}`;
    home.write(
      ".aws/config",
      Array.from(
        { length: 12 },
        (_, index) =>
          `[sso-session ${nameSession(index)}]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\n`,
      ).join(""),
    );
    const session = startSession(home, []);
    expect(await session.ended).toBe(0);
    const lines = session.readText().split("\r\n");
    expect(lines).toContain("… 4 more sessions: latchkey status");
    expect(lines).toContain(`  latchkey login --sso-session ${nameSession(7)}`);
    for (const line of lines.filter((one) => !one.startsWith("  latchkey ")))
      expect(line).toMatch(/^.{0,80}$/u);
  });

  test("prints the line for the shell's start file if the shell has no function yet, and use if it has one", async () => {
    const home = await createSignedInHome();
    const { stdout: without } = await home.run([], { env: { SHELL: "/bin/zsh" } });
    expect(without).toContain('eval "$(latchkey shell-init zsh)"  once, in ~/.zshrc: then');
    expect(without).not.toMatch(/^latchkey use/m);
    const { stdout: hooked } = await home.run([], { env: { LATCHKEY_SHELL: "zsh" } });
    expect(hooked).toMatch(/^latchkey use +choose a profile for this shell$/m);
  });
});

describe("a mistyped flag", () => {
  test.each([
    [
      ["accounts", "--sso-sesion", "corp"],
      "latchkey accounts has no flag --sso-sesion.",
      "--sso-session",
    ],
    [["login", "--sso-start-ulr=x"], "has no flag --sso-start-ulr.", "--sso-start-url"],
    [
      ["federation", "assign", "--no-wiat"],
      "latchkey federation assign has no flag --no-wiat.",
      "--no-wait",
    ],
    [
      ["configure", "session", "--hlep"],
      "latchkey configure session has no flag --hlep.",
      "--help",
    ],
    [["exec", "okta", "--sever", "--", "true"], "has no flag --sever.", "--server"],
    [["status", "-x"], "has no flag -x.", "latchkey status --help"],
    [["status", "--zzzzzzzz"], "has no flag --zzzzzzzz.", "latchkey status --help"],
  ])("latchkey %j names the nearest flag", async (argv, message, nearest) => {
    const home = await createHome();
    const result = await home.run(argv);
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toMatch(/^latchkey: error: .+\nlatchkey: hint: .+\n$/);
    expect(result.stderr).toContain(message);
    expect(result.stderr).toContain(nearest);
  });

  test("does not print the value of the flag", async () => {
    const home = await createHome();
    const { stderr } = await home.run(["federation", "scim", "--tokn=CANARY-1234"]);
    expect(stderr).toContain("has no flag --tokn.");
    expect(stderr).not.toContain("CANARY");
  });
});
