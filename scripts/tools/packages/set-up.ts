// Installs what package and test:packages need, each part only where it is missing.
import { readOptions } from "../../options.ts";
import { installOnHost } from "../platforms/apt.ts";
import { ensureRoot } from "../platforms/debian-root.ts";
import { setUpLinux } from "../platforms/linux.ts";
import { setUpManifestTools } from "./manifest-tools.ts";
import { buildNfpm } from "./nfpm.ts";
import {
  findInstallingObstacle,
  listHostPackages,
  listTestPackages,
  ROOT_PACKAGES,
} from "./parts.ts";

readOptions({
  help: `
Usage: npm run setup:packages

Installs what package and test:packages need, each part only where it is missing:
nfpm (by Go, from sources that are pinned here), xz, zip and minisign (Debian's
packages; as root), and in the Debian root of test:platforms the tools that
packages are installed and judged with: rpm, rpmlint, lintian, man, shells; and
those that read the manifests and the workflows: makepkg, Nix, Ruby, actionlint.

  -h, --help  print this help`,
  options: {},
});

installOnHost([...listHostPackages(), ...listTestPackages()]);
buildNfpm();
if (process.getuid?.() === 0) {
  setUpLinux();
  ensureRoot(ROOT_PACKAGES);
  setUpManifestTools();
} else
  console.error(
    `latchkey: packages can be made here, and not installed: ${findInstallingObstacle()}`,
  );
