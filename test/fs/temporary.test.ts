import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  findTargetName,
  listTemporaries,
  nameTemporary,
  sweepDirectory,
  sweepOrphans,
} from "../../src/fs/temporary.ts";

test.each([
  [".a.json.0123456789abcdef.tmp", "a.json"],
  ["..hidden.0123456789abcdef.tmp", ".hidden"],
  ["settings.json.tmp-1764468012a1b2c3", "settings.json"],
  ["a.json", undefined],
  ["a.json.tmp", undefined],
  [".a.json.0123456789ABCDEF.tmp", undefined],
  [".a.json.0123456789abcde.tmp", undefined],
  [".0123456789abcdef.tmp", undefined],
  ["a.json.tmp-1764468012a1b2c", undefined],
  ["a.json.tmp-1764468012a1b2c3.json", undefined],
])("%s is the name of a temporary file of %s", (name, target) => {
  expect(findTargetName(name)).toBe(target);
});

test("a temporary name is recognized for any file name", () => {
  for (const name of ["a", "a.json", ".a", "..a.0123456789abcdef.tmp", "a b"])
    expect(findTargetName(basename(nameTemporary(join("x", name))))).toBe(name);
});

test("temporary files of one file, or all of latchkey's own, are removed after an hour", () => {
  const home = mkdtempSync(join(tmpdir(), "latchkey-temporary-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const [own, other, library] = [
    ".a.0123456789abcdef.tmp",
    ".b.0123456789abcdef.tmp",
    "c.tmp-1764468012a1b2c3",
  ];
  const age = (Date.now() - 3_700_000) / 1000;
  for (const name of [own, other, library, ".d.0123456789abcdef.tmp", "a"]) {
    writeFileSync(join(home, name), "");
    if (!name.startsWith(".d")) utimesSync(join(home, name), age, age);
  }
  expect(listTemporaries(join(home, "a"))).toEqual([join(home, own)]);
  sweepOrphans(join(home, "a"));
  expect(readdirSync(home).toSorted()).toEqual([other, ".d.0123456789abcdef.tmp", "a", library]);
  sweepDirectory(home);
  expect(readdirSync(home).toSorted()).toEqual([".d.0123456789abcdef.tmp", "a", library]);
  sweepOrphans(join(home, "c"));
  expect(readdirSync(home).toSorted()).toEqual([".d.0123456789abcdef.tmp", "a"]);
});
