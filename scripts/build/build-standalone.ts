// Builds dist-standalone/: the whole program as one executable for each platform, with Bun. Prints which executables
// were built, and why others were not. Exits 1 if the executable for this machine could not be built.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isRecord, parseJson } from "../../src/text/json.ts";
import { CHECKOUT } from "../../test/support/program.ts";
import { readOptions, refuse } from "../options.ts";
import { bundleChunks } from "./bundle.ts";
import { formatNotices, formatRuntimeNotice } from "./notices.ts";
import { forgetBuilt, isCurrent, listBuiltModules, noteBuilt } from "./standalone/built.ts";
import { fetchRuntime, locateInCache, placeKeyring } from "./standalone/parts.ts";
import { signAdHoc } from "./standalone/sign-mach-o.ts";
import { BUN_LICENCE, writeContents } from "./standalone/write-contents.ts";
import { bearLostDirectory } from "./standalone/working-directory.ts";
import {
  BUN_VERSION,
  HOST_NAME,
  locateExecutable,
  TARGETS,
  type Target,
} from "./standalone/targets.ts";

const { values } = readOptions({
  help: `
Usage: npm run build:standalone [-- OPTION]

Builds dist-standalone/: one executable for each platform, each with a list of its
contents.

  --host       build only the one for this machine
  --only NAME  build only one: ${TARGETS.slice(0, 4)
    .map(({ name }) => name)
    .join(", ")},
               ${TARGETS.slice(4)
                 .map(({ name }) => name)
                 .join(", ")}
  --stale      build only those that are missing or out of date
  -h, --help   print this help`,
  options: { host: { type: "boolean" }, only: { type: "string" }, stale: { type: "boolean" } },
});

const selected = selectTargets(values.host === true ? HOST_NAME : values.only);
const wanted = values.stale === true ? selected.filter((each) => !isCurrent(each)) : selected;
const host = findHost();

/** The only variables that the compiler gets, so that no BUN_… variable of the caller can change the result. */
const env = {
  PATH: process.env["PATH"],
  HOME: process.env["HOME"],
  TMPDIR: process.env["TMPDIR"] ?? "/tmp",
};

const FOLDER = join(CHECKOUT, "dist-standalone");
/** The folder of the program's chunks, which Bun then joins with a runtime. */
const CHUNKS = join(FOLDER, "chunks");

if (wanted.length > 0) await buildAll();

async function buildAll(): Promise<void> {
  rmSync(CHUNKS, { recursive: true, force: true });
  const chunks = await bundleChunks(
    { standalone: join(CHECKOUT, "bin", "standalone.mjs") },
    { folder: CHUNKS, format: "esm" },
  );
  const modules = Object.values(chunks).flat();
  console.log(`With Bun ${BUN_VERSION}:`);
  const failed = wanted.filter((target) => !buildAndReport(target, modules));
  writeNotices();
  if (failed.includes(host) || failed.length === wanted.length) process.exitCode = 1;
}

function selectTargets(only: string | undefined): readonly Target[] {
  if (only === undefined) return TARGETS;
  const named = TARGETS.filter(({ name }) => name === only);
  if (named.length === 0)
    refuse(`The platforms are: ${TARGETS.map(({ name }) => name).join(", ")}`);
  return named;
}

function findHost(): Target {
  const target = TARGETS.find(({ name }) => name === HOST_NAME);
  if (target === undefined)
    refuse(`No Bun for ${HOST_NAME} is listed in scripts/build/standalone/targets.ts.`);
  return target;
}

/** Builds a target's executable, prints the result, and returns whether it was built. */
function buildAndReport(target: Target, chunkModules: readonly string[]): boolean {
  const path = locateExecutable(target.name);
  try {
    const megabytes = (buildExecutable(target, chunkModules) / 1e6).toFixed(0);
    const runs = target === host ? "runs here" : "not run here";
    console.log(`  built      ${path}  ${megabytes} MB, ${runs}`);
    return true;
  } catch (thrown) {
    console.log(`  not built  ${path}  ${describeFailure(thrown)}`);
    return false;
  }
}

/**
 * Builds an executable and returns its size in bytes. The old file is replaced as a whole, because it may be running or
 * have hard links.
 */
function buildExecutable(target: Target, chunkModules: readonly string[]): number {
  const executable = join(CHECKOUT, locateExecutable(target.name));
  const workplace = join(FOLDER, "new");
  mkdirSync(workplace, { recursive: true });
  const made = join(workplace, basename(executable));
  const modules = compile(target, made);
  if (target.isSignedHere === true) writeFileSync(made, signAdHoc(readFileSync(made), "latchkey"));
  if (target.name.startsWith("linux-")) writeFileSync(made, bearLostDirectory(readFileSync(made)));
  // Only the executable for this machine can be tried.
  if (target === host) execFileSync(made, ["--version"], { env, stdio: "pipe" });
  forgetBuilt(target);
  renameSync(made, executable);
  const all = new Set([...chunkModules, ...modules]);
  writeContents(target, all);
  noteBuilt(target, all);
  rmSync(workplace, { recursive: true });
  return statSync(executable).size;
}

/** Returns the paths of all modules that were bundled. */
function compile(target: Target, executable: string): string[] {
  const answer = execFileSync(
    fetchRuntime(host),
    [
      join(CHECKOUT, "scripts", "build", "standalone", "compile.ts"),
      join(CHUNKS, "standalone.mjs"),
      target.name,
      executable,
      fetchRuntime(target),
      placeKeyring(target, CHUNKS),
    ],
    { cwd: CHECKOUT, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
  );
  const modules = parseJson(answer);
  if (!Array.isArray(modules)) throw new Error("the compiler did not list its modules");
  return modules.map((path) => locateInCache(String(path)));
}

function describeFailure(thrown: unknown): string {
  const stderr = isRecord(thrown) ? thrown["stderr"] : undefined;
  const reason = /^error: (.*)$/m.exec(typeof stderr === "string" ? stderr : "")?.[1];
  return reason ?? (thrown instanceof Error ? thrown.message : String(thrown));
}

function writeNotices(): void {
  const bun = formatRuntimeNotice(`Bun ${BUN_VERSION} (${BUN_LICENCE})`);
  writeFileSync(
    join(FOLDER, "THIRD-PARTY-NOTICES.txt"),
    `${bun}\n${"-".repeat(80)}\n\n${formatNotices(listBuiltModules())}`,
  );
}
