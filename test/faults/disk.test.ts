import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import {
  CORP_TOKEN,
  createHome,
  expireTokenFile,
  isStandalone,
  PROGRAM,
  runProgram,
  SESSION_CONFIG,
  createSignedInHome,
  type Home,
} from "../support/home.ts";
import { expectInvariant, takeSnapshot } from "./support/invariant.ts";
import { runAsNobody, runInNamespace, runInShell, ROLE, runStraced } from "./support/injection.ts";
import { row } from "./support/row.ts";
import { patience } from "../support/patience.ts";

const CONFIGURE = [
  "configure",
  "--profile",
  "p",
  "--sso-session",
  "corp",
  "--account-id",
  "100000000001",
  "--role-name",
  "R",
  "--yes",
];

/** Returns a script that mounts a file system over a directory, copies its files in and fills up the rest. */
const fillScript = (directory: string, kilobytes: number): string =>
  `cp -a ${directory} "$HOME/copy"; mount -t tmpfs -o size=${kilobytes}k tmpfs ${directory}; cp -a "$HOME/copy/." ${directory}/; dd if=/dev/zero of=${directory}/fill bs=1k 2>/dev/null; "$@"; code=$?; rm -f ${directory}/fill; cp -a ${directory} "$HOME/after"; exit $code`;

describe("disks that can't be written", () => {
  row(
    7,
    "a full disk under the role cache: the credentials are printed, exit 0, one notice",
    async () => {
      const home = await createSignedInHome();
      mkdirSync(join(home.path, ".aws/latchkey/role-credentials"), { recursive: true });
      const before = takeSnapshot(home);
      const result = await runInNamespace(
        home,
        fillScript('"$HOME/.aws/latchkey/role-credentials"', 16),
        ROLE,
      );
      expect(result).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("ASIA"),
        stderr: expect.stringMatching(
          /^latchkey: notice: the credentials could not be cached: .*ENOSPC.*\n$/,
        ),
      });
      expect(
        readdirSync(join(home.path, "after"), { recursive: true, withFileTypes: true }).filter(
          (entry) => entry.isFile(),
        ),
      ).toEqual([]);
      expectInvariant(home, before, result);
    },
  );

  row(7, "a full disk under the token: the refresh token is not spent, exit 8", async () => {
    const home = await createSignedInHome();
    expireTokenFile(home, CORP_TOKEN);
    home.emulator.journal.clear();
    const before = takeSnapshot(home);
    const result = await runInNamespace(home, fillScript('"$HOME/.aws/sso/cache"', 16), ROLE);
    expect(result).toMatchObject({
      exitCode: 8,
      stdout: "",
      stderr: expect.stringContaining("ENOSPC"),
    });
    expect(home.emulator.journal.entries()).toEqual([]);
    expectInvariant(home, before, result);
    expect(await home.run(ROLE)).toMatchObject({ exitCode: 0 });
  });

  row(8, "a file size limit of 0 acts as a full disk", async () => {
    const home = await createSignedInHome();
    const before = takeSnapshot(home);
    const limited = await runInShell(home, 'ulimit -f 0; exec "$@"', ROLE);
    expect(limited).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("ASIA"),
      stderr: expect.stringContaining("EFBIG"),
    });
    expireTokenFile(home, CORP_TOKEN);
    home.emulator.journal.clear();
    expect(await runInShell(home, 'ulimit -f 0; exec "$@"', ROLE)).toMatchObject({
      exitCode: 8,
      stdout: "",
    });
    expect(home.emulator.journal.count("CreateToken")).toBe(0);
    expectInvariant(home, before, limited);
  });

  row(
    9,
    "if fsync or rename fails, the credentials are still printed, and a config is unchanged",
    async () => {
      for (const injection of ["fsync:error=EIO", "rename,renameat,renameat2:error=EIO"]) {
        const home = await createSignedInHome();
        const before = takeSnapshot(home);
        const result = await runStraced(home, [injection], ROLE);
        expect(result.injected.length, injection).toBeGreaterThan(0);
        expect(result, injection).toMatchObject({
          exitCode: 0,
          stdout: expect.stringContaining("ASIA"),
          stderr: expect.stringContaining("EIO"),
        });
        const edited = await runStraced(home, [injection], CONFIGURE);
        expect(edited, injection).toMatchObject({
          exitCode: 8,
          stderr: expect.stringContaining("EIO"),
        });
        expect(home.read(".aws/config")).toBe(SESSION_CONFIG);
        expect(home.list(".aws").filter((name) => name.endsWith(".tmp"))).toEqual([]);
        expectInvariant(home, before, result);
      }
    },
  );

  row(
    9,
    "rename fails after the refresh token is spent: the new token serves, and a notice reports that it is not kept",
    async () => {
      const home = await createSignedInHome();
      expireTokenFile(home, CORP_TOKEN);
      const result = await runStraced(home, ["rename,renameat,renameat2:error=EIO"], ROLE);
      expect(result.injected.length).toBeGreaterThan(0);
      expect(result).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("ASIA"),
        stderr: expect.stringMatching(
          /^latchkey: notice: the renewed token of corp could not be kept: .*EIO/,
        ),
      });
      expect(home.emulator.journal.count("CreateToken")).toBe(1);
      expect(home.list(".aws/sso/cache").filter((name) => name.endsWith(".tmp"))).toEqual([]);
    },
  );

  row(10, "a read-only cache is used; writes to it fail as on a full disk", async () => {
    const home = await giveToNobody(await createSignedInHome());
    expect(await runAsNobody(home, ROLE)).toMatchObject({ exitCode: 0 });
    const [directory = ""] = home.list(".aws/latchkey/role-credentials");
    const path = join(home.path, ".aws/latchkey/role-credentials", directory);
    chmodSync(path, 0o500);
    expect(await runAsNobody(home, ROLE)).toMatchObject({ exitCode: 0, stderr: "" });
    const other = await runAsNobody(home, ROLE.with(4, "100000000002"));
    expect(other).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("ASIA"),
      stderr: expect.stringContaining("EACCES"),
    });
  });

  row(
    11,
    "a read-only home: served from the cache, fetched with a valid token, and no refresh token is spent",
    async () => {
      const home = await createSignedInHome();
      const readOnly =
        'mount --bind -o ro "$HOME" "$HOME" 2>/dev/null || { mount --bind "$HOME" "$HOME"; mount -o remount,bind,ro "$HOME"; }; touch "$HOME/probe" 2>/dev/null && exit 99; "$@"';
      const fetched = await runInNamespace(home, readOnly, ROLE);
      expect(fetched).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("ASIA"),
        stderr: expect.stringContaining("EROFS"),
      });
      await home.run(ROLE);
      expect(await runInNamespace(home, readOnly, ROLE)).toMatchObject({ exitCode: 0, stderr: "" });
      expireTokenFile(home, CORP_TOKEN);
      rmSync(join(home.path, ".aws/latchkey/role-credentials"), { recursive: true });
      home.emulator.journal.clear();
      expect(await runInNamespace(home, readOnly, ROLE)).toMatchObject({
        exitCode: 8,
        stdout: "",
        stderr: expect.stringContaining("EROFS"),
      });
      expect(home.emulator.journal.entries()).toEqual([]);
      const login = ["login", "--no-browser", "--force"];
      expect(await runInNamespace(home, readOnly, login)).toMatchObject({
        exitCode: 8,
        stderr: expect.stringContaining("EROFS"),
      });
      expect(home.emulator.journal.entries()).toEqual([]);
    },
  );

  row(
    12,
    "too few file descriptors: an error or the credentials, never a part of them",
    async () => {
      const home = await createSignedInHome();
      const before = takeSnapshot(home);
      const seen = new Set<number>();
      for (let descriptors = isStandalone ? 5 : 18; descriptors <= 34; descriptors += 1) {
        rmSync(join(home.path, ".aws/latchkey/role-credentials"), { recursive: true, force: true });
        const result = await runInShell(home, `ulimit -n ${descriptors}; exec "$@"`, ROLE);
        seen.add(result.exitCode);
        if (result.exitCode === 0) expect(JSON.parse(result.stdout)).toHaveProperty("AccessKeyId");
        else expect(result.stdout, result.stderr).toBe("");
        expectInvariant(home, before, result);
      }
      expect(seen.has(0)).toBe(true);
      expect(seen.size).toBeGreaterThan(1);
    },
    patience(120_000),
  );
});

describe("homes", () => {
  row(13, "HOME is not set: it is read from the user database", async () => {
    const home = await giveToNobody(await createSignedInHome());
    // The user database has /nonexistent for this user, so the message names it.
    const result = await runAsNobody(home, ["status"], { env: { HOME: undefined } });
    expect(result).toMatchObject({
      exitCode: 4,
      stdout: expect.stringContaining("No SSO session on this machine yet."),
    });
    expect((await runAsNobody(home, ["accounts"], { env: { HOME: undefined } })).stderr).toContain(
      "/nonexistent/.aws/config",
    );
  });

  row(
    14,
    "HOME is empty or relative: exit 7, and the current directory's .aws is never read",
    async () => {
      const home = await createHome();
      const trap = join(home.path, "trap");
      mkdirSync(join(trap, ".aws"), { recursive: true });
      writeFileSync(join(trap, ".aws/config"), SESSION_CONFIG);
      for (const HOME of ["", ".", "relative"]) {
        for (const argv of [["status"], ROLE]) {
          expect(await home.run(argv, { env: { HOME }, cwd: trap }), HOME).toMatchObject({
            exitCode: 7,
            stdout: "",
            stderr: expect.stringContaining("HOME"),
          });
        }
      }
    },
  );

  row(15, "no HOME, and a user that is not in the database: exit 7, no stack", async () => {
    const home = await createHome();
    chmodSync(home.path, 0o755);
    const result = await runProgram(
      [
        "/usr/bin/setpriv",
        "--reuid",
        "54321",
        "--regid",
        "54321",
        "--clear-groups",
        "/usr/bin/env",
        "-u",
        "HOME",
        ...PROGRAM,
        "status",
      ],
      home.env,
    );
    expect(result).toMatchObject({
      exitCode: 7,
      stdout: "",
      stderr: expect.stringMatching(/^latchkey: error: .*HOME.*\nlatchkey: hint: .*\n$/),
    });
  });
});

/** Gives the home to a user to whom file modes apply, and makes the program reachable for that user. */
async function giveToNobody(home: Home): Promise<Home> {
  for (const entry of readdirSync(home.path, { recursive: true, withFileTypes: true }))
    chownSync(join(entry.parentPath, entry.name), 65534, 65534);
  chownSync(home.path, 65534, 65534);
  return home;
}
