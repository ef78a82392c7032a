import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { PACKAGES_FOLDER, SUMS_FILE } from "../../../scripts/package/artefacts.ts";
import { findManifestObstacle } from "../../../scripts/tools/packages/manifest-tools.ts";
import { locatePlatforms, wrapInRoot } from "../../../scripts/tools/platforms/debian-root.ts";
import { CHECKOUT } from "../../support/checkout.ts";
import { runProgram, type RunOptions, type RunResult } from "../../support/child.ts";
import { patience } from "../../support/patience.ts";

/** The manifests that `npm run package` has written, and their tools in the Debian root. */

const FILES = join(CHECKOUT, PACKAGES_FOLDER);
/** Paths in the root: the files of the release, and a folder for the test. */
export const RELEASE = "/release";
export const WORK = "/work";

const obstacle = findManifestObstacle();

/** A test that needs the tools. Without them it is left out with the reason. */
export function testWithTools(name: string, body: () => Promise<void>): void {
  if (obstacle === undefined) test(name, { timeout: patience(120_000) }, body);
  else test.skip(`${name} [left out: ${obstacle}]`);
}

export function readManifest(path: string): string {
  return readFileSync(join(FILES, path), "utf8");
}

/** Reads SHA256SUMS: hexadecimal checksums by the file's path. */
export function readSums(): ReadonlyMap<string, string> {
  const lines = readManifest(SUMS_FILE).trimEnd().split("\n");
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

type Run = (words: readonly string[], options?: RunOptions) => Promise<RunResult>;

export interface Workplace {
  /** The folder that is /work in the root. */
  readonly path: string;
  /** Runs a program of the root there. */
  readonly run: Run;
  /** Does the same, and expects exit code 0. */
  readonly succeed: Run;
}

/** @param binds further folders for wrapInRoot */
export function openWorkplace(binds: Readonly<Record<string, string>> = {}): Workplace {
  const path = mkdtempSync(join(tmpdir(), "latchkey-manifests-"));
  const layer = mkdtempSync(join(locatePlatforms(), "layer-"));
  for (const folder of [path, layer])
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(path, "home"));
  const placement = { binds: { [WORK]: path, [RELEASE]: FILES, ...binds }, cwd: WORK, layer };
  const env = { PATH: process.env["PATH"] ?? "", HOME: `${WORK}/home`, LC_ALL: "C.UTF-8" };
  const run: Run = (words, options) => runProgram(wrapInRoot(words, placement), env, options);
  return {
    path,
    run,
    succeed: async (words, options) => {
      const result = await run(words, options);
      expect(result, `${words.join(" ")}: ${result.stderr}`).toMatchObject({ exitCode: 0 });
      return result;
    },
  };
}
