// Joins this program's modules and its packages into chunks, one for each lazy import (docs/decisions/0016): for Node as
// they are, for the standalone executables before Bun takes them.
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "rolldown";
import { oclifLazily } from "./oclif-lazily.mjs";

/** Node's loader of ES modules takes 25 ms to start, and looks at everything in node:http, fetch among it: nobody asks for that. */
const builtinsByRequire = {
  name: "builtins-by-require",
  renderChunk: (code, _chunk, { format }) => (format === "cjs" ? code.replaceAll(/\bimport\(("node:[\w/]+")\)/g, "Promise.resolve(require($1))") : undefined),
};

/** 100 kB of JSON: parsed when it is needed, in a tenth of the time that it takes as JavaScript. */
const manifestAsText = {
  name: "manifest-as-text",
  load(id) {
    if (!/[\\/]oclif\.manifest\.json$/.test(id)) return null;
    const text = JSON.stringify(JSON.parse(readFileSync(id, "utf8")));
    return { code: `export default JSON.parse(${JSON.stringify(text)});`, moduleType: "js" };
  },
};

/**
 * @param input path of the first module, or paths by the names of what comes out
 * @param output rolldown's options for what comes out: `file` for one file, `dir` for chunks
 * @returns the paths of the modules in each chunk, by the chunk's path, all relative to root
 */
export async function bundle(root, input, output) {
  const source = (file) => join(root, "src", file);
  // What every command needs is one chunk: to find and read one takes a third of a millisecond, however small it is.
  const groups = [
    { name: "fast-path", test: source("fast-path-standalone.ts"), priority: 3 },
    { name: "start", test: source("main.ts"), priority: 2 },
    { name: "command-line", test: source("dispatch.ts"), priority: 1 },
  ];
  const { output: chunks } = await build({
    cwd: root,
    input,
    platform: "node",
    logLevel: "warn",
    // A native part, and a script beside the module: what can't be joined stays a dependency.
    external: ["@napi-rs/keyring", "open"],
    // What the AWS packages have as ES modules loses what nobody asks for.
    resolve: { mainFields: ["module", "main"] },
    // bin/run.js has looked at the version by then; in an executable there is one runtime, and it is inside.
    transform: { target: "node22", define: { "process.env.OCLIF_DISABLE_ENGINE_WARNING": '"1"' } },
    plugins: [oclifLazily, manifestAsText, builtinsByRequire],
    output: { ...output, ...(output.dir === undefined ? {} : { codeSplitting: { groups } }) },
  });
  const folder = output.dir ?? dirname(output.file);
  return Object.fromEntries(chunks.map(({ fileName, moduleIds }) => [relative(root, join(folder, fileName)), moduleIds.map((id) => relative(root, id))]));
}
