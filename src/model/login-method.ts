/**
 * Whether a person is there to sign in, and which way: by approving a code on any device (RFC 8628), or by a redirect from a browser on this
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

export interface SignInFacts {
  /** Whether it is what the person asked for, rather than something on the way to it. */
  readonly isCommand: boolean;
  /** Whether questions can be asked. */
  readonly interactive: boolean;
  readonly mark: AutomationMark | undefined;
  readonly settings: { readonly agents?: string; readonly "sign-in"?: string };
}

export type SignInDecision =
  | { readonly action: "start" }
  | { readonly action: "ask" }
  | { readonly action: "refuse"; readonly mark?: AutomationMark };

/** Whether a sign-in may begin, where the token that is there can't be used or refreshed. */
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

/** A variable by which a coding agent or a CI job can be told: nobody reads the terminal of a command that it runs. */
export interface AutomationMark {
  readonly kind: "agent" | "CI";
  readonly variable: string;
}

/** @returns the first of the marks; undefined where a person may be at the terminal. */
export function findAutomationMark(env: HostFacts["env"]): AutomationMark | undefined {
  for (const [kind, variables] of AUTOMATION_VARIABLES)
    for (const variable of variables)
      if (isMark(variable, env[variable])) return { kind, variable };
  return undefined;
}

/** The environment without those marks, for a program that is driven by a person's command after all. */
export function dropAutomationMarks<Value extends string | undefined>(
  env: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const marks = new Set(AUTOMATION_VARIABLES.flatMap(([, variables]) => variables));
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => !marks.has(name) || !isMark(name, value)),
  ) as Record<string, Value>;
}

/** `CI=false` is how people say that it is none; two variables have a meaning of their own beside the agent's. */
function isMark(variable: string, value = ""): boolean {
  const wanted = AGENTS_VALUES[variable];
  return wanted === undefined ? !/^(?:|0|false|no|off)$/i.test(value.trim()) : wanted.test(value);
}

const AGENTS_VALUES: Readonly<Record<string, RegExp>> = {
  AWS_EXECUTION_ENV: /amazonq/i,
  CURSOR_EXTENSION_HOST_ROLE: /^agent-exec$/,
};

/**
 * What agents set in the commands that they run, by their own documentation and by what detects them: @vercel/detect-agent
 * 1.2, std-env 4.3, am-i-vibing 0.5, aws-cdk-cli, stripe-cli, microsoft/vscode pull request 316267, agentsmd/agents.md issue 136.
 * Variables that the terminals of editors and clouds have, too, are none (CURSOR_TRACE_ID, TERM_PROGRAM, REPL_ID), nor are
 * settings of a person's (GOOSE_PROVIDER, COPILOT_MODEL).
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

/** By the services' own documentation and ci-info 4.5, without hosts where people open a shell (Render, Heroku, Vercel). */
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
