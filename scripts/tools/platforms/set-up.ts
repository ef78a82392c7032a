// Installs the parts that `test:platforms` needs. Installs only what is missing.
import { readOptions } from "../../options.ts";
import { isRootMade } from "./debian-root.ts";
import { setUpLinux } from "./linux.ts";

readOptions({
  help: `
Usage: npm run setup:platforms

Installs what test:platforms needs to run programs for other Linux machines, but
only missing parts. Needs root. The parts are a Debian 13 in the user's cache
folder (made by debootstrap, from apt's mirror), and in it qemu, Debian's
libraries for ARM, musl, and musl's C++ library from a Python wheel.

  -h, --help  print this help`,
  options: {},
});

if (process.getuid?.() === 0) setUpLinux();
else if (!isRootMade())
  console.error(
    "latchkey: nothing was set up, because only root can make and enter a Debian root.",
  );
