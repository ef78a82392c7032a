import { spawn } from "node:child_process";
import { openSync, closeSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import {
  PROGRAM,
  createHome,
  SESSION_CONFIG,
  createSignedInHome,
  type Home,
} from "../support/home.ts";
import { start, startCommand, type EndedProcess } from "./support/child.ts";
import { runInShell, ROLE } from "./support/injection.ts";
import { row } from "./support/row.ts";
import { patience } from "../support/patience.ts";

/** The three standard streams in every bad state in which a shell, cron or an SDK can pass them. */

row(
  82,
  "if the reader closes the pipe, it ends silently with 141",
  async () => {
    const home = await createSignedInHome({ org: { accounts: 3_000 } });
    await home.run(ROLE);
    for (const argv of [
      ["accounts"],
      ["accounts", "--json"],
      ["accounts", "--csv"],
      ROLE,
      ["credential-process", "--profile", "okta"],
      ["--help"],
      ["--version"],
    ]) {
      // The reader ends before the program writes. The program's exit code goes to another stream.
      const result = await runInShell(
        home,
        '{ sleep 0.2; "$@"; echo "exit $?" >&2; } | true',
        argv,
      );
      expect(result.stderr.trim().split("\n").at(-1), argv.join(" ")).toBe("exit 141");
      expect(result.stderr).not.toMatch(/EPIPE|\bat .*:\d+:\d+|latchkey: error/);
    }
    const head = await runInShell(home, '{ "$@"; echo "exit $?" >&2; } | head -1', ["accounts"]);
    expect(head.stdout).toMatch(/^ACCOUNT .*\n$/);
    expect(head.stderr).toMatch(/exit 141\n$/);
  },
  patience(120_000),
);

row(83, "a full stdout exits 8, hot and cold, and for every other command", async () => {
  const home = await createSignedInHome();
  for (const argv of [
    ROLE,
    ROLE,
    ["accounts"],
    ["accounts", "--json"],
    ["status", "--json"],
    ["--version"],
  ]) {
    const full = openSync("/dev/full", "w");
    const result = await home.run(argv, { stdout: full });
    closeSync(full);
    expect(result.exitCode, `${argv.join(" ")}: ${result.stderr}`).toBe(8);
    expect(result.stderr).toMatch(/^latchkey: error: .*ENOSPC.*\nlatchkey: hint: .+\n$/);
  }
});

row(84, "a stderr that is closed, full or without a reader does not stop the command", async () => {
  const home = await createSignedInHome();
  for (const stderr of ["2>&-", "2>/dev/full"]) {
    const reference = await home.run(ROLE);
    const served = await runInShell(home, `"$@" ${stderr}`, ROLE);
    expect(served, stderr).toMatchObject({ exitCode: 0, stdout: reference.stdout });
    const listed = await runInShell(home, `"$@" ${stderr}`, ["accounts"]);
    expect(listed).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^ACCOUNT/) });
    expect(
      await runInShell(home, `"$@" ${stderr}`, ["login", "--force", "--no-browser"]),
    ).toMatchObject({ exitCode: 0 });
    expect(
      await runInShell(home, `"$@" ${stderr}`, ["accounts", "--sso-session", "other"]),
    ).toMatchObject({ exitCode: 7, stdout: "" });
  }
  const noReader = await runInShell(
    home,
    '{ { sleep 0.2; "$@" 2>&1 >&3 3>&-; echo "exit $?" >&3; } | true; } 3>&1',
    ["login", "--force", "--no-browser"],
  );
  expect(noReader.stdout).toContain("exit 0");
});

row(
  85,
  "a slow reader of a pipe gets all of the output, of any length",
  async () => {
    const home = await createSignedInHome({ org: { accounts: 3_000 } });
    const script =
      'set -o pipefail; "$@" | { sleep 2; dd bs=1024 count=32 of=/dev/null status=none; sleep 1; wc -c; }';
    const whole = (await home.run(["accounts", "--json"])).stdout;
    expect(whole.length).toBeGreaterThan(256 * 1024);
    const result = await runInShell(home, script, ["accounts", "--json"]);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(Number(result.stdout)).toBe(Buffer.byteLength(whole) - 32 * 1024);
    const nonBlocking = await readSlowly(home, ["accounts", "--json"]);
    expect(nonBlocking).toMatchObject({ exitCode: 0, stdout: whole });
  },
  patience(120_000),
);

/** Reads slowly from a pipe whose write end is non-blocking, as in children of Node. */
function readSlowly(
  home: Home,
  argv: readonly string[],
): Promise<{ exitCode: number | null; stdout: string }> {
  const child = spawn(PROGRAM[0], [...PROGRAM.slice(1), ...argv], {
    env: home.env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    child.stdout.pause();
    setTimeout(() => child.stdout.resume(), 20);
  });
  return new Promise((resolve) =>
    child.once("close", (exitCode) =>
      resolve({ exitCode, stdout: Buffer.concat(chunks).toString("utf8") }),
    ),
  );
}

row(
  86,
  "without a terminal and without a sign-in it exits 4 at once: no browser, no question, no device code",
  async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    home.write(".aws/config", SESSION_CONFIG);
    const opener = home.write("bin/opener", '#!/bin/sh\necho "$@" >> "$HOME/opened"\n', 0o755);
    const env = {
      BROWSER: opener,
      PATH: `${join(home.path, "bin")}:${home.env["PATH"]}`,
      DISPLAY: ":0",
    };
    for (const argv of [
      ROLE,
      ["credential-process", "--profile", "okta"],
      ["accounts"],
      ["whoami", "okta"],
    ]) {
      const running = start(home, argv, { wrapper: ["setsid", "-w"], env });
      expect(await running.ended, argv.join(" ")).toMatchObject({
        exitCode: 4,
        stdout: "",
        stderr: expect.stringMatching(
          /^latchkey: error: .+\nlatchkey: hint: latchkey login --sso-session corp\n$/,
        ),
      });
    }
    expect(home.emulator.journal.entries()).toEqual([]);
    expect(home.exists("opened")).toBe(false);
  },
);

row(
  87,
  "latchkey neither reads a stdin that is an open pipe nor waits for it",
  async () => {
    const home = await createSignedInHome();
    await home.run(ROLE);
    for (const argv of [
      ROLE,
      ["accounts"],
      ["login", "--force", "--no-browser"],
      ["configure", "--profile", "okta"],
    ]) {
      const script =
        '{ echo secret-line; sleep 60; } | { "$@"; echo "exit $?"; read -r line; echo "left: $line"; kill 0; }';
      const ended: EndedProcess = await startCommand(home, [
        "setsid",
        "-w",
        "bash",
        "-c",
        script,
        "sh",
        ...PROGRAM,
        ...argv,
      ]).ended;
      expect(ended.milliseconds, argv.join(" ")).toBeLessThan(patience(40_000));
      expect(ended.stdout).toContain(argv[0] === "configure" ? "exit 2" : "exit 0");
      expect(ended.stdout).toContain("left: secret-line");
    }
  },
  patience(120_000),
);
