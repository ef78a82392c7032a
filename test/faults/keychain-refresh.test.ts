import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect } from "vitest";
import { createHome, type Home } from "../support/home.ts";
import { start, startTracing, waitUntil, type RunningProcess } from "./support/child.ts";
import { runInShell, ROLE } from "./support/injection.ts";
import { row } from "./support/row.ts";
import {
  expireSealedToken,
  createKeychainHome,
  openSealedToken,
  SEALED_TOKEN,
  createSignedInKeychainHome,
} from "./support/sealed-home.ts";
import {
  askKeychain,
  startSecretService,
  startSilentBus,
  type SecretService,
} from "./support/secret-service.ts";
import { patience } from "../support/patience.ts";

const countRefreshes = (home: Home): number =>
  home.emulator.journal.count("CreateToken", { grantType: "refresh_token" });

describe("refreshing and signing in with the keychain", () => {
  let service: SecretService;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    service = await startSecretService();
    ({ env } = service);
  });
  afterAll(() => service.stop());

  row(
    91,
    "six sign-ins at once into an empty keychain create one key, and it opens every token",
    async () => {
      const empty = await startSecretService();
      try {
        const home = await createHome({ autoApprove: { afterPolls: 0 } });
        const sessions = ["a", "b", "c", "d", "e", "f"];
        home.write(
          ".aws/config",
          sessions
            .map(
              (name) =>
                `[sso-session ${name}]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n`,
            )
            .join(""),
        );
        home.write(".config/latchkey/settings.json", JSON.stringify({ storage: "keychain" }));
        expect(await askKeychain(empty.env, "read")).toEqual({ key: null });
        const logins = await Promise.all(
          sessions.map((name) =>
            home.run(["login", "--sso-session", name, "--no-browser"], { env: empty.env }),
          ),
        );
        expect(logins.filter(({ exitCode }) => exitCode !== 0).map(({ stderr }) => stderr)).toEqual(
          [],
        );
        expect(await home.runJson(["status"], { env: empty.env })).toMatchObject(
          sessions.map((session) => ({ session, state: "usable", storage: "keychain" })),
        );
      } finally {
        await empty.stop();
      }
    },
    patience(120_000),
  );

  row(
    91,
    "after a sealed token was replaced, older role credentials are no longer used",
    async () => {
      const home = await createSignedInKeychainHome(env);
      for (let time = 0; time < 2; time += 1)
        expect(await home.run(ROLE, { env })).toMatchObject({ exitCode: 0, stderr: "" });
      expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
      home.write(SEALED_TOKEN, `${home.read(SEALED_TOKEN)} `);
      expect(await home.run(ROLE, { env })).toMatchObject({ exitCode: 0, stderr: "" });
      expect(home.emulator.journal.count("GetRoleCredentials")).toBe(2);
    },
  );

  row(
    91,
    "a dead sealed refresh token: ten callers ask once, and a new sign-in serves again",
    async () => {
      const home = await createSignedInKeychainHome(env);
      home.emulator.revokeSessions();
      await expireSealedToken(home, env);
      home.emulator.journal.clear();
      const results = await Promise.all(Array.from({ length: 10 }, () => home.run(ROLE, { env })));
      expect(results.filter(({ exitCode, stdout }) => exitCode !== 4 || stdout !== "")).toEqual([]);
      expect(countRefreshes(home)).toBe(1);
      expect(await home.runJson(["status"], { env }).catch(() => "exit 4")).toBe("exit 4");
      expect(await home.run(["login", "--no-browser"], { env })).toMatchObject({ exitCode: 0 });
      expect(await home.run(ROLE, { env })).toMatchObject({ exitCode: 0, stderr: "" });
    },
    patience(120_000),
  );

  row(91, "a disk that refuses a sealed file: the refresh token is not spent", async () => {
    const home = await createSignedInKeychainHome(env);
    await expireSealedToken(home, env);
    const before = home.read(SEALED_TOKEN);
    home.emulator.journal.clear();
    expect(await runInShell(home, 'ulimit -f 0; exec "$@"', ROLE, { env })).toMatchObject({
      exitCode: 8,
      stdout: "",
      stderr: expect.stringContaining("EFBIG"),
    });
    expect(home.emulator.journal.entries()).toEqual([]);
    expect(home.read(SEALED_TOKEN)).toBe(before);
    expect(await home.run(ROLE, { env })).toMatchObject({ exitCode: 0, stderr: "" });
    expect(countRefreshes(home)).toBe(1);
  });

  row(91, "with the service down, valid sealed role credentials are served", async () => {
    const home = await createSignedInKeychainHome(env);
    const served = await home.run(ROLE, { env });
    await expireSealedToken(home, env);
    for (const route of ["CreateToken", "GetRoleCredentials"] as const)
      home.emulator.setFault({ route, status: 500 });
    expect(await home.run(ROLE, { env })).toMatchObject({
      exitCode: 0,
      stdout: served.stdout,
      stderr: expect.stringContaining("using the cached credentials"),
    });
  });

  row(
    91,
    "after a switch to files nothing sealed is served, and the next sign-in removes it",
    async () => {
      const home = await createSignedInKeychainHome(env);
      expect(await home.run(ROLE, { env })).toMatchObject({ exitCode: 0 });
      expect(await home.run(["settings", "storage", "file"], { env })).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining("Nothing is moved"),
      });
      expect(await home.run(ROLE, { env })).toMatchObject({ exitCode: 4, stdout: "" });
      expect(home.exists(SEALED_TOKEN)).toBe(true);
      expect(await home.run(["login", "--no-browser"])).toMatchObject({ exitCode: 0 });
      expect(home.exists(SEALED_TOKEN)).toBe(false);
      expect(home.list(".aws/latchkey/vault/role-credentials")).toEqual([]);
      expect(await home.run(ROLE)).toMatchObject({ exitCode: 0, stderr: "" });
    },
  );

  row(91, "neither the key nor a token is in any process's arguments or environment", async () => {
    const home = await createSignedInKeychainHome(env);
    const trace = startTracing(home, []);
    const wrapper = [
      "strace",
      "-f",
      "-qq",
      "-v",
      "-s",
      "100000",
      "-e",
      "trace=execve",
      "-o",
      ...trace.wrapper.slice(trace.wrapper.indexOf("-o") + 1, trace.wrapper.indexOf("-o") + 2),
    ];
    expect(await start(home, ROLE, { env, wrapper }).ended).toMatchObject({ exitCode: 0 });
    const programs = trace.readLines().join("\n");
    expect(programs).toContain("keychain-child");
    const { key } = await askKeychain(env, "read");
    const token = await openSealedToken(home, env);
    for (const secret of [key ?? "", token.accessToken, token.refreshToken]) {
      expect(secret.length).toBeGreaterThan(16);
      expect(programs).not.toContain(secret);
    }
  });
});

describe("the process that asks the keychain", () => {
  const stops: Array<() => unknown> = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  /** Starts a caller whose keychain never answers, and returns the process that asks the keychain for it. */
  async function startAsking(): Promise<{ home: Home; caller: RunningProcess; asker: number }> {
    const bus = await startSilentBus();
    stops.push(() => bus.stop());
    const home = await createKeychainHome();
    const caller = start(home, ROLE, { env: bus.env });
    await waitUntil("the question", () => bus.connections() === 1);
    return {
      home,
      caller,
      asker: await waitUntil("the asking process", () => listChildren(caller.pid)[0]),
    };
  }

  row(
    91,
    "the asking process ends when the keychain is given up, when the caller is killed, and on Ctrl-C",
    async () => {
      const inTime = await startAsking();
      expect(await inTime.caller.ended).toMatchObject({
        exitCode: 8,
        stderr: expect.stringContaining("has not answered within 3 s"),
      });
      await waitUntil("its end", () => !isRunning(inTime.asker), 1_000);

      const killed = await startAsking();
      killed.caller.kill("SIGKILL");
      await waitUntil("its end", () => !isRunning(killed.asker), 1_000);
      expect(await killed.caller.ended).toMatchObject({ signal: "SIGKILL" });

      const interrupted = await startAsking();
      process.kill(interrupted.asker, "SIGINT");
      interrupted.caller.kill("SIGINT");
      const end = await interrupted.caller.ended;
      expect(end, end.stderr).toMatchObject({ exitCode: 130, stdout: "" });
      await waitUntil("its end", () => !isRunning(interrupted.asker), 1_000);
    },
  );
});

function listChildren(pid: number): number[] {
  return readdirSync("/proc").flatMap((name) =>
    /^\d+$/.test(name) && readState(Number(name))?.parent === pid ? [Number(name)] : [],
  );
}

function isRunning(pid: number): boolean {
  const state = readState(pid)?.state;
  return state !== undefined && state !== "Z";
}

function readState(pid: number): { state: string; parent: number } | undefined {
  try {
    // The state and the parent follow the program's name in parentheses.
    const [state = "", parent = ""] = readFileSync(join("/proc", String(pid), "stat"), "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
