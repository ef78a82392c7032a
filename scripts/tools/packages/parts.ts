// The programs that `package` and `test:packages` need besides Node, on this machine and in the Debian root.
import { existsSync } from "node:fs";
import { findProgram } from "../../../src/fs/programs.ts";
import { listMissingPackages } from "../platforms/apt.ts";
import { DEBIAN_ROOT, isRootMade } from "../platforms/debian-root.ts";
import { locateNfpm } from "./nfpm.ts";

/** The programs that `package` runs, and the Debian packages that contain them. */
const HOST_PROGRAMS: Readonly<Record<string, string>> = {
  xz: "xz-utils",
  zip: "zip",
  "dpkg-deb": "dpkg",
  minisign: "minisign",
};

/** The programs that `test:packages` runs on this machine, and the Debian packages that contain them. */
const TEST_PROGRAMS: Readonly<Record<string, string>> = { man: "man-db", mandoc: "mandoc" };

/** The Debian packages of tools that install, read and check latchkey's packages. */
export const ROOT_PACKAGES = [
  "rpm",
  "rpmlint",
  "lintian",
  "man-db",
  "bash-completion",
  "zsh",
  "fish",
];

/** Returns the Debian packages of programs that `package` needs and that are missing on this machine. */
export function listHostPackages(): string[] {
  return listMissing(HOST_PROGRAMS);
}

/** Returns the Debian packages of missing programs that only the tests need. */
export function listTestPackages(): string[] {
  return listMissing(TEST_PROGRAMS);
}

function listMissing(programs: Readonly<Record<string, string>>): string[] {
  const path = process.env["PATH"];
  return Object.entries(programs)
    .filter(([program]) => findProgram(program, path) === undefined)
    .map(([, name]) => name);
}

/** Returns why `package` can't make all packages on this machine; undefined if it can. */
export function findPackingObstacle(): string | undefined {
  const missing = [...listHostPackages(), ...(existsSync(locateNfpm()) ? [] : ["nfpm"])];
  return missing.length === 0
    ? undefined
    : `Missing here: ${missing.join(", ")}. Run: npm run setup:packages`;
}

/** Returns why packages can't be installed for tests on this machine; undefined if they can. */
export function findInstallingObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return "only root can enter a Debian root";
  const isSetUp = isRootMade() && listMissingPackages(DEBIAN_ROOT, ROOT_PACKAGES).length === 0;
  return isSetUp ? undefined : "not set up: npm run setup:packages";
}
