// Brings the real parts of the interop and fault suites onto this machine, each only where it is missing: from Debian the
// AWS CLI v2, Chromium, tmux, shells and the tools that inject faults, boto3 and moto (which plays the administrator's
// services) in a virtual environment, and the Go program built.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const interop = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "test", "interop");
const PYTHON_PACKAGES = { boto3: "1.43.11", moto: "5.2.1" };

function run(program, argv, options = {}) {
  execFileSync(program, argv, { stdio: ["ignore", 2, 2], ...options });
}

function answers(program, argv) {
  try {
    return execFileSync(program, argv, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return "";
  }
}

/** Packages of Debian, asked for together: the list of packages is fetched only where one is missing. */
function ensureDebian(packages) {
  const missing = packages.filter(
    (name) => !/^install ok installed/.test(answers("dpkg-query", ["-W", "-f", "${Status}", name])),
  );
  if (missing.length === 0) return;
  console.error(`latchkey: installing ${missing.join(", ")} (once)`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update", "-qq"], { env });
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], { env });
}

ensureDebian([
  "awscli",
  "python3-venv",
  "strace",
  "faketime",
  "openssl",
  "util-linux",
  "gnome-keyring",
  "dbus-daemon",
  "dbus-bin",
  "chromium",
  "tmux",
  "dash",
  "zsh",
  "fish",
]);

const python = join(interop, ".venv", "bin", "python");
const versions = Object.values(PYTHON_PACKAGES).join(" ");
if (
  answers(python, [
    "-c",
    `from importlib.metadata import version; print(${Object.keys(PYTHON_PACKAGES)
      .map((name) => `version("${name}")`)
      .join(", ")})`,
  ]).trim() !== versions
) {
  console.error("latchkey: making the virtual environment of boto3 and moto (once)");
  run("python3", ["-m", "venv", "--clear", join(interop, ".venv")]);
  run(python, [
    "-m",
    "pip",
    "install",
    "-q",
    "--disable-pip-version-check",
    `boto3==${PYTHON_PACKAGES.boto3}`,
    `moto[server]==${PYTHON_PACKAGES.moto}`,
  ]);
}

const witness = join(interop, ".bin", "witness");
const note = join(interop, ".bin", "sources");
const sources = ["main.go", "go.mod", "go.sum"]
  .map((name) => readFileSync(join(interop, "go", name), "utf8"))
  .join("\0");
const fingerprint = createHash("sha256").update(sources).digest("hex");
if (!existsSync(witness) || !existsSync(note) || readFileSync(note, "utf8") !== fingerprint) {
  console.error("latchkey: building the Go witness (once)");
  mkdirSync(join(interop, ".bin"), { recursive: true });
  run("go", ["build", "-o", witness, "."], { cwd: join(interop, "go") });
  writeFileSync(note, fingerprint);
}
