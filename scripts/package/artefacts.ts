import { isWindows } from "../build/standalone/targets.ts";

/** Names the files of a release in `dist-packages/`. Each is listed in SHA256SUMS. */

export const PACKAGES_FOLDER = "dist-packages";

/** The sums of all other files, as `sha256sum` writes and checks them. */
export const SUMS_FILE = "SHA256SUMS";

/** Names the archive of one target: the program, licence, notices, man pages and completions, in one folder. */
export function nameArchive(version: string, target: string): string {
  return `${nameArchiveFolder(version, target)}${isWindows(target) ? ".zip" : ".tar.xz"}`;
}

/** Names the only folder in the archive. */
export function nameArchiveFolder(version: string, target: string): string {
  return `latchkey-${version}-${target}`;
}

/** Names the list of contents of one target's program: CycloneDX 1.6, written by build:standalone. */
export function nameBillOfMaterials(version: string, target: string): string {
  return `latchkey-${version}-${target}.cdx.json`;
}

/** The processors of Linux packages, as nfpm and Debian name them, and as rpm and apk do. */
const MACHINES = { amd64: "x86_64", arm64: "aarch64" } as const;
export type Architecture = keyof typeof MACHINES;

/** The kinds of Linux packages, and how the distributions name their files. */
export const PACKAGE_NAMES = {
  deb: (version: string, architecture: Architecture) => `latchkey_${version}-1_${architecture}.deb`,
  rpm: (version: string, architecture: Architecture) =>
    `latchkey-${version}-1.${MACHINES[architecture]}.rpm`,
  apk: (version: string, architecture: Architecture) =>
    `latchkey-${version}-r1.${MACHINES[architecture]}.apk`,
} as const;
export type PackageKind = keyof typeof PACKAGE_NAMES;
