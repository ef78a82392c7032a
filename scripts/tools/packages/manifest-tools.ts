// What reads the manifests and builds what they describe, in the Debian root; and what reads the workflows.
import { existsSync } from "node:fs";
import { listMissingPackages } from "../platforms/apt.ts";
import { DEBIAN_ROOT, ensureRoot, isRootMade } from "../platforms/debian-root.ts";
import { buildGoTool, locateGoTool, type GoTool } from "./go-tool.ts";

/** makepkg also needs file, bsdtar and fakeroot, which Debian's package of it does not ask for. */
const PACKAGES = [
  ...["makepkg", "file", "libarchive-tools", "fakeroot", "pacman-package-manager"],
  ...["nix-bin", "patchelf", "binutils", "ruby", "shellcheck"],
];

/** Reads the workflows of .github/. */
const ACTIONLINT: GoTool = {
  name: "actionlint",
  command: "github.com/rhysd/actionlint/cmd/actionlint",
};

export function locateActionlint(): string {
  return locateGoTool(ACTIONLINT);
}

/** Each only where it is missing: a minute and a half at first. As root. */
export function setUpManifestTools(): void {
  ensureRoot(PACKAGES);
  buildGoTool(ACTIONLINT);
}

/** Why manifests and workflows can't be checked here; undefined where they can. */
export function findManifestObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return "only root can enter a Debian root";
  const isSetUp =
    isRootMade() &&
    listMissingPackages(DEBIAN_ROOT, PACKAGES).length === 0 &&
    existsSync(locateActionlint());
  return isSetUp ? undefined : "not set up: npm run setup:packages";
}
