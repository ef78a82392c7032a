// Builds dist-standalone/: the whole program as one executable for each platform, with Bun. Says what was built, and what
// was not and why. `-- --only linux-x64` builds one of them, `-- --host` the one that runs here.
// Exits 1 where not even the one for this machine could be built.
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { keyringOf, runtimeOf } from "./standalone/parts.mjs";
import { BUN_VERSION, executableOf, hostName, TARGETS } from "./standalone/targets.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const only = process.argv.includes("--host") ? hostName : process.argv[process.argv.indexOf("--only") + 1];
const wanted = TARGETS.filter(({ name }) => !/^--(host|only)$/.test(process.argv[2] ?? "") || name === only);
const host = TARGETS.find(({ name }) => name === hostName);
if (wanted.length === 0 || host === undefined) {
  console.error(host === undefined ? `There is no Bun for ${hostName} among those that are known here.` : `The platforms are: ${TARGETS.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

/** A place of our own for Bun to look for settings: none of the caller's have a say in what is built. */
const env = { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR ?? "/tmp" };

/** @returns size in bytes */
function built(target) {
  const executable = join(root, executableOf(target));
  mkdirSync(dirname(executable), { recursive: true });
  execFileSync(runtimeOf(root, host), [join(root, "scripts", "standalone", "bundle.mjs"), target.name, executable, runtimeOf(root, target), keyringOf(root, target)], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  // What can be run here is.
  if (target === host) execFileSync(executable, ["--version"], { env, stdio: "pipe" });
  return statSync(executable).size;
}

const failed = new Set();
console.log(`With Bun ${BUN_VERSION}:`);
for (const target of wanted) {
  try {
    const megabytes = (built(target) / 1e6).toFixed(0);
    console.log(`  built      ${executableOf(target)}  ${megabytes} MB${target === host ? ", runs here" : ", not run here"}`);
  } catch (error) {
    failed.add(target);
    const reason = /^error: (.*)$/m.exec(String(error.stderr ?? ""))?.[1] ?? error.message;
    console.log(`  not built  ${executableOf(target)}  ${reason}`);
  }
}
if (failed.has(host) || failed.size === wanted.length) process.exitCode = 1;
