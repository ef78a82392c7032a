// Run by Bun: joins the chunks of bin/standalone.mjs with a target's runtime into one file.
// argv: path of the first chunk, the target's name, and absolute paths of the executable to write, of the target's Bun, and of its keychain part's folder.
// Prints the paths of all modules that went in, as JSON.
import { join } from "node:path";

const [firstChunk, target, outfile, executablePath, keyringFolder] = process.argv.slice(2);
/** Where modules live in an executable: not on the disk, so that nobody can put a file there. */
const INSIDE = "/$bunfs/root";

/** The library picks its native part by name: the target's is embedded, and no other is looked for on the disk. */
const keyring = {
  name: "keyring",
  setup(build) {
    build.onResolve({ filter: /^@napi-rs\/keyring-/ }, ({ path }) => {
      const [, , file = "keyring"] = path.split("/");
      if (path.split("/", 2).join("/") !== nativePart.name) return { path, namespace: "absent" };
      return { path: join(keyringFolder, file === "keyring" ? nativePart.main : file) };
    });
    build.onLoad({ filter: /.*/, namespace: "absent" }, () => ({
      contents: "throw new Error('not for this platform')",
      loader: "js",
    }));
  },
};
const nativePart = JSON.parse(await Bun.file(join(keyringFolder, "package.json")).text());

const { metafile } = await Bun.build({
  entrypoints: [firstChunk],
  target: "bun",
  format: "esm",
  splitting: true,
  bytecode: true,
  // Names stay: they are what a stack under --debug is made of.
  minify: { whitespace: true, syntax: true },
  define: {
    LATCHKEY_STANDALONE: "true",
    // Else CommonJS packages would look for files at the paths that they had on the machine of the build.
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
