/** @module-tag long */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { testOnNodeOnly, runProgram } from "../support/home.ts";
import { productionPackages } from "../support/production-packages.ts";
import { patience } from "../support/patience.ts";

const test = testOnNodeOnly("it is about the npm package");
const root = resolve(import.meta.dirname, "..", "..");

/** Bytes. The cost of a download and an installation. If you raise them, give the reason in the commit. */
const PACKED_BUDGET = 1_300_000;
const UNPACKED_BUDGET = 6_000_000;

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: ReadonlyArray<{ readonly path: string }>;
}

/** An npm without a network: an empty cache, no user settings, and an unreachable registry. */
async function npm(place: string, argv: readonly string[]): Promise<string> {
  const env = {
    PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
    HOME: join(place, "npm-home"),
    npm_config_cache: join(place, "npm-cache"),
    npm_config_offline: "true",
    npm_config_registry: "http://127.0.0.1:9",
    npm_config_fetch_retries: "0",
    npm_config_update_notifier: "false",
    npm_config_loglevel: "error",
  };
  const { stdout } = await promisify(execFile)("npm", argv, {
    cwd: root,
    env,
    timeout: patience(80_000),
  });
  return stdout;
}

const pack = async (place: string, folders: readonly string[]): Promise<Packed[]> =>
  JSON.parse(
    await npm(place, [
      "pack",
      "--json",
      "--ignore-scripts",
      "--pack-destination",
      place,
      ...folders,
    ]),
  ) as Packed[];

describe("the npm package", () => {
  let place: string;
  let packed: Packed;

  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), "latchkey-package-"));
    // The build is up to date by then (pretest), and no other test may find it half written.
    [packed] = (await pack(place, ["."])) as [Packed];
  }, patience(90_000));
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  test("contains only the program, its licences and its documents, within the size budget", async () => {
    const bundle = readdirSync(join(root, "dist", "bundle")).map((name) => `dist/bundle/${name}`);
    const expected = [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "bin/package.json",
      "bin/run.js",
      "dist/completion.cjs",
      "dist/fast-path.cjs",
      "dist/handover.cjs",
      "oclif.manifest.json",
      "package.json",
      ...bundle,
    ];
    expect(packed.files.map(({ path }) => path).toSorted()).toEqual(expected.toSorted());
    expect(bundle).toContain("dist/bundle/THIRD-PARTY-NOTICES.txt");
    expect(packed.size).toBeLessThan(PACKED_BUDGET);
    expect(packed.unpackedSize).toBeLessThan(UNPACKED_BUDGET);
  });

  test("runs no script when it is installed", async () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    expect(
      Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare|uninstall)$/.test(name)),
    ).toEqual([]);
  });

  test("passes publint without a message", async () => {
    const { messages, pkg } = await publint({
      pack: { tarball: readFileSync(join(place, packed.filename)).buffer },
    });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test(
    "works from a clean prefix: the whole journey, with its dependencies only",
    async () => {
      const prefix = join(place, "prefix");
      const env = {
        PATH: [dirname(process.execPath), process.env["PATH"]].join(delimiter),
        HOME: mkdtempSync(join(place, "home-")),
      };
      // All packages that the manifest declares, packed from node_modules: npm refuses to install if one is missing.
      const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as object;
      const needed = productionPackages(root, manifest);
      const archives = [packed, ...(await pack(place, [...needed.values()]))];
      await npm(place, [
        "install",
        "--global",
        "--prefix",
        prefix,
        "--no-audit",
        "--no-fund",
        ...archives.map(({ filename }) => join(place, filename)),
      ]);
      const demo = await runProgram([join(prefix, "bin", "latchkey"), "demo"], env);
      expect(demo, demo.stderr).toMatchObject({ exitCode: 0 });
      expect(demo.stdout).toMatch(
        /\narn:aws:sts::100000000001:assumed-role\/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]{16}\/okta\.user@example\.com\n$/,
      );
      const modules = join(prefix, "lib", "node_modules");
      const installed = readdirSync(modules);
      expect(installed).toContain("open");
      expect(installed).not.toContain("@aws-sdk");
      expect(existsSync(join(modules, "latchkey", "node_modules"))).toBe(false);
      expect(existsSync(join(modules, "latchkey", "src"))).toBe(false);
    },
    patience(200_000),
  );
});
