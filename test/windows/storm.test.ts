import { expect, test } from "vitest";
import { startProgram } from "../support/child.ts";
import {
  CORP_TOKEN,
  createSignedInHome,
  expireTokenFile,
  PROGRAM,
  type Home,
  type RunResult,
} from "../support/home.ts";
import { OKTA_ROLE } from "../support/session-config.ts";
import { patience } from "../support/patience.ts";

/** Many callers at once: Windows' locks, and files that are open in other processes when they are replaced. */

const LINE = ["credential-process", ...OKTA_ROLE];

const callAtOnce = (home: Home, count: number): Promise<RunResult[]> =>
  Promise.all(Array.from({ length: count }, () => home.run(LINE)));

test(
  "thirty callers at once on an expired token: one refresh, one fetch, the same credentials for all",
  { timeout: patience(120_000) },
  async () => {
    const home = await createSignedInHome({ rotation: { mode: "strict" } });
    expireTokenFile(home, CORP_TOKEN);
    home.emulator.journal.clear();
    const ends = await callAtOnce(home, 30);
    expect(ends.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    expect(new Set(ends.map(({ stdout }) => stdout)).size).toBe(1);
    expect(home.emulator.journal.count("CreateToken", { grantType: "refresh_token" })).toBe(1);
    expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
    expect(home.list(".aws/sso/cache").filter((name) => !name.endsWith(".json"))).toEqual([]);
  },
);

test("a caller that is killed while it holds the lock does not block others", async () => {
  const home = await createSignedInHome();
  expireTokenFile(home, CORP_TOKEN);
  home.emulator.setFault({ route: "CreateToken", delayMs: 60_000, times: 1 });
  const held = startProgram([...PROGRAM, ...LINE], home.env);
  await expect.poll(() => home.list(".aws/latchkey/locks").length, { timeout: 30_000 }).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  held.kill("SIGKILL");
  expect((await held.ended).stdout).toBe("");
  expect(await home.run(LINE)).toMatchObject({ exitCode: 0 });
});
