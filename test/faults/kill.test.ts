import { spawn } from "node:child_process";
import {
  chmodSync,
  utimesSync,
  mkdirSync,
  symlinkSync,
  rmSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect } from "vitest";
import {
  CORP_TOKEN,
  expireTokenFile,
  makeRenewalsDue,
  PROGRAM,
  createSignedInHome,
  type Home,
} from "../support/home.ts";
import { expectInvariant, takeSnapshot } from "./support/invariant.ts";
import { AS_NOBODY, runAsNobody, ROLE, runStraced } from "./support/injection.ts";
import { row } from "./support/row.ts";
import { patience } from "../support/patience.ts";

/** Starts a child that waits for a delayed answer and holds its locks meanwhile. */
async function startHolder(
  home: Home,
  route: "CreateToken" | "GetRoleCredentials",
  wrapper: readonly string[] = [],
): Promise<ReturnType<typeof spawn>> {
  home.emulator.setFault({ route, delayMs: 20_000, times: 1 });
  const [program, ...words] = [...wrapper, ...PROGRAM, ...ROLE];
  const child = spawn(program ?? "", words, { env: home.env, stdio: "ignore" });
  const before = Date.now();
  while (
    home.list(".aws/latchkey/locks").length < (route === "CreateToken" ? 2 : 1) &&
    Date.now() - before < patience(10_000)
  )
    await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => setTimeout(resolve, 700));
  return child;
}

describe("processes that are killed", () => {
  row(
    1,
    "killed between write and rename: the old token stays, the next run works, the temporary file is removed",
    async () => {
      const home = await createSignedInHome({ rotation: { mode: "reuse" } });
      expireTokenFile(home, CORP_TOKEN);
      const before = takeSnapshot(home);
      const killed = await runStraced(home, ["rename,renameat,renameat2:signal=KILL:when=1"], ROLE);
      expect(killed.exitCode).not.toBe(0);
      expect(killed.injected.length).toBeGreaterThan(0);
      expect(home.read(CORP_TOKEN)).toBe(before.get(CORP_TOKEN));
      const orphans = home.list(".aws/sso/cache").filter((name) => name.endsWith(".tmp"));
      expect(orphans).toHaveLength(1);
      const twoHoursAgo = new Date(Date.now() - 7_200_000);
      utimesSync(join(home.path, ".aws/sso/cache", orphans[0] ?? ""), twoHoursAgo, twoHoursAgo);
      const next = await home.run(ROLE);
      expect(next).toMatchObject({ exitCode: 0, stderr: "" });
      expect(home.list(".aws/sso/cache").filter((name) => name.endsWith(".tmp"))).toEqual([]);
      expectInvariant(home, before, next);
    },
  );

  row(
    2,
    "killed after a refresh that was not written, under strict rotation: exit 4 with the cure, no loop",
    async () => {
      const home = await createSignedInHome({ rotation: { mode: "strict" } });
      expireTokenFile(home, CORP_TOKEN);
      const before = takeSnapshot(home);
      await runStraced(home, ["rename,renameat,renameat2:signal=KILL:when=1"], ROLE);
      expect(
        home.emulator.journal.count("CreateToken", { grantType: "refresh_token", status: 200 }),
      ).toBe(1);
      const next = await home.run(ROLE);
      expect(next).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining("latchkey login --sso-session corp"),
      });
      expect(home.emulator.journal.count("CreateToken", { grantType: "refresh_token" })).toBe(2);
      expectInvariant(home, before, next);
    },
  );

  row(3, "killed while it holds the locks: the next process gets them without help", async () => {
    const home = await createSignedInHome({ rotation: { mode: "reuse" } });
    expireTokenFile(home, CORP_TOKEN);
    const child = await startHolder(home, "CreateToken");
    const waiting = home.run(ROLE);
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill("SIGKILL");
    expect(await waiting).toMatchObject({ exitCode: 0, stderr: "" });
  });

  row(
    4,
    "stopped while it holds a lock: others serve valid credentials or exit 8 in time, and never break the lock",
    async () => {
      const home = await createSignedInHome({ lifetimes: { roleCredentialsSeconds: 600 } });
      const first = await home.run(ROLE);
      makeRenewalsDue(home);
      const child = await startHolder(home, "GetRoleCredentials");
      child.kill("SIGSTOP");
      const served = await home.run(ROLE);
      expect(served).toMatchObject({
        exitCode: 0,
        stdout: first.stdout,
        stderr: expect.stringContaining("has held the lock"),
      });
      rmSync(join(home.path, ".aws/latchkey/role-credentials"), { recursive: true });
      const started = Date.now();
      expect(await home.run(ROLE)).toMatchObject({
        exitCode: 8,
        stdout: "",
        stderr: expect.stringContaining("has held the lock"),
      });
      expect(Date.now() - started).toBeLessThan(45_000);
      child.kill("SIGKILL");
    },
    patience(120_000),
  );

  row(
    4,
    "a stopped holder's lock is not broken in a folder that refuses new files either: exit 8",
    async () => {
      const home = await createSignedInHome();
      execFileSync("chown", ["-R", "65534:65534", home.path]);
      expect(await runAsNobody(home, ROLE)).toMatchObject({ exitCode: 0 });
      rmSync(join(home.path, ".aws/latchkey/role-credentials"), { recursive: true });
      const child = await startHolder(home, "GetRoleCredentials", AS_NOBODY);
      child.kill("SIGSTOP");
      try {
        home.emulator.journal.clear();
        chmodSync(join(home.path, ".aws/latchkey/locks"), 0o500);
        expect(await runAsNobody(home, ROLE)).toMatchObject({
          exitCode: 8,
          stdout: "",
          stderr: expect.stringContaining("has held the lock"),
        });
        expect(
          home.emulator.journal.count("GetRoleCredentials"),
          "the holder's own",
        ).toBeLessThanOrEqual(1);
      } finally {
        chmodSync(join(home.path, ".aws/latchkey/locks"), 0o700);
        child.kill("SIGKILL");
      }
    },
    patience(120_000),
  );

  row(5, "a lock file that no process holds is not a lock", async () => {
    const home = await createSignedInHome();
    await home.run(ROLE);
    rmSync(join(home.path, ".aws/latchkey/role-credentials"), { recursive: true });
    const [name = ""] = home.list(".aws/latchkey/locks");
    const longAgo = new Date("2020-01-01");
    utimesSync(join(home.path, ".aws/latchkey/locks", name), longAgo, longAgo);
    expect(await home.run(ROLE)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  row(
    6,
    "a link, a directory or a FIFO at a lock's path: exit 8 with the path, and no link is followed",
    async () => {
      const home = await createSignedInHome();
      await home.run(ROLE);
      const roleLock = home.list(".aws/latchkey/locks");
      for (const kind of ["link", "directory", "fifo"]) {
        rmSync(join(home.path, ".aws/latchkey/role-credentials"), { recursive: true, force: true });
        writeFileSync(join(home.path, "victim"), "untouched");
        for (const name of roleLock) {
          const path = join(home.path, ".aws/latchkey/locks", name);
          rmSync(path, { recursive: true });
          if (kind === "link") symlinkSync(join(home.path, "victim"), path);
          else if (kind === "directory") mkdirSync(path);
          else execFileSync("mkfifo", [path]);
        }
        const result = await home.run(ROLE);
        expect(result, kind).toMatchObject({
          exitCode: 8,
          stdout: "",
          stderr: expect.stringContaining(".aws/latchkey/locks/"),
        });
        expect(readFileSync(join(home.path, "victim"), "utf8")).toBe("untouched");
      }
    },
  );
});
