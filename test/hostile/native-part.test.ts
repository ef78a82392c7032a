import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { askKeychain } from "../faults/support/secret-service.ts";
import { createHome, isStandalone, PROGRAM, type Home } from "../support/home.ts";
import { testOnLinuxStandaloneOnly } from "../support/on-node-only.ts";
import { testAsRoot } from "../support/places.ts";
import { listOpen, readMode } from "../support/secrets.ts";

/** Kind 3, the native part of the keychain library: the standalone program writes it to a disk to load it. */

/** The library was loaded and asked the bus, which is missing. */
const ASKED = /DBus/;
const NATIVE = ".aws/latchkey/native";

async function ask(home: Home): Promise<string> {
  const env = { HOME: home.path, TMPDIR: makeTemporary(home) };
  return (await askKeychain(env, "read")).failure ?? "";
}

function makeTemporary(home: Home): string {
  const path = join(home.path, "tmp");
  mkdirSync(path, { recursive: true });
  return path;
}

function findLibrary(home: Home): string {
  expect(home.list(NATIVE)).toHaveLength(1);
  return join(home.path, NATIVE, home.list(NATIVE)[0] ?? "");
}

testOnLinuxStandaloneOnly(
  "3.30: it is in latchkey's own directory, only for its user, and nothing is left in TMPDIR",
  async () => {
    const home = await createHome();
    for (const _ of ["first", "second"]) expect(await ask(home)).toMatch(ASKED);
    expect(home.list("tmp")).toEqual([]);
    expect(readMode(findLibrary(home))).toBe("600");
    expect(listOpen(join(home.path, ".aws"))).toEqual([]);
  },
);

testOnLinuxStandaloneOnly(
  "3.31: a file with other content is replaced, not loaded, and a file that a kill left is removed",
  async () => {
    const home = await createHome();
    await ask(home);
    const library = findLibrary(home);
    const bytes = readFileSync(library);
    writeFileSync(library, Buffer.alloc(bytes.length));
    const left = `${NATIVE}/.${home.list(NATIVE)[0]}.0123456789abcdef.tmp`;
    execFileSync("touch", ["-d", "2 hours ago", home.write(left, "half")]);
    expect(await ask(home)).toMatch(ASKED);
    expect(readFileSync(findLibrary(home)).equals(bytes)).toBe(true);
  },
);

testOnLinuxStandaloneOnly(
  "3.32: another place is used if others can write to the directory, or it can't be written",
  async () => {
    const home = await createHome();
    mkdirSync(join(home.path, NATIVE), { recursive: true });
    chmodSync(join(home.path, NATIVE), 0o777);
    expect(await ask(home)).toMatch(ASKED);
    expect(home.list(NATIVE)).toEqual([]);

    const other = await createHome();
    other.write(NATIVE, "a file");
    expect(await ask(other)).toMatch(ASKED);
  },
);

/** Runs in mounts of its own: the home and all temporary directories are on one disk with these options. */
function askWith(options: string): Promise<string> {
  return askAfter(
    `mount -t tmpfs -o ${options} tmpfs /tmp; mkdir -m 700 /tmp/home; export HOME=/tmp/home TMPDIR=/tmp`,
  );
}

async function askAfter(preparation: string): Promise<string> {
  // The program itself may be below /tmp, so it is opened before.
  const script = `exec 9<"$0"; ${preparation}; exec /proc/self/fd/9 keychain-child read`;
  const env = { PATH: process.env["PATH"] ?? "" };
  const words = ["-m", "sh", "-c", script, ...PROGRAM];
  const { stdout } = await promisify(execFile)("unshare", words, { env, cwd: "/" });
  return (JSON.parse(stdout) as { failure: string }).failure;
}

if (isStandalone && process.platform === "linux")
  testAsRoot(
    "3.33: if no directory takes it or may contain programs, the reason is given, not npm's advice",
    async () => {
      for (const [options, reason] of [
        ["noexec,size=64m", /failed to map segment/],
        ["size=1m", /ENOSPC/],
      ] as const) {
        const failure = await askWith(options);
        expect(failure).toMatch(/^its native part can't be loaded \(/);
        expect(failure).toMatch(reason);
        expect(failure).not.toContain("npm");
      }
    },
  );

if (isStandalone && process.platform === "linux")
  testAsRoot("3.48: it is found whatever the system's ldd says about the C library", async () => {
    const home = await createHome();
    for (const libc of ["musl libc", "GNU libc"]) {
      const ldd = home.write("ldd", libc);
      const failure = await askAfter(
        `mount --bind ${ldd} /usr/bin/ldd; export HOME=${home.path} TMPDIR=${home.path}`,
      );
      expect(failure, libc).toMatch(ASKED);
    }
  });

test("3.34: a native part that is missing is reported without npm's advice", async () => {
  const home = await createHome();
  const env = { HOME: home.path, NAPI_RS_NATIVE_LIBRARY_PATH: "/nowhere/at/all.node" };
  const { failure } = await askKeychain(env, "read");
  expect(failure).toBe("its native part can't be loaded (it is not installed)");
});
