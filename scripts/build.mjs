// Builds dist/: every module with tsc, for the tests and the manifest; and what is packed and runs, all of it CommonJS, since
// starting Node's loader of ES modules alone costs more than the whole hot path may (docs/decisions/0002, 0016): the fast
// path and the completion as one file each, and the program with its packages in dist/bundle, a chunk for each lazy import.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";
import { noticesFor } from "./notices.mjs";
import { oclifLazily } from "./oclif-lazily.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
const source = (file) => join(root, "src", file);
const common = {
  cwd: root,
  platform: "node",
  logLevel: "warn",
  // A native part, and a script beside the module: what can't be bundled stays a dependency.
  external: ["@napi-rs/keyring", "open"],
  // What the AWS packages have as ES modules loses what nobody asks for.
  resolve: { mainFields: ["module", "main"] },
  // bin/run.js has looked at the version by then.
  transform: { target: "node22", define: { "process.env.OCLIF_DISABLE_ENGINE_WARNING": '"1"' } },
};

/** Node's loader of ES modules takes 25 ms to start, and looks at everything in node:http, fetch among it: nobody asks for that. */
const builtinsByRequire = {
  name: "builtins-by-require",
  renderChunk: (code) => code.replaceAll(/\bimport\(("node:[\w/]+")\)/g, "Promise.resolve(require($1))"),
};

/** @returns the paths of the modules in each chunk, by the chunk's path, both relative to root */
async function bundled(input, output) {
  const { output: chunks } = await build({ ...common, input, plugins: [oclifLazily, builtinsByRequire], output: { format: "cjs", ...output } });
  return Object.fromEntries(chunks.map(({ fileName, moduleIds }) => [relative(root, join(output.dir ?? dirname(output.file), fileName)), moduleIds.map((id) => relative(root, id))]));
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
execFileSync(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });

for (const door of ["fast-path", "completion"]) await bundled(source(`${door}.ts`), { file: join(dist, `${door}.cjs`) });

const chunks = await bundled(
  { main: source("main.ts"), "keychain-child": source("os/keychain-child.ts") },
  {
    dir: join(dist, "bundle"),
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name]-[hash].cjs",
    // Reading a chunk takes a third of a millisecond, however small it is: what every command needs is one.
    codeSplitting: {
      groups: [
        { name: "start", test: source("main.ts"), priority: 2 },
        { name: "command-line", test: source("dispatch.ts"), priority: 1 },
      ],
    },
  },
);
writeFileSync(join(dist, "bundle", "THIRD-PARTY-NOTICES.txt"), noticesFor(root, Object.values(chunks).flat()));
// For the test of what a run loads.
writeFileSync(join(dist, "chunks.json"), JSON.stringify(chunks));
