import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { PACKAGE_NAMES, type Architecture } from "../../scripts/package/artefacts.ts";
import { runTool } from "../../scripts/package/packing.ts";
import { readRelease } from "../../scripts/package/repository.ts";
import { locateNfpm } from "../../scripts/tools/packages/nfpm.ts";
import { createHome, type Home } from "../support/home.ts";
import { expectCompletions, expectManPages, expectProgramToWork } from "./support/journey.ts";
import { makeOlderPackage, OLDER } from "./support/older.ts";
import { hashProgram, locateRelease } from "./support/release.ts";
import { FILES, openRoot, readLibraryVersion, testInRoot } from "./support/root.ts";

const { version, repository } = readRelease();

/** rpm's own files, and the index of the program `man`. */
const OF_THE_SYSTEM = /^\/var\/(?:lib\/rpm(?:\/|$)|cache\/man\/)/;

/** Why a distribution would not accept the package, which is not made for a single one. */
const ACCEPTED = {
  "unstripped-binary-or-object": "strip takes off the program that the runtime carries",
  "position-independent-executable-suggested": "as the runtime is linked",
  "manpage-not-compressed": "rpmlint wants bzip2; Fedora and openSUSE take gzip",
  "no-signature": "the signature is that of SHA256SUMS",
  "no-changelogname-tag": "the package has CHANGELOG.md",
  "invalid-license": "the SPDX name, which Fedora wants, and Debian's rpmlint does not know",
};

const SUMMARY =
  "%{NAME} %{VERSION} %{RELEASE} %{ARCH} %{URL} %{LICENSE}\n[%{REQUIRES} >= %{REQUIREVERSION}\n]";

/** rpm does not know Debian's C library, so a package without files provides it. */
async function makeLibraryPackage(home: Home, libraryVersion: string): Promise<string> {
  const config = join(home.path, "glibc.json");
  const described = { name: "glibc", arch: "amd64", version: libraryVersion, release: "1" };
  writeFileSync(
    config,
    JSON.stringify({ ...described, description: "as Debian's", license: "none" }),
  );
  const path = join(home.path, "glibc.rpm");
  await runTool([locateNfpm(), "package", "-f", config, "-p", "rpm", "-t", path]);
  return path;
}

function nameInRoot(architecture: Architecture): string {
  const file = PACKAGE_NAMES.rpm(version, architecture);
  locateRelease(file);
  return `${FILES}/${file}`;
}

testInRoot("the rpm installs a working program, and its removal leaves only the home", async () => {
  const home = await createHome({ autoApprove: { afterPolls: 0 } });
  const root = openRoot(home);
  const rpm = nameInRoot("amd64");
  await root.succeed(["true"]);
  const before = root.listChanges();

  const alone = await root.run(["rpm", "-i", rpm]);
  expect(alone.exitCode).not.toBe(0);
  expect(alone.stderr).toMatch(/glibc >= [\d.]+ is needed by latchkey/);
  await root.succeed(["rpm", "-i", await makeLibraryPackage(home, "2.41.0")]);

  await root.succeed(["rpm", "-i", rpm]);
  await expectProgramToWork(root, home, "rpm");
  await expectManPages(root);
  await expectCompletions(root, "/usr/share/zsh/site-functions");
  expect((await root.succeed(["rpm", "-V", "latchkey"])).stdout).toBe("");
  expect(root.listChanges()).toEqual(
    expect.arrayContaining(["/usr/bin/latchkey", "/usr/share/man/man1/latchkey-login.1.gz"]),
  );

  await root.succeed(["rpm", "-e", "latchkey"]);
  expect(root.listChanges().filter((path) => !OF_THE_SYSTEM.test(path))).toEqual(before);
});

testInRoot("the rpm upgrades an older version, and is replaced by it only if forced", async () => {
  const home = await createHome();
  const root = openRoot(home);
  const [older, rpm] = [await makeOlderPackage("rpm", home.path), nameInRoot("amd64")];
  await root.succeed(["rpm", "-i", await makeLibraryPackage(home, "2.41.0")]);
  const before = root.listChanges();
  const expectVersion = async (expected: string): Promise<void> => {
    expect((await root.succeed(["rpm", "-q", "latchkey"])).stdout).toBe(
      `latchkey-${expected}-1.x86_64\n`,
    );
    expect((await root.succeed(["rpm", "-V", "latchkey"])).stdout).toBe("");
    await root.succeed(["latchkey", "--version"]);
  };

  await root.succeed(["rpm", "-i", older]);
  await expectVersion(OLDER);
  await root.succeed(["rpm", "--upgrade", rpm]);
  await expectVersion(version);
  const refused = await root.run(["rpm", "--upgrade", older]);
  expect(refused.stderr).toMatch(/which is newer than latchkey-0\.0\.9/);
  await root.succeed(["rpm", "--upgrade", "--oldpackage", older]);
  await expectVersion(OLDER);
  await root.succeed(["rpm", "-e", "latchkey"]);
  expect(root.listChanges().filter((path) => !OF_THE_SYSTEM.test(path))).toEqual(
    before.filter((path) => !OF_THE_SYSTEM.test(path)),
  );
});

describe.each([
  { architecture: "amd64", machine: "x86_64", target: "linux-x64" },
  { architecture: "arm64", machine: "aarch64", target: "linux-arm64" },
] as const)("the rpm for $machine", ({ architecture, machine, target }) => {
  testInRoot(
    "has the program for its processor, no scripts, and requires the right C library",
    async () => {
      const root = openRoot(await createHome());
      const rpm = nameInRoot(architecture);
      const { stdout } = await root.succeed(["rpm", "-qp", "--qf", SUMMARY, rpm]);
      expect(stdout.split("\n")[0]).toBe(
        `latchkey ${version} 1 ${machine} ${repository.url} Apache-2.0`,
      );
      expect(stdout).toContain(`\nglibc >= ${await readLibraryVersion(root, target)}\n`);
      const scripts = await root.succeed(["rpm", "-qp", "--scripts", "--triggers", rpm]);
      expect(scripts.stdout).toBe("");
      const unpack = `rpm2archive -n - < ${rpm} | tar -xO ./usr/bin/latchkey | sha256sum`;
      const sum = await root.succeed(["sh", "-c", unpack]);
      expect(sum.stdout.split(" ")[0]).toBe(hashProgram(target));
    },
  );
});

testInRoot("rpmlint accepts the rpm, with the exceptions listed here", async () => {
  const root = openRoot(await createHome());
  const { stdout } = await root.run(["rpmlint", nameInRoot("amd64")]);
  const tags = [...stdout.matchAll(/^latchkey\.\w+: [EW]: (\S+)/gm)].map(([, tag]) => tag ?? "");
  expect(tags).toContain("unstripped-binary-or-object");
  expect(tags.filter((tag) => !Object.keys(ACCEPTED).includes(tag))).toEqual([]);
});
