import { join } from "node:path";
import { readdirSync, readlinkSync } from "node:fs";
import { expect } from "vitest";
import type { EmulatorOptions } from "../../src/emulator/emulator.ts";
import { CORP_TOKEN, expireTokenFile, createSignedInHome, type Home } from "../support/home.ts";
import { INTEROP, PYTHON, requireParts } from "../support/interop-parts.ts";
import {
  start,
  startCommand,
  listTemporaryFiles,
  waitUntil,
  type EndedProcess,
  type RunningProcess,
} from "./support/child.ts";
import { ROLE } from "./support/injection.ts";
import { expectInvariant, takeSnapshot } from "./support/invariant.ts";
import { row } from "./support/row.ts";
import { patience } from "../support/patience.ts";

/** A hundred processes at once: checks counts, and that no process waits longer than an SDK would. */
const LONG = patience(180_000);
const SDK_PATIENCE_MILLISECONDS = 45_000;

const LENIENT: EmulatorOptions = { rotation: { mode: "reuse" } };
const STRICT: EmulatorOptions = { rotation: { mode: "strict" } };

async function createExpiredHome(options: EmulatorOptions): Promise<Home> {
  const home = await createSignedInHome(options);
  expireTokenFile(home, CORP_TOKEN);
  home.emulator.journal.clear();
  return home;
}

function startCallers(
  home: Home,
  count: number,
  argv: (index: number) => readonly string[] = () => ROLE,
): RunningProcess[] {
  return Array.from({ length: count }, (_, index) => start(home, argv(index)));
}

const waitForEnds = (running: readonly RunningProcess[]): Promise<EndedProcess[]> =>
  Promise.all(running.map(({ ended }) => ended));
const listFailures = (ends: readonly EndedProcess[]): string[] =>
  ends
    .filter(({ exitCode }) => exitCode !== 0)
    .map(({ exitCode, signal, stderr }) => `${exitCode ?? signal}: ${stderr}`);
const countRefreshes = (home: Home): number =>
  home.emulator.journal.count("CreateToken", { grantType: "refresh_token" });
const countFetches = (home: Home): number => home.emulator.journal.count("GetRoleCredentials");

row(
  43,
  "a dead refresh token: a hundred callers ask once, all exit 4, and the file stays",
  async () => {
    const home = await createExpiredHome(STRICT);
    home.emulator.revokeSessions();
    home.emulator.journal.clear();
    const before = takeSnapshot(home);
    const ends = await waitForEnds(startCallers(home, 100));
    expect(ends.filter(({ exitCode, stdout }) => exitCode !== 4 || stdout !== "")).toEqual([]);
    expect(countRefreshes(home)).toBe(1);
    expect(home.read(CORP_TOKEN)).toBe(before.get(CORP_TOKEN));
    for (const { stdout, stderr } of ends)
      expectInvariant(home, before, { stdout, stderr, exitCode: 4 });
  },
  LONG,
);

for (const [count, rotation, options] of [
  [100, "strict", STRICT],
  [40, "lenient", LENIENT],
] as const) {
  row(
    55,
    `${count} callers of one role on an expired token, ${rotation} rotation: one refresh, one fetch, the same credentials for all`,
    async () => {
      const home = await createExpiredHome(options);
      const ends = await waitForEnds(startCallers(home, count));
      expect(listFailures(ends)).toEqual([]);
      expect(new Set(ends.map(({ stdout }) => stdout)).size).toBe(1);
      expect([countRefreshes(home), countFetches(home)]).toEqual([1, 1]);
      expect(listTemporaryFiles(home)).toEqual([]);
    },
    LONG,
  );
}

row(
  56,
  "a hundred callers of fifty roles: one refresh, fifty fetches",
  async () => {
    const accounts = Array.from({ length: 10 }, (_, index) => ({
      accountId: String(200_000_000_000 + index),
      roles: ["A", "B", "C", "D", "E"],
    }));
    const home = await createExpiredHome({ ...STRICT, org: { accounts } });
    const roleArgv = (index: number): string[] => [
      "credential-process",
      "--sso-session",
      "corp",
      "--account-id",
      String(200_000_000_000 + (index % 10)),
      "--role-name",
      "ABCDE"[Math.floor(index / 10) % 5] ?? "",
    ];
    const ends = await waitForEnds(startCallers(home, 100, roleArgv));
    expect(listFailures(ends)).toEqual([]);
    expect(new Set(ends.map(({ stdout }) => stdout)).size).toBe(50);
    expect([countRefreshes(home), countFetches(home)]).toEqual([1, 50]);
  },
  LONG,
);

row(
  57,
  "the same hundred with a service that takes five seconds for each answer: none waits over 45 s",
  async () => {
    const home = await createExpiredHome(STRICT);
    home.emulator.setFault({ route: "*", delayMs: 5_000 });
    const ends = await waitForEnds(startCallers(home, 100));
    expect(listFailures(ends)).toEqual([]);
    expect([countRefreshes(home), countFetches(home)]).toEqual([1, 1]);
    expect(Math.max(...ends.map(({ milliseconds }) => milliseconds))).toBeGreaterThan(10_000);
    expect(Math.max(...ends.map(({ milliseconds }) => milliseconds))).toBeLessThan(
      SDK_PATIENCE_MILLISECONDS,
    );
  },
  LONG,
);

/** Finds the process that has the token's new version open: it holds the lock and waits for the service. */
function findHolder(running: readonly RunningProcess[]): RunningProcess | undefined {
  return running.find(({ pid }) =>
    openFiles(pid).some((path) => /\.aws\/sso\/cache\/.*\.tmp$/.test(path)),
  );
}

function openFiles(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${descriptor}`)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

row(
  58,
  "if the holder of the lock is killed while it waits, all others are served with at most one more refresh",
  async () => {
    const home = await createExpiredHome(STRICT);
    home.emulator.setFault({ route: "CreateToken", delayMs: 4_000, times: 1 });
    const running = startCallers(home, 60);
    const holder = await waitUntil("a holder of the lock", () => findHolder(running), 60_000);
    holder.kill("SIGKILL");
    expect((await holder.ended).signal).toBe("SIGKILL");
    const ends = await waitForEnds(running.filter((one) => one !== holder));
    expect(listFailures(ends)).toEqual([]);
    expect(new Set(ends.map(({ stdout }) => stdout)).size).toBe(1);
    expect(countRefreshes(home)).toBeLessThanOrEqual(2);
    expect(countFetches(home)).toBe(1);
  },
  LONG,
);

row(
  58,
  "if any caller is killed at any moment and refresh tokens can be reused, all others are served",
  async () => {
    const home = await createExpiredHome({ rotation: { mode: "grace", graceMs: 120_000 } });
    const running = startCallers(home, 60);
    const victim = running[Math.floor(Math.random() * running.length)];
    await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 4_000));
    victim?.kill("SIGKILL");
    const ends = await waitForEnds(running.filter((one) => one !== victim));
    expect(listFailures(ends)).toEqual([]);
    expect(countRefreshes(home)).toBeLessThanOrEqual(2);
  },
  LONG,
);

const LOCKLESS = join(import.meta.dirname, "support", "lockless.py");

for (const [rotation, options] of [
  ["lenient", LENIENT],
  ["strict", STRICT],
] as const) {
  row(
    59,
    `fifty callers among fifty refreshers that take no lock, ${rotation} rotation: no torn read, and a sign-in is requested only if the session has ended`,
    async () => {
      const home = await createExpiredHome(options);
      const others = Array.from({ length: 50 }, () =>
        startCommand(home, [
          "python3",
          LOCKLESS,
          "refresh",
          join(home.path, CORP_TOKEN),
          `${home.emulator.url}/token`,
        ]),
      );
      const ends = await waitForEnds(startCallers(home, 50));
      await waitForEnds(others);
      const refusals = home.emulator.journal.count("CreateToken", ({ status }) => status === 400);
      const allowed = rotation === "strict" && refusals > 0 ? [0, 4] : [0];
      expect(
        ends
          .filter(({ exitCode }) => !allowed.includes(exitCode ?? -1))
          .map(({ exitCode, stderr }) => `${exitCode}: ${stderr}`),
      ).toEqual([]);
      for (const { exitCode, stderr } of ends)
        if (exitCode === 4) expect(stderr).toMatch(/^latchkey: error: The SSO session "corp" /);
      expect(() => JSON.parse(home.read(CORP_TOKEN)) as unknown).not.toThrow();
    },
    LONG,
  );
}

row(
  59,
  "while a writer truncates and rewrites the token all the time, each of forty callers is served",
  async () => {
    const home = await createSignedInHome(STRICT);
    const writer = startCommand(home, [
      "python3",
      LOCKLESS,
      "rewrite",
      join(home.path, CORP_TOKEN),
      "120",
    ]);
    const torn = { seen: 0 };
    const watching = setInterval(() => {
      try {
        JSON.parse(home.read(CORP_TOKEN));
      } catch {
        torn.seen += 1;
      }
    }, 5);
    const ends = await waitForEnds(startCallers(home, 40));
    clearInterval(watching);
    writer.kill("SIGKILL");
    await writer.ended;
    expect(torn.seen).toBeGreaterThan(0);
    expect(listFailures(ends)).toEqual([]);
  },
  LONG,
);

row(
  55,
  "forty boto3 processes on one credential_process profile, everything expired: an identity each, one refresh, one fetch",
  async () => {
    requireParts(PYTHON);
    const home = await createSignedInHome(STRICT);
    const configured = await home.run([
      "configure",
      "--form",
      "credential-process",
      "--profile",
      "okta",
      "--sso-session",
      "corp",
      "--account-id",
      "100000000001",
      "--role-name",
      "ViewOnlyAccess",
      "--yes",
    ]);
    expect(configured.exitCode, configured.stderr).toBe(0);
    expireTokenFile(home, CORP_TOKEN);
    home.emulator.journal.clear();
    const ends = await waitForEnds(
      Array.from({ length: 40 }, () =>
        startCommand(
          home,
          [PYTHON, join(INTEROP, "clients", "boto3_witness.py"), "identity", "okta"],
          { env: { PYTHONDONTWRITEBYTECODE: "1" } },
        ),
      ),
    );
    expect(listFailures(ends)).toEqual([]);
    for (const { stdout } of ends)
      expect(stdout).toMatch(
        /:assumed-role\/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]{16}\/okta\.user@example\.com\n$/,
      );
    expect(home.emulator.journal.count("GetCallerIdentity", { status: 200 })).toBe(40);
    expect([countRefreshes(home), countFetches(home)]).toEqual([1, 1]);
  },
  patience(240_000),
);
