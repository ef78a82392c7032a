// Copies the checkout for programs under Wine: the same files, but with the packages that npm installs for Windows.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { CHECKOUT } from "../../../test/support/program.ts";
import { WINDOWS } from "./wine.ts";

/** The names that remain between runs: the installed packages, and a note of their lock file. */
const KEPT = ["node_modules", "node_modules.note"];

/**
 * Copies the build and all files that git tracks or does not ignore. If the lock file has changed, installs the packages
 * for Windows.
 * @param built paths in the checkout
 */
export function copyCheckout(built: readonly string[]): void {
  mkdirSync(WINDOWS.checkout, { recursive: true });
  for (const name of readdirSync(WINDOWS.checkout))
    if (!KEPT.includes(name)) rmSync(join(WINDOWS.checkout, name), { recursive: true });
  const listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const files = execFileSync("git", listing, {
    cwd: CHECKOUT,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  for (const file of [...files.split("\0"), ...built]) {
    const source = join(CHECKOUT, file);
    // git also lists files that were removed, until the removal is committed.
    if (file === "" || !existsSync(source)) continue;
    const copy = join(WINDOWS.checkout, file);
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(source, copy, { recursive: true, preserveTimestamps: true });
  }
  installPackages();
}

function installPackages(): void {
  const note = join(WINDOWS.checkout, "node_modules.note");
  const lock = readFileSync(join(CHECKOUT, "package-lock.json"));
  const sum = createHash("sha256").update(lock).digest("hex");
  if (existsSync(note) && readFileSync(note, "utf8") === sum) return;
  console.error("latchkey: installing Windows' packages (once for each lock file)");
  // Install scripts are not run, because they would run on Linux.
  const argv = [
    "ci",
    "--os",
    "win32",
    "--cpu",
    "x64",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
  ];
  execFileSync("npm", [...argv, "--loglevel=error"], {
    cwd: WINDOWS.checkout,
    stdio: ["ignore", 2, 2],
  });
  writeFileSync(note, sum);
}
