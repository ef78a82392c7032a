import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { ProgramConfig, type Package } from "../../src/oclif/config.ts";
import { readRequest } from "../../src/oclif/request.ts";
import { splitShellWords } from "../../src/text/shell-words.ts";
import { createSignedInHome, type Home, type RunResult } from "../support/home.ts";
import { patience } from "../support/patience.ts";
import { CHECKOUT } from "../support/program.ts";

/** Commands that users of the AWS CLI, granted, aws-vault, aws-sso-cli, aws-sso-util, saml2aws, leapp or awsume may type. */

const readJson = (file: string): unknown =>
  JSON.parse(readFileSync(resolve(CHECKOUT, file), "utf8"));
const known = new ProgramConfig({
  packageJson: readJson("package.json") as Package["packageJson"],
  manifest: readJson("oclif.manifest.json") as Package["manifest"],
  root: CHECKOUT,
});

/** A guess, and the latchkey command whose output it must have, word for word. */
const RUNS: Readonly<Record<string, string>> = {
  "rm --help": "profiles rm --help",
  "remove --help": "profiles rm --help",
  "profiles delete --help": "profiles rm --help",
  "rename --help": "profiles rename --help",
  "use -u": "use --unset",
  session: "sessions",
  "sessions ls": "sessions",
  "list-sessions": "sessions",
  ls: "profiles",
  "ls --json": "profiles --json",
  list: "profiles",
  "list-profiles": "profiles",
  "profiles list": "profiles",
  "profiles ls": "profiles",
  "switch okta": "use okta",
  "select okta": "use okta",
  "assume okta": "use okta",
  "assume --unset": "use --unset",
  "session start okta": "use okta",
  "env okta": "export okta --format env",
  "env okta --format fish": "export okta --format fish",
  "eval -p okta": "export okta --format env",
  "script -p okta": "export okta --format env",
  "export-credentials okta": "export okta",
  "configure export-credentials --profile okta": "export okta",
  "process --profile okta": "credential-process --profile okta",
  "init bash": "shell-init bash",
  "hook zsh": "shell-init zsh",
  "activate fish": "shell-init fish",
  "completions bash": "completion bash",
  "autocomplete zsh": "completion zsh",
  "setup --help": "configure --help",
  "configure profile --help": "configure --help",
  "setup profiles --dry-run": "profiles sync --dry-run",
  "sync --dry-run": "profiles sync --dry-run",
  "populate --dry-run": "profiles sync --dry-run",
  "sso populate --dry-run": "profiles sync --dry-run",
  "configure populate --dry-run": "profiles sync --dry-run",
  "integration sync --dry-run": "profiles sync --dry-run",
  "undo --list": "profiles undo --list",
  "refresh --json": "login --json",
  "renew --json": "login --json",
  "signin --json": "login --json",
  "sso login --json": "login --json",
  "integration login --json": "login --json",
  "login corp --json": "login --json",
  "run okta -- hostname": "exec okta -- hostname",
  "run-as okta -- hostname": "exec okta -- hostname",
  "list-accounts --csv": "accounts --csv",
  "list-roles --csv": "roles --csv",
  "who --offline": "whoami --offline",
  "id --offline": "whoami --offline",
  "session current --offline": "whoami --offline",
  "--profile okta whoami --offline": "whoami okta --offline",
  "diagnose --offline --json": "doctor --offline --json",
  "settings list": "settings",
  "settings show": "settings",
  "settings set default-region eu-west-1": "settings default-region eu-west-1",
  "settings get default-region": "settings default-region",
  "settings unset default-region": "settings default-region --unset",
  "-v": "--version",
  version: "--version",
  "help login": "login --help",
  "login -h": "login --help",
  "open okta --help": "console --help",
  "console launch --help": "console --help",
  "signout --help": "logout --help",
};

/** A guess that has its own behaviour here, and what it prints. */
const WORKS: Readonly<Record<string, RegExp>> = {
  "configure list-profiles": /^okta\b/m,
  "sts get-caller-identity": /arn:aws:sts::100000000001:assumed-role/,
  "--profile okta sts get-caller-identity": /arn:aws:sts::100000000001:assumed-role/,
  "sso list-accounts": /100000000001/,
  "sso list-account-roles --account-id 100000000001": /ViewOnlyAccess/,
  "console okta s3 --print": /^http.*Destination=[^&]*s3/m,
  "open okta --print": /^http.*SigninToken/m,
};

/** A guess, and the command that the answer names. */
const NAMES: Readonly<Record<string, string>> = {
  rotate: "login",
  "rotate okta": "login",
  clear: "logout",
  flush: "logout",
  cache: "accounts --cached",
  config: "settings",
  "config set browser firefox": "settings",
  "config get browser": "settings",
  "configure list": "whoami",
  "configure get region": "profiles",
  "configure set region eu-west-1": "configure",
  add: "configure",
  check: "doctor",
  time: "status",
  token: "status",
  tags: "roles",
  creds: "export",
  "sso get-role-credentials": "export",
  "sts assume-role": "export",
  ecs: "exec",
  "ecs run": "exec",
  "terraform plan": "exec",
  server: "exec",
  "aws s3 ls": "exec",
  "s3 ls": "exec",
  generate: "profiles sync --dry-run",
  "browser set": "settings browser",
  "registry add": "profiles sync",
  uninstall: "logout --all",
  sso: "sso login",
  "sso logi": "sso login",
  lgin: "login",
  "shel-init bash": "shell-init",
  swich: "use",
  "demo okta": "demo --help",
};

/** A guess whose flag has another name here. */
const FLAGS: Readonly<Record<string, string>> = {
  "exec okta --ecs-server -- true": "--server",
  "login --sso corp": "--sso-session",
  "configure --role ViewOnlyAccess": "--role-name",
  "configure --account 100000000001": "--account-id",
  "accounts --verbose": "--debug",
  "login --headless": "--no-browser",
  "use --list-profiles": "latchkey profiles",
  "status --version": "latchkey --version",
};

async function createGuessHome(): Promise<Home> {
  const home = await createSignedInHome();
  await home.run(["accounts"]);
  await home.run(["credential-process", "--profile", "okta"]);
  return home;
}

const toWords = (line: string): readonly string[] => splitShellWords(line) ?? [];

let shells = 0;

const run = (home: Home, line: string): Promise<RunResult> =>
  home.run(toWords(line), {
    env: {
      AWS_PROFILE: /^(use|switch|select|assume|session start)/.test(line) ? "" : "okta",
      LATCHKEY_SHELL: "bash",
      LATCHKEY_SHELL_FILE: home.write(`changes-${(shells += 1)}`, ""),
    },
  });

/** Two at a time, each in a home of its own: most of a guess's time is the start of the program. */
async function eachGuess<Expected>(
  table: Readonly<Record<string, Expected>>,
  check: (home: Home, line: string, expected: Expected) => Promise<void>,
): Promise<void> {
  const waiting = Object.entries(table);
  const work = async (): Promise<void> => {
    const home = await createGuessHome();
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      await check(home, ...next);
  };
  await Promise.all([work(), work()]);
}

describe("a guess", () => {
  test("is in a list of at least sixty", () => {
    const all = [RUNS, WORKS, NAMES, FLAGS].flatMap((table) => Object.keys(table));
    expect(new Set(all).size).toBeGreaterThanOrEqual(60);
  });

  test(
    "that is a synonym runs and prints as the command that it stands for",
    { tags: ["long"], timeout: patience(180_000) },
    async () => {
      const printed = new Map<string, Promise<RunResult>>();
      await eachGuess(RUNS, async (home, line, ours) => {
        const key = `${home.path} ${ours}`;
        if (!printed.has(key)) printed.set(key, run(home, ours));
        const expected = await printed.get(key);
        expect(expected, ours).toMatchObject({ exitCode: 0 });
        expect(await run(home, line), line).toEqual(expected);
      });
    },
  );

  test("that is AWS's name works", { tags: ["long"], timeout: patience(60_000) }, () =>
    eachGuess(WORKS, async (home, line, printed) => {
      const result = await run(home, line);
      expect(result, line).toMatchObject({ exitCode: 0 });
      expect(result.stdout, line).toMatch(printed);
    }),
  );

  test(
    "that means something else here gets an answer with an existing command",
    { tags: ["long"], timeout: patience(60_000) },
    () =>
      eachGuess(NAMES, async (home, line, named) => {
        const { exitCode, stderr, stdout } = await run(home, line);
        expect({ exitCode, stdout }, line).toEqual({ exitCode: 2, stdout: "" });
        expect(stderr, line).toContain(`latchkey ${named}`);
        if (named !== "version")
          expect(readRequest(toWords(named), known).kind, named).toMatch(/^(run|help)$/);
      }),
  );

  test(
    "whose flag has another name here gets that name",
    { tags: ["long"], timeout: patience(60_000) },
    () =>
      eachGuess(FLAGS, async (home, line, flag) => {
        const { exitCode, stderr } = await run(home, line);
        expect(exitCode, line).toBe(2);
        expect(stderr, line).toContain(flag);
      }),
  );
});
