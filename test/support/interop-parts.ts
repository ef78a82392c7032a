import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CHECKOUT } from "./program.ts";
import { leaveOutOnWindows } from "./windows.ts";

/** The programs that the interop and fault suites use and `npm ci` does not install: where they are, and which are missing. */

export const INTEROP = join(CHECKOUT, "test", "interop");
export const AWS = "/usr/bin/aws";
export const CHROMIUM = "/usr/bin/chromium";
export const PYTHON = join(INTEROP, ".venv", "bin", "python");
export const MOTO = join(INTEROP, ".venv", "bin", "moto_server");
export const WITNESS = join(INTEROP, ".bin", "witness");
/** Replaces the clock of a child that loads it. */
export const FAKETIME = `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu/faketime/libfaketime.so.1`;

/** What the suites use of Debian: file → the package that installs it. */
export const DEBIAN_FILES: Readonly<Record<string, string>> = {
  [AWS]: "awscli",
  [CHROMIUM]: "chromium",
  [FAKETIME]: "faketime",
  "/usr/bin/bindfs": "bindfs",
  "/usr/bin/dash": "dash",
  "/usr/bin/dbus-run-session": "dbus-daemon",
  "/usr/bin/dbus-send": "dbus-bin",
  "/usr/bin/fish": "fish",
  "/usr/bin/gnome-keyring-daemon": "gnome-keyring",
  "/usr/bin/openssl": "openssl",
  "/usr/bin/setpriv": "util-linux",
  "/usr/bin/strace": "strace",
  "/usr/bin/tmux": "tmux",
  "/usr/bin/unshare": "util-linux",
  "/usr/bin/zsh": "zsh",
};

/** awscrt is what botocore reads the sign-in of `aws login` with. */
export const PYTHON_PACKAGES = { boto3: "1.44.8", awscrt: "0.38.0", moto: "5.2.1" };

/** The last boto3 of 2022 that knows no sso-session: a client that is too old for it. */
export const BOTO3_BEFORE_SESSIONS = "1.24.96";
export const VENV_BEFORE_SESSIONS = join(INTEROP, ".bin", "boto3-before-sessions");
export const PYTHON_BEFORE_SESSIONS = join(VENV_BEFORE_SESSIONS, "bin", "python");

/** A program that is built of sources of ours: what it is built into, and from which folder. */
export interface BuiltPart {
  readonly name: string;
  readonly sources: string;
  readonly built: string;
}

const DRIVERS = join(CHECKOUT, "test", "clients", "drivers");
/** The drivers of test:clients, each in a folder of its own. */
const BUILT_DRIVERS = join(INTEROP, ".bin", "drivers");
const createDriver = (name: string, folder: string): BuiltPart => ({
  name,
  sources: join(DRIVERS, folder),
  built: join(BUILT_DRIVERS, folder),
});

export const GO_WITNESS: BuiltPart = {
  name: "the Go client",
  sources: join(INTEROP, "go"),
  built: dirname(WITNESS),
};
export const GO_DRIVERS = createDriver("the drivers in Go", "go");
export const JAVA_DRIVER = createDriver("the driver in Java", "java");
export const RUST_DRIVER = createDriver("the driver in Rust", "rust");

/** The SHA-256 of the sources that a part was built from is kept beside it. */
export const notePath = ({ built }: BuiltPart): string => join(built, "sources");

export function hashSources({ sources }: BuiltPart): string {
  const files = readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

export function isBuilt(part: BuiltPart): boolean {
  const note = notePath(part);
  return existsSync(note) && readFileSync(note, "utf8") === hashSources(part);
}

/** Whether the virtual environment has the packages, in their versions. */
export function hasPythonPackages(): boolean {
  const versions = Object.keys(PYTHON_PACKAGES).map((name) => `version("${name}")`);
  const script = `from importlib.metadata import version; print(${versions.join(", ")})`;
  try {
    const answer = execFileSync(PYTHON, ["-c", script], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return answer.trim() === Object.values(PYTHON_PACKAGES).join(" ");
  } catch {
    return false;
  }
}

/** The parts that are missing, or of another version, each by its path. */
export function listMissingParts(): string[] {
  return [
    ...Object.keys(DEBIAN_FILES).filter((path) => !existsSync(path)),
    ...(hasPythonPackages() ? [] : [PYTHON]),
    ...(isBuilt(GO_WITNESS) ? [] : [WITNESS]),
    ...(isBuilt(GO_DRIVERS) ? [] : [GO_DRIVERS.built]),
  ];
}

/** What to do about missing parts, in one line. */
export function describeMissing(paths: readonly string[]): string {
  return `Missing: ${paths.join(", ")}. Run: npm run setup:interop`;
}

/** @throws where one of the files is missing: no test is skipped for it */
export function requireParts(...paths: string[]): void {
  leaveOutOnWindows("a client that is a program of Linux");
  const missing = paths.filter((path) => !existsSync(path));
  if (missing.length > 0) throw new Error(describeMissing(missing));
}
