// Brings the parts of a standalone executable that `npm ci` does not, each once, through npm, and checks what came.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BUN_VERSION, isWindows } from "./targets.ts";

/** @returns absolute path of the target's Bun */
export function runtimeOf(root, target) {
  const spec = `@oven/bun-${target.name.replace("arm64", "aarch64")}@${BUN_VERSION}`;
  return join(unpacked(root, spec, target.integrity), "bin", isWindows(target) ? "bun.exe" : "bun");
}

/** @returns absolute path of the folder of the keychain library's native part for the target */
export function keyringOf(root, target) {
  const name = `@napi-rs/keyring-${target.keyring}`;
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const { version, integrity } = packages[`node_modules/${name}`];
  return unpacked(root, `${name}@${version}`, integrity);
}

/** The package's folder, below node_modules so that a fresh `npm ci` begins anew. */
function unpacked(root, spec, integrity) {
  const cache = join(root, "node_modules", ".standalone-parts");
  const folder = join(cache, spec.replace(/^@/, "").replaceAll("/", "-"));
  if (existsSync(folder)) return folder;
  console.error(`latchkey: fetching ${spec} (once)`);
  mkdirSync(cache, { recursive: true });
  const workplace = mkdtempSync(join(cache, "fetch-"));
  try {
    const answer = execFileSync(
      "npm",
      ["pack", spec, "--json", "--silent", "--pack-destination", workplace],
      {
        cwd: root,
        encoding: "utf8",
        shell: process.platform === "win32",
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const tarball = join(workplace, JSON.parse(answer)[0].filename);
    const actual = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
    if (actual !== integrity) throw new Error(`${spec} is not what was pinned: ${actual}`);
    execFileSync("tar", ["-xzf", tarball, "-C", workplace]);
    renameSync(join(workplace, "package"), folder);
    return folder;
  } finally {
    rmSync(workplace, { recursive: true, force: true });
  }
}
