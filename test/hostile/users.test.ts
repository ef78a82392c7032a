import {
  chmodSync,
  chownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { EVERY_COMMAND } from "../support/each-command.ts";
import { CORP_TOKEN, listCachedRoleFiles, type Home } from "../support/home.ts";
import {
  createPlainHome,
  createSignedInHomeOf,
  giveAway,
  listOwnedBy,
  mountReadOnly,
  mountWithoutModes,
  NOBODY,
  runAs,
  testAsRoot,
} from "../support/places.ts";
import {
  CONFIGURE,
  EXPORT,
  listOpen,
  LOGIN,
  PROCESS,
  runUnderUmask,
  SETTING,
} from "../support/secrets.ts";

/** Kind 3: two other users on the machine, and root. */

const MALLORY = 12_345;

/** Describes every file below a path by owner, mode and size. */
function describeAll(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => {
      const { uid, mode, size } = lstatSync(file);
      return `${file} ${uid} ${mode.toString(8)} ${size}`;
    })
    .toSorted();
}

testAsRoot(
  "3.41: after root's commands on another user's files, that user owns all of them and none is open to others",
  async () => {
    const home = await createPlainHome();
    mkdirSync(join(home.path, "tmp"), { mode: 0o700 });
    giveAway(home.path, NOBODY);
    const before = listOpen(home.path);
    const runs = [
      LOGIN,
      SETTING,
      EXPORT,
      ...EVERY_COMMAND.map(([id, words]) => [...id.split(":"), ...words]),
    ];
    for (const argv of runs) {
      await runUnderUmask(home, "0", argv, { TMPDIR: join(home.path, "tmp") });
      expect(listOwnedBy(home.path, 0), argv.join(" ")).toEqual([]);
      expect(listOpen(home.path), argv.join(" ")).toEqual(before);
    }
    expect(await runAs(NOBODY, home, PROCESS)).toMatchObject({ exitCode: 0, stderr: "" });
  },
);

testAsRoot("3.42: a valid file of another user is used, and only root writes it", async () => {
  const home = await createSignedInHomeOf(NOBODY);
  home.write(".aws/credentials", "");
  for (const file of [CORP_TOKEN, ".aws/config", ".aws/credentials"]) {
    chownSync(join(home.path, file), MALLORY, MALLORY);
    chmodSync(join(home.path, file), 0o666);
  }
  const texts = [CORP_TOKEN, ".aws/config", ".aws/credentials"].map(
    (file) => [file, home.read(file)] as const,
  );
  expect(await runAs(NOBODY, home, PROCESS)).toMatchObject({ exitCode: 0 });
  for (const argv of [["login", "--force", "--no-browser"], CONFIGURE, EXPORT]) {
    const { exitCode, stderr } = await runAs(NOBODY, home, argv);
    expect(exitCode, argv.join(" ")).toBe(8);
    expect(stderr).toContain("belongs to user 12345");
    expect(stderr).toContain("sudo chown nobody ");
  }
  for (const [file, text] of texts) {
    expect(home.read(file)).toBe(text);
    expect(statSync(join(home.path, file)).uid).toBe(MALLORY);
  }
});

testAsRoot(
  "3.43: root gives no token to another user who owns the token's file or directory",
  async () => {
    const home = await createSignedInHomeOf(0);
    const token = join(home.path, CORP_TOKEN);
    chownSync(token, MALLORY, MALLORY);
    const before = home.read(CORP_TOKEN);
    expect(await runAs(0, home, ["login", "--force", "--no-browser"])).toMatchObject({
      exitCode: 8,
      stderr: expect.stringContaining(`sudo chown root ${token}`),
    });
    expect(home.read(CORP_TOKEN)).toBe(before);
    chownSync(token, 0, 0);
    chownSync(dirname(token), MALLORY, MALLORY);
    expect(await runAs(0, home, ["login", "--force", "--no-browser"])).toMatchObject({
      exitCode: 8,
      stderr: expect.stringContaining(`sudo chown -R root ${dirname(token)}`),
    });
    expect(listOwnedBy(dirname(token), MALLORY)).toEqual([]);
  },
);

/** Replaces a file or a directory by a link. */
function plant(home: Home, path: string, target: string, owner: number): void {
  const link = join(home.path, path);
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { recursive: true, force: true });
  giveAway(home.path, owner);
  symlinkSync(target, link);
  lchownSync(link, owner, owner);
}

testAsRoot(
  "3.44: root follows no link of another user to a path that the user does not own",
  async () => {
    for (const path of [
      ".aws",
      ".aws/sso",
      ".aws/sso/cache",
      ".aws/latchkey",
      ".config/latchkey",
      ".aws/config",
      ".aws/credentials",
      ".config/latchkey/settings.json",
    ]) {
      const home = await createPlainHome();
      const place = join(dirname(home.path), `${basename(home.path)}-root`);
      mkdirSync(place, { mode: 0o755 });
      onTestFinished(() => rmSync(place, { recursive: true }));
      const isFile = /config$|credentials$|json$/.test(path) && !path.endsWith("latchkey");
      if (path === ".aws") renameSync(join(home.path, ".aws"), join(home.path, "was"));
      plant(home, path, isFile ? join(place, "file") : place, NOBODY);
      const before = describeAll(place);
      for (const argv of [LOGIN, PROCESS, CONFIGURE, EXPORT, SETTING]) await runAs(0, home, argv);
      expect(describeAll(place), path).toEqual(before);
    }
  },
);

testAsRoot("3.45: a user's token goes through no link to another user's place", async () => {
  for (const path of [".aws/sso", ".aws/sso/cache"]) {
    const home = await createPlainHome();
    plant(home, path, join(home.path, "mallory"), NOBODY);
    mkdirSync(join(home.path, "mallory"));
    chownSync(join(home.path, "mallory"), MALLORY, MALLORY);
    chmodSync(join(home.path, "mallory"), 0o777);
    const { exitCode, stderr } = await runAs(NOBODY, home, LOGIN);
    expect(exitCode).toBe(8);
    expect(stderr).toContain(`${join(home.path, path)} is a link to another place`);
    expect(home.list("mallory")).toEqual([]);
  }
});

testAsRoot("3.46: a sign-in works on a disk where one user owns all files", async () => {
  const home = await createSignedInHomeOf(NOBODY);
  mountWithoutModes(home, {
    options: ["--force-user=root", "--force-group=root", "--chown-ignore"],
  });
  for (const argv of [["login", "--force", "--no-browser"], PROCESS, CONFIGURE]) {
    const result = await runAs(NOBODY, home, argv);
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
  }
});

testAsRoot(
  "3.47: a cached role that another user can have written is not used, although its file is complete",
  async () => {
    const home = await createSignedInHomeOf(NOBODY);
    expect(await runAs(NOBODY, home, PROCESS)).toMatchObject({ exitCode: 0 });
    const [cached = ""] = listCachedRoleFiles(home);
    const planted = home.read(cached).replace(/ASIA\w+/, "ASIAPLANTED");
    const file = join(home.path, cached);
    const plantAs = (owner: number, mode: number): void => {
      home.write(cached, planted);
      chownSync(file, owner, owner);
      chmodSync(file, mode);
    };

    plantAs(NOBODY, 0o600);
    expect((await runAs(NOBODY, home, PROCESS)).stdout, "the control").toContain("ASIAPLANTED");
    for (const [owner, mode] of [
      [NOBODY, 0o620],
      [NOBODY, 0o602],
      [MALLORY, 0o644],
    ] as const) {
      // Others can write there: that is how such a file can get there.
      for (const path of [file, dirname(file), dirname(dirname(file))]) chmodSync(path, 0o777);
      plantAs(owner, mode);
      const { exitCode, stdout } = await runAs(NOBODY, home, PROCESS);
      expect(exitCode).toBe(0);
      expect(stdout, `${owner} ${mode.toString(8)}`).not.toContain("ASIAPLANTED");
    }
  },
);

testAsRoot(
  "8.2: another user's `mkdir /tmp/latchkey-UID` blocks nothing, even if the home is read-only",
  async () => {
    // A user id for this run only, since all users share /tmp.
    const user = 100_000 + process.pid;
    const home = await createSignedInHomeOf(user);
    const temporary = join(home.path, "tmp");
    mkdirSync(temporary);
    chmodSync(temporary, 0o1777);
    const taken = ["/tmp", temporary].map((path) => join(path, `latchkey-${user}`));
    const listOwn = (path: string): string[] =>
      readdirSync(path).filter((name) => name.startsWith(`latchkey-${user}-`));
    onTestFinished(() => {
      for (const name of [`latchkey-${user}`, ...listOwn("/tmp")])
        rmSync(join("/tmp", name), { recursive: true, force: true });
    });
    for (const path of taken) {
      mkdirSync(path, { mode: 0o755 });
      chownSync(path, MALLORY, MALLORY);
    }
    mountReadOnly(home);
    const runs = await Promise.all(
      Array.from({ length: 3 }, () => runAs(user, home, PROCESS, { TMPDIR: temporary })),
    );
    for (const result of runs) expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    for (const path of taken) expect(readdirSync(path)).toEqual([]);
    // All runs use one directory, with a name that no other user could have taken before.
    const [place, ...others] = listOwn(temporary);
    expect(others).toEqual([]);
    expect(statSync(join(temporary, place ?? "")).mode & 0o777).toBe(0o700);
  },
);
