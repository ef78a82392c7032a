import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, inflateRawSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { locateExecutable } from "../../scripts/build/standalone/targets.ts";
import { PACKAGE_NAMES } from "../../scripts/package/artefacts.ts";
import { listManPages } from "../../scripts/package/contents.ts";
import { runTool } from "../../scripts/package/packing.ts";
import { readRelease } from "../../scripts/package/repository.ts";
import { findObstacle } from "../../scripts/tools/platforms/linux.ts";
import { CHECKOUT } from "../support/checkout.ts";
import { createHome } from "../support/home.ts";
import { expectProgramToWork } from "./support/journey.ts";
import { locateRelease } from "./support/release.ts";
import { FILES, openRoot, testInRoot } from "./support/root.ts";

/** apk-tools can't be installed here, so the test reads a package as apk does before an installation. */

const { version, repository } = readRelease();

const FILES_INSIDE = [
  "usr/bin/latchkey",
  "usr/share/bash-completion/completions/latchkey",
  "usr/share/doc/latchkey/CHANGELOG.md",
  "usr/share/doc/latchkey/LICENSE",
  "usr/share/doc/latchkey/THIRD-PARTY-NOTICES.txt",
  "usr/share/fish/vendor_completions.d/latchkey.fish",
  "usr/share/zsh/site-functions/_latchkey",
];

/** Returns the two gzip members of an unsigned package: its description and its files. */
function splitMembers(file: Buffer): [control: Buffer, data: Buffer] {
  // A header without optional fields (RFC 1952 §2.3): 10 bytes, then the data, then 8 bytes.
  expect(file[3]).toBe(0);
  const inflated: unknown = inflateRawSync(file.subarray(10), { info: true });
  const { engine } = inflated as { engine: { bytesWritten: number } };
  const end = 10 + engine.bytesWritten + 8;
  return [file.subarray(0, end), file.subarray(end)];
}

/** Returns the lines of .PKGINFO by their keys. A key may appear more than once. */
function readInfo(control: Buffer): Map<string, string[]> {
  const text = gunzipSync(control).toString("latin1", 512).split("\0")[0] ?? "";
  const pairs = [...text.matchAll(/^(\w+) = (.*)$/gm)];
  const grouped = Map.groupBy(pairs, ([, key = ""]) => key);
  return new Map([...grouped].map(([key, lines]) => [key, lines.map((line) => line[2] ?? "")]));
}

describe.each([
  { architecture: "amd64", machine: "x86_64", target: "linux-x64-musl" },
  { architecture: "arm64", machine: "aarch64", target: "linux-arm64-musl" },
] as const)("the apk for $machine", ({ architecture, machine, target }) => {
  const read = (): Buffer => readFileSync(locateRelease(PACKAGE_NAMES.apk(version, architecture)));

  test("contains its description, its dependencies and the checksum of its files", () => {
    const [control, data] = splitMembers(read());
    const info = Object.fromEntries(readInfo(control));
    expect(info).toMatchObject({
      pkgname: ["latchkey"],
      pkgver: [`${version}-r1`],
      arch: [machine],
      license: ["Apache-2.0"],
      url: [repository.url],
      depend: ["libstdc++", "libgcc"],
      datahash: [createHash("sha256").update(data).digest("hex")],
    });
    expect(Object.keys(info).filter((key) => /install|upgrade|trigger/.test(key))).toEqual([]);
  });

  test("has the musl program, and files owned by root at Alpine's paths", async () => {
    const folder = mkdtempSync(join(tmpdir(), "latchkey-apk-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = locateRelease(PACKAGE_NAMES.apk(version, architecture));
    const listed = (await runTool(["tar", "-tvzf", file])).trimEnd().split("\n");
    const pages = listManPages().map((name) => `usr/share/man/man1/${name}.gz`);
    const names = listed.filter((line) => line.startsWith("-")).map((line) => line.split(/\s+/)[5]);
    expect(names.toSorted()).toEqual([".PKGINFO", ...FILES_INSIDE, ...pages].toSorted());
    const inside = listed.filter((line) => !line.includes(".PKGINFO"));
    expect(
      inside.filter((line) => !/^(-rwxr-xr-x|-rw-r--r--|drwxr-xr-x) root\/root /.test(line)),
    ).toEqual([]);

    await runTool(["tar", "-xzf", file, "-C", folder, "usr/bin/latchkey"]);
    const built = readFileSync(join(CHECKOUT, locateExecutable(target)));
    expect(readFileSync(join(folder, "usr/bin/latchkey")).equals(built)).toBe(true);
  });
});

const noMusl = findObstacle();
const testWithMusl =
  noMusl === undefined ? testInRoot : (name: string) => test.skip(`${name} [left out: ${noMusl}]`);

testWithMusl("the apk's program, unpacked at its path, works with musl's loader", async () => {
  const home = await createHome({ autoApprove: { afterPolls: 0 } });
  const root = openRoot(home);
  const file = PACKAGE_NAMES.apk(version, "amd64");
  locateRelease(file);
  await root.succeed(["tar", "-xzf", `${FILES}/${file}`, "-C", "/", "usr"]);
  await expectProgramToWork(root, home, "file");
});
