// Installs the programs that `package` and `test:packages` need. Installs only what is missing.
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

Installs what package and test:packages need, but only missing parts: nfpm (built
with Go from sources that are pinned here); xz, zip and minisign (Debian packages,
as root); in the Debian root of test:platforms the tools to install and check
packages (rpm, rpmlint, lintian, man, shells), and the tools for manifests and
workflows (makepkg, Nix, Ruby, actionlint).

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
    `latchkey: packages can be made here, but not installed: ${findInstallingObstacle()}`,
  );
