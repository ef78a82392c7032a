// Checks the origins and licences of all packages that latchkey uses. Exits 1 if a package is not allowed.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJson, toRecord } from "../../../src/text/json.ts";
import { CHECKOUT } from "../../../test/support/program.ts";
import { productionPackages } from "../../../test/support/production-packages.ts";
import { listPackages, readPackage } from "../../build/packages.ts";
import { listBuiltModules } from "../../build/standalone/built.ts";
import { readOptions } from "../../options.ts";
import { judgeLicences, type LicensedPackage } from "./licences.ts";
import { judgeLock } from "./lock.ts";
import { judgeSignatures } from "./signatures.ts";

readOptions({
  help: `
Usage: npm run check:supply

Checks that package-lock.json has only packages of the registry, each with its
checksum. Also checks the licences of shipped packages and of tools, and the
registry's signatures if it answers.

  -h, --help  print this help`,
  options: {},
});

const lock = readJson("package-lock.json");
const manifest = readJson("package.json");
const shipped = listShipped();
const used = listUsed();

report(`package-lock.json: ${used.length} packages`, judgeLock(lock, manifest));
report(
  `licences of what is shipped: ${shipped.length} packages`,
  judgeLicences(shipped, "shipped"),
);
report(`licences of what is used: ${used.length} packages`, judgeLicences(used, "development"));
reportSignatures();

function readJson(file: string): unknown {
  return parseJson(readFileSync(join(CHECKOUT, file), "utf8"));
}

function report(what: string, faults: readonly string[]): void {
  console.log(`${faults.length === 0 ? "ok    " : "FAILED"}  ${what}`);
  for (const fault of faults) console.log(`        ${fault}`);
  if (faults.length > 0) process.exitCode = 1;
}

/**
 * Lists the packages that users get: those in the bundle, those in the standalone executables that are built, and those
 * that npm installs next to the bundle.
 */
function listShipped(): LicensedPackage[] {
  const chunks = toRecord(readJson("dist/chunks.json"));
  const modules = [...Object.values(chunks).flat().map(String), ...listBuiltModules()];
  const beside = [...productionPackages(CHECKOUT, toRecord(manifest)).values()].map(readPackage);
  return [...listPackages(modules), ...beside].map(({ name, version, license }) => ({
    name: `${name} ${version}`,
    license,
  }));
}

function listUsed(): LicensedPackage[] {
  const { "": _project, ...packages } = toRecord(toRecord(lock)["packages"]);
  return Object.entries(packages).map(([folder, entry]) => ({
    name: folder,
    license: toRecord(entry)["license"],
  }));
}

/** The time limit is long enough for a registry that responds. Without a limit, npm would retry for minutes. */
function reportSignatures(): void {
  const { status, stdout } = spawnSync("npm", ["audit", "signatures", "--json"], {
    cwd: CHECKOUT,
    encoding: "utf8",
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 30_000,
    killSignal: "SIGKILL",
    env: { ...process.env, npm_config_fetch_retries: "0" },
  });
  const judged = judgeSignatures(status, stdout);
  if (judged.kind === "skipped")
    console.log(`skipped signatures of the registry: ${judged.reason}`);
  else report("signatures of the registry", judged.faults);
}
