import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRelease } from "../../scripts/package/repository.ts";
import { renameFiles, setVersion } from "../../scripts/release/files.ts";
import { CHECKOUT } from "../support/checkout.ts";

const STEP = { from: "0.1.0", to: "0.2.0", day: "2026-01-31" };

test.each(["package.json", "package-lock.json", "oclif.manifest.json"])(
  "a new version changes nothing else of %s",
  (file) => {
    const text = readFileSync(join(CHECKOUT, file), "utf8");
    const changed = setVersion(text, "99.0.1");
    const before = text.split("\n");
    const after = changed.split("\n");
    expect(after).toHaveLength(before.length);
    const lines = after.filter((line, index) => line !== before[index]);
    expect(lines.map((line) => line.trim().replace(/,$/, ""))).toEqual(
      Array(file === "package-lock.json" ? 2 : 1).fill('"version": "99.0.1"'),
    );
  },
);

test("a file without a version is refused", () => {
  expect(() => setVersion('{"name":"latchkey"}', "0.2.0")).toThrow("has none");
});

test.each(globSync(["README.md", "docs/*.md"], { cwd: CHECKOUT }))(
  "after a new version, no name of a package in %s has the old one",
  (page) => {
    const changed = renameFiles(readFileSync(join(CHECKOUT, page), "utf8"), {
      ...STEP,
      from: readRelease().version,
    });
    const names = [...changed.matchAll(/\blatchkey[-_]\d+\.\d+\.\d+\S*/g)].map(([name]) => name);
    expect(names.filter((name) => !name.includes(STEP.to))).toEqual([]);
  },
);

test.each([
  ["latchkey-0.1.0.tgz", "latchkey-0.2.0.tgz"],
  ["`latchkey-0.1.0-linux-x64.tar.xz`", "`latchkey-0.2.0-linux-x64.tar.xz`"],
  ["dpkg -i latchkey_0.1.0-1_amd64.deb", "dpkg -i latchkey_0.2.0-1_amd64.deb"],
  ["rpm -i latchkey-0.1.0-1.x86_64.rpm", "rpm -i latchkey-0.2.0-1.x86_64.rpm"],
  ["latchkey-0.1.0-r1.x86_64.apk", "latchkey-0.2.0-r1.x86_64.apk"],
  ["`latchkey_0.1.0-1_….deb`", "`latchkey_0.2.0-1_….deb`"],
  ["what version 0.1.0 wrote", "what version 0.1.0 wrote"],
  ["latchkey/0.1.0 linux-x64", "latchkey/0.1.0 linux-x64"],
  ["latchkey-0.1.01.tgz", "latchkey-0.1.01.tgz"],
  ["latchkey-0x1.0.tgz", "latchkey-0x1.0.tgz"],
])("a page's %s becomes %s", (text, changed) => {
  expect(renameFiles(text, STEP)).toBe(changed);
});
