import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { PACKAGES_FOLDER } from "../../../scripts/package/artefacts.ts";
import { locateExecutable } from "../../../scripts/build/standalone/targets.ts";
import { findInstallingObstacle } from "../../../scripts/tools/packages/parts.ts";
import {
  DEBIAN_ROOT,
  locatePlatforms,
  wrapInRoot,
} from "../../../scripts/tools/platforms/debian-root.ts";
import { CHECKOUT } from "../../support/checkout.ts";
import { runProgram, type RunOptions, type RunResult } from "../../support/child.ts";
import type { EmulatedHome } from "../../support/emulated-home.ts";
import { patience } from "../../support/patience.ts";

/**
 * A complete Debian in which a package is installed. All changes are in a separate layer, which is removed after the test.
 */

/** Paths in the root: the files of the release, and the programs that they were made from. */
export const FILES = "/release";
const PROGRAMS = "/programs";

const LIMIT_MILLISECONDS = patience(180_000);

const obstacle = findInstallingObstacle();

/** A test that installs in the Debian root. Without the root it is left out with the reason. */
export function testInRoot(name: string, body: () => Promise<void>): void {
  if (obstacle === undefined) test(name, { timeout: LIMIT_MILLISECONDS }, body);
  else test.skip(`${name} [left out: ${obstacle}]`);
}

export interface Root {
  /** Runs a program of the root with the home's environment. */
  run(words: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Does the same, and expects exit code 0. */
  succeed(words: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Returns the paths that differ from the Debian root: new, changed or removed files, and new directories. */
  listChanges(): string[];
}

const layers: string[] = [];

afterEach(() => {
  for (const layer of layers.splice(0)) rmSync(layer, { recursive: true });
});

export function openRoot(home: EmulatedHome, { runsArm = false } = {}): Root {
  const layer = mkdtempSync(join(locatePlatforms(), "layer-"));
  layers.push(layer);
  const binds = {
    [FILES]: join(CHECKOUT, PACKAGES_FOLDER),
    [PROGRAMS]: join(CHECKOUT, "dist-standalone"),
    [home.path]: home.path,
  };
  const run: Root["run"] = (words, options) =>
    runProgram(wrapInRoot(words, { binds, layer, runsArm }), home.env, options);
  const succeed: Root["run"] = async (words, options) => {
    const result = await run(words, options);
    expect(result, `${words.join(" ")}: ${result.stderr}`).toMatchObject({ exitCode: 0 });
    return result;
  };
  return {
    run,
    succeed,
    listChanges: () => listChanges(join(layer, "changes")),
  };
}

/** An overlay contains changed files, and a device for each removed one. Directories of changed files are not changes. */
function listChanges(changes: string): string[] {
  const entries = readdirSync(changes, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name).slice(changes.length);
    const isOld = entry.isDirectory() && existsSync(join(DEBIAN_ROOT, path));
    if (isOld) return [];
    return [entry.isCharacterDevice() ? `${path} is removed` : path];
  });
}

/** Returns the newest version of glibc whose symbols a target's program needs. binutils come with lintian. */
export async function readLibraryVersion(root: Root, target: string): Promise<string | undefined> {
  const program = locateExecutable(target).replace("dist-standalone", PROGRAMS);
  const { stdout } = await root.succeed(["readelf", "--wide", "--version-info", program]);
  const versions = [...stdout.matchAll(/\bGLIBC_([\d.]+)/g)].map(([, text]) => text ?? "");
  const order = new Intl.Collator("en", { numeric: true });
  return versions.toSorted(order.compare).at(-1);
}
