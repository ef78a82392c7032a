import { readIfPresent } from "./read.ts";

/** What the file system of a machine says about what kind of machine it is. */

/** Docker and Podman are known by their marks; Kubernetes and LXC by their variables. Loaded by a login alone. */
export async function isContainer(): Promise<boolean> {
  const { default: isInsideContainer } = await import("is-inside-container");
  return isInsideContainer();
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
