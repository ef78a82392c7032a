import { existsSync } from "node:fs";
import { readIfPresent } from "./read.ts";

/** What the file system of a machine says about what kind of machine it is. */

/** Docker and Podman leave a mark; Kubernetes and LXC are known by their variables. */
export function isContainer(): boolean {
  return ["/.dockerenv", "/run/.containerenv"].some((mark) => existsSync(mark));
}

/** The kernel that Windows runs for Linux names its maker. */
export function isWsl(): boolean {
  try {
    return /microsoft/i.test(
      readIfPresent("/proc/sys/kernel/osrelease", 4096)?.toString("latin1") ?? "",
    );
  } catch {
    return false;
  }
}
