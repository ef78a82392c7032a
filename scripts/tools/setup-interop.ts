// Installs the parts that the interop and fault suites need. Installs only what is missing.
import { execFileSync, type ExecFileSyncOptions } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BOTO3_BEFORE_SESSIONS,
  DEBIAN_FILES,
  describeMissing,
  GO_DRIVERS,
  GO_WITNESS,
  hashSources,
  hasPythonPackages,
  INTEROP,
  isBuilt,
  JAVA_DRIVER,
  listMissingParts,
  notePath,
  PYTHON,
  PYTHON_BEFORE_SESSIONS,
  PYTHON_PACKAGES,
  RUST_DRIVER,
  VENV_BEFORE_SESSIONS,
  WITNESS,
  type BuiltPart,
} from "../../test/support/interop-parts.ts";
import { readOptions } from "../options.ts";

const { values } = readOptions({
  help: `
Usage: npm run setup:interop [-- OPTION]
       npm run setup:clients

Installs what test:interop, test:faults and test:standalone need, but only missing
parts: Debian packages (the AWS CLI, Chromium, tmux, shells, and tools that inject
faults; as root), boto3 and moto in a virtual environment, and the clients in Go.
bench measures the AWS CLI and boto3 if they are installed.
setup:clients also installs the other parts of test:clients: the clients in Java and
Rust (built with Maven and cargo, from Debian if missing), and a boto3 of 2022.

  --check     install nothing; exit 1 if a part is missing, and name it
  --clients   also the clients in Java and Rust
  -h, --help  print this help`,
  options: { check: { type: "boolean" }, clients: { type: "boolean" } },
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
  const tools = values.clients === true ? listBuildTools() : [];
  installDebianPackages([...(needsPython ? ["python3-venv"] : []), ...tools]);
  if (needsPython) createVirtualEnvironment();
  build(GO_WITNESS, ({ sources }) => run("go", ["build", "-o", WITNESS, "."], { cwd: sources }));
  build(GO_DRIVERS, ({ sources, built }) =>
    run("go", ["build", "-o", `${built}/`, "./sdk1", "./sdk2", "./base"], { cwd: sources }),
  );
  if (values.clients !== true) return;
  if (!existsSync(PYTHON_BEFORE_SESSIONS)) createVenvBeforeSessions();
  build(JAVA_DRIVER, buildJava);
  build(RUST_DRIVER, ({ sources, built }) => {
    const env = { ...process.env, CARGO_TARGET_DIR: join(built, "target") };
    run("cargo", ["build", "--quiet"], { cwd: sources, env });
  });
}

/** Returns the Debian packages of missing tools. Debian's cargo is too old, so its newer package cargo-web is used. */
function listBuildTools(): string[] {
  return [
    ...(canRun("mvn") && canRun("javac") ? [] : ["default-jdk-headless", "maven"]),
    ...(canRun("cargo") ? [] : ["cargo-web", "rustc-web"]),
  ];
}

function canRun(program: string): boolean {
  return (process.env["PATH"] ?? "")
    .split(":")
    .some((folder) => folder !== "" && existsSync(join(folder, program)));
}

/** Fetches the jars with Maven and compiles the class. */
function buildJava({ sources, built }: BuiltPart): void {
  const target = `-DoutputDirectory=${built}`;
  run("mvn", ["-B", "-q", target, "dependency:copy-dependencies"], { cwd: sources });
  const classes = join(built, "classes");
  const source = join(sources, "src", "main", "java", "Driver.java");
  run("javac", ["-cp", join(built, "*"), "-d", classes, source]);
}

/** Installs the missing Debian packages. Updates apt's list of packages only if a package is missing. */
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
  const { boto3, awscrt, moto } = PYTHON_PACKAGES;
  const packages = [`boto3[crt]==${boto3}`, `awscrt==${awscrt}`, `moto[server]==${moto}`];
  run(PYTHON, ["-m", "pip", "install", "-q", "--disable-pip-version-check", ...packages]);
}

function createVenvBeforeSessions(): void {
  console.error("latchkey: creating the virtual environment of a boto3 of 2022 (once)");
  run("python3", ["-m", "venv", "--clear", VENV_BEFORE_SESSIONS]);
  const options = ["-m", "pip", "install", "-q", "--disable-pip-version-check"];
  run(PYTHON_BEFORE_SESSIONS, [...options, `boto3==${BOTO3_BEFORE_SESSIONS}`]);
}

function build(part: BuiltPart, compile: (part: BuiltPart) => void): void {
  if (isBuilt(part)) return;
  console.error(`latchkey: building ${part.name} (once)`);
  mkdirSync(part.built, { recursive: true });
  compile(part);
  writeFileSync(notePath(part), hashSources(part));
}

function run(program: string, argv: readonly string[], options: ExecFileSyncOptions = {}): void {
  execFileSync(program, argv, { stdio: ["ignore", 2, 2], ...options });
}
