import { describe, expect, test } from "vitest";
import { PACKAGE_NAMES, type Architecture } from "../../scripts/package/artefacts.ts";
import { readRelease } from "../../scripts/package/repository.ts";
import { findObstacle } from "../../scripts/tools/platforms/linux.ts";
import { createHome } from "../support/home.ts";
import { expectCompletions, expectManPages, expectProgramToWork } from "./support/journey.ts";
import { makeOlderPackage, OLDER } from "./support/older.ts";
import { hashProgram, locateRelease } from "./support/release.ts";
import { FILES, openRoot, readLibraryVersion, testInRoot } from "./support/root.ts";

const { version, repository } = readRelease();

/** dpkg's own files, and the index of the program `man`. */
const OF_DEBIAN = /^\/var\/(?:lib\/dpkg\/|log\/dpkg\.log$|cache\/man\/)/;

/** Why Debian's archive would not accept the package, which is not made for it. */
const ACCEPTED = {
  "embedded-library": "the runtime is one file with its libraries",
  "unstripped-binary-or-object": "strip takes off the program that the runtime carries",
  "hardening-no-pie": "as the runtime is linked",
  "hardening-no-relro": "as the runtime is linked",
  "hardening-no-bindnow": "as the runtime is linked",
  "uses-dpkg-database-directly": "update looks there who has installed the program",
  "initial-upload-closes-no-bugs": "nobody has asked Debian for it",
};

function nameInRoot(architecture: Architecture): string {
  const file = PACKAGE_NAMES.deb(version, architecture);
  locateRelease(file);
  return `${FILES}/${file}`;
}

testInRoot("the deb installs a working program, and its removal leaves only the home", async () => {
  const home = await createHome({ autoApprove: { afterPolls: 0 } });
  const root = openRoot(home);
  await root.succeed(["true"]);
  const before = root.listChanges();

  await root.succeed(["dpkg", "-i", nameInRoot("amd64")]);
  await expectProgramToWork(root, home, "deb");
  await expectManPages(root);
  await expectCompletions(root);
  expect((await root.succeed(["dpkg", "--verify", "latchkey"])).stdout).toBe("");
  expect(root.listChanges()).toEqual(
    expect.arrayContaining(["/usr/bin/latchkey", "/usr/share/man/man1/latchkey-login.1.gz"]),
  );

  await root.succeed(["dpkg", "-r", "latchkey"]);
  expect(root.listChanges().filter((path) => !OF_DEBIAN.test(path))).toEqual(before);
});

testInRoot(
  "the deb replaces an older version, is replaced by it again, and is purged",
  async () => {
    const home = await createHome();
    const root = openRoot(home);
    const older = await makeOlderPackage("deb", home.path);
    await root.succeed(["true"]);
    const before = root.listChanges();
    const ask = [
      "dpkg-query",
      "--show",
      "--showformat",
      "${Version} ${db:Status-Status}",
      "latchkey",
    ];

    for (const [deb, expected] of [
      [older, OLDER],
      [nameInRoot("amd64"), version],
      [older, OLDER],
    ]) {
      await root.succeed(["dpkg", "-i", deb ?? ""]);
      expect((await root.succeed(ask)).stdout).toBe(`${expected}-1 installed`);
      expect((await root.succeed(["dpkg", "--verify", "latchkey"])).stdout).toBe("");
      await root.succeed(["latchkey", "--version"]);
    }
    await root.succeed(["dpkg", "--purge", "latchkey"]);
    expect(root.listChanges().filter((path) => !OF_DEBIAN.test(path))).toEqual(before);
  },
);

const noArm = findObstacle();
const testOnArm =
  noArm === undefined ? testInRoot : (name: string) => test.skip(`${name} [left out: ${noArm}]`);

testOnArm(
  "the deb for arm64 installs a program that works under qemu, and is removed",
  async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    const root = openRoot(home, { runsArm: true });
    await root.succeed(["true"]);
    const before = root.listChanges();
    await root.succeed(["dpkg", "-i", nameInRoot("arm64")]);
    expect((await root.succeed(["latchkey", "--version"])).stdout).toContain(" linux-arm64 bun-");
    await expectProgramToWork(root, home, "deb");
    await root.succeed(["dpkg", "-r", "latchkey"]);
    expect(root.listChanges().filter((path) => !OF_DEBIAN.test(path))).toEqual(before);
  },
);

describe.each([
  { architecture: "amd64", target: "linux-x64" },
  { architecture: "arm64", target: "linux-arm64" },
] as const)("the deb for $architecture", ({ architecture, target }) => {
  testInRoot("has the program for its processor, and no scripts", async () => {
    const root = openRoot(await createHome());
    const deb = nameInRoot(architecture);
    const { stdout } = await root.succeed(["dpkg-deb", "--field", deb]);
    expect(stdout).toMatch(new RegExp(`^Package: latchkey\nVersion: ${version}-1\n`));
    expect(stdout).toContain(`\nArchitecture: ${architecture}\n`);
    expect(stdout).toContain(`\nHomepage: ${repository.url}\n`);
    const control = await root.succeed(["sh", "-c", `dpkg-deb --ctrl-tarfile ${deb} | tar -t`]);
    expect(control.stdout.trimEnd().split("\n").toSorted()).toEqual([
      "./",
      "./control",
      "./md5sums",
    ]);
    const sum = await root.succeed([
      ...["sh", "-c", `dpkg-deb --fsys-tarfile ${deb} | tar -xO ./usr/bin/latchkey | sha256sum`],
    ]);
    expect(sum.stdout.split(" ")[0]).toBe(hashProgram(target));
  });

  testInRoot("requires the C library version that the program needs", async () => {
    const root = openRoot(await createHome());
    const deb = nameInRoot(architecture);
    const { stdout } = await root.succeed(["dpkg-deb", "--field", deb, "Depends"]);
    expect(stdout).toBe(`libc6 (>= ${await readLibraryVersion(root, target)})\n`);
  });
});

testInRoot("lintian accepts the deb, with the exceptions listed here", async () => {
  const root = openRoot(await createHome());
  const { stdout } = await root.run([
    ...["lintian", "--display-info", "--pedantic", "--tag-display-limit", "0"],
    nameInRoot("amd64"),
  ]);
  const tags = [...stdout.matchAll(/^[EWIP]: latchkey: (\S+)/gm)].map(([, tag]) => tag ?? "");
  expect(tags).toContain("unstripped-binary-or-object");
  expect(tags.filter((tag) => !Object.keys(ACCEPTED).includes(tag))).toEqual([]);
});
