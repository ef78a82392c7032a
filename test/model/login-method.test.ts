import { expect, test } from "vitest";
import { chooseAutomaticFlow, hostKind, type HostFacts } from "../../src/model/login-method.ts";

const linux = {
  platform: "linux",
  env: {},
  inContainer: false,
  inWsl: false,
  tmuxOverSsh: undefined,
};
const DESKTOP = { DISPLAY: ":0" };
const SSH = { SSH_CONNECTION: "10.0.0.1 50000 10.0.0.2 22", SSH_TTY: "/dev/pts/1" };
const TMUX = { TMUX: "/tmp/tmux-1000/default,1,0" };

test.each<[string, Partial<HostFacts>, string, string]>([
  ["a desktop with X", { env: DESKTOP }, "desktop", "pkce"],
  ["a desktop with Wayland", { env: { WAYLAND_DISPLAY: "wayland-0" } }, "desktop", "pkce"],
  ["a Mac", { platform: "darwin" }, "desktop", "pkce"],
  ["Windows", { platform: "win32" }, "desktop", "pkce"],
  ["no display", {}, "no-display", "device"],
  ["a display that is empty", { env: { DISPLAY: "" } }, "no-display", "device"],
  ["SSH", { env: SSH }, "ssh", "device"],
  ["SSH with X forwarded", { env: { ...SSH, DISPLAY: "localhost:10.0" } }, "ssh", "device"],
  ["SSH to a Mac", { platform: "darwin", env: SSH }, "ssh", "device"],
  ["tmux on a desktop", { env: { ...DESKTOP, ...TMUX }, tmuxOverSsh: false }, "desktop", "pkce"],
  [
    "tmux of a desktop, attached over SSH",
    { env: { ...DESKTOP, ...TMUX }, tmuxOverSsh: true },
    "ssh",
    "device",
  ],
  ["tmux begun over SSH", { env: { ...SSH, ...TMUX }, tmuxOverSsh: true }, "ssh", "device"],
  [
    "tmux begun over SSH, attached at the desktop",
    { env: { ...SSH, ...TMUX, ...DESKTOP }, tmuxOverSsh: false },
    "desktop",
    "pkce",
  ],
  ["tmux that does not say, over SSH", { env: { ...SSH, ...TMUX } }, "ssh", "device"],
  ["Docker or Podman", { env: DESKTOP, inContainer: true }, "container", "device"],
  ["systemd-nspawn or LXC", { env: { ...DESKTOP, container: "lxc" } }, "container", "device"],
  ["Kubernetes", { env: { KUBERNETES_SERVICE_HOST: "10.0.0.1" } }, "container", "device"],
  [
    "Codespaces",
    { env: { ...DESKTOP, CODESPACES: "true" }, inContainer: true },
    "remote-editor",
    "device",
  ],
  ["Gitpod", { env: { GITPOD_WORKSPACE_ID: "x" } }, "remote-editor", "device"],
  [
    "a dev container",
    { env: { REMOTE_CONTAINERS: "true", DISPLAY: ":1" }, inContainer: true },
    "remote-editor",
    "device",
  ],
  ["CloudShell", { env: { AWS_EXECUTION_ENV: "CloudShell" } }, "remote-editor", "device"],
  ["WSL by its kernel", { env: DESKTOP, inWsl: true }, "wsl", "device"],
  ["WSL by its variable", { env: { ...DESKTOP, WSL_DISTRO_NAME: "Debian" } }, "wsl", "device"],
  ["a container on WSL", { env: DESKTOP, inWsl: true, inContainer: true }, "container", "device"],
  ["SSH into WSL", { env: SSH, inWsl: true }, "ssh", "device"],
])("%s", (_what, facts, place, flow) => {
  expect([hostKind({ ...linux, ...facts }), chooseAutomaticFlow({ ...linux, ...facts })]).toEqual([
    place,
    flow,
  ]);
});
