import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  ACS,
  createAwsMetadata,
  HEALTHY,
  ISSUER,
  createOktaMetadata,
  TOKEN,
} from "./federation.ts";
import { createReturningBrowser, createHome, PROGRAM, sessionConfig, type Home } from "./home.ts";
import { writeSignIn } from "./sign-in-files.ts";
import { leaveOutOnWindows } from "./windows.ts";

/** The example lines of the help and the README, and a home with the accounts, users and files that they name. */

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const START_URL = "https://my-company.awsapps.com/start";

export interface ExampleLine {
  readonly of: string;
  /** The line for `sh`. A comment contains the expected exit code if it is not 0: `# exit 5`. */
  readonly line: string;
}

/** Returns every example of every command, as printed by `--help`. */
export function listHelpExamples(): ExampleLine[] {
  const { commands } = JSON.parse(readFileSync(join(ROOT, "oclif.manifest.json"), "utf8")) as {
    commands: Record<string, { id: string; examples?: Array<string | { command: string }> }>;
  };
  return Object.values(commands).flatMap(({ id, examples = [] }) => {
    const of = id.replaceAll(":", " ");
    return examples.map((example) => ({
      of,
      line: (typeof example === "string" ? example : example.command)
        .replaceAll("<%= config.bin %>", "latchkey")
        .replaceAll("<%= command.id %>", of),
    }));
  });
}

/** A code block of `sh` on a page. */
export interface ShellBlock {
  /** Counted from 1. */
  readonly lineNumber: number;
  /** Commands; a line that ends in a backslash is joined with the next one. */
  readonly lines: readonly string[];
  /** The reason in `<!-- not run: REASON -->` above the block; undefined for a block that is run. */
  readonly notRun: string | undefined;
}

/** Returns the `sh` blocks of a page. @param path relative to the checkout */
export function listShellBlocks(path: string): ShellBlock[] {
  const page = readFileSync(join(ROOT, path), "utf8");
  const pattern = /^(?:[ \t]*<!-- not run: ([^\n]*?) -->\n)?([ \t]*)```sh\n([^]*?)^\2```$/gm;
  return [...page.matchAll(pattern)].map(({ index, 1: notRun, 2: indent = "", 3: text = "" }) => ({
    lineNumber: page.slice(0, index).split("\n").length,
    lines: text
      .replaceAll(new RegExp(`^${indent}`, "gm"), "")
      .split(/(?<!\\)\n/)
      .filter((line) => line.trim() !== ""),
    notRun,
  }));
}

/** Returns every command in the README's `sh` blocks. */
export function listReadmeLines(): ExampleLine[] {
  return listShellBlocks("README.md").flatMap(({ lines }) =>
    lines.map((line) => ({ of: "README", line })),
  );
}

export function expectExitCode(line: string): number {
  return Number(/# exit (\d+)/.exec(line)?.[1] ?? 0);
}

/** @param signedIn whether the session already has a token, as after a login */
export async function createExampleHome(signedIn: boolean): Promise<Home> {
  const ada = { ...(HEALTHY.users ?? [])[0], userName: "ada.okta@example.com" } as NonNullable<
    typeof HEALTHY.users
  >[number];
  const createAccount = (accountId: string, accountName: string) => ({
    accountId,
    accountName,
    roles: ["ViewOnlyAccess", "Billing"],
  });
  const home = await createHome({
    startUrl: START_URL,
    authorize: { mode: "auto" },
    autoApprove: { afterPolls: 0 },
    identity: { username: "ada.okta@example.com" },
    org: {
      accounts: [
        createAccount("111122223333", "payments-prod"),
        createAccount("222233334444", "payments-dev"),
        createAccount("333344445555", "search-dev"),
      ],
    },
    directory: {
      ...HEALTHY,
      users: [ada],
      assignments: (HEALTHY.assignments ?? []).map((each) => ({
        ...each,
        accountId: "111122223333",
      })),
    },
  });
  writeExampleFiles(home);
  if (signedIn) writeSignIn(home);
  return home;
}

/** Writes the files that the examples name, and substitutes for the other programs that they run. */
function writeExampleFiles(home: Home): void {
  home.write(".aws/config", sessionConfig("111122223333", START_URL));
  const { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret } = home.emulator.administratorEnv;
  home.write(
    ".aws/credentials",
    `[admin]\naws_access_key_id = ${key}\naws_secret_access_key = ${secret}\n`,
  );
  home.write(
    "team.ini",
    `[session]\nname = corp\nstart_url = ${START_URL}\nregion = us-east-1\n\n[profiles]\nregion = eu-west-1\n`,
  );
  home.write("token", TOKEN);
  home.write(
    "terraform.log",
    '│ Error: latchkey: error: The SSO session "corp" has no token on this machine.\n',
  );
  home.write("okta-metadata.xml", createOktaMetadata());
  home.write("uploaded.xml", createOktaMetadata());
  home.write("aws-metadata.xml", createAwsMetadata());
  home.write(
    "bin/latchkey",
    `#!/bin/sh\nexec ${PROGRAM.map((word) => `"${word}"`).join(" ")} "$@"\n`,
    0o755,
  );
  // Other programs are not tested here: their substitutes print the identity of the credentials that they got.
  for (const program of ["bin/aws", "bin/terraform", "bin/firefox", "bin/make", "long-job"])
    home.write(program, `#!/bin/sh\nexec latchkey whoami\n`, 0o755);
}

/** Writes files of other tools, for the lines that import them. */
function writeOtherTools(home: Home): void {
  const writeRole = (prefix: string, accountId: string): string =>
    `${prefix}sso_start_url = ${START_URL}\n${prefix}sso_region = us-east-1\n${prefix}sso_account_id = ${accountId}\n${prefix}sso_role_name = Billing\n`;
  const profiles = `
[profile payments-dev/Billing]
${writeRole("granted_", "222233334444")}credential_process = granted credential-process --profile payments-dev/Billing

[profile search-dev.Billing]
${writeRole("", "333344445555")}credential_process = aws-sso-util credential-process --profile search-dev.Billing
`;
  home.write("old-config", `[profile base]\n${writeRole("", "222233334444")}`);
  home.write(
    ".aws-sso/config.yaml",
    `SSOConfig:\n  Acme:\n    SSORegion: us-east-1\n    StartUrl: ${START_URL}\n    Accounts:\n      333344445555: { Roles: { ViewOnlyAccess: } }\n`,
  );
  home.write(".aws/config", home.read(".aws/config") + profiles);
}

/**
 * Returns the variables that the lines expect: from the hook of `shell-init`, of an earlier profile, and of an
 * administrator.
 */
function shellVariables(home: Home, of: string): Record<string, string> {
  return {
    ...home.env,
    PATH: `${join(home.path, "bin")}${delimiter}${dirname(process.execPath)}${delimiter}${home.env["PATH"] ?? ""}`,
    BROWSER: createReturningBrowser(home),
    LATCHKEY_SHELL: "bash",
    LATCHKEY_SHELL_FILE: home.write("changes", ""),
    LATCHKEY_PREVIOUS_PROFILE: "okta",
    ...(of.startsWith("federation")
      ? {
          AWS_PROFILE: "admin",
          AWS_REGION: "us-east-1",
          SCIM_ENDPOINT: home.emulator.scimEndpoint.slice(0, -1),
          LATCHKEY_SCIM_TOKEN: TOKEN,
          ACS_URL: ACS,
          ISSUER_URL: ISSUER,
        }
      : {}),
  };
}

export interface RanLine extends ExampleLine {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs the line. For imports the config has the profiles of other tools during the run. */
export async function runLine(home: Home, example: ExampleLine): Promise<RanLine> {
  if (!example.line.startsWith("latchkey import")) return runExactLine(home, example);
  const before = home.read(".aws/config");
  writeOtherTools(home);
  const ran = await runExactLine(home, example);
  home.write(".aws/config", before);
  return ran;
}

/** Runs the exact line in `sh`. A line that should exit with 130 is interrupted, as by Ctrl+C, after its first output. */
function runExactLine(home: Home, { of, line }: ExampleLine): Promise<RanLine> {
  leaveOutOnWindows("lines for sh");
  const child = spawn("sh", ["-c", line], {
    cwd: home.path,
    env: shellVariables(home, of),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const interrupt = (): void => {
    if (expectExitCode(line) === 130 && child.pid !== undefined) process.kill(-child.pid, "SIGINT");
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      if (output === "") setTimeout(interrupt, 100);
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve({ of, line, exitCode: signal === "SIGINT" ? 130 : code, output }),
    );
  });
}
