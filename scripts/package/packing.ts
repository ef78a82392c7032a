import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../test/support/checkout.ts";
import { runProgram } from "../../test/support/child.ts";
import { PACKAGES_FOLDER } from "./artefacts.ts";
import type { Release } from "./repository.ts";

/** Makes files of a release, several at a time. All have the same time and level of compression. */

export interface Packing {
  readonly release: Release;
  /** Unix seconds. Every packed file gets this time, so that the same programs give the same bytes. */
  readonly epoch: number;
  /** Whether to use the fastest compression. */
  readonly isQuick: boolean;
  /** The absolute path of a temporary folder, which is removed at the end. */
  readonly workplace: string;
}

/** A file of the release. */
export interface Artefact {
  readonly kind: string;
  /** The path of the file in `dist-packages/`. */
  readonly file: string;
  /** @param path the absolute path of the new file */
  readonly make: (path: string) => Promise<void>;
}

/** Returns SOURCE_DATE_EPOCH, else the time of the checkout's commit, in Unix seconds. */
export function readEpoch(env: NodeJS.ProcessEnv = process.env): number {
  const given = env["SOURCE_DATE_EPOCH"];
  const text =
    given ??
    execFileSync("git", ["log", "-1", "--format=%ct"], { cwd: CHECKOUT, encoding: "utf8" });
  if (!/^\d+\s*$/.test(text)) throw new Error(`SOURCE_DATE_EPOCH must be seconds, not "${text}"`);
  return Number(text);
}

/** Returns the absolute path of a file of the release. */
export function locatePackage(file: string): string {
  return join(CHECKOUT, PACKAGES_FOLDER, file);
}

/**
 * Runs a tool of this machine until it ends. The tool gets no options from the environment.
 * @throws Error with the tool's output if it fails
 */
export async function runTool(
  words: readonly [string, ...string[]],
  options: { readonly cwd?: string; readonly env?: Record<string, string>; input?: string } = {},
): Promise<string> {
  const { env, ...placement } = options;
  const base = { PATH: process.env["PATH"] ?? "", LC_ALL: "C.UTF-8", TZ: "UTC" };
  const { exitCode, stdout, stderr } = await runProgram(words, { ...base, ...env }, placement);
  if (exitCode !== 0) throw new Error(`${words[0]} ended with ${exitCode}: ${stderr || stdout}`);
  return stdout;
}

/** Makes all files, as many at a time as there are processors. Prints each file with its size and duration. */
export async function makeAll(artefacts: readonly Artefact[]): Promise<void> {
  const waiting = artefacts.values();
  const work = async (): Promise<void> => {
    for (const artefact of waiting) await makeAndReport(artefact);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

async function makeAndReport({ file, make }: Artefact): Promise<void> {
  const path = locatePackage(file);
  const started = performance.now();
  await make(path);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const megabytes = (statSync(path).size / 1e6).toFixed(1);
  console.log(`  ${megabytes.padStart(6)} MB  ${seconds.padStart(5)} s  ${file}`);
}
