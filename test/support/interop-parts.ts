import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CHECKOUT } from "./program.ts";
import { leaveOutOnWindows } from "./windows.ts";

/** Finds the programs of the interop and fault suites that `npm ci` does not install, and lists the missing ones. */

export const INTEROP = join(CHECKOUT, "test", "interop");
export const AWS = "/usr/bin/aws";
export const CHROMIUM = "/usr/bin/chromium";
export const PYTHON = join(INTEROP, ".venv", "bin", "python");
export const MOTO = join(INTEROP, ".venv", "bin", "moto_server");
export const WITNESS = join(INTEROP, ".bin", "witness");
/** A library that replaces the clock of the child that loads it. */
export const FAKETIME = `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu/faketime/libfaketime.so.1`;

/** Files from Debian that the suites use, each with its package. */
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

/** botocore needs awscrt to read the sign-in of `aws login`. */
export const PYTHON_PACKAGES = { boto3: "1.44.8", awscrt: "0.38.0", moto: "5.2.1" };

/** The last boto3 of 2022 without support for sso-session, as an example of an old client. */
export const BOTO3_BEFORE_SESSIONS = "1.24.96";
export const VENV_BEFORE_SESSIONS = join(INTEROP, ".bin", "boto3-before-sessions");
export const PYTHON_BEFORE_SESSIONS = join(VENV_BEFORE_SESSIONS, "bin", "python");

/** A program that is built from sources of this project: its output and its source folder. */
export interface BuiltPart {
  readonly name: string;
  readonly sources: string;
  readonly built: string;
}

const DRIVERS = join(CHECKOUT, "test", "clients", "drivers");
/** The drivers of test:clients, each in a separate folder. */
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

/** Returns the file with the SHA-256 of a part's sources, which is beside the part. */
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

/** Returns whether the virtual environment has the packages in the right versions. */
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

/** Returns the paths of parts that are missing or have another version. */
export function listMissingParts(): string[] {
  return [
    ...Object.keys(DEBIAN_FILES).filter((path) => !existsSync(path)),
    ...(hasPythonPackages() ? [] : [PYTHON]),
    ...(isBuilt(GO_WITNESS) ? [] : [WITNESS]),
    ...(isBuilt(GO_DRIVERS) ? [] : [GO_DRIVERS.built]),
  ];
}

/** Returns one line with the command that installs the missing parts. */
export function describeMissing(paths: readonly string[]): string {
  return `Missing: ${paths.join(", ")}. Run: npm run setup:interop`;
}

/** @throws Error if one of the files is missing, because no test may be skipped for that reason */
export function requireParts(...paths: string[]): void {
  leaveOutOnWindows("a client that is a program of Linux");
  const missing = paths.filter((path) => !existsSync(path));
  if (missing.length > 0) throw new Error(describeMissing(missing));
}
