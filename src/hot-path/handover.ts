import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  readSync,
} from "node:fs";
import nodeModule from "node:module";
import { basename, dirname, join } from "node:path";
import { isRecord, parseJson } from "../text/json.ts";

/**
 * Decides whether the standalone program replaces this Node program. npm installs the standalone program as a package
 * for the machine's platform. Every check is made before the replacement, because Node aborts if the system refuses it
 * (decision 37).
 */

export type Handover =
  /** The absolute path of the standalone program. */
  | { readonly program: string }
  /** Why the Node program continues to run. */
  | { readonly reason: string };

/** The machine that this Node runs on. */
export interface Host {
  readonly platform: string;
  readonly arch: string;
  /** On Linux the loader of this Node, such as `/lib/ld-musl-x86_64.so.1`; undefined if Node has none. */
  readonly loader?: string | undefined;
  /** Whether this is NixOS, where the usual loader only prints that programs of other systems don't run. */
  readonly isNixOs?: boolean;
}

/** The installed package. `obstacle` is the reason why its program can't run. */
interface Found {
  readonly program: string;
  readonly version: unknown;
  readonly obstacle: string | undefined;
}

const CPUS: ReadonlySet<string> = new Set(["x64", "arm64"]);
const SYSTEMS: Readonly<Record<string, string>> = {
  linux: "linux",
  darwin: "darwin",
  win32: "windows",
};

/**
 * Returns the program that replaces this one.
 * @param root the folder of package.json, without links
 * @param version the version of this program
 */
export function findHandover(root: string, version: string): Handover {
  const host = readHost();
  const target = nameTarget(host);
  const found = target === undefined ? undefined : findPackage(root, target, host);
  return decideHandover(target ?? `${host.platform}-${host.arch}`, version, found);
}

export function decideHandover(
  target: string,
  version: string,
  found: Found | undefined,
): Handover {
  const name = `latchkey-${target}`;
  if (found === undefined) return { reason: `the package ${name} is not installed` };
  if (found.version !== version)
    return {
      reason: `the package ${name} is of version ${String(found.version)}, and this is ${version}`,
    };
  if (found.obstacle !== undefined) return { reason: `the program of ${name} ${found.obstacle}` };
  return { program: found.program };
}

/** Returns the target for the machine; undefined if no program is built for it. */
export function nameTarget({ platform, arch, loader }: Host): string | undefined {
  const system = SYSTEMS[platform];
  if (system === undefined || !CPUS.has(arch)) return undefined;
  const isMusl = platform === "linux" && loader !== undefined && basename(loader).includes("musl");
  return `${system}-${arch}${isMusl ? "-musl" : ""}`;
}

function readHost(): Host {
  const { platform, arch } = process;
  if (platform !== "linux") return { platform, arch };
  const loader = readElf(readHead(process.execPath))?.loader;
  return { platform, arch, loader, isNixOs: existsSync("/etc/NIXOS") };
}

/**
 * Looks in this package's own node_modules, and in the node_modules that contains this package. npm, pnpm, Yarn and Bun use
 * these two folders. Folders further up are not used, because others may write to them. Yarn without a node_modules folder
 * has replaced Node's search by its own, which knows the folder.
 */
function findPackage(root: string, target: string, host: Host): Found | undefined {
  const name = `latchkey-${target}`;
  const beside = basename(dirname(root)) === "node_modules" ? [join(dirname(root), name)] : [];
  for (const folder of [join(root, "node_modules", name), ...beside, ...askYarn(root, name)]) {
    const manifest = readManifest(folder);
    if (manifest === undefined) continue;
    const program = join(folder, "bin", host.platform === "win32" ? "latchkey.exe" : "latchkey");
    return { program, version: manifest["version"], obstacle: findObstacle(program, host) };
  }
  return undefined;
}

/** The part of Yarn's Plug'n'Play that is used here (https://yarnpkg.com/advanced/pnpapi). */
type FindYarnSearch = (path: string) => {
  readonly resolveToUnqualified: (request: string, issuer: string) => string | null;
} | null;

function askYarn(root: string, name: string): string[] {
  try {
    // Yarn adds it to Node's module before this program starts.
    const find = Reflect.get(nodeModule, "findPnpApi") as FindYarnSearch | undefined;
    const folder = find?.(root)?.resolveToUnqualified(name, join(root, "package.json"));
    return typeof folder === "string" ? [folder] : [];
  } catch {
    return [];
  }
}

function readManifest(folder: string): Record<string, unknown> | undefined {
  try {
    const manifest = parseJson(readFileSync(join(folder, "package.json"), "utf8"));
    return isRecord(manifest) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** Returns why the system would refuse to start the program; undefined if it would not. */
function findObstacle(program: string, host: Host): string | undefined {
  try {
    accessSync(program, constants.X_OK);
    return judgeHead(readHead(program), host, existsSync);
  } catch {
    return "can't be read or may not be run";
  }
}

/**
 * Returns why the system would refuse to start a program, judged by the first bytes of its file.
 * @param isThere returns whether a file exists
 */
export function judgeHead(
  head: Buffer,
  { platform, arch, isNixOs = false }: Host,
  isThere: (path: string) => boolean,
): string | undefined {
  const other = `is not made for ${platform} on ${arch}`;
  if (platform === "win32") return head.toString("latin1", 0, 2) === "MZ" ? undefined : other;
  if (platform === "darwin") return readMachO(head) === arch ? undefined : other;
  const elf = readElf(head);
  if (elf?.arch !== arch) return other;
  if (elf.loader === undefined || isNixOs) return "has no loader on this system";
  return isThere(elf.loader) ? undefined : `needs ${elf.loader}, which is not there`;
}

/** The bytes that are read. Linkers put the headers and the loader's path into them. */
const HEAD_BYTES = 4096;

/** @throws the system's error */
function readHead(path: string): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, "r");
  try {
    return head.subarray(0, readSync(file, head));
  } finally {
    closeSync(file);
  }
}

const ELF_CPUS: Readonly<Record<number, string>> = { 62: "x64", 183: "arm64" };

/** Returns the processor and the loader of a Linux program (64 bits, little-endian; System V ABI, chapters 4 and 5). */
function readElf(head: Buffer): { readonly arch?: string; readonly loader?: string } | undefined {
  if (head.length < 64 || head.toString("latin1", 0, 5) !== "\x7fELF\x02") return undefined;
  const arch = ELF_CPUS[head.readUInt16LE(18)];
  const [first, size, count] = [
    Number(head.readBigUInt64LE(32)),
    head.readUInt16LE(54),
    head.readUInt16LE(56),
  ];
  for (let at = first, left = count; left > 0 && at + 56 <= head.length; at += size, left -= 1) {
    if (head.readUInt32LE(at) !== PROGRAM_INTERPRETER) continue;
    const start = Number(head.readBigUInt64LE(at + 8));
    const loader = head.toString(
      "latin1",
      start,
      start + Number(head.readBigUInt64LE(at + 32)) - 1,
    );
    return { ...(arch === undefined ? {} : { arch }), ...(loader === "" ? {} : { loader }) };
  }
  return arch === undefined ? {} : { arch };
}

const PROGRAM_INTERPRETER = 3;

const MACH_CPUS: Readonly<Record<number, string>> = { 0x01000007: "x64", 0x0100000c: "arm64" };

/** Returns the processor of a macOS program. */
function readMachO(head: Buffer): string | undefined {
  const isMachO = head.length >= 8 && head.readUInt32LE(0) === 0xfeedfacf;
  return isMachO ? MACH_CPUS[head.readUInt32LE(4)] : undefined;
}
