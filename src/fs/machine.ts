/** What the file system of a machine says about what kind of machine it is. */

/** Docker and Podman are known by their marks; Kubernetes and LXC by their variables. Loaded by a login alone. */
export async function isContainer(): Promise<boolean> {
  const { default: isInsideContainer } = await import("is-inside-container");
  return isInsideContainer();
}

/** A container of WSL is a container here. Loaded by a login alone: the package looks at the machine as it is loaded. */
export async function isWsl(): Promise<boolean> {
  const { default: isInsideWsl } = await import("is-wsl");
  return isInsideWsl;
}
