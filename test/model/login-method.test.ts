import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  chooseAutomaticFlow,
  decideSignIn,
  dropAutomationMarks,
  findAutomationMark,
  hostKind,
  type AutomationMark,
  type HostFacts,
  type SignInDecision,
  type SignInFacts,
} from "../../src/model/login-method.ts";
import { CHECKOUT } from "../support/checkout.ts";

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

describe("a mark of automation", () => {
  test.each<[string, Readonly<Record<string, string>>, AutomationMark | undefined]>([
    ["a plain shell", { PATH: "/usr/bin", TERM: "xterm-256color", SHELL: "/bin/zsh" }, undefined],
    ["Claude Code", { CLAUDECODE: "1" }, { kind: "agent", variable: "CLAUDECODE" }],
    ["Cursor's agent", { CURSOR_AGENT: "1" }, { kind: "agent", variable: "CURSOR_AGENT" }],
    ["Codex", { CODEX_SANDBOX: "seatbelt" }, { kind: "agent", variable: "CODEX_SANDBOX" }],
    ["Gemini CLI", { GEMINI_CLI: "1" }, { kind: "agent", variable: "GEMINI_CLI" }],
    ["OpenCode", { OPENCODE: "1" }, { kind: "agent", variable: "OPENCODE" }],
    ["Copilot in VS Code", { COPILOT_AGENT: "1" }, { kind: "agent", variable: "COPILOT_AGENT" }],
    ["Amp by the common variable", { AGENT: "amp" }, { kind: "agent", variable: "AGENT" }],
    ["any by the other one", { AI_AGENT: "devin" }, { kind: "agent", variable: "AI_AGENT" }],
    [
      "Amazon Q",
      { AWS_EXECUTION_ENV: "AmazonQ-For-CLI Version/1" },
      { kind: "agent", variable: "AWS_EXECUTION_ENV" },
    ],
    ["CloudShell", { AWS_EXECUTION_ENV: "CloudShell" }, undefined],
    [
      "an agent's host in Cursor",
      { CURSOR_EXTENSION_HOST_ROLE: "agent-exec" },
      { kind: "agent", variable: "CURSOR_EXTENSION_HOST_ROLE" },
    ],
    ["a person's host in Cursor", { CURSOR_EXTENSION_HOST_ROLE: "user" }, undefined],
    ["a terminal in Cursor", { TERM_PROGRAM: "vscode", CURSOR_TRACE_ID: "0f" }, undefined],
    ["a terminal in VS Code", { TERM_PROGRAM: "vscode", VSCODE_INJECTION: "1" }, undefined],
    ["a person's choice of a model", { GOOSE_PROVIDER: "x", COPILOT_MODEL: "y" }, undefined],
    ["CI", { CI: "true" }, { kind: "CI", variable: "CI" }],
    ["CI by another word", { CI: "woodpecker" }, { kind: "CI", variable: "CI" }],
    ["GitHub", { GITHUB_ACTIONS: "true" }, { kind: "CI", variable: "GITHUB_ACTIONS" }],
    ["GitLab", { GITLAB_CI: "true" }, { kind: "CI", variable: "GITLAB_CI" }],
    ["Jenkins", { JENKINS_URL: "https://j" }, { kind: "CI", variable: "JENKINS_URL" }],
    ["Azure Pipelines", { TF_BUILD: "True" }, { kind: "CI", variable: "TF_BUILD" }],
    ["TeamCity", { TEAMCITY_VERSION: "2026.1" }, { kind: "CI", variable: "TEAMCITY_VERSION" }],
    ["CI=false", { CI: "false" }, undefined],
    ["CI=False", { CI: "False" }, undefined],
    ["CI=0", { CI: "0" }, undefined],
    ["an empty CI", { CI: "" }, undefined],
    ["CLAUDECODE=0", { CLAUDECODE: "0" }, undefined],
    ["an agent in CI", { CI: "1", CODEX_CI: "1" }, { kind: "agent", variable: "CODEX_CI" }],
  ])("%s", (_, env, mark) => {
    expect(findAutomationMark(env)).toEqual(mark);
    const dropped = dropAutomationMarks({ ...env, HOME: "/home/ada" });
    expect(findAutomationMark(dropped)).toBeUndefined();
    expect(dropped).toHaveProperty("HOME");
    if (mark === undefined) expect(dropped).toEqual({ ...env, HOME: "/home/ada" });
  });
});

test("docs/environment.md lists exactly the variables that are marks", () => {
  const page = readFileSync(join(CHECKOUT, "docs", "environment.md"), "utf8");
  const [, section = ""] = page.split("## Coding agents and CI jobs\n");
  const cells = [...(section.split("\n## ")[0] ?? "").matchAll(/^\| (`[^|]*`) \|/gm)];
  const named = cells.flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
  );
  expect(named.toSorted()).toEqual(listAutomationVariables());
});

/** Lists the variables that are marks on their own: each variable in the source is tried. */
function listAutomationVariables(): string[] {
  const source = readFileSync(join(CHECKOUT, "src", "model", "login-method.ts"), "utf8");
  const names = new Set([...source.matchAll(/"([A-Za-z_]{2,})"/g)].map(([, name = ""]) => name));
  return [...names]
    .filter((name) =>
      ["1", "AmazonQ", "agent-exec"].some(
        (value) => findAutomationMark({ [name]: value }) !== undefined,
      ),
    )
    .sort();
}

describe("whether a sign-in may start", () => {
  const mark: AutomationMark = { kind: "CI", variable: "CI" };
  const person = { isCommand: false, interactive: true, mark: undefined, settings: {} };
  test.each<[string, Partial<SignInFacts>, SignInDecision]>([
    ["login at a terminal", { isCommand: true }, { action: "start" }],
    ["login in a pipe", { isCommand: true, interactive: false }, { action: "start" }],
    [
      "login with never",
      { isCommand: true, settings: { "sign-in": "never" } },
      { action: "start" },
    ],
    ["login of an agent", { isCommand: true, mark }, { action: "refuse", mark }],
    [
      "login of an agent that may",
      { isCommand: true, interactive: false, mark, settings: { agents: "allow" } },
      { action: "start" },
    ],
    ["on the way at a terminal", {}, { action: "ask" }],
    ["on the way with ask", { settings: { "sign-in": "ask" } }, { action: "ask" }],
    ["on the way with auto", { settings: { "sign-in": "auto" } }, { action: "start" }],
    ["on the way with never", { settings: { "sign-in": "never" } }, { action: "refuse" }],
    ["on the way in a pipe", { interactive: false }, { action: "refuse" }],
    [
      "on the way in a pipe with auto",
      { interactive: false, settings: { "sign-in": "auto" } },
      { action: "refuse" },
    ],
    [
      "on the way of an agent that may sign in",
      { mark, settings: { agents: "allow", "sign-in": "auto" } },
      { action: "refuse" },
    ],
  ])("%s", (_, facts, decision) => {
    expect(decideSignIn({ ...person, ...facts })).toEqual(decision);
  });
});
