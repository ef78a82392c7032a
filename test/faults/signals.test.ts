import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import {
  listCachedRoleFiles,
  CORP_TOKEN,
  createHome,
  expireTokenFile,
  type Home,
  PROGRAM,
  SESSION_CONFIG,
  createSignedInHome,
  type TokenFileJson,
} from "../support/home.ts";
import { CTRL_C, startSession } from "../support/pty.ts";
import {
  start,
  startCommand,
  listTemporaryFiles,
  findTokenBeingRenewed,
  startTracing,
  waitUntil,
} from "./support/child.ts";
import { ROLE } from "./support/injection.ts";
import { row } from "./support/row.ts";
import { patience } from "../support/patience.ts";

/** Signals while latchkey waits for the user, for the service, or for the disk. */

async function createWaitingHome(): Promise<Home> {
  const home = await createHome();
  home.write(".aws/config", SESSION_CONFIG);
  return home;
}

/** Expects that the terminal has a visible cursor and no unfinished last line. */
function expectRestored(raw: string): void {
  expect(raw.lastIndexOf("\u001b[?25l")).toBeLessThanOrEqual(raw.lastIndexOf("\u001b[?25h"));
  expect(raw.endsWith("\n")).toBe(true);
  const plain = raw.replace(/\u001b\[\d+m/g, "");
  expect(plain).toMatch(/\r\u001b\[2K(\^C)?latchkey: error: Cancelled\.\r\n$/);
}

describe("SIGINT", () => {
  row(
    78,
    "Ctrl-C during the wait for approval exits 130 at once, restores the terminal, frees the locks and leaves no token",
    async () => {
      const home = await createWaitingHome();
      const session = startSession(home, ["login", "--no-browser"]);
      await session.see("waiting for your approval");
      const pressed = Date.now();
      session.type(CTRL_C);
      expect(await session.ended).toBe(130);
      expect(Date.now() - pressed).toBeLessThan(patience(3_000));
      expectRestored(session.readRaw());
      expect(home.list(".aws/sso/cache")).toEqual([]);
      home.emulator.autoApprove(0);
      const next = await home.run(["login", "--no-browser"]);
      expect(next).toMatchObject({ exitCode: 0 });
      expect(next.stderr).not.toContain("in progress");
    },
  );

  for (const argv of [
    ["login", "--no-browser"],
    ["login", "--no-browser", "--use-pkce"],
  ]) {
    row(
      78,
      `SIGINT while ${argv.join(" ")} waits ends within 200 ms with 130, and leaves neither a token nor a lock`,
      async () => {
        const home = await createWaitingHome();
        const taken: number[] = [];
        // The limit is for the program and not for a busy machine, so the best of five counts.
        for (
          let tries = 0;
          tries < 5 && !taken.some((milliseconds) => milliseconds < 200);
          tries += 1
        ) {
          const running = start(home, argv);
          await waitUntil(
            "the wait",
            () => /Before you approve/.test(running.readStderr()) || undefined,
          );
          await new Promise((resolve) => setTimeout(resolve, 400));
          const pressed = Date.now();
          running.kill("SIGINT");
          const ended = await running.ended;
          taken.push(Date.now() - pressed);
          expect(ended, ended.stderr).toMatchObject({ exitCode: 130, stdout: "" });
          expect(home.list(".aws/sso/cache")).toEqual([]);
        }
        expect(Math.min(...taken), taken.join(", ")).toBeLessThan(patience(200));
      },
    );
  }

  for (const [route, argv] of [
    ["CreateToken", ["login", "--no-browser"]],
    ["RegisterClient", ["login", "--no-browser"]],
    ["ListAccounts", ["accounts"]],
    ["GetRoleCredentials", ROLE],
  ] as const) {
    row(
      78,
      `SIGINT while ${route} is not answered ends at once with 130, without waiting for the service`,
      async () => {
        const home =
          route === "CreateToken" || route === "RegisterClient"
            ? await createWaitingHome()
            : await createSignedInHome();
        home.emulator.setFault({ route, delayMs: patience(9_000) });
        const running = start(home, argv);
        await waitUntil("the request", () => countConnections(running.pid, home) > 0 || undefined);
        // The first poll comes after the interval. Until then the connection is that of an earlier request.
        await new Promise((resolve) => setTimeout(resolve, 2_500));
        const pressed = Date.now();
        running.kill("SIGINT");
        const ended = await running.ended;
        expect(ended, ended.stderr).toMatchObject({ exitCode: 130, stdout: "" });
        expect(Date.now() - pressed).toBeLessThan(patience(3_000));
        expect(ended.stderr).toMatch(/latchkey: error: Cancelled\.\n$/);
        expect(home.emulator.journal.entries({ route, status: 0 }).length).toBe(1);
        expect(listCachedRoleFiles(home)).toEqual([]);
      },
    );
  }
});

/** Counts the connections of a process to the emulator from the kernel's list of sockets. */
function countConnections(pid: number, home: Home): number {
  const port = Number(URL.parse(home.emulator.url)?.port)
    .toString(16)
    .toUpperCase()
    .padStart(4, "0");
  return pid > 0 ? readConnections(port) : 0;
}

function readConnections(port: string): number {
  return readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .filter((line) => line.includes(`:${port} 01 `)).length;
}

for (const [signal, exitCode] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 143],
] as const) {
  row(
    79,
    `${signal} between the answer to a refresh and the rename: the new token is kept first, then it ends with ${exitCode}`,
    async () => {
      const home = await createSignedInHome({ rotation: { mode: "strict" } });
      expireTokenFile(home, CORP_TOKEN);
      const before = home.readJson<TokenFileJson>(CORP_TOKEN);
      home.emulator.journal.clear();
      const trace = startTracing(home, [`rename:signal=${signal}:when=1`]);
      const ended = await start(home, ROLE, { wrapper: trace.wrapper }).ended;
      expect(trace.readInjected().join("\n")).toContain(signal);
      expect(ended, ended.stderr).toMatchObject({ exitCode, stdout: "" });
      const after = home.readJson<TokenFileJson>(CORP_TOKEN);
      expect(after.refreshToken).not.toBe(before.refreshToken);
      expect(listTemporaryFiles(home)).toEqual([]);
      expect(listCachedRoleFiles(home)).toEqual([]);
      expect(await home.run(ROLE)).toMatchObject({ exitCode: 0 });
      expect(home.emulator.journal.count("CreateToken")).toBe(1);
    },
  );
}

row(
  79,
  "after a signal during a refresh, latchkey waits for the answer, keeps it, and stops",
  async () => {
    const home = await createSignedInHome({ rotation: { mode: "strict" } });
    expireTokenFile(home, CORP_TOKEN);
    const before = home.readJson<TokenFileJson>(CORP_TOKEN);
    home.emulator.setFault({ route: "CreateToken", delayMs: 3_000 });
    home.emulator.journal.clear();
    const running = start(home, ROLE);
    await waitUntil("the refresh", () => findTokenBeingRenewed(home));
    await new Promise((resolve) => setTimeout(resolve, 500));
    running.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ exitCode: 143, stdout: "" });
    expect(home.readJson<TokenFileJson>(CORP_TOKEN).refreshToken).not.toBe(before.refreshToken);
    expect(
      home.emulator.journal.entries().map(({ route, status }) => `${route} ${status}`),
    ).toEqual(["CreateToken 200"]);
  },
);

row(80, "the second Ctrl-C ends at once what the first one lets finish", async () => {
  const home = await createSignedInHome();
  expireTokenFile(home, CORP_TOKEN);
  home.emulator.setFault({ route: "CreateToken", delayMs: patience(9_000) });
  const session = startSession(home, ["accounts"]);
  await waitUntil("the refresh", () => findTokenBeingRenewed(home));
  await new Promise((resolve) => setTimeout(resolve, 500));
  session.type(CTRL_C);
  const first = await Promise.race([
    session.ended,
    new Promise((resolve) => setTimeout(resolve, 1_500, "still running")),
  ]);
  expect(first).toBe("still running");
  const pressed = Date.now();
  session.type(CTRL_C);
  expect(await session.ended).toBe(130);
  expect(Date.now() - pressed).toBeLessThan(patience(2_500));
  home.emulator.clearFaults();
  expect(await home.run(ROLE)).toMatchObject({ exitCode: 0 });
});

row(
  81,
  "closing the terminal ends a waiting login as SIGTERM does, and leaves no token",
  async () => {
    const home = await createWaitingHome();
    const closing = join(import.meta.dirname, "support", "close_terminal.py");
    const ended = await startCommand(home, [
      "python3",
      closing,
      "waiting for your approval",
      ...PROGRAM,
      "login",
      "--no-browser",
    ]).ended;
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0 });
    expect(ended.stdout).toBe("exit 143\n");
    expect(home.list(".aws/sso/cache")).toEqual([]);
  },
);
