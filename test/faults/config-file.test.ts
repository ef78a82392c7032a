import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { createHome, PROGRAM, SESSION_CONFIG, type Home } from "../support/home.ts";
import {
  CONFIGURE,
  configureProfile,
  runWith,
  start,
  startCommand,
  startTracing,
  waitUntil,
} from "./support/child.ts";
import { runAsNobody, runInNamespace } from "./support/injection.ts";
import { row } from "./support/row.ts";
import { patience } from "../support/patience.ts";

/** The config as a file: links to it, its mode and owner, and other writers. */

const OTHER = "[default]\nregion = eu-west-9\n";
const DONE = `${OTHER}${SESSION_CONFIG}`;

row(
  61,
  "after twenty edits at once every section is in the file",
  async () => {
    const home = await createHome();
    home.write(".aws/config", OTHER);
    const ends = await Promise.all(
      Array.from({ length: 20 }, (_, index) => runWith(home, configureProfile(`p${index}`))),
    );
    expect(ends.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    const text = home.read(".aws/config");
    expect(text.startsWith(OTHER)).toBe(true);
    expect(new Set(text.match(/^\[profile p\d+\]$/gm)).size).toBe(20);
    expect(text.match(/^\[sso-session corp\]$/gm)).toHaveLength(1);
    expect(text.match(/^sso_account_id = 100000000001$/gm)).toHaveLength(20);
  },
  patience(120_000),
);

row(
  61,
  "a foreign edit between the read and the rename is noticed, and the own edit is made again on it",
  async () => {
    const home = await createHome();
    home.write(".aws/config", OTHER);
    // The first fsync takes two seconds: the new version is on the disk then, and not yet renamed.
    const trace = startTracing(home, ["fsync:delay_enter=2000000:when=1"]);
    const running = start(home, CONFIGURE, { wrapper: trace.wrapper });
    await waitUntil("the new version beside the old one", () =>
      home.list(".aws").find((name) => /^\.config\..*\.tmp$/.test(name)),
    );
    writeFileSync(join(home.path, ".aws/config"), "[profile foreign]\nregion = x\n", { flag: "a" });
    expect(await running.ended).toMatchObject({ exitCode: 0 });
    expect(trace.readInjected().length).toBeGreaterThan(0);
    expect(home.read(".aws/config")).toBe(
      `${OTHER}[profile foreign]\nregion = x\n${SESSION_CONFIG}`,
    );
  },
);

for (const [what, link, target] of [
  ["relative", "../dotfiles/aws/config", "dotfiles/aws/config"],
  ["absolute", "ABSOLUTE", "dotfiles/aws/config"],
] as const) {
  row(62, `a ${what} link stays, and its target is replaced and keeps its mode`, async () => {
    const home = await createHome();
    mkdirSync(join(home.path, ".aws"));
    const file = home.write(target, OTHER, 0o640);
    chmodSync(file, 0o640);
    const text = link === "ABSOLUTE" ? file : link;
    symlinkSync(text, join(home.path, ".aws/config"));
    expect(await home.run(CONFIGURE)).toMatchObject({ exitCode: 0 });
    expect(readlinkSync(join(home.path, ".aws/config"))).toBe(text);
    expect(home.read(target)).toBe(DONE);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(home.list("dotfiles/aws")).toEqual(["config"]);
  });
}

row(62, "a chain of links, one of them a directory in a git repository, stays", async () => {
  const home = await createHome();
  const repository = join(home.path, "repo");
  mkdirSync(join(repository, "stow/aws"), { recursive: true });
  execFileSync("git", ["init", "-q", repository]);
  writeFileSync(join(repository, "real-config"), OTHER);
  symlinkSync("../../real-config", join(repository, "stow/aws/config"));
  symlinkSync("repo/stow/aws", join(home.path, ".aws"));
  expect(await home.run(CONFIGURE)).toMatchObject({ exitCode: 0 });
  expect(lstatSync(join(home.path, ".aws")).isSymbolicLink()).toBe(true);
  expect(lstatSync(join(repository, "stow/aws/config")).isSymbolicLink()).toBe(true);
  expect(home.read("repo/real-config")).toBe(DONE);
  expect(home.list("repo").filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

row(63, "the target of a dangling link is created only if its directory exists", async () => {
  const home = await createHome();
  mkdirSync(join(home.path, ".aws"));
  mkdirSync(join(home.path, "there"));
  symlinkSync("../there/config", join(home.path, ".aws/config"));
  expect(await home.run(CONFIGURE)).toMatchObject({ exitCode: 0 });
  expect(home.read("there/config")).toBe(SESSION_CONFIG);
  expect(lstatSync(join(home.path, ".aws/config")).isSymbolicLink()).toBe(true);
  const astray = await createHome();
  mkdirSync(join(astray.path, ".aws"));
  symlinkSync("../gone/config", join(astray.path, ".aws/config"));
  const result = await astray.run(CONFIGURE);
  expect(result, result.stderr).toMatchObject({ exitCode: 7, stdout: "" });
  expect(result.stderr).toContain(join(astray.path, "gone"));
  expect(astray.exists("gone")).toBe(false);
});

row(63, "links that point to each other exit 7, for reading and for writing", async () => {
  const home = await createHome();
  mkdirSync(join(home.path, ".aws"));
  symlinkSync("config-b", join(home.path, ".aws/config"));
  symlinkSync("config", join(home.path, ".aws/config-b"));
  for (const argv of [CONFIGURE, ["status"], ["credential-process", "--profile", "okta"]]) {
    const result = await home.run(argv);
    expect(result, argv.join(" ")).toMatchObject({ exitCode: 7, stdout: "" });
    expect(result.stderr).toContain("leads back to itself");
  }
  expect(readlinkSync(join(home.path, ".aws/config"))).toBe("config-b");
});

row(64, "a file with a second name is written in place, with a notice and a backup", async () => {
  const home = await createHome();
  const file = home.write(".aws/config", OTHER);
  linkSync(file, join(home.path, "other-name"));
  const result = await home.run(CONFIGURE);
  expect(result).toMatchObject({ exitCode: 0 });
  expect(result.stderr).toContain("written in place");
  expect(home.read("other-name")).toBe(DONE);
  expect(statSync(file).nlink).toBe(2);
  expect(readBackup(home)).toBe(OTHER);
});

row(
  64,
  "a file that is a mount point is written in place, since no file can be renamed over it",
  async () => {
    const home = await createHome();
    home.write("host-config", OTHER);
    home.write(".aws/config", "");
    const result = await runInNamespace(
      home,
      'mount --bind "$HOME/host-config" "$HOME/.aws/config" && "$@"',
      CONFIGURE,
    );
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    expect(result.stderr).toContain("written in place");
    expect(home.read("host-config")).toBe(DONE);
    expect(home.read(".aws/config")).toBe("");
    expect(home.list(".aws").filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(readBackup(home)).toBe(OTHER);
  },
);

row(64, "a link to another file system is followed there", async () => {
  const home = await createHome();
  mkdirSync(join(home.path, "far"));
  mkdirSync(join(home.path, ".aws"));
  symlinkSync("../far/config", join(home.path, ".aws/config"));
  const script =
    'mount -t tmpfs none "$HOME/far" && printf "[default]\\nregion = eu-west-9\\n" > "$HOME/far/config" && "$@" && cat "$HOME/far/config"';
  const result = await runInNamespace(home, script, CONFIGURE);
  expect(result, result.stderr).toMatchObject({ exitCode: 0, stdout: DONE });
});

row(
  64,
  "a link into a directory without write permission exits 8 and changes nothing",
  async () => {
    const home = await createHome();
    mkdirSync(join(home.path, ".aws"));
    home.write("foreign/config", OTHER, 0o644);
    chmodSync(join(home.path, "foreign"), 0o555);
    symlinkSync("../foreign/config", join(home.path, ".aws/config"));
    execFileSync("chown", ["-R", "-h", "65534:65534", join(home.path, ".aws")]);
    execFileSync("chown", ["65534:65534", home.path]);
    const result = await runAsNobody(home, CONFIGURE);
    expect(result, result.stderr).toMatchObject({ exitCode: 8, stdout: "" });
    expect(result.stderr).toContain("EACCES");
    expect(home.read("foreign/config")).toBe(OTHER);
    expect(home.list("foreign")).toEqual(["config"]);
  },
);

row(65, "a mode set by the user stays, even one that forbids writing", async () => {
  for (const mode of [0o644, 0o600, 0o400]) {
    const home = await createHome();
    const file = home.write(".aws/config", OTHER);
    chmodSync(file, mode);
    expect(await home.run(CONFIGURE)).toMatchObject({ exitCode: 0 });
    expect(statSync(file).mode & 0o777).toBe(mode);
  }
});

row(65, "mode and owner of the file stay, and a new one is private under any umask", async () => {
  const home = await createHome();
  const file = home.write(".aws/config", OTHER);
  chmodSync(file, 0o640);
  execFileSync("chown", ["65534:65534", file]);
  expect(
    await startCommand(home, ["bash", "-c", 'umask 077; "$@"', "sh", ...PROGRAM, ...CONFIGURE])
      .ended,
  ).toMatchObject({ exitCode: 0 });
  expect(statSync(file)).toMatchObject({ uid: 65_534, gid: 65_534 });
  expect(statSync(file).mode & 0o777).toBe(0o640);
  const fresh = await createHome();
  expect(
    await startCommand(fresh, ["bash", "-c", 'umask 000; "$@"', "sh", ...PROGRAM, ...CONFIGURE])
      .ended,
  ).toMatchObject({ exitCode: 0 });
  expect(statSync(join(fresh.path, ".aws/config")).mode & 0o777).toBe(0o600);
  expect(statSync(join(fresh.path, ".aws/latchkey")).mode & 0o777).toBe(0o700);
});

function readBackup(home: Home): string {
  return home.read(`.aws/latchkey/backups/${home.list(".aws/latchkey/backups")[0]}`);
}
