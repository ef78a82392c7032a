// Installs what the interop and fault suites need, each part only where it is missing.
import { execFileSync, type ExecFileSyncOptions } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  DEBIAN_FILES,
  describeMissing,
  hashWitnessSources,
  hasPythonPackages,
  INTEROP,
  isWitnessBuilt,
  listMissingParts,
  PYTHON,
  PYTHON_PACKAGES,
  WITNESS,
  WITNESS_NOTE,
} from "../../test/support/interop-parts.ts";
import { readOptions } from "../options.ts";

const { values } = readOptions({
  help: `
Usage: npm run setup:interop [-- OPTION]

Installs what test:interop, test:faults and test:standalone need, each part only
where it is missing: Debian packages (the AWS CLI, Chromium, tmux, shells, and
the tools that inject faults; as root), boto3 and moto in a virtual environment,
and the Go client. bench measures the AWS CLI and boto3 where they are installed.

  --check     install nothing; exit 1 if a part is missing, and name it
  -h, --help  print this help`,
  options: { check: { type: "boolean" } },
});

if (values.check === true) checkParts();
else setUpParts();

function checkParts(): void {
  const missing = listMissingParts();
  if (missing.length === 0) return;
  console.error(`latchkey: ${describeMissing(missing)}`);
  process.exitCode = 1;
}

function setUpParts(): void {
  const needsPython = !hasPythonPackages();
  installDebianPackages(needsPython ? ["python3-venv"] : []);
  if (needsPython) createVirtualEnvironment();
  if (!isWitnessBuilt()) buildWitness();
}

/** The list of packages is fetched only where one is missing. */
function installDebianPackages(more: readonly string[]): void {
  const missing = Object.entries(DEBIAN_FILES)
    .filter(([path]) => !existsSync(path))
    .map(([, name]) => name);
  const packages = [...new Set([...missing, ...more])];
  if (packages.length === 0) return;
  if (process.getuid?.() !== 0) {
    console.error(
      `latchkey: Only root can install. As root: apt-get install ${packages.join(" ")}`,
    );
    process.exit(1);
  }
  console.error(`latchkey: installing ${packages.join(", ")} (once)`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update", "-qq"], { env });
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { env });
}

function createVirtualEnvironment(): void {
  console.error("latchkey: creating the virtual environment of boto3 and moto (once)");
  run("python3", ["-m", "venv", "--clear", join(INTEROP, ".venv")]);
  const { boto3, moto } = PYTHON_PACKAGES;
  const packages = [`boto3==${boto3}`, `moto[server]==${moto}`];
  run(PYTHON, ["-m", "pip", "install", "-q", "--disable-pip-version-check", ...packages]);
}

function buildWitness(): void {
  console.error("latchkey: building the Go client (once)");
  mkdirSync(dirname(WITNESS), { recursive: true });
  run("go", ["build", "-o", WITNESS, "."], { cwd: join(INTEROP, "go") });
  writeFileSync(WITNESS_NOTE, hashWitnessSources());
}

function run(program: string, argv: readonly string[], options: ExecFileSyncOptions = {}): void {
  execFileSync(program, argv, { stdio: ["ignore", 2, 2], ...options });
}
