import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { fetchKeyring, locateInCache, placeKeyring } from "../../scripts/build/standalone/parts.ts";
import { TARGETS } from "../../scripts/build/standalone/targets.ts";
import { planArchive } from "../../scripts/package/archives.ts";
import { writeSharedFiles } from "../../scripts/package/contents.ts";
import { planPackages } from "../../scripts/package/linux.ts";
import { planNpmPackages } from "../../scripts/package/npm.ts";
import type { Artefact, Packing } from "../../scripts/package/packing.ts";
import { readRelease } from "../../scripts/package/repository.ts";
import { findPackingObstacle } from "../../scripts/tools/packages/parts.ts";
import { patience } from "../support/patience.ts";

const LIMIT_MILLISECONDS = patience(180_000);

const obstacle = findPackingObstacle();

function openWorkplace(): Packing {
  const workplace = mkdtempSync(join(tmpdir(), "latchkey-packing-"));
  onTestFinished(() => rmSync(workplace, { recursive: true }));
  return { release: readRelease(), epoch: 1_700_000_000, isQuick: true, workplace };
}

/** Returns one file of each kind, to be made in a separate workplace. */
function planEachKind(packing: Packing): Artefact[] {
  const shared = join(packing.workplace, "shared");
  writeSharedFiles(shared);
  const packages = planPackages(packing, shared).filter(({ file }) => /amd64|x86_64/.test(file));
  return [
    planArchive("linux-x64", packing, shared),
    planArchive("windows-x64", packing, shared),
    ...packages,
    ...planNpmPackages(packing).filter(({ file }) => /npm\/latchkey-(?:linux-x64-)?\d/.test(file)),
  ];
}

async function makeAndRead(name: string, at: number): Promise<Buffer> {
  const packing = openWorkplace();
  const artefact = planEachKind(packing)[at];
  const path = join(packing.workplace, name);
  await artefact?.make(path);
  return readFileSync(path);
}

const KINDS = ["tar.xz", "zip", "deb", "rpm", "apk", "npm.tgz", "program.tgz"];

describe.each(KINDS.map((kind, at) => ({ kind, at })))("$kind", ({ kind, at }) => {
  const name = "is identical for the same program, in another folder and with another umask";
  const testHere = obstacle === undefined ? test : test.skip;
  const reason = obstacle === undefined ? "" : ` [left out: ${obstacle}]`;
  testHere(`${name}${reason}`, { timeout: LIMIT_MILLISECONDS }, async () => {
    const first = await makeAndRead(`first.${kind}`, at);
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    const second = await makeAndRead(`second.${kind}`, at);
    expect(first.length).toBeGreaterThan(kind === "npm.tgz" ? 500_000 : 30_000_000);
    expect(second.equals(first)).toBe(true);
  });
});

test.each(TARGETS)(
  "the keychain part of $name is at the same path below the build in every checkout",
  (target) => {
    const folder = mkdtempSync(join(tmpdir(), "latchkey-parts-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const place = (name: string): string => {
      const chunks = join(folder, name);
      return relative(chunks, placeKeyring(target, chunks));
    };
    const placed = place("a");
    expect(place(join("deeper", "b"))).toBe(placed);
    expect(readdirSync(join(folder, "a", placed))).toContain("package.json");
    // The lists of contents have the part itself.
    expect(locateInCache(join(folder, "a", placed))).toBe(fetchKeyring(target));
  },
);
