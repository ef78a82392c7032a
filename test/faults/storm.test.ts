import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect } from "vitest";
import { CORP_TOKEN, expireTokenFile, PROGRAM, runProgram, signedInHome, type Home } from "../support/home.ts";
import { ROLE } from "./support/injection.ts";
import { row } from "./support/row.ts";

const CALLERS = 100;
const callers = (home: Home, count = CALLERS) => Promise.all(Array.from({ length: count }, () => home.run(ROLE)));
const refreshes = (home: Home): number => home.emulator.journal.count("CreateToken", { grantType: "refresh_token" });
const fetches = (home: Home): number => home.emulator.journal.count("GetRoleCredentials");

async function expired(options: Parameters<typeof signedInHome>[0]): Promise<Home> {
  const home = await signedInHome(options);
  expireTokenFile(home, CORP_TOKEN);
  home.emulator.journal.clear();
  return home;
}

describe("storms of callers, everything expired", () => {
  for (const mode of ["strict", "grace"] as const) {
    row(55, `a storm for one role, ${mode} rotation: all served the same, one refresh, one fetch`, async () => {
      const home = await expired({ rotation: { mode } });
      const results = await callers(home, mode === "strict" ? CALLERS : 40);
      expect(results.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
      expect(new Set(results.map(({ stdout }) => stdout)).size).toBe(1);
      expect([refreshes(home), fetches(home)]).toEqual([1, 1]);
    }, 180_000);
  }

  row(56, "a hundred at once for fifty roles of one session: one refresh, fifty fetches", async () => {
    const roles = Array.from({ length: 50 }, (_, index) => `Role${index}`);
    const home = await expired({ rotation: { mode: "strict" }, org: { accounts: [{ accountId: "100000000001", roles }] } });
    const results = await Promise.all(Array.from({ length: CALLERS }, (_, index) => home.run([...ROLE.slice(0, 6), roles[index % 50] ?? ""])));
    expect(results.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    expect(new Set(results.map(({ stdout }) => stdout)).size).toBe(50);
    expect([refreshes(home), fetches(home)]).toEqual([1, 50]);
  }, 180_000);

  row(57, "forty at once on a service that takes five seconds: all within 45", async () => {
    const home = await expired({ rotation: { mode: "strict" } });
    home.emulator.setFault({ route: "CreateToken", delayMs: 5_000 });
    home.emulator.setFault({ route: "GetRoleCredentials", delayMs: 5_000 });
    const timed = await Promise.all(Array.from({ length: 40 }, async () => {
      const started = performance.now();
      const { exitCode } = await home.run(ROLE);
      return { exitCode, seconds: (performance.now() - started) / 1000 };
    }));
    expect(timed.filter(({ exitCode, seconds }) => exitCode !== 0 || seconds > 45)).toEqual([]);
    expect([refreshes(home), fetches(home)]).toEqual([1, 1]);
  }, 180_000);

  row(58, "whoever holds the lock is killed: the rest are served, two refreshes at the most", async () => {
    const home = await expired({ rotation: { mode: "grace" } });
    home.emulator.setFault({ route: "CreateToken", delayMs: 3_000, times: 1 });
    const first = spawn(PROGRAM[0], [PROGRAM[1], ...ROLE], { env: home.env, stdio: "ignore" });
    while (home.list(".aws/latchkey/locks").length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    const rest = callers(home, 60);
    await home.emulator.journal.waitFor("CreateToken", 1, 20_000).catch(() => undefined);
    first.kill("SIGKILL");
    const ended = await new Promise<NodeJS.Signals | null>((resolve) => (first.signalCode === null ? first.once("close", (_, signal) => resolve(signal)) : resolve(first.signalCode)));
    expect(ended === "SIGKILL" || first.exitCode === 0).toBe(true);
    expect((await rest).filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    expect(refreshes(home)).toBeLessThanOrEqual(2);
  }, 180_000);

  row(59, "beside clients that refresh without a lock and rewrite the file in place, old refresh tokens good for a while: nobody reads half a file, all are served", async () => {
    const home = await expired({ rotation: { mode: "grace" } });
    const script = [
      "import json, sys, time, urllib.request",
      "path, url = sys.argv[1:3]",
      "for _ in range(6):",
      "    try:",
      "        token = json.load(open(path))",
      "        body = json.dumps({'grantType': 'refresh_token', 'clientId': token['clientId'], 'clientSecret': token['clientSecret'], 'refreshToken': token['refreshToken']}).encode()",
      "        answer = json.load(urllib.request.urlopen(urllib.request.Request(url + '/token', body, {'Content-Type': 'application/json'})))",
      "        token.update(accessToken=answer['accessToken'], refreshToken=answer['refreshToken'], expiresAt=time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + 3600)))",
      "        with open(path, 'r+') as f:",
      "            f.truncate(0); f.flush(); time.sleep(0.02); f.write(json.dumps(token))",
      "    except Exception:",
      "        pass",
      "    time.sleep(0.05)",
    ].join("\n");
    const writers = Array.from({ length: 10 }, () => runProgram(["python3", "-c", script, join(home.path, CORP_TOKEN), home.emulator.url], home.env));
    const results = await callers(home, 50);
    await Promise.all(writers);
    expect(results.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    expect(refreshes(home)).toBeGreaterThan(1);
    expect(() => JSON.parse(home.read(CORP_TOKEN)) as unknown).not.toThrow();
  }, 180_000);

  row(60, "five logins at once are one: one device authorization, five exits 0, one whole token", async () => {
    const home = await signedInHome();
    const results = await Promise.all(Array.from({ length: 5 }, () => home.run(["login", "--no-browser"])));
    expect(results.filter(({ exitCode, stderr }) => exitCode !== 0 || !stderr.includes("Already signed in"))).toEqual([]);
    rmSync(join(home.path, CORP_TOKEN));
    const fresh = await Promise.all(Array.from({ length: 5 }, () => home.run(["login", "--no-browser"])));
    expect(fresh.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    expect(fresh.filter(({ stderr }) => stderr.includes("another sign-in to corp is under way"))).toHaveLength(4);
    expect(home.emulator.journal.count("StartDeviceAuthorization")).toBe(2);
    expect(await home.run(["status", "--verify"])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("accepted by AWS") });
  }, 90_000);
});

describe("boto3 through a credential_process profile", () => {
  row(55, "forty boto3 processes, everything expired: all know who they are, one refresh, one fetch", async () => {
    const home = await signedInHome({ rotation: { mode: "strict" } });
    const configured = await home.run(["configure", "--form", "credential-process", "--profile", "okta", "--sso-session", "corp", "--account-id", "100000000001", "--role-name", "ViewOnlyAccess", "--yes"]);
    expect(configured.exitCode, configured.stderr).toBe(0);
    expireTokenFile(home, CORP_TOKEN);
    home.emulator.journal.clear();
    const interop = join(fileURLToPath(new URL("../interop", import.meta.url)));
    const results = await Promise.all(Array.from({ length: 40 }, () => runProgram([join(interop, ".venv/bin/python"), join(interop, "clients/boto3_witness.py"), "identity", "okta"], { ...home.env, PYTHONDONTWRITEBYTECODE: "1" })));
    expect(results.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    expect(home.emulator.journal.count("GetCallerIdentity", { status: 200 })).toBe(40);
    expect([refreshes(home), fetches(home)]).toEqual([1, 1]);
  }, 240_000);
});
