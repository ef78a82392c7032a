import { isWindows } from "../build/standalone/targets.ts";

/** The files of a release, by name, in `dist-packages/`. Each is listed in SHA256SUMS. */

export const PACKAGES_FOLDER = "dist-packages";

/** The sums of all other files, as `sha256sum` writes and checks them. */
export const SUMS_FILE = "SHA256SUMS";

/** The program of one target with its licence, notices, man pages and completions, in one folder of the archive's name. */
export function nameArchive(version: string, target: string): string {
  return `${nameArchiveFolder(version, target)}${isWindows(target) ? ".zip" : ".tar.xz"}`;
}

/** The one folder in the archive. */
export function nameArchiveFolder(version: string, target: string): string {
  return `latchkey-${version}-${target}`;
}

/** What one target's program contains: CycloneDX 1.6, as build:standalone wrote it. */
export function nameBillOfMaterials(version: string, target: string): string {
  return `latchkey-${version}-${target}.cdx.json`;
}

/** The processors of Linux packages, as nfpm and Debian name them, and as rpm and apk do. */
const MACHINES = { amd64: "x86_64", arm64: "aarch64" } as const;
export type Architecture = keyof typeof MACHINES;

/** The kinds of Linux packages, each with its file's name, as its distributions name packages. */
export const PACKAGE_NAMES = {
  deb: (version: string, architecture: Architecture) => `latchkey_${version}-1_${architecture}.deb`,
  rpm: (version: string, architecture: Architecture) =>
    `latchkey-${version}-1.${MACHINES[architecture]}.rpm`,
  apk: (version: string, architecture: Architecture) =>
    `latchkey-${version}-r1.${MACHINES[architecture]}.apk`,
} as const;
export type PackageKind = keyof typeof PACKAGE_NAMES;
