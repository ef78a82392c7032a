// Installs tools that check and build the manifests' packages in the Debian root, and a tool that checks the workflows.
import { existsSync } from "node:fs";
import { listMissingPackages } from "../platforms/apt.ts";
import { DEBIAN_ROOT, ensureRoot, isRootMade } from "../platforms/debian-root.ts";
import { buildGoTool, locateGoTool, type GoTool } from "./go-tool.ts";

/** makepkg also needs file, bsdtar and fakeroot, which Debian's package does not depend on. */
const PACKAGES = [
  ...["makepkg", "file", "libarchive-tools", "fakeroot", "pacman-package-manager"],
  ...["nix-bin", "patchelf", "binutils", "ruby", "shellcheck"],
];

/** Checks the workflows in .github/. */
const ACTIONLINT: GoTool = {
  name: "actionlint",
  command: "github.com/rhysd/actionlint/cmd/actionlint",
};

export function locateActionlint(): string {
  return locateGoTool(ACTIONLINT);
}

/** Installs the tools that are missing. The first time, that takes a minute and a half. Needs root. */
export function setUpManifestTools(): void {
  ensureRoot(PACKAGES);
  buildGoTool(ACTIONLINT);
}

/** Returns why manifests and workflows can't be checked on this machine; undefined if they can. */
export function findManifestObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return "only root can enter a Debian root";
  const isSetUp =
    isRootMade() &&
    listMissingPackages(DEBIAN_ROOT, PACKAGES).length === 0 &&
    existsSync(locateActionlint());
  return isSetUp ? undefined : "not set up: npm run setup:packages";
}
