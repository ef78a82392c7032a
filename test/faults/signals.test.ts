import { spawn } from "node:child_process";
import { closeSync, openSync, rmSync } from "node:fs";
import { describe, expect } from "vitest";
import { CORP_TOKEN, createHome, expireTokenFile, PROGRAM, runProgram, SESSION_CONFIG, signedInHome, type Home } from "../support/home.ts";
import { CTRL_C, startSession } from "../support/pty.ts";
import { ROLE } from "./support/injection.ts";
import { row } from "./support/row.ts";

async function waitingHome(): Promise<Home> {
  const home = await createHome();
  home.write(".aws/config", SESSION_CONFIG);
  return home;
}

/** A child in the middle of a delayed refresh; resolves once the request is at the service. */
async function refreshing(home: Home): Promise<{ child: ReturnType<typeof spawn>; ended: Promise<{ code: number | null; signal: string | null }> }> {
  home.emulator.setFault({ route: "CreateToken", delayMs: 2_000 });
  const child = spawn(PROGRAM[0], [PROGRAM[1], ...ROLE], { env: home.env, stdio: "ignore" });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
  while (home.list(".aws/sso/cache").every((name) => !name.endsWith(".tmp"))) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 400));
  return { child, ended };
}

describe("signals", () => {
  row(78, "Ctrl-C while waiting for approval: 130 at once, the locks free, no token, the cursor where it was", async () => {
    const home = await waitingHome();
    const session = startSession(home, ["login", "--no-browser"]);
    await session.see("waiting for your approval");
    const started = performance.now();
    session.type(CTRL_C);
    expect(await session.ended).toBe(130);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(session.text()).toContain("Cancelled.");
    expect(session.raw()).not.toContain("\u001b[?25l");
    expect(home.exists(CORP_TOKEN)).toBe(false);
    home.emulator.autoApprove(0);
    expect(await home.run(["login", "--no-browser"])).toMatchObject({ exitCode: 0 });
  });

  for (const [signal, exitCode] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    row(79, `${signal} while a refresh is under way: what comes back is kept first, then ${exitCode} or done`, async () => {
      const home = await signedInHome({ rotation: { mode: "strict" } });
      expireTokenFile(home, CORP_TOKEN);
      const { child, ended } = await refreshing(home);
      child.kill(signal);
      const { code } = await ended;
      expect([0, exitCode]).toContain(code);
      expect(home.list(".aws/sso/cache").filter((name) => name.endsWith(".tmp"))).toEqual([]);
      home.emulator.clearFaults();
      expect(await home.run(ROLE)).toMatchObject({ exitCode: 0, stderr: "" });
      expect(home.emulator.journal.count("CreateToken", { grantType: "refresh_token" })).toBe(1);
    });
  }

  row(80, "the second Ctrl-C ends at once whatever is under way", async () => {
    const home = await signedInHome();
    expireTokenFile(home, CORP_TOKEN);
    const { child, ended } = await refreshing(home);
    const started = performance.now();
    child.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 150));
    child.kill("SIGINT");
    expect((await ended).code).toBe(130);
    expect(performance.now() - started).toBeLessThan(1_500);
  });

  row(81, "the terminal is closed: as SIGTERM, no token, no process left", async () => {
    const home = await waitingHome();
    const child = spawn(PROGRAM[0], [PROGRAM[1], "login", "--no-browser"], { env: home.env, stdio: ["ignore", "ignore", "pipe"] });
    await new Promise((resolve) => child.stderr.once("data", resolve));
    child.kill("SIGHUP");
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(143);
    expect(home.exists(CORP_TOKEN)).toBe(false);
  });
});

describe("streams", () => {
  row(82, "the reader of stdout goes away: 141, no word", async () => {
    const home = await signedInHome();
    for (const argv of ["accounts --json", ROLE.join(" "), "--help"]) {
      const result = await runProgram(["bash", "-c", `set -o pipefail; { "$1" "$2" ${argv}; echo "exit $?" >&2; } | true`, "sh", ...PROGRAM], home.env);
      expect(result.stderr.trim(), argv).toBe("exit 141");
    }
  });

  row(83, "stdout on a full device: exit 8 and a reason", async () => {
    const home = await signedInHome();
    for (const argv of [ROLE, ROLE, ["accounts", "--json"], ["--help"], ["--version"]]) {
      const full = openSync("/dev/full", "w");
      const result = await home.run(argv, { stdout: full });
      closeSync(full);
      expect(result, argv.join(" ")).toMatchObject({ exitCode: 8, stderr: expect.stringContaining("ENOSPC") });
    }
  });

  row(84, "stderr is closed: the work is done all the same", async () => {
    const home = await signedInHome();
    const result = await runProgram(["bash", "-c", '"$@" 2>&-', "sh", ...PROGRAM, ...ROLE], home.env);
    expect(JSON.parse(result.stdout)).toHaveProperty("AccessKeyId");
    expect(await runProgram(["bash", "-c", '"$@" 2>&-', "sh", ...PROGRAM, "accounts"], home.env)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("100000000001") });
  });

  row(85, "a reader that is slow to read much: every byte arrives before the end", async () => {
    const home = await signedInHome({ org: { accounts: 3_000 } });
    const result = await runProgram(["bash", "-c", '"$@" | { sleep 2; cat; }', "sh", ...PROGRAM, "accounts", "--json"], home.env);
    expect(result.stdout.length).toBeGreaterThan(200_000);
    expect((JSON.parse(result.stdout) as unknown[]).length).toBe(3_000);
  });

  row(86, "no terminal and no sign-in: exit 4 at once, no browser, no question, nothing read from stdin", async () => {
    const home = await waitingHome();
    const browser = home.write("browser.sh", `#!/bin/sh\ntouch ${home.path}/opened\n`, 0o755);
    for (const argv of [ROLE, ["credential-process", "--profile", "okta"], ["accounts"], ["whoami", "okta"]]) {
      const started = performance.now();
      const result = await runProgram(["setsid", ...PROGRAM, ...argv], { ...home.env, BROWSER: browser });
      expect(result, argv.join(" ")).toMatchObject({ exitCode: 4, stdout: "", stderr: expect.stringContaining("latchkey login --sso-session corp") });
      expect(performance.now() - started).toBeLessThan(3_000);
    }
    expect(home.exists("opened")).toBe(false);
    expect(home.emulator.journal.entries()).toEqual([]);
  });

  row(87, "a stdin that stays open is not waited for", async () => {
    const home = await signedInHome();
    const started = performance.now();
    const result = await runProgram(["bash", "-c", 'mkfifo "$HOME/open"; exec 3<>"$HOME/open"; "$@" <&3; echo "exit $?" >&2', "sh", ...PROGRAM, ...ROLE], home.env);
    expect(result.stderr).toContain("exit 0");
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe("browsers", () => {
  row(88, "an opener that is missing, fails, or hangs: the URL is on the screen and the sign-in goes on", async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    home.write(".aws/config", SESSION_CONFIG);
    const failing = home.write("failing.sh", `#!/bin/sh\ntouch ${home.path}/failed\nexit 3\n`, 0o755);
    const hanging = home.write("hanging.sh", `#!/bin/sh\ntouch ${home.path}/hangs\nexec sleep 60\n`, 0o755);
    for (const BROWSER of ["/nonexistent/opener", failing, hanging]) {
      const started = performance.now();
      const result = await home.run(["login", "--force"], { env: { BROWSER } });
      expect(result, BROWSER).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/Open {3}http/) });
      expect(performance.now() - started).toBeLessThan(15_000);
    }
    expect([home.exists("failed"), home.exists("hangs")]).toEqual([true, true]);
  });
});

describe("races and places", () => {
  row(96, "a logout while a refresh is under way: it waits its turn, and nothing comes back afterwards", async () => {
    const home = await signedInHome();
    expireTokenFile(home, CORP_TOKEN);
    const { ended } = await refreshing(home);
    const out = await home.run(["logout"]);
    expect(out).toMatchObject({ exitCode: 0 });
    await ended;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(home.list(".aws/sso/cache")).toEqual([]);
    expect(home.emulator.journal.entries().map(({ route }) => route).filter((route) => route === "CreateToken" || route === "Logout").at(-1)).toBe("Logout");
  });

  row(97, "another client signs somebody else in during a refresh: what came back is thrown away, theirs stays", async () => {
    const home = await signedInHome({ rotation: { mode: "reuse" } });
    const other = JSON.parse(home.read(CORP_TOKEN)) as object;
    expect(await home.run(["login", "--force", "--no-browser"])).toMatchObject({ exitCode: 0 });
    expireTokenFile(home, CORP_TOKEN);
    const { ended } = await refreshing(home);
    const theirs = JSON.stringify(other);
    home.write(CORP_TOKEN, theirs);
    expect((await ended).code).toBe(0);
    expect(home.read(CORP_TOKEN)).toBe(theirs);
    expect(home.list(".aws/sso/cache").filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  row(99, "a Node that is too old: two lines, exit 2, no SyntaxError", async () => {
    const home = await createHome();
    const { execFileSync } = await import("node:child_process");
    const old = execFileSync("bash", ["-c", 'for dir in $(tr : " " <<<"$PATH"); do [ -x "$dir/node" ] && case "$("$dir/node" -v)" in v20.*|v18.*|v22.[0-9].*) echo "$dir/node"; exit;; esac; done; exit 0'], { encoding: "utf8" }).trim();
    // A machine whose only Node is new enough can't show it by itself: then the version is what a preloaded file says.
    const preload = home.write("old.cjs", 'Object.defineProperty(process.versions, "node", { value: "20.9.0" }); Object.defineProperty(process, "version", { value: "v20.9.0" });');
    const program = old === "" ? [process.execPath, "--require", preload] : [old];
    const result = await runProgram([...program, PROGRAM[1], "status"], home.env);
    expect(result).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringMatching(/^latchkey: error: This Node is too old: v\d+\.\d+\.\d+\.\nlatchkey: hint: .*\n$/) });
  });

  row(100, "something throws that nobody expected: exit 1, no secret, a stack only with --debug", async () => {
    const home = await signedInHome();
    const saboteur = home.write("saboteur.cjs", 'const fs = require("node:fs"); const open = fs.openSync; fs.openSync = (path, ...rest) => { if (String(path).includes("sso/cache")) throw new TypeError("secret hunter2 in a bug"); return open(path, ...rest); }; require("node:module").syncBuiltinESMExports();');
    const env = { NODE_OPTIONS: `--require ${saboteur}` };
    const result = await home.run(["accounts"], { env });
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toMatch(/^latchkey: error: Something went wrong inside latchkey/);
    expect(result.stderr.split("\n")).toHaveLength(3);
    const debugged = await home.run(["accounts", "--debug"], { env });
    expect(debugged.stderr).toMatch(/\n {4}at /);
    expect(debugged.stderr).not.toContain("hunter2");
    rmSync(saboteur);
  });
});
