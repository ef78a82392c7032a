// Builds dist-standalone/: the whole program as one executable for each platform, with Bun. Says what was built, and what
// was not and why. `-- --only linux-x64` builds one of them, `-- --host` the one that runs here.
// Exits 1 where not even the one for this machine could be built.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.ts";
import { noticesFor } from "./notices.ts";
import { keyringOf, runtimeOf } from "./standalone/parts.ts";
import { BUN_VERSION, executableOf, hostName, TARGETS } from "./standalone/targets.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const only = process.argv.includes("--host")
  ? hostName
  : process.argv[process.argv.indexOf("--only") + 1];
const wanted = TARGETS.filter(
  ({ name }) => !/^--(host|only)$/.test(process.argv[2] ?? "") || name === only,
);
const host = TARGETS.find(({ name }) => name === hostName);
if (wanted.length === 0 || host === undefined) {
  console.error(
    host === undefined
      ? `There is no Bun for ${hostName} among those that are known here.`
      : `The platforms are: ${TARGETS.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}

/** Of the caller's environment only what is needed: no BUN_… has a say in what is built. */
const env = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  TMPDIR: process.env.TMPDIR ?? "/tmp",
};

/** The program's chunks, before Bun joins them with a runtime. */
const chunksFolder = join(root, "dist-standalone", "chunks");
rmSync(chunksFolder, { recursive: true, force: true });
const chunks = await bundle(root, join(root, "bin", "standalone.mjs"), {
  format: "esm",
  dir: chunksFolder,
  entryFileNames: "[name].mjs",
  chunkFileNames: "[name]-[hash].mjs",
});

/** All modules that went into any of them. */
const inputs = new Set(Object.values(chunks).flat());

/** @returns size in bytes */
function built(target) {
  const executable = join(root, executableOf(target));
  mkdirSync(dirname(executable), { recursive: true });
  const taken = execFileSync(
    runtimeOf(root, host),
    [
      join(root, "scripts", "build", "standalone", "compile.ts"),
      join(chunksFolder, "standalone.mjs"),
      target.name,
      executable,
      runtimeOf(root, target),
      keyringOf(root, target),
    ],
    { cwd: root, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
  );
  for (const input of JSON.parse(taken)) inputs.add(input);
  // What can be run here is.
  if (target === host) execFileSync(executable, ["--version"], { env, stdio: "pipe" });
  return statSync(executable).size;
}

const failed = new Set();
console.log(`With Bun ${BUN_VERSION}:`);
for (const target of wanted) {
  try {
    const megabytes = (built(target) / 1e6).toFixed(0);
    console.log(
      `  built      ${executableOf(target)}  ${megabytes} MB${target === host ? ", runs here" : ", not run here"}`,
    );
  } catch (error) {
    failed.add(target);
    const reason = /^error: (.*)$/m.exec(String(error.stderr ?? ""))?.[1] ?? error.message;
    console.log(`  not built  ${executableOf(target)}  ${reason}`);
  }
}
const bun = `Bun ${BUN_VERSION} (MIT; inside it JavaScriptCore, LGPL-2.1, and others, as the LICENSE.md of its sources lists them)\n`;
writeFileSync(
  join(root, "dist-standalone", "THIRD-PARTY-NOTICES.txt"),
  `${bun}\n${"-".repeat(80)}\n\n${noticesFor(root, [...inputs])}`,
);
if (failed.has(host) || failed.size === wanted.length) process.exitCode = 1;
