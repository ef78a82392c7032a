// Makes a Debian 13 in a folder with debootstrap, for programs that need newer libraries than this machine has, or that
// are for another platform (Wine, qemu, musl). Only root can make it, and all checkouts of a user share it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { locateCache } from "../../cache.ts";
import { findMirror, installInside, installOnHost, run } from "./apt.ts";

/** Describes how the root was made. If a root has another note, it is made again. */
const NOTE = "debian trixie, minbase, 1\n";
const RELEASE = "trixie";

/** Folders of this machine, by their mount points in the root. */
export type Binds = Readonly<Record<string, string>>;

export interface Placement {
  /** Folders of this machine, by their mount points in the root. */
  readonly binds?: Binds;
  /** A path in the root; the default is `/`. */
  readonly cwd?: string;
  /**
   * Whether the program and its child processes may be ARM programs, which qemu in the root then runs (needs Linux 6.7
   * or later).
   */
  readonly runsArm?: boolean;
  /**
   * A folder of this machine in which all changes to the root are stored. The next program with the same layer sees them.
   */
  readonly layer?: string;
}

/** Returns the folder of the roots and their files. */
export function locatePlatforms(): string {
  return join(locateCache(), "platforms");
}

export const DEBIAN_ROOT = join(locatePlatforms(), "debian-13");

/** Returns whether the root is complete and can be used. Only the user root can use it. */
export function isRootMade(): boolean {
  return process.getuid?.() === 0 && readNote() === NOTE;
}

/**
 * Makes the root if it is missing or incomplete, and installs missing packages in it (`wine64`, `musl:arm64`). Only one
 * process at a time does that. The first time takes about a minute, later times almost none.
 * @throws Error if the process is not root, or if apt has no Debian mirror
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
    // Closing the file releases the lock. If this process is killed, the kernel releases it.
    lock.close();
  }
}

/**
 * Returns the arguments that start a program in the root. The program gets the caller's environment, with a longer
 * PATH. The mounts are in a mount namespace of the process, so they vanish when the process ends. Process id and exit
 * code are those of the program. The program uses this machine's network.
 */
export function wrapInRoot(words: readonly string[], placement: Placement = {}): string[] {
  const { binds = {}, cwd = "/", runsArm = false, layer = "" } = placement;
  const pairs = Object.entries(binds).flatMap(([inside, folder]) => [folder, inside]);
  const count = String(pairs.length / 2);
  // The interpreter is registered in a user namespace, so it does not affect the rest of the machine.
  const namespaces = runsArm ? ["--user", "--map-root-user", "--mount"] : ["--mount"];
  return ["/usr/bin/unshare", ...namespaces, "/bin/sh", "-c", ENTER]
    .concat("latchkey-root", DEBIAN_ROOT, layer, runsArm ? ARM_INTERPRETER : "", cwd, count)
    .concat(pairs, words);
}

/** The kernel's binfmt_misc entry: the first 20 bytes of 64-bit ARM programs, and the interpreter for them. */
const ARM_INTERPRETER = [
  ":latchkey-arm64:M:",
  String.raw`\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00`,
  String.raw`\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff`,
  `${DEBIAN_ROOT}/usr/bin/qemu-aarch64`,
  "F",
].join(":");

/**
 * The shell script that enters the root. Its arguments: the root's folder, a layer or nothing, an interpreter or
 * nothing, the working directory, and the number of pairs that follow, each a folder and its mount point.
 */
const ENTER = `set -e
PATH="$PATH:/usr/sbin:/usr/bin:/sbin:/bin"
root=$1 layer=$2 interpreter=$3 cwd=$4 pairs=$5
shift 5
if [ -n "$layer" ]; then
  mkdir -p "$layer/changes" "$layer/work" "$layer/root"
  # In a user namespace the layer's own notes need attributes that such a namespace may write.
  notes=\${interpreter:+,userxattr}
  mount -t overlay -o "lowerdir=$root,upperdir=$layer/changes,workdir=$layer/work$notes" overlay "$layer/root"
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
  // If someone has mounted /dev of this machine in the root by hand, --one-file-system keeps rm from deleting it.
  run(["rm", "-rf", "--one-file-system", DEBIAN_ROOT]);
  run(["debootstrap", "--variant=minbase", RELEASE, DEBIAN_ROOT, mirror]);
  writeFileSync(join(DEBIAN_ROOT, "etc", "latchkey-root"), NOTE);
}
