// Installs what this machine needs to run programs for other Linux machines: qemu for ARM and for old processors,
// Debian's libraries for ARM, musl's loader, and the two libraries of Alpine that every C++ program for musl needs.
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";

import { tmpdir } from "node:os";
import { join } from "node:path";
import { PYTHON } from "../../../test/support/interop-parts.ts";
import { installOnHost, listMissingPackages, run } from "./apt.ts";
import { DEBIAN_ROOT, ensureRoot, isRootMade, wrapInRoot } from "./debian-root.ts";

const PACKAGES = ["qemu-user", "libstdc++6:arm64", "libgcc-s1:arm64", "musl", "musl:arm64"];

/** A Python wheel with compiled parts. It contains libraries of the Alpine that it was built on. */
const WHEEL = "rapidfuzz==3.14.3";
const WHEELS: Readonly<Record<string, string>> = {
  x86_64: "d7843a1abf0091773a530636fdd2a49a41bcae22f9910b86b4f903e76ddc82dc",
  aarch64: "73b07566bc7e010e7b5bd490fb04bb312e820970180df6b5655e9e6224c137db",
};
const MUSL_NOTE = join(DEBIAN_ROOT, "etc", "latchkey-musl");

export function setUpLinux(): void {
  ensureRoot(PACKAGES);
  if (hasMuslLibraries()) return;
  console.error("latchkey: fetching musl's C++ library (once)");
  for (const [machine, hash] of Object.entries(WHEELS)) installMuslLibraries(machine, hash);
  writeFileSync(MUSL_NOTE, WHEEL);
}

/** Returns why this machine can't run programs for other Linux machines; undefined if it can. */
export function findObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return "only root can enter a Debian root";
  const isSetUp =
    isRootMade() && listMissingPackages(DEBIAN_ROOT, PACKAGES).length === 0 && hasMuslLibraries();
  if (!isSetUp) return "not set up: npm run setup:platforms";
  try {
    const [program = "", ...argv] = wrapInRoot(["/bin/true"], { runsArm: true });
    execFileSync(program, argv, { stdio: "pipe" });
    return undefined;
  } catch {
    return "this Linux has no binfmt_misc for namespaces (6.7 and later have)";
  }
}

function hasMuslLibraries(): boolean {
  return existsSync(MUSL_NOTE) && readFileSync(MUSL_NOTE, "utf8") === WHEEL;
}

/**
 * Puts the libraries next to musl's. Each gets two names: its name in the wheel, which the libraries use for each
 * other, and the name that programs load.
 */
function installMuslLibraries(machine: string, hash: string): void {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-wheel-"));
  const target = join(DEBIAN_ROOT, "lib", `${machine}-linux-musl`);
  try {
    downloadWheel(machine, hash, folder);
    const [wheel = ""] = readdirSync(folder).filter((name) => name.endsWith(".whl"));
    run(["python3", "-m", "zipfile", "-e", join(folder, wheel), folder]);
    const libraries = join(folder, "rapidfuzz.libs");
    for (const name of readdirSync(libraries)) {
      cpSync(join(libraries, name), join(target, name));
      const asked = name.replace(/-[0-9a-f]{8}(?=\.so)/, "").replace(/(\.so\.\d+).*/, "$1");
      rmSync(join(target, asked), { force: true });
      symlinkSync(name, join(target, asked));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Downloads the wheel with pip, from the suites' virtual environment or else from Debian. pip refuses a wheel with
 * another hash.
 */
function downloadWheel(machine: string, hash: string, folder: string): void {
  if (!existsSync(PYTHON)) installOnHost(["python3-pip"]);
  const wanted = join(folder, "requirements.txt");
  writeFileSync(wanted, `${WHEEL} --hash=sha256:${hash}\n`);
  run([
    ...[existsSync(PYTHON) ? PYTHON : "python3", "-m", "pip", "download", "--quiet"],
    ...["--disable-pip-version-check", "--no-deps", "--only-binary=:all:"],
    ...["--platform", `musllinux_1_2_${machine}`, "--python-version", "3.12"],
    ...["--require-hashes", "--requirement", wanted, "--dest", folder],
  ]);
}
