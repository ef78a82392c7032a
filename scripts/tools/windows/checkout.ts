// The copy of the checkout that Windows' programs run in: the same files, with the packages that npm installs for Windows.
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

/** What npm installs stays from run to run, with a note of the lock file that it came from. */
const KEPT = ["node_modules", "node_modules.note"];

/**
 * Copies all files of the checkout that git knows or would take, what is built (`built`: paths in the checkout), and
 * installs Windows' packages where the lock file has changed.
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
    // git also lists what was removed and not yet committed.
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
  // No script of a package is run: they would be Linux's.
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
