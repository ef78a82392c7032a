import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  nameArchive,
  nameBillOfMaterials,
  PACKAGE_NAMES,
} from "../../scripts/package/artefacts.ts";
import {
  formatChangelog,
  formatControl,
  formatCopyright,
  formatMd5Sums,
} from "../../scripts/package/debian.ts";
import { readEpoch } from "../../scripts/package/packing.ts";
import type { Release } from "../../scripts/package/repository.ts";
import { testOnPosixOnly } from "../support/windows.ts";

const RELEASE: Release = {
  version: "1.2.3",
  description: "What it is (AWS SSO)",
  license: "Apache-2.0",
  repository: { owner: "someone", name: "thing", url: "https://example.com/thing" },
};
/** Tue, 14 Nov 2023. */
const EPOCH = 1_700_000_000;

test("files of a release are named by version and platform, in the form of each kind", () => {
  expect([
    nameArchive("1.2.3", "linux-x64-musl"),
    nameArchive("1.2.3", "windows-arm64"),
    nameBillOfMaterials("1.2.3", "darwin-x64"),
    PACKAGE_NAMES.deb("1.2.3", "amd64"),
    PACKAGE_NAMES.rpm("1.2.3", "arm64"),
    PACKAGE_NAMES.apk("1.2.3", "amd64"),
  ]).toEqual([
    "latchkey-1.2.3-linux-x64-musl.tar.xz",
    "latchkey-1.2.3-windows-arm64.zip",
    "latchkey-1.2.3-darwin-x64.cdx.json",
    "latchkey_1.2.3-1_amd64.deb",
    "latchkey-1.2.3-1.aarch64.rpm",
    "latchkey-1.2.3-r1.x86_64.apk",
  ]);
});

test("a deb's control file has the values of package.json and the installed size", () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-control-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const source = join(folder, "program");
  writeFileSync(source, "x".repeat(1025));
  const files = [{ source, path: "usr/bin/latchkey", mode: 0o755 as const }];
  const control = { architecture: "arm64", depends: ["libc6 (>= 2.17)"], suggests: ["a", "b"] };
  expect(formatControl(RELEASE, control, files)).toBe(`Package: latchkey
Version: 1.2.3-1
Architecture: arm64
Maintainer: someone <someone@users.noreply.github.com>
Installed-Size: 2
Depends: libc6 (>= 2.17)
Suggests: a, b
Section: utils
Priority: optional
Homepage: https://example.com/thing
Description: What it is (AWS SSO)
 Sign in once: the AWS CLI and every AWS SDK then find your credentials.
 latchkey writes profiles for all your roles, runs commands and opens the AWS
 console with a role's credentials, and finds what is wrong with the AWS
 configuration of this machine.
`);
  expect(formatMd5Sums(files)).toMatch(/^[0-9a-f]{32} {2}usr\/bin\/latchkey\n$/);
});

test("Debian's texts contain only the time of the release", () => {
  expect(formatChangelog(RELEASE, EPOCH)).toBe(`latchkey (1.2.3-1) stable; urgency=medium

  * Release 1.2.3: changelog.gz says what is new.

 -- someone <someone@users.noreply.github.com>  Tue, 14 Nov 2023 22:13:20 +0000
`);
  expect(formatCopyright(RELEASE, EPOCH)).toContain("\nCopyright: 2023 the authors of latchkey\n");
});

testOnPosixOnly("git is not there")("the time of a release is the commit's time", () => {
  expect(readEpoch({})).toBeGreaterThan(EPOCH);
});

test("SOURCE_DATE_EPOCH is the time of a release, and must be seconds", () => {
  expect(readEpoch({ SOURCE_DATE_EPOCH: "1700000000" })).toBe(EPOCH);
  for (const wrong of ["", "yesterday", "1.5", "-1"])
    expect(() => readEpoch({ SOURCE_DATE_EPOCH: wrong })).toThrow(/must be seconds/);
});
