import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { onNodeOnly, runProgram } from "../support/home.ts";

const test = onNodeOnly("it is about the npm package");
const root = resolve(import.meta.dirname, "..", "..");

/** Bytes. What a download and an installation cost; raise them only with the reason in the commit. */
const PACKED_BUDGET = 1_300_000;
const UNPACKED_BUDGET = 6_000_000;

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: ReadonlyArray<{ readonly path: string }>;
}

describe("the npm package", () => {
  let place: string;
  let packed: Packed;

  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), "latchkey-package-"));
    // The build is fresh by then (pretest), and no other test may find it half written.
    const answer = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", place], { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    [packed] = JSON.parse(answer) as [Packed];
  }, 120_000);
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  test("holds only what runs, its licences and its words, within the size budget", async () => {
    const bundle = readdirSync(join(root, "dist", "bundle")).map((name) => `dist/bundle/${name}`);
    const expected = ["CHANGELOG.md", "LICENSE", "README.md", "bin/package.json", "bin/run.js", "dist/completion.cjs", "dist/fast-path.cjs", "oclif.manifest.json", "package.json", ...bundle];
    expect(packed.files.map(({ path }) => path).toSorted()).toEqual(expected.toSorted());
    expect(bundle).toContain("dist/bundle/THIRD-PARTY-NOTICES.txt");
    expect(packed.size).toBeLessThan(PACKED_BUDGET);
    expect(packed.unpackedSize).toBeLessThan(UNPACKED_BUDGET);
  });

  test("runs nothing when it is installed", async () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare|uninstall)$/.test(name))).toEqual([]);
  });

  test("is what publint finds nothing wrong with", async () => {
    const { messages, pkg } = await publint({ pack: { tarball: readFileSync(join(place, packed.filename)).buffer } });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test("works from a clean prefix: the whole journey, with what it depends on and no more", async () => {
    const prefix = join(place, "prefix");
    const home = mkdtempSync(join(place, "home-"));
    const env = { PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter), HOME: home };
    execFileSync("npm", ["install", "--global", "--prefix", prefix, "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error", join(place, packed.filename)], { env: { ...env, npm_config_cache: process.env["npm_config_cache"] ?? join(process.env["HOME"] ?? home, ".npm") }, cwd: place, stdio: ["ignore", "ignore", "inherit"] });
    const demo = await runProgram([join(prefix, "bin", "latchkey"), "demo"], env);
    expect(demo, demo.stderr).toMatchObject({ exitCode: 0 });
    expect(demo.stdout).toMatch(/\narn:aws:sts::100000000001:assumed-role\/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]{16}\/okta\.user@example\.com\n$/);
    const installed = readdirSync(join(prefix, "lib", "node_modules", "latchkey", "node_modules"));
    expect(installed).toContain("open");
    expect(installed).not.toContain("@aws-sdk");
    expect(existsSync(join(prefix, "lib", "node_modules", "latchkey", "src"))).toBe(false);
  }, 180_000);
});
