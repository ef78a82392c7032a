// Joins this program's modules and its packages into chunks, one for each lazy import (docs/decisions/0016). Node runs the
// chunks directly; for the standalone executables, Bun compiles them.
import { dirname, join, relative } from "node:path";
import { build, type BuildOptions, type OutputOptions } from "rolldown";
import { CHECKOUT } from "../../test/support/program.ts";
import { confSlim } from "./conf-slim.ts";
import { lazyBuiltins } from "./lazy-builtins.ts";
import { oclifSlim } from "./oclif-slim.ts";

/** For each chunk's path, the paths of its modules, all relative to the checkout. */
export type Chunks = Readonly<Record<string, readonly string[]>>;

/**
 * Node needs a third of a millisecond to find and read a chunk, however small it is. So all modules that every command
 * needs are in one chunk, and modules that many commands need are in another.
 */
const GROUPS = [
  { name: "fast-path", test: join(CHECKOUT, "src", "hot-path", "bun-files.ts"), priority: 5 },
  { name: "start", test: join(CHECKOUT, "src", "main.ts"), priority: 4 },
  { name: "context", test: join(CHECKOUT, "src", "cli", "real-context.ts"), priority: 3 },
  {
    name: "credential-process",
    test: /[\\/]src[\\/](credentials[\\/]credential-process|aws[\\/](role-credentials|grants))\.ts$/,
    priority: 2,
  },
  { name: "command-line", test: join(CHECKOUT, "src", "oclif", "dispatch.ts"), priority: 1 },
  // The help and all commands need oclif. Apart from it, the help needs nothing that the commands share.
  {
    name: "oclif",
    test: /[\\/]node_modules[\\/](@oclif|wordwrap)[\\/]/,
    minShareCount: 2,
    priority: 1,
  },
  { name: "commands", test: /[\\/]src[\\/]cli[\\/](command|output|[\w-]*flags)\.ts$/, priority: 0 },
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

const OPTIONS: BuildOptions = {
  cwd: CHECKOUT,
  platform: "node",
  logLevel: "warn",
  // These packages can't be bundled, so they stay dependencies: the first has a native part, the second a script beside
  // its module.
  external: ["@napi-rs/keyring", "open"],
  // The AWS packages contain CommonJS and ES modules. Unused code can be removed only from ES modules.
  resolve: { mainFields: ["module", "main"] },
  // Web streams take 3 ms to load, and Node's transport never returns a web stream.
  transform: {
    target: "node22",
    define: {
      "typeof ReadableStream": '"undefined"',
    },
  },
  plugins: [oclifSlim, confSlim, lazyBuiltins],
};

/** Bundles a module and all its imports into one CommonJS file. */
export async function bundleFile(input: string, file: string): Promise<Chunks> {
  return bundle(input, dirname(file), { format: "cjs", file });
}

/**
 * Bundles modules and their lazy imports into a folder.
 * @param inputs paths of the entry modules, by the names of their chunks
 */
export async function bundleChunks(
  inputs: Readonly<Record<string, string>>,
  { folder, format }: { readonly folder: string; readonly format: "cjs" | "esm" },
): Promise<Chunks> {
  const extension = format === "cjs" ? "cjs" : "mjs";
  return bundle({ ...inputs }, folder, {
    format,
    dir: folder,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `[name]-[hash].${extension}`,
    codeSplitting: { groups: GROUPS },
  });
}

async function bundle(
  input: string | Record<string, string>,
  folder: string,
  options: OutputOptions,
): Promise<Chunks> {
  const { output } = await build({
    ...OPTIONS,
    input,
    // Documentation comments are dropped. Above each module's code is its path, so the comments can be read in the source.
    output: { ...options, comments: { legal: true, annotation: false, jsdoc: false } },
  });
  const chunks = output.filter((part) => part.type === "chunk");
  return Object.fromEntries(
    chunks.map(({ fileName, moduleIds }) => [
      relative(CHECKOUT, join(folder, fileName)),
      moduleIds.map((id) => relative(CHECKOUT, id)),
    ]),
  );
}
