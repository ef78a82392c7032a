// Makes a checkout ready to run: dependencies and build, each only when missing or out of date.
// Runs before the npm scripts, on whatever Node the machine has, so it uses builtins alone and syntax that Node 20 parses.
// The script that follows it is started by npm afresh and finds the pinned Node in node_modules/.bin.
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const pinnedNode = join(
  root,
  "node_modules",
  "node",
  "bin",
  process.platform === "win32" ? "node.exe" : "node",
);

function filesBelow(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

function fingerprint(paths) {
  const hash = createHash("sha256");
  for (const path of paths.sort())
    hash
      .update(path)
      .update("\0")
      .update(readFileSync(join(root, path)))
      .update("\0");
  return hash.digest("hex");
}

function outOfDate(note, wanted) {
  return !existsSync(note) || readFileSync(note, "utf8") !== wanted;
}

function run(program, argv, options = {}) {
  execFileSync(program, argv, { cwd: root, stdio: ["ignore", 2, 2], ...options });
}

const dependencies = fingerprint(["package-lock.json"]);
const dependencyNote = join(root, "node_modules", ".latchkey-lock");
if (outOfDate(dependencyNote, dependencies) || !existsSync(pinnedNode)) {
  console.error("latchkey: installing dependencies (once)");
  // npm needs a shell on Windows, where it is a .cmd file; the arguments are fixed words.
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    shell: process.platform === "win32",
  });
  writeFileSync(dependencyNote, dependencies);
}

const sources = fingerprint([
  ...filesBelow("src"),
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.build.json",
  ...["build", "bundle", "notices", "oclif-slim"].map((name) => `scripts/build/${name}.ts`),
]);
const buildNote = join(root, "dist", ".latchkey-sources");
if (outOfDate(buildNote, sources)) {
  console.error("latchkey: building");
  run(pinnedNode, [join("scripts", "build", "build.ts")]);
  writeFileSync(buildNote, sources);
}
