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

/** A whole Debian in which a package is installed: what is written there is in a layer of its own, which ends with the test. */

/** Where the files of the release are in the root, and the programs that they were made of. */
export const FILES = "/release";
const PROGRAMS = "/programs";

const LIMIT_MILLISECONDS = patience(180_000);

const obstacle = findInstallingObstacle();

/** A test that installs in the Debian root; without it the test is left out, and says why. */
export function testInRoot(name: string, body: () => Promise<void>): void {
  if (obstacle === undefined) test(name, { timeout: LIMIT_MILLISECONDS }, body);
  else test.skip(`${name} [left out: ${obstacle}]`);
}

export interface Root {
  /** Runs a program of the root with the home's environment. */
  run(words: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** The same; it must end with 0. */
  succeed(words: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** What differs from the Debian root, by its path: files that are new, changed or removed, and new directories. */
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

/** An overlay keeps what was changed, and a device for what was removed; a directory of a changed file is no change. */
function listChanges(changes: string): string[] {
  const entries = readdirSync(changes, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name).slice(changes.length);
    const isOld = entry.isDirectory() && existsSync(join(DEBIAN_ROOT, path));
    if (isOld) return [];
    return [entry.isCharacterDevice() ? `${path} is removed` : path];
  });
}

/** The newest version of glibc whose symbols a target's program asks for (binutils are among lintian's needs). */
export async function readLibraryVersion(root: Root, target: string): Promise<string | undefined> {
  const program = locateExecutable(target).replace("dist-standalone", PROGRAMS);
  const { stdout } = await root.succeed(["readelf", "--wide", "--version-info", program]);
  const versions = [...stdout.matchAll(/\bGLIBC_([\d.]+)/g)].map(([, text]) => text ?? "");
  const order = new Intl.Collator("en", { numeric: true });
  return versions.toSorted(order.compare).at(-1);
}
