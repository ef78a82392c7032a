/**
 * Decides whether a sign-in may start, and which kind: the user approves a code on any device (RFC 8628), or a browser
 * on this machine redirects to latchkey (PKCE). The code works everywhere and is the default. `auto` chooses by where
 * the program runs.
 */

export type LoginFlow = "device" | "pkce";

export function isLoginFlowSetting(value: string): value is LoginFlow | "auto" {
  return value === "device" || value === "pkce" || value === "auto";
}

/** The known facts about the environment in which the program runs. */
export interface HostFacts {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the kernel or the file system shows that this is a container. */
  readonly inContainer: boolean;
  /** Whether the kernel shows that this is WSL. */
  readonly inWsl: boolean;
  /**
   * In tmux: whether the attached client came over SSH. The variables of a pane do not show that, since they are from
   * the pane's creation. undefined outside tmux, or if tmux does not report it.
   */
  readonly tmuxOverSsh: boolean | undefined;
}

export type HostKind = "ssh" | "remote-editor" | "container" | "wsl" | "no-display" | "desktop";

export function hostKind({ platform, env, inContainer, inWsl, tmuxOverSsh }: HostFacts): HostKind {
  const has = (name: string): boolean => (env[name] ?? "") !== "";
  // Editors in the cloud run in a container, but for a sign-in it matters that the user is on another machine.
  if (EDITOR_VARIABLES.some(has) || env["AWS_EXECUTION_ENV"] === "CloudShell")
    return "remote-editor";
  if (tmuxOverSsh ?? SSH_VARIABLES.some(has)) return "ssh";
  // Containers in WSL have the same kernel as WSL, but only WSL itself has these variables.
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

/**
 * Returns the flow for `auto`. The redirect needs a browser that reaches this machine as 127.0.0.1. A Windows browser
 * often does not reach WSL.
 */
export function chooseAutomaticFlow(facts: HostFacts): LoginFlow {
  return hostKind(facts) === "desktop" ? "pkce" : "device";
}

/** Returns whether latchkey can show a page to the user here. If not, only the user's own browser command can. */
export function canOpenBrowser(place: HostKind): boolean {
  return place === "desktop" || place === "wsl";
}

export interface SignInFacts {
  /** Whether the user ran the command that signs in. false: another command needs a sign-in. */
  readonly isCommand: boolean;
  /** Whether latchkey can ask the user questions. */
  readonly interactive: boolean;
  readonly mark: AutomationMark | undefined;
  readonly settings: { readonly agents?: string; readonly "sign-in"?: string };
}

export type SignInDecision =
  | { readonly action: "start" }
  | { readonly action: "ask" }
  | { readonly action: "refuse"; readonly mark?: AutomationMark };

/** Decides whether a sign-in may start if the stored token can't be used or refreshed. */
export function decideSignIn({
  isCommand,
  interactive,
  mark,
  settings: { agents = "refuse", "sign-in": onTheWay = "ask" },
}: SignInFacts): SignInDecision {
  if (isCommand)
    return mark !== undefined && agents !== "allow"
      ? { action: "refuse", mark }
      : { action: "start" };
  if (!interactive || mark !== undefined || onTheWay === "never") return { action: "refuse" };
  return { action: onTheWay === "auto" ? "start" : "ask" };
}

/** A variable that a coding agent or a CI job sets. If it is set, nobody reads the command's terminal. */
export interface AutomationMark {
  readonly kind: "agent" | "CI";
  readonly variable: string;
}

/** @returns the first of these variables that is set; undefined if a person may be at the terminal. */
export function findAutomationMark(env: HostFacts["env"]): AutomationMark | undefined {
  for (const [kind, variables] of AUTOMATION_VARIABLES)
    for (const variable of variables)
      if (isMark(variable, env[variable])) return { kind, variable };
  return undefined;
}

/** Returns the environment without these variables, for a program that a person started through latchkey. */
export function dropAutomationMarks<Value extends string | undefined>(
  env: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const marks = new Set(AUTOMATION_VARIABLES.flatMap(([, variables]) => variables));
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => !marks.has(name) || !isMark(name, value)),
  ) as Record<string, Value>;
}

/** Returns whether a variable shows an agent or CI. `CI=false` does not. Two variables count only with certain values. */
function isMark(variable: string, value = ""): boolean {
  const wanted = AGENTS_VALUES[variable];
  return wanted === undefined ? !/^(?:|0|false|no|off)$/i.test(value.trim()) : wanted.test(value);
}

const AGENTS_VALUES: Readonly<Record<string, RegExp>> = {
  AWS_EXECUTION_ENV: /amazonq/i,
  CURSOR_EXTENSION_HOST_ROLE: /^agent-exec$/,
};

/**
 * Variables that agents set in the commands that they run. Sources: their documentation and detection libraries
 * (@vercel/detect-agent 1.2, std-env 4.3, am-i-vibing 0.5, aws-cdk-cli, stripe-cli, microsoft/vscode pull request 316267,
 * agentsmd/agents.md issue 136). The list excludes variables that terminals of editors and clouds also set
 * (CURSOR_TRACE_ID, TERM_PROGRAM, REPL_ID), and a user's settings (GOOSE_PROVIDER, COPILOT_MODEL).
 */
const AGENT_VARIABLES = [
  ...["AI_AGENT", "AGENT"],
  ...["CLAUDECODE", "CLAUDE_CODE", "CLAUDE_CODE_ENTRYPOINT"],
  ...["CODEX_SANDBOX", "CODEX_SANDBOX_NETWORK_DISABLED", "CODEX_CI", "CODEX_THREAD_ID"],
  ...["COPILOT_AGENT", "COPILOT_AGENT_SESSION_ID", "COPILOT_CLI"],
  ...["CURSOR_AGENT", "CURSOR_EXTENSION_HOST_ROLE"],
  ...["GEMINI_CLI", "QWEN_CODE", "ANTIGRAVITY_AGENT", "ANTIGRAVITY_CLI_ALIAS"],
  ...["OPENCODE", "OPENCODE_CLIENT", "OPENCLAW_SHELL", "PI_CODING_AGENT", "CRUSH"],
  ...["AMP_CURRENT_THREAD_ID", "AUGMENT_AGENT", "CLINE_ACTIVE", "GOOSE_TERMINAL"],
  ...["JUNIE_DATA", "JUNIE_SHIM_PATH", "REPLIT_AGENT", "TRAE_AI_SHELL_ID", "AWS_EXECUTION_ENV"],
];

/**
 * Variables that CI services set. Sources: the services' documentation and ci-info 4.5. The list excludes hosts on
 * which people open a shell (Render, Heroku, Vercel).
 */
const CI_VARIABLES = [
  ...["CI", "CONTINUOUS_INTEGRATION"],
  ...["GITHUB_ACTIONS", "GITLAB_CI", "GITEA_ACTIONS", "FORGEJO_ACTIONS"],
  ...["BITBUCKET_BUILD_NUMBER", "BUILDKITE", "CIRCLECI", "CIRRUS_CI", "TRAVIS", "APPVEYOR"],
  ...["JENKINS_URL", "HUDSON_URL", "TF_BUILD", "TEAMCITY_VERSION", "bamboo_planKey"],
  ...["CODEBUILD_BUILD_ID", "CODEBUILD_BUILD_ARN", "BITRISE_IO", "CF_BUILD_ID", "CM_BUILD_ID"],
  ...["DRONE", "EAS_BUILD", "GO_PIPELINE_LABEL", "HARNESS_BUILD_ID", "PROW_JOB_ID"],
  ...["SCREWDRIVER", "SEMAPHORE", "TASKCLUSTER_ROOT_URL", "VELA", "XCS"],
];

const AUTOMATION_VARIABLES = [
  ["agent", AGENT_VARIABLES],
  ["CI", CI_VARIABLES],
] as const;
