import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CORP_TOKEN, createSignedInHome, expireTokenFile, type Home } from "../support/home.ts";
import { OKTA_ROLE } from "../support/session-config.ts";
import { PYTHON_VARIABLES, WINDOWS_PYTHON } from "../support/windows-clients.ts";

/** Row 94 of the fault table: files that another program has open with Windows' C library can't be replaced. */

const LINE = ["credential-process", ...OKTA_ROLE];

/** Holds the file open until the returned function is called. */
async function hold(home: Home, file: string): Promise<() => Promise<void>> {
  const script = "import sys; f = open(sys.argv[1]); print('held', flush=True); sys.stdin.read()";
  const child = spawn(WINDOWS_PYTHON, ["-c", script, join(home.path, file)], {
    env: { ...home.env, ...PYTHON_VARIABLES },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  await once(child.stdout, "data");
  return async () => {
    child.stdin.end();
    await ended;
  };
}

const createExpiredHome = async (): Promise<Home> => {
  const home = await createSignedInHome();
  expireTokenFile(home, CORP_TOKEN);
  home.emulator.journal.clear();
  return home;
};

test("row 94: a token file that is held open for a moment is replaced as soon as it is closed", async () => {
  const home = await createExpiredHome();
  const before = home.read(CORP_TOKEN);
  const letGo = await hold(home, CORP_TOKEN);
  const run = home.run(LINE);
  await expect.poll(() => home.emulator.journal.count("CreateToken"), { timeout: 30_000 }).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await letGo();
  expect(await run).toMatchObject({ exitCode: 0, stderr: "" });
  expect(home.read(CORP_TOKEN)).not.toBe(before);
  expect(home.emulator.journal.count("CreateToken")).toBe(1);
});

test("row 94: if it stays held open, there is a notice and the credentials, and the next run spends no second refresh token", async () => {
  const home = await createExpiredHome();
  const letGo = await hold(home, CORP_TOKEN);
  const started = performance.now();
  const { exitCode, stdout, stderr } = await home.run(LINE);
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ Version: 1 });
  expect(stderr).toMatch(/notice/);
  expect(performance.now() - started).toBeLessThan(20_000);
  await letGo();
  expect(home.list(".aws/sso/cache").filter((name) => name.endsWith(".tmp"))).toEqual([]);
  expect(await home.run(["status", "--json"])).toMatchObject({ exitCode: 0 });
  expect(home.emulator.journal.count("CreateToken")).toBe(1);
});
