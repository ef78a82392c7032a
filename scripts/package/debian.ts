import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import type { PackedFile } from "./contents.ts";
import { nameMaintainer, type Release } from "./repository.ts";

/** Formats the texts that Debian's policy requires in every package. */

/** The second line of the packages' descriptions, after package.json's description. At most 80 characters. */
export const EXPLANATION =
  "Sign in once: the AWS CLI and every AWS SDK then find your credentials.";

/** What the program does, for the part of Debian's descriptions that may have several lines. */
const ABOUT = [
  "latchkey writes profiles for all your roles, runs commands and opens the AWS",
  "console with a role's credentials, and finds what is wrong with the AWS",
  "configuration of this machine.",
];

export interface Control {
  readonly architecture: string;
  readonly depends: readonly string[];
  readonly suggests: readonly string[];
}

/** Returns the text of `DEBIAN/control` (deb-control(5)). */
export function formatControl(
  { version, description, repository }: Release,
  { architecture, depends, suggests }: Control,
  files: readonly PackedFile[],
): string {
  const bytes = files.reduce((sum, { source }) => sum + statSync(source).size, 0);
  return `Package: latchkey
Version: ${version}-1
Architecture: ${architecture}
Maintainer: ${nameMaintainer(repository)}
Installed-Size: ${Math.ceil(bytes / 1024)}
Depends: ${depends.join(", ")}
Suggests: ${suggests.join(", ")}
Section: utils
Priority: optional
Homepage: ${repository.url}
Description: ${description}
 ${EXPLANATION}
${ABOUT.map((line) => ` ${line}\n`).join("")}`;
}

/** Returns the text of `DEBIAN/md5sums` (deb-md5sums(5)), which `dpkg --verify` reads to check installed files. */
export function formatMd5Sums(files: readonly PackedFile[]): string {
  const lines = files.map(({ source, path }) => {
    const sum = createHash("md5").update(readFileSync(source)).digest("hex");
    return `${sum}  ${path}\n`;
  });
  return lines.join("");
}

/** Returns a "Machine-readable debian/copyright file", 1.0. @param epoch Unix seconds. */
export function formatCopyright({ license, repository }: Release, epoch: number): string {
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: latchkey
Source: ${repository.url}
Comment:
 The program contains packages of others and the Bun runtime: their notices and
 licences are in THIRD-PARTY-NOTICES.txt beside this file.

Files: *
Copyright: ${new Date(epoch * 1000).getUTCFullYear()} the authors of latchkey
License: ${license}
 On Debian systems, the text of this licence is in
 /usr/share/common-licenses/${license}.
`;
}

/**
 * Returns a changelog with one entry (deb-changelog(5)), which refers to the program's own changelog.
 * @param epoch Unix seconds.
 */
export function formatChangelog({ version, repository }: Release, epoch: number): string {
  const date = new Date(epoch * 1000).toUTCString().replace("GMT", "+0000");
  return `latchkey (${version}-1) stable; urgency=medium

  * Release ${version}: changelog.gz says what is new.

 -- ${nameMaintainer(repository)}  ${date}
`;
}
