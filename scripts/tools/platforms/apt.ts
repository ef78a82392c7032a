// Installs missing Debian packages on this machine, and in the root in which programs of other platforms run.
import { execFileSync, type ExecFileSyncOptions } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const QUIET = ["-y", "-qq", "-o", "Dpkg::Use-Pty=0", "--no-install-recommends"];

/** Returns the names (`musl`, `musl:arm64`) that are not installed in `root`, according to dpkg's status file. */
export function listMissingPackages(root: string, names: readonly string[]): string[] {
  const status = join(root, "var", "lib", "dpkg", "status");
  const installed = new Set(existsSync(status) ? parseStatus(readFileSync(status, "utf8")) : []);
  return names.filter((name) => !installed.has(name));
}

/** Returns the installed packages in dpkg's status file. Each has two names: without and with its architecture. */
export function parseStatus(text: string): string[] {
  return text
    .split("\n\n")
    .filter((paragraph) => /^Status: .* installed$/m.test(paragraph))
    .flatMap((paragraph) => {
      const name = /^Package: (.*)$/m.exec(paragraph)?.[1] ?? "";
      const architecture = /^Architecture: (.*)$/m.exec(paragraph)?.[1] ?? "";
      return [name, `${name}:${architecture}`];
    });
}

/**
 * Installs the missing packages on this machine. Updates apt's list of packages only if a package is missing.
 * @throws Error if the process is not root
 */
export function installOnHost(names: readonly string[]): void {
  const missing = listMissingPackages("/", names);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0)
    throw new Error(`Only root can install. As root: apt-get install ${missing.join(" ")}`);
  console.error(`latchkey: installing ${missing.join(", ")} (once)`);
  run(["apt-get", "update", "-qq"]);
  run(["apt-get", "install", ...QUIET, ...missing]);
}

/**
 * Installs the missing packages in `root`. `wrap` returns the command line that starts a program there. `musl:arm64`
 * also adds the architecture arm64 to the root.
 */
export function installInside(
  root: string,
  names: readonly string[],
  wrap: (words: readonly string[]) => string[],
): void {
  const missing = listMissingPackages(root, names);
  if (missing.length === 0) return;
  console.error(`latchkey: installing ${missing.join(", ")} in ${root} (once)`);
  const architectures = new Set(missing.flatMap((name) => name.split(":").slice(1)));
  for (const architecture of architectures) run(wrap(["dpkg", "--add-architecture", architecture]));
  run(wrap(["apt-get", "update", "-qq"]));
  run(wrap(["apt-get", "install", ...QUIET, ...missing]));
  run(wrap(["apt-get", "clean"]));
}

/**
 * Returns the Debian mirror in apt's configuration on this machine.
 * @throws Error if apt has no mirror, as on another distribution
 */
export function findMirror(): string {
  const mirror = readMirror() ?? (run(["apt-get", "update", "-qq"]), readMirror());
  if (mirror === undefined) throw new Error("apt has no mirror of Debian here");
  return mirror;
}

function readMirror(): string | undefined {
  const format = "$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)";
  const words = ["apt-get", "indextargets", "--format", format, "Created-By: Packages"];
  return /^Debian\|Debian\|main\|(.+)$/m.exec(run(words, { stdio: ["ignore", "pipe", 2] }))?.[1];
}

/**
 * Runs a program. If stdout is a pipe, returns the output. Otherwise returns an empty text, and all output goes to stderr.
 */
export function run(
  [program = "", ...argv]: readonly string[],
  options: ExecFileSyncOptions = {},
): string {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" };
  const answer = execFileSync(program, argv, { env, stdio: ["ignore", 2, 2], ...options });
  return answer?.toString() ?? "";
}
