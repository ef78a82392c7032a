// Fetches the parts of a standalone executable that `npm ci` does not install. Each is fetched once, through npm, and
// checked.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { basename, join } from "node:path";
import { isRecord, parseJson } from "../../../src/text/json.ts";
import { locateCache } from "../../cache.ts";
import { requireChecksum } from "../../checksum.ts";
import { CHECKOUT } from "../../../test/support/program.ts";
import { BUN_VERSION, isWindows, type Target } from "./targets.ts";

const CACHE_NAME = "standalone-parts";

/** All checkouts of a user share this folder: the runtimes are 800 MB, and version and checksum identify a package. */
const CACHE = join(locateCache(), CACHE_NAME);

/** A package with its version and its required checksum. */
interface Pinned {
  readonly spec: string;
  readonly integrity: string;
}

/** Returns the absolute path of Bun's executable for the target. */
export function fetchRuntime(target: Target): string {
  return join(fetchPackage(pinRuntime(target)), "bin", isWindows(target.name) ? "bun.exe" : "bun");
}

export function pinRuntime({ name, integrity }: Target): Pinned {
  return { spec: `@oven/bun-${name.replace("arm64", "aarch64")}@${BUN_VERSION}`, integrity };
}

/** Returns the absolute path of the folder with the keychain library's native part for the target. */
export function fetchKeyring(target: Target): string {
  return fetchPackage(readLocked(`@napi-rs/keyring-${target.keyring}`));
}

/** Returns a module's path in this user's cache, if it was in the cache of another user, machine or checkout. */
export function locateInCache(path: string): string {
  const [, inside] = path.split(new RegExp(`[/\\\\]${CACHE_NAME}[/\\\\]`), 2);
  return inside === undefined ? path : join(CACHE, inside);
}

/**
 * Copies the keychain part into a folder of the build, and returns the copy. Bun's names of chunks depend on the relative
 * path of the part, so it must be the same in every checkout, for the same sources to give the same program.
 */
export function placeKeyring(target: Target, chunks: string): string {
  const cached = fetchKeyring(target);
  const placed = join(chunks, CACHE_NAME, basename(cached));
  cpSync(cached, placed, { recursive: true });
  return placed;
}

function readLocked(name: string): Pinned {
  const lock = parseJson(readFileSync(join(CHECKOUT, "package-lock.json"), "utf8"));
  const packages = isRecord(lock) ? lock["packages"] : undefined;
  const locked = isRecord(packages) ? packages[`node_modules/${name}`] : undefined;
  if (!isRecord(locked)) throw new Error(`package-lock.json has no ${name}`);
  return {
    spec: `${name}@${String(locked["version"])}`,
    integrity: String(locked["integrity"]),
  };
}

/** Returns the absolute path of the unpacked package. If the folder is missing, fetches the package through npm. */
export function fetchPackage({ spec, integrity }: Pinned): string {
  // The folder's name contains the checksum, so a new checksum causes a new download.
  const sum = createHash("sha256").update(integrity).digest("hex").slice(0, 12);
  const folder = join(CACHE, `${spec.replace(/^@/, "").replaceAll("/", "-")}-${sum}`);
  if (existsSync(folder)) return folder;
  console.error(`latchkey: fetching ${spec} (once)`);
  mkdirSync(CACHE, { recursive: true });
  const workplace = mkdtempSync(join(CACHE, "fetch-"));
  try {
    const tarball = join(workplace, downloadPackage(spec, workplace));
    requireChecksum(tarball, spec, integrity);
    execFileSync("tar", ["-xzf", tarball, "-C", workplace]);
    keepFirst(join(workplace, "package"), folder);
    return folder;
  } finally {
    rmSync(workplace, { recursive: true, force: true });
  }
}

/** Moves the folder to its place, unless another build has put the same package there. */
function keepFirst(made: string, folder: string): void {
  try {
    renameSync(made, folder);
  } catch (thrown) {
    if (!existsSync(folder)) throw thrown;
  }
}

/** Returns the name of the tarball. */
function downloadPackage(spec: string, folder: string): string {
  const answer = execFileSync(
    "npm",
    ["pack", spec, "--json", "--silent", "--pack-destination", folder],
    {
      cwd: CHECKOUT,
      encoding: "utf8",
      shell: process.platform === "win32",
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const packed = parseJson(answer);
  const first: unknown = Array.isArray(packed) ? packed[0] : undefined;
  if (!isRecord(first) || typeof first["filename"] !== "string")
    throw new Error(`npm pack ${spec} named no file`);
  return first["filename"];
}
