// A Debian 13 in a folder, by debootstrap: in it run the programs that this machine's own libraries are too old for, or
// that belong to another platform (Wine, qemu, musl). Made once for all checkouts of a user, as root.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { locateCache } from "../../cache.ts";
import { findMirror, installInside, installOnHost, run } from "./apt.ts";

/** What the root is made from; a root of another note is made anew. */
const NOTE = "debian trixie, minbase, 1\n";
const RELEASE = "trixie";

/** A folder of this machine, by the path that it has in the root. */
export type Binds = Readonly<Record<string, string>>;

export interface Placement {
  /** Path in the root → folder of this machine. */
  readonly binds?: Binds;
  /** A path in the root; without it `/`. */
  readonly cwd?: string;
  /** Whether it and its children may be programs for ARM, which the root's qemu then runs (Linux 6.7 or later). */
  readonly runsArm?: boolean;
  /** A folder of this machine that takes all that is written in the root, for the next program with the same one. */
  readonly layer?: string;
}

/** Where roots and what belongs to them are kept. */
export function locatePlatforms(): string {
  return join(locateCache(), "platforms");
}

export const DEBIAN_ROOT = join(locatePlatforms(), "debian-13");

/** Whether the root is there, whole; nobody but root can use it. */
export function isRootMade(): boolean {
  return process.getuid?.() === 0 && readNote() === NOTE;
}

/**
 * Makes the root where it is not there, and installs what is missing of `packages` in it (`wine64`, `musl:arm64`).
 * One process at a time does; an interrupted one is made anew. About a minute at first, nothing later.
 * @throws Error where this is not root, or where apt knows no mirror of Debian
 */
export function ensureRoot(packages: readonly string[]): void {
  if (process.getuid?.() !== 0) throw new Error("Only root can make a Debian root.");
  mkdirSync(dirname(DEBIAN_ROOT), { recursive: true });
  const lock = new DatabaseSync(`${DEBIAN_ROOT}.lock`, { timeout: 900_000 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
    if (readNote() !== NOTE) makeRoot();
    installInside(DEBIAN_ROOT, packages, (words) => wrapInRoot(words));
  } finally {
    // The kernel lets go of the lock with the file, also where this process is killed.
    lock.close();
  }
}

/**
 * The words that start a program in the root, with the environment that they are started with (its PATH is extended). The
 * mounts live in a mount namespace of that process and its children, so that nothing is left of them at its end; its
 * process id and its exit code are the program's. The network is this machine's.
 */
export function wrapInRoot(words: readonly string[], placement: Placement = {}): string[] {
  const { binds = {}, cwd = "/", runsArm = false, layer = "" } = placement;
  const pairs = Object.entries(binds).flatMap(([inside, folder]) => [folder, inside]);
  const count = String(pairs.length / 2);
  // Interpreters belong to a user namespace: outside of it nothing learns of them.
  const namespaces = runsArm ? ["--user", "--map-root-user", "--mount"] : ["--mount"];
  return ["/usr/bin/unshare", ...namespaces, "/bin/sh", "-c", ENTER]
    .concat("latchkey-root", DEBIAN_ROOT, layer, runsArm ? ARM_INTERPRETER : "", cwd, count)
    .concat(pairs, words);
}

/** How the kernel's binfmt_misc knows 64-bit ARM programs, by the first 20 bytes, and what it starts for them. */
const ARM_INTERPRETER = [
  ":latchkey-arm64:M:",
  String.raw`\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00`,
  String.raw`\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff`,
  `${DEBIAN_ROOT}/usr/bin/qemu-aarch64`,
  "F",
].join(":");

/**
 * Enters the root: its folder, a layer or nothing, an interpreter or nothing, where to start, how many pairs of folder and
 * mount point follow.
 */
const ENTER = `set -e
PATH="$PATH:/usr/sbin:/usr/bin:/sbin:/bin"
root=$1 layer=$2 interpreter=$3 cwd=$4 pairs=$5
shift 5
if [ -n "$layer" ]; then
  mkdir -p "$layer/changes" "$layer/work" "$layer/root"
  mount -t overlay -o "lowerdir=$root,upperdir=$layer/changes,workdir=$layer/work" overlay "$layer/root"
  root=$layer/root
fi
for kernel in dev proc sys; do mount --rbind "/$kernel" "$root/$kernel"; done
if [ -n "$interpreter" ]; then
  mount -t binfmt_misc none "$root/proc/sys/fs/binfmt_misc"
  printf %s "$interpreter" > "$root/proc/sys/fs/binfmt_misc/register"
fi
while [ "$pairs" -gt 0 ]; do
  mkdir -p "$root/$2"
  mount --rbind "$1" "$root/$2"
  pairs=$((pairs - 1))
  shift 2
done
exec chroot "$root" /usr/bin/env --chdir="$cwd" -- "$@"`;

function readNote(): string | undefined {
  const path = join(DEBIAN_ROOT, "etc", "latchkey-root");
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function makeRoot(): void {
  installOnHost(["debootstrap"]);
  const mirror = findMirror();
  console.error(`latchkey: making a Debian 13 in ${DEBIAN_ROOT} (once)`);
  // Whoever has mounted this machine's /dev in it by hand keeps that.
  run(["rm", "-rf", "--one-file-system", DEBIAN_ROOT]);
  run(["debootstrap", "--variant=minbase", RELEASE, DEBIAN_ROOT, mirror]);
  writeFileSync(join(DEBIAN_ROOT, "etc", "latchkey-root"), NOTE);
}
