/** @module-tag long */
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { findProgram } from "../../src/fs/programs.ts";
import { shellHook } from "../../src/shell/hook.ts";
import type { Shell } from "../../src/text/shell-words.ts";
import { isOnWindows, nameOnPosixOnly, testOnPosixOnly } from "../support/windows.ts";

/** The prompt's segment in every shell installed on this machine. */

interface ShellUnderTest {
  readonly shell: Shell;
  readonly run: (script: string) => readonly [program: string, args: readonly string[]];
  /** Prints the remaining time and its colour, for an expiry and a time in seconds; empty if there is none. */
  readonly formatLeft: (expiration: string, now: number) => string;
}

const formatPosixLeft = (expiration: string, now: number): string =>
  `latchkey_left '${expiration}' '${now}'; printf '%s|%s\\n' "$left" "$color"`;

const ALL: readonly ShellUnderTest[] = [
  { shell: "bash", run: (script) => ["bash", ["-c", script]], formatLeft: formatPosixLeft },
  { shell: "zsh", run: (script) => ["zsh", ["-f", "-c", script]], formatLeft: formatPosixLeft },
  {
    shell: "fish",
    run: (script) => ["fish", ["--no-config", "-c", script]],
    formatLeft: (expiration, now) =>
      `set got (latchkey_left '${expiration}' ${now}); printf '%s|%s\\n' "$got[1]" "$got[2]"`,
  },
  {
    shell: "powershell",
    run: (script) => ["pwsh", ["-NoProfile", "-Command", script]],
    formatLeft: (expiration, now) =>
      `$got = @(latchkey_left '${expiration}' ${now}); [Console]::WriteLine("$($got[0])|$($got[1])")`,
  },
  {
    shell: "nushell",
    run: (script) => ["nu", ["-n", "-c", script]],
    formatLeft: (expiration, now) =>
      `let got = latchkey_left '${expiration}' ${now}; print $"($got.0? | default '')|($got.1? | default '')"`,
  },
];

/** On Windows all are skipped. */
const UNDER_TEST = isOnWindows
  ? ALL
  : ALL.filter(({ run }) => {
      const [program] = run("");
      const isThere = findProgram(program, process.env["PATH"]) !== undefined;
      if (!isThere) console.log(`skipped: no ${program} on PATH`);
      return isThere;
    });

function runIn(
  { shell, run }: ShellUnderTest,
  script: string,
  env: Readonly<Record<string, string>> = {},
): string {
  const [program, args] = run(`${shellHook(shell)}\n${script}`);
  return execFileSync(findProgram(program, process.env["PATH"]) ?? program, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      HOME: "/nowhere",
      TERM: "xterm-256color",
      ...env,
      ...(env["AWS_CREDENTIAL_EXPIRATION"] === SOON
        ? { AWS_CREDENTIAL_EXPIRATION: formatSoon(890) }
        : {}),
    },
  });
}

/** Between 14 and 15 minutes, whenever the shell starts. */
const SOON = "soon";

function formatSoon(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, "");
}

const YELLOW = /^(33|yellow)$/;
const RED = /^(31|red)$/;
const NONE = /^$/;

/** An expiry, a time, the remaining time shown, and its colour. */
const TIMES: ReadonlyArray<readonly [end: string, now: string, left: string, colour: RegExp]> = [
  ["2026-11-29T12:00:00Z", "2026-11-29T11:00:00Z", "1h0m", NONE],
  ["2026-11-29T12:00:00Z", "2026-11-29T11:00:01Z", "59m", NONE],
  ["2026-11-29T12:00:00Z", "2026-11-29T04:07:30Z", "7h52m", NONE],
  ["2026-11-29T12:00:00Z", "2026-11-29T00:00:00Z", "12h0m", NONE],
  ["2026-11-29T12:00:00Z", "2026-11-29T11:45:00Z", "15m", NONE],
  ["2026-11-29T12:00:00Z", "2026-11-29T11:45:01Z", "14m", YELLOW],
  ["2026-11-29T12:00:00Z", "2026-11-29T11:59:00Z", "1m", YELLOW],
  ["2026-11-29T12:00:00Z", "2026-11-29T11:59:01Z", "<1m", RED],
  ["2026-11-29T12:00:00Z", "2026-11-29T12:00:00Z", "expired", RED],
  ["2026-11-29T12:00:00Z", "2027-01-01T00:00:00Z", "expired", RED],
  // Python's form, as in the AWS CLI's export.
  ["2026-11-29T12:00:00+00:00", "2026-11-29T11:30:00Z", "30m", NONE],
  // Calendar cases: a day, a month, a year, a leap day, and numbers that look octal.
  ["2026-03-01T00:30:00Z", "2026-02-28T23:30:00Z", "1h0m", NONE],
  ["2028-03-01T00:30:00Z", "2028-02-28T23:30:00Z", "25h0m", NONE],
  ["2027-01-01T00:10:00Z", "2026-12-31T23:59:00Z", "11m", YELLOW],
  ["2026-08-09T08:09:09Z", "2026-08-09T07:09:09Z", "1h0m", NONE],
  ["2100-03-01T00:00:00Z", "2100-02-28T23:00:00Z", "1h0m", NONE],
  // A text that is not a UTC time shows nothing, and no part of it is evaluated.
  ["2026-11-29T12:00:00+02:00", "2026-11-29T11:00:00Z", "", NONE],
  ["tomorrow", "2026-11-29T11:00:00Z", "", NONE],
  ["2026-11-29T12:00:0a[$(touch x)]Z", "2026-11-29T11:00:00Z", "", NONE],
  ["", "2026-11-29T11:00:00Z", "", NONE],
];

const REASON = "the shells are tested on POSIX systems";
const testInShell = testOnPosixOnly(REASON);

describe.each(UNDER_TEST)("the prompt's segment in $shell", (shell) => {
  testInShell("shows the remaining time, yellow below 15 minutes and red at the end", () => {
    const script = TIMES.map(([end, now]) => shell.formatLeft(end, Date.parse(now) / 1000)).join(
      "\n",
    );
    const lines = runIn(shell, script).trimEnd().split(/\r?\n/);
    expect(lines).toHaveLength(TIMES.length);
    for (const [index, [end, now, left, colour]] of TIMES.entries()) {
      const [shown, inColour] = lines[index]?.split("|") ?? [];
      expect(shown, `${end} at ${now}`).toBe(left);
      expect(inColour, `${end} at ${now}`).toMatch(colour);
    }
  });

  const keys = {
    AWS_ACCESS_KEY_ID: "AKIDX",
    AWS_CREDENTIAL_EXPIRATION: SOON,
    AWS_REGION: "eu-west-1",
  };

  test.skipIf(isOnWindows).each([
    ["without profile and keys", {}, ""],
    ["after use", { AWS_PROFILE: "okta", AWS_REGION: "eu-west-1" }, "aws:okta@eu-west-1"],
    [
      "after use, with an expiry but no keys",
      { AWS_PROFILE: "okta", AWS_CREDENTIAL_EXPIRATION: SOON },
      "aws:okta",
    ],
    ["inside exec", { ...keys, LATCHKEY_EXEC: "okta" }, "aws:okta@eu-west-1 14m"],
    [
      "inside exec, with keys that never expire",
      { AWS_ACCESS_KEY_ID: "AKIDX", LATCHKEY_EXEC: "okta" },
      "aws:okta",
    ],
    [
      "inside exec --server",
      { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/", LATCHKEY_EXEC: "okta" },
      "aws:okta",
    ],
    [
      "after use inside exec --server",
      {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/",
        LATCHKEY_EXEC: "okta",
        AWS_PROFILE: "prod",
      },
      "aws:prod",
    ],
    [
      "after use inside exec, whose keys win",
      { ...keys, LATCHKEY_EXEC: "okta", AWS_PROFILE: "prod" },
      "aws:okta@eu-west-1 14m",
    ],
    ["after eval export", keys, "aws:keys@eu-west-1 14m"],
    ["after use and eval export", { ...keys, AWS_PROFILE: "okta" }, "aws:okta@eu-west-1 14m"],
    [
      "after the expiry",
      { ...keys, AWS_CREDENTIAL_EXPIRATION: "2020-01-01T00:00:00Z" },
      "aws:keys@eu-west-1 expired",
    ],
    ["with keys only", { AWS_ACCESS_KEY_ID: "AKIDX" }, ""],
  ])(nameOnPosixOnly(REASON, "%s is %s"), (_, env: Readonly<Record<string, string>>, shown) => {
    expect(runIn(shell, "latchkey_prompt", { ...env, NO_COLOR: "1" }).trimEnd()).toBe(shown);
  });

  testInShell("starts no program", () => {
    const hide =
      { powershell: "$Env:PATH = '/nowhere'", nushell: "$env.PATH = ['/nowhere']" }[
        shell.shell as string
      ] ?? "export PATH=/nowhere";
    const shown = runIn(shell, `${hide}; latchkey_prompt`, { ...keys, NO_COLOR: "1" });
    expect(shown.trimEnd()).toBe("aws:keys@eu-west-1 14m");
  });

  testInShell(
    "prints colours so that the shell does not count them as columns, and none with NO_COLOR",
    () => {
      const shown = runIn(shell, "latchkey_prompt", keys).trimEnd();
      const forms: Readonly<Partial<Record<Shell, RegExp>>> = {
        bash: /^aws:keys@eu-west-1 \x01\x1b\[33m\x0214m\x01\x1b\[0m\x02$/,
        zsh: /^aws:keys@eu-west-1 %\{\x1b\[33m%\}14m%\{\x1b\[0m%\}$/,
      };
      expect(shown).toMatch(
        forms[shell.shell] ?? /^aws:keys@eu-west-1 \x1b\[33m14m\x1b[^m]*m(\x1b\[m)?$/,
      );
    },
  );

  testInShell("shows control characters in names as question marks", () => {
    const AWS_PROFILE = "a\u001b]52;c;x\u0007b\nc";
    const shown = runIn(shell, "latchkey_prompt", { AWS_PROFILE, AWS_REGION: "r\u001bz" });
    expect(shown.trimEnd()).toBe("aws:a?]52;c;x?b?c@r?z");
  });
});

testInShell("a shell without a clock shows the time of day", () => {
  const script = `latchkey_left 2026-11-29T12:34:56Z ''; printf '%s|%s\\n' "$left" "$color"`;
  expect(runIn(ALL[0] as ShellUnderTest, script)).toBe("until 12:34Z|\n");
});
