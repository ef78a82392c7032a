// Builds dist/: every module with tsc, for the tests and the manifest; and what is packed and runs: the fast path and the
// completion as one CommonJS file each, since a minimal ES module start alone costs more than the whole hot path may
// (docs/decisions/0002), and the program with its packages in dist/bundle, a chunk for each command (docs/decisions/0016).
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { noticesFor } from "./notices.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
const source = (file) => join(root, "src", file);
const common = { bundle: true, platform: "node", target: "node22", logLevel: "warning", absWorkingDir: root };

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
execFileSync(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });

for (const door of ["fast-path", "completion"]) await build({ ...common, entryPoints: [source(`${door}.ts`)], outfile: join(dist, `${door}.cjs`), format: "cjs" });

const { metafile } = await build({
  ...common,
  entryPoints: { main: source("main.ts"), "keychain-child": source("os/keychain-child.ts") },
  outdir: join(dist, "bundle"),
  format: "esm",
  splitting: true,
  chunkNames: "[name]-[hash]",
  // A native part, and a script beside the module: what can't be bundled stays a dependency.
  external: ["@napi-rs/keyring", "open"],
  // CommonJS packages inside ask for builtins by require, which an ES module has not.
  banner: { js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);' },
  // bin/run.js has looked at the version by then.
  define: { "process.env.OCLIF_DISABLE_ENGINE_WARNING": '"1"' },
  metafile: true,
});
writeFileSync(join(dist, "bundle", "THIRD-PARTY-NOTICES.txt"), noticesFor(root, Object.keys(metafile.inputs)));
// For the test of what a run loads: each chunk with the modules in it.
const chunks = Object.entries(metafile.outputs).map(([file, { inputs }]) => [file, Object.keys(inputs)]);
writeFileSync(join(dist, "chunks.json"), JSON.stringify(Object.fromEntries(chunks)));
