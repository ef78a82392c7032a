import { isWindows } from "../build/standalone/targets.ts";

/** The names of a release's files in `dist-packages/`. SHA256SUMS lists each of these files. */

export const PACKAGES_FOLDER = "dist-packages";

/** The checksums of all other files, in the format of `sha256sum`. */
export const SUMS_FILE = "SHA256SUMS";

/** Returns the name of a target's archive: the program, licence, notices, man pages and completions, in one folder. */
export function nameArchive(version: string, target: string): string {
  return `${nameArchiveFolder(version, target)}${isWindows(target) ? ".zip" : ".tar.xz"}`;
}

/** Returns the name of the folder in the archive. The archive contains only this folder. */
export function nameArchiveFolder(version: string, target: string): string {
  return `latchkey-${version}-${target}`;
}

/** Returns the name of the list of contents of a target's program: CycloneDX 1.6, written by build:standalone. */
export function nameBillOfMaterials(version: string, target: string): string {
  return `latchkey-${version}-${target}.cdx.json`;
}

/** The processors of Linux packages: the names that nfpm and Debian use, and the names that rpm and apk use. */
const MACHINES = { amd64: "x86_64", arm64: "aarch64" } as const;
export type Architecture = keyof typeof MACHINES;

/** The kinds of Linux packages, and the file names that the distributions use. */
export const PACKAGE_NAMES = {
  deb: (version: string, architecture: Architecture) => `latchkey_${version}-1_${architecture}.deb`,
  rpm: (version: string, architecture: Architecture) =>
    `latchkey-${version}-1.${MACHINES[architecture]}.rpm`,
  apk: (version: string, architecture: Architecture) =>
    `latchkey-${version}-r1.${MACHINES[architecture]}.apk`,
} as const;
export type PackageKind = keyof typeof PACKAGE_NAMES;
