// Installs what test:platforms needs, each part only where it is missing.
import { readOptions } from "../../options.ts";
import { isRootMade } from "./debian-root.ts";
import { setUpLinux } from "./linux.ts";

readOptions({
  help: `
Usage: npm run setup:platforms

Installs what test:platforms runs the programs for other Linux machines with, as
root and each part only where it is missing: a Debian 13 in the user's cache
folder (by debootstrap, from the mirror that apt uses), in it qemu, the
libraries of Debian for ARM, musl, and musl's C++ library from a Python wheel.

  -h, --help  print this help`,
  options: {},
});

if (process.getuid?.() === 0) setUpLinux();
else if (!isRootMade())
  console.error("latchkey: nothing is set up: only root can make and enter a Debian root.");
