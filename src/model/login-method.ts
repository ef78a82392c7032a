/**
 * Which way a person signs in: by approving a code on any device (RFC 8628), or by a redirect from a browser on this
 * very machine (PKCE). The code works everywhere and is the default; `auto` looks at where the program runs.
 */

export type LoginFlow = "device" | "pkce";

export function isLoginFlowSetting(value: string): value is LoginFlow | "auto" {
  return value === "device" || value === "pkce" || value === "auto";
}

/** What can be known about the place where the program runs. */
export interface HostFacts {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The kernel or the file system says that this is a container. */
  readonly inContainer: boolean;
  /** The kernel says that this is Windows' Linux. */
  readonly inWsl: boolean;
  /**
   * Inside tmux: whether whoever is attached now came over SSH. A pane keeps the variables of the day it was made, so
   * that they say nothing; undefined outside of tmux, and where tmux does not know.
   */
  readonly tmuxOverSsh: boolean | undefined;
}

export type HostKind = "ssh" | "remote-editor" | "container" | "wsl" | "no-display" | "desktop";

export function hostKind({ platform, env, inContainer, inWsl, tmuxOverSsh }: HostFacts): HostKind {
  const has = (name: string): boolean => (env[name] ?? "") !== "";
  // Editors in the cloud run in a container: that the person is elsewhere is what matters.
  if (EDITOR_VARIABLES.some(has) || env["AWS_EXECUTION_ENV"] === "CloudShell")
    return "remote-editor";
  if (tmuxOverSsh ?? SSH_VARIABLES.some(has)) return "ssh";
  // The kernel of WSL is that of its containers, too; the variables are its own.
  if (WSL_VARIABLES.some(has)) return "wsl";
  if (inContainer || CONTAINER_VARIABLES.some(has)) return "container";
  if (inWsl) return "wsl";
  if (platform === "darwin" || platform === "win32") return "desktop";
  return DISPLAY_VARIABLES.some(has) ? "desktop" : "no-display";
}

const EDITOR_VARIABLES = ["CODESPACES", "GITPOD_WORKSPACE_ID", "REMOTE_CONTAINERS", "CLOUD_SHELL"];
const SSH_VARIABLES = ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"];
const WSL_VARIABLES = ["WSL_DISTRO_NAME", "WSL_INTEROP"];
const CONTAINER_VARIABLES = ["container", "KUBERNETES_SERVICE_HOST"];
const DISPLAY_VARIABLES = ["DISPLAY", "WAYLAND_DISPLAY"];

/** The redirect needs a browser whose 127.0.0.1 is this machine's; on Windows beside WSL it often is not. */
export function chooseAutomaticFlow(facts: HostFacts): LoginFlow {
  return hostKind(facts) === "desktop" ? "pkce" : "device";
}

/** Whether the place itself can show a page to the person; elsewhere only a command of theirs could. */
export function canOpenBrowser(place: HostKind): boolean {
  return place === "desktop" || place === "wsl";
}
