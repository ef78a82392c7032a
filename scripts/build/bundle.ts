// Joins this program's modules and its packages into chunks, one for each lazy import (docs/decisions/0016): for Node as
// they are, for the standalone executables before Bun takes them.
import { dirname, join, relative } from "node:path";
import { build } from "rolldown";
import { oclifSlim } from "./oclif-slim.ts";

/**
 * Node's own modules when they are first used: node:crypto takes 5 ms to load, and most runs of a module that imports it
 * get by without. An import() of one is a require, too: Node's loader of ES modules takes 25 ms to start, and looks at
 * everything in node:http, fetch among it.
 */
const builtinsLazily = {
  name: "builtins-lazily",
  renderChunk(code, _chunk, { format }) {
    if (format !== "cjs") return undefined;
    const required = code.replaceAll(
      /\bimport\(("node:[\w/]+")\)/g,
      "Promise.resolve(require($1))",
    );
    // One that is made into a namespace right away can't wait; these are loaded by the start of Node.
    const waiting = [
      ...required.matchAll(
        /^let (node_\w+) = (require\("node:(?!fs"|path"|os"|util"|process"|buffer")[\w/]+"\));$/gm,
      ),
    ].filter(([, name]) => !new RegExp(`^${name} = `, "m").test(required));
    return waiting.reduce(
      (text, [statement, name, load]) =>
        text.replace(statement, `let ${name};`).replaceAll(`${name}.`, `(${name} ??= ${load}).`),
      required,
    );
  },
};

/**
 * @param input path of the first module, or paths by the names of what comes out
 * @param output rolldown's options for what comes out: `file` for one file, `dir` for chunks
 * @returns the paths of the modules in each chunk, by the chunk's path, all relative to root
 */
export async function bundle(root, input, output) {
  const source = (file) => join(root, "src", file);
  // To find and read a chunk takes a third of a millisecond, however small it is: what every command needs is one, and what
  // many need is another.
  const groups = [
    { name: "fast-path", test: source("hot-path/bun-files.ts"), priority: 3 },
    { name: "start", test: source("main.ts"), priority: 2 },
    { name: "command-line", test: source("oclif/dispatch.ts"), priority: 1 },
    {
      name: "aws",
      test: /[\\/]node_modules[\\/](@smithy|@aws|@aws-sdk[\\/]core)[\\/]/,
      minShareCount: 3,
    },
    {
      name: "shared",
      test: /[\\/]src[\\/](?!(commands|emulator|aws|terminal)[\\/])/,
      minShareCount: 8,
    },
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
    // Web streams take 3 ms to load, and no answer of Node's transport is one.
    transform: {
      target: "node22",
      define: {
        "typeof ReadableStream": '"undefined"',
      },
    },
    plugins: [oclifSlim, builtinsLazily],
    output: { ...output, ...(output.dir === undefined ? {} : { codeSplitting: { groups } }) },
  });
  const folder = output.dir ?? dirname(output.file);
  return Object.fromEntries(
    chunks.map(({ fileName, moduleIds }) => [
      relative(root, join(folder, fileName)),
      moduleIds.map((id) => relative(root, id)),
    ]),
  );
}
