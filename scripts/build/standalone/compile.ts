// Bun runs this script: it joins the chunks of bin/standalone.mjs with a target's runtime into one file. It prints the
// paths of all bundled modules as JSON.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isRecord, parseJson } from "../../../src/text/json.ts";
import { readOptions, refuse } from "../../options.ts";

interface Resolved {
  readonly path: string;
  readonly namespace?: string;
}

/** The part of Bun's bundler that this script uses. */
interface Bundler {
  onResolve(where: { filter: RegExp }, resolve: (module: { path: string }) => Resolved): void;
  onLoad(
    where: { filter: RegExp; namespace: string },
    load: () => { contents: string; loader: "js" },
  ): void;
}

declare const Bun: {
  build(options: object): Promise<{ metafile: { inputs: Readonly<Record<string, unknown>> } }>;
};

const { values, words } = readOptions({
  help: `
Usage: bun scripts/build/standalone/compile.ts [OPTION...] CHUNK TARGET EXECUTABLE RUNTIME KEYRING

Joins the program's chunks with a runtime into one executable, and prints the
bundled modules. A part of: npm run build:standalone

  CHUNK           path of the first chunk
  TARGET          the target's name
  EXECUTABLE      absolute path of the file to write
  RUNTIME         absolute path of the target's Bun
  KEYRING         absolute path of the keychain part's folder
  --without WHAT  for a comparison: without bytecode, splitting, or minifying
  --short-names   for a comparison: with shortened names of variables
  -h, --help      print this help`,
  options: { without: { type: "string", multiple: true }, "short-names": { type: "boolean" } },
  words: 5,
});
const [firstChunk = "", target = "", outfile, executablePath, keyringFolder] = words;
if (keyringFolder === undefined) refuse("Five arguments are needed.");

const without = new Set(values.without);

/** The folder of the modules inside an executable. The folder is not on the disk, so nobody can put a file into it. */
const INSIDE = "/$bunfs/root";

const nativePart = readNativePart(keyringFolder);

/**
 * The keychain library selects its native part by name. The native part for the target is embedded, and the library
 * does not search the disk.
 */
const keyring = {
  name: "keyring",
  setup(bundler: Bundler) {
    bundler.onResolve({ filter: /^@napi-rs\/keyring-/ }, ({ path }) => {
      const [, , file] = path.split("/");
      if (removeLibc(path.split("/", 2).join("/")) !== removeLibc(nativePart.name))
        return { path, namespace: "absent" };
      if (file !== undefined) return { path: join(keyringFolder, file) };
      return { path: writeLoader(join(keyringFolder, nativePart.main)) };
    });
    bundler.onLoad({ filter: /.*/, namespace: "absent" }, () => ({
      contents: "throw new Error('not for this platform')",
      loader: "js",
    }));
  },
};

const { metafile } = await Bun.build({
  entrypoints: [firstChunk],
  target: "bun",
  format: "esm",
  splitting: !without.has("splitting"),
  bytecode: !without.has("bytecode"),
  // Names in the code stay unchanged, because --debug prints stacks.
  minify: {
    whitespace: !without.has("minifying"),
    syntax: !without.has("minifying"),
    identifiers: values["short-names"] === true,
  },
  define: {
    LATCHKEY_STANDALONE: "true",
    // Without these values, CommonJS packages would look for files at their paths on the build machine.
    __dirname: JSON.stringify(INSIDE),
    __filename: JSON.stringify(`${INSIDE}/latchkey`),
  },
  compile: {
    target: `bun-${target}`,
    outfile,
    executablePath,
    autoloadDotenv: false,
    autoloadBunfig: false,
    autoloadTsconfig: false,
    autoloadPackageJson: false,
  },
  plugins: [keyring],
  metafile: true,
});
console.log(JSON.stringify(Object.keys(metafile.inputs)));

function readNativePart(folder: string): { name: string; main: string } {
  const manifest = parseJson(readFileSync(join(folder, "package.json"), "utf8"));
  if (!isRecord(manifest)) throw new Error(`${folder} has no package.json`);
  return { name: String(manifest["name"]), main: String(manifest["main"]) };
}

/** The library looks for the system's C library in places that are not on every system. Only the executable's own is right. */
function removeLibc(name: string): string {
  return name.replace(/-(?:gnu|musl)$/, "");
}

/** Writes a module next to the chunks. It loads the keychain library through native-part.ts. */
function writeLoader(library: string): string {
  const file = join(dirname(firstChunk), "keyring-loader.mjs");
  const text = [
    `import library from ${JSON.stringify(library)} with { type: "file" };`,
    `const { loadNativePart } = require(${JSON.stringify(join(import.meta.dirname, "native-part.ts"))});`,
    "module.exports = loadNativePart(library);",
  ];
  writeFileSync(file, `${text.join("\n")}\n`);
  return file;
}
