import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { nameArchive } from "../../scripts/package/artefacts.ts";
import { readRelease } from "../../scripts/package/repository.ts";
import type { RunResult } from "../support/child.ts";
import { copyWithOtherByte } from "./support/changed.ts";
import {
  openWorkplace,
  readManifest,
  RELEASE,
  testWithTools,
  WORK,
  type Workplace,
} from "./support/manifests.ts";

/** Tests PKGBUILD and .SRCINFO with makepkg and pacman. */

const { version } = readRelease();

/** makepkg refuses to run as root. */
const NOBODY = 65_534;

/** The settings of Arch, except that https is a folder, and nothing is compressed, which would take half a minute. */
const describeMachine = (processor: string): string => `
DLAGENTS=('https::${WORK}/fetch %o %u')
CARCH=${processor}
CHOST=${processor}-pc-linux-gnu
PKGEXT=.pkg.tar
SRCEXT=.src.tar
BUILDENV=(fakeroot !distcc !color !ccache !check !sign)
OPTIONS=(strip docs !libtool !staticlibs emptydirs zipman purge debug)
INTEGRITY_CHECK=(sha256)
BUILDDIR=${WORK}/build
PKGDEST=${WORK}/build
SRCDEST=${WORK}/sources
MAN_DIRS=(usr/share/man)
DOC_DIRS=(usr/share/doc)
`;

interface Makepkg extends Workplace {
  readonly make: (...argv: string[]) => Promise<RunResult>;
}

/** @param files the folder of the archives, as a path in the root */
function openMakepkg(files: string = RELEASE, processor = "x86_64"): Makepkg {
  const work = openWorkplace();
  for (const folder of ["recipe", "build", "sources"]) {
    mkdirSync(join(work.path, folder));
    chownSync(join(work.path, folder), NOBODY, NOBODY);
  }
  chmodSync(work.path, 0o755);
  writeFileSync(join(work.path, "recipe", "PKGBUILD"), readManifest("aur/PKGBUILD"));
  writeFileSync(join(work.path, "makepkg.conf"), describeMachine(processor));
  const fetch = `#!/bin/sh\nexec cp "${files}/\${2##*/}" "$1"\n`;
  writeFileSync(join(work.path, "fetch"), fetch, { mode: 0o755 });
  const user = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
  const words = [...user, "env", `--chdir=${WORK}/recipe`, "makepkg", "--config"];
  return {
    ...work,
    make: (...argv) => work.run([...words, `${WORK}/makepkg.conf`, ...argv]),
  };
}

describe("aur/PKGBUILD", () => {
  testWithTools("bash and shellcheck find no fault", async () => {
    const { succeed } = openWorkplace();
    await succeed(["bash", "-n", `${RELEASE}/aur/PKGBUILD`]);
    // Not faults here: makepkg reads the variables, sets those that are only read, and stops at the first failure.
    const allowed = "--exclude=SC2034,SC2154,SC2164";
    await succeed(["shellcheck", "--shell=bash", allowed, `${RELEASE}/aur/PKGBUILD`]);
  });

  testWithTools("generates the .SRCINFO beside it", async () => {
    const { stdout, stderr } = await openMakepkg().make("--printsrcinfo");
    expect(stdout, stderr).toBe(readManifest("aur/.SRCINFO"));
  });

  testWithTools(
    "builds a package that can be installed, works, and is removed completely",
    async () => {
      const { make, succeed } = openMakepkg();
      const made = await make("--nodeps");
      expect(made.exitCode, made.stderr).toBe(0);
      const root = `${WORK}/arch`;
      const options = [
        ...["--config", "/dev/null", "--noconfirm", "--root", root, "--logfile", "/dev/null"],
        ...["--dbpath", `${root}/var/lib/pacman`, "--cachedir", WORK, "--hookdir", WORK],
      ];
      await succeed(["mkdir", "--parents", `${root}/var/lib/pacman`]);
      const list = async (): Promise<string[]> => {
        const words = ["find", root, "-not", "-type", "d", "-not", "-path", "*/var/lib/*"];
        return (await succeed([...words, "-printf", "%P\n"])).stdout.split("\n").filter(Boolean);
      };
      const file = `${WORK}/build/latchkey-bin-${version}-1-x86_64.pkg.tar`;
      await succeed(["pacman", ...options, "--upgrade", "--nodeps", "--nodeps", file]);
      const pages = (await list()).filter((path) => path.startsWith("usr/share/man/man1/"));
      expect(pages).toContain("usr/share/man/man1/latchkey.1.gz");
      expect((await list()).filter((path) => !pages.includes(path)).toSorted()).toEqual([
        "usr/bin/latchkey",
        "usr/share/bash-completion/completions/latchkey",
        "usr/share/fish/vendor_completions.d/latchkey.fish",
        "usr/share/licenses/latchkey-bin/LICENSE",
        "usr/share/licenses/latchkey-bin/THIRD-PARTY-NOTICES.txt",
        "usr/share/zsh/site-functions/_latchkey",
      ]);
      const program = `${root}/usr/bin/latchkey`;
      expect((await succeed([program, "--version"])).stdout).toMatch(`latchkey/${version} `);
      expect((await succeed([program, "demo"])).stdout).toContain("AWSReservedSSO_ViewOnlyAccess_");
      await succeed(["pacman", ...options, "--remove", "latchkey-bin"]);
      expect(await list()).toEqual([]);
    },
  );

  for (const [processor, target] of [
    ["x86_64", "linux-x64"],
    ["aarch64", "linux-arm64"],
  ] as const)
    testWithTools(
      `takes the archive of ${target} on ${processor}, and refuses it with one byte changed`,
      async () => {
        const verified = await openMakepkg(RELEASE, processor).make("--verifysource");
        expect(verified.exitCode, verified.stderr).toBe(0);
        const changed = openMakepkg(WORK, processor);
        const archive = nameArchive(version, target);
        copyWithOtherByte(archive, changed.path);
        const { exitCode, stdout, stderr } = await changed.make("--verifysource");
        expect(exitCode).not.toBe(0);
        expect(stdout + stderr, `exit code ${exitCode}`).toContain(`${archive} ... FAILED`);
        expect(stderr).toContain("One or more files did not pass the validity check!");
      },
    );
});
