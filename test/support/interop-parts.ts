import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "./program.ts";

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

export const PYTHON_PACKAGES = { boto3: "1.44.8", moto: "5.2.1" };

/** The SHA-256 of the sources that the witness was built from. */
export const WITNESS_NOTE = join(INTEROP, ".bin", "sources");

export function hashWitnessSources(): string {
  const sources = ["main.go", "go.mod", "go.sum"].map((name) =>
    readFileSync(join(INTEROP, "go", name), "utf8"),
  );
  return createHash("sha256").update(sources.join("\0")).digest("hex");
}

export function isWitnessBuilt(): boolean {
  return (
    existsSync(WITNESS) &&
    existsSync(WITNESS_NOTE) &&
    readFileSync(WITNESS_NOTE, "utf8") === hashWitnessSources()
  );
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
    ...(isWitnessBuilt() ? [] : [WITNESS]),
  ];
}

/** What to do about missing parts, in one line. */
export function describeMissing(paths: readonly string[]): string {
  return `Missing: ${paths.join(", ")}. Run: npm run setup:interop`;
}

/** @throws where one of the files is missing: no test is skipped for it */
export function requireParts(...paths: string[]): void {
  const missing = paths.filter((path) => !existsSync(path));
  if (missing.length > 0) throw new Error(describeMissing(missing));
}
