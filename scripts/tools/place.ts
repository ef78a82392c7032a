// A temporary home, signed in against an emulated Identity Center of its own, and what is done to it between samples.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const program = join(root, "bin", "run.js");
export const ROLE = [
  "--sso-session",
  "corp",
  "--account-id",
  "100000000001",
  "--role-name",
  "ViewOnlyAccess",
];

/** sha1("corp"): the token file's name in every AWS client. */
const TOKEN = [".aws", "sso", "cache", "ee0bfd2552fbd840c02cc48b6e823320543c450f.json"];

/** @returns `{home, env, tokenFile, …}`; `close()` ends the emulator and removes the home */
export async function openPlace({ accounts = 3, roles = 2 } = {}) {
  const home = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
  const emulator = spawn(
    process.execPath,
    [
      program,
      "emulator",
      "--auto-approve",
      "--accounts",
      String(accounts),
      "--roles",
      String(roles),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const ready = await new Promise((resolve, reject) => {
    emulator.stdout.once("data", (line) => resolve(JSON.parse(String(line))));
    emulator.once("exit", () => reject(new Error("the emulator did not start")));
  });
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    ...ready.env,
    AWS_DATA_PATH: debianEndpoints(home, ready.url),
    AWS_PAGER: "",
    AWS_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  const latchkey = (...argv) =>
    execFileSync(process.execPath, [program, ...argv], {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  const tokenFile = join(home, ...TOKEN);
  const dropRoles = () => {
    for (const cache of [
      [".aws", "cli", "cache"],
      [".aws", "latchkey", "role-credentials"],
      [".aws", "credentials"],
    ])
      rmSync(join(home, ...cache), { recursive: true, force: true });
  };
  latchkey(
    "configure",
    "--profile",
    "okta",
    ...ROLE,
    "--start-url",
    ready.startUrl,
    "--sso-region",
    ready.region,
    "--region",
    "us-east-1",
    "--yes",
  );
  latchkey("login", "--no-browser");
  return {
    home,
    env,
    tokenFile,
    url: ready.url,
    dropRoles,
    signInAgain: () => latchkey("login", "--no-browser", "--force"),
    /** As an hour later: the token's time is over, and nothing that was fetched with it is at hand. */
    expireAll() {
      dropRoles();
      writeFileSync(
        tokenFile,
        JSON.stringify({
          ...JSON.parse(readFileSync(tokenFile, "utf8")),
          expiresAt: "2020-01-01T00:00:00Z",
        }),
      );
    },
    knob: (name, input) => ask(`${ready.url}/_emu/${name}`, "POST", JSON.stringify(input)),
    async journal() {
      const answer = JSON.parse(await ask(`${ready.url}/_emu/journal`, "GET"));
      return Array.isArray(answer) ? answer : answer.entries;
    },
    clearJournal: () => ask(`${ready.url}/_emu/journal`, "DELETE"),
    close() {
      emulator.kill("SIGINT");
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A connection for each question: one that was kept may be over by the next, many seconds of samples later. */
function ask(url, method, body) {
  return new Promise((resolve, reject) => {
    const question = request(url, { method, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk) => (text += chunk));
      answer.once("end", () =>
        answer.statusCode < 300
          ? resolve(text)
          : reject(new Error(`${method} ${url}: ${answer.statusCode} ${text}`)),
      );
    });
    question.once("error", reject);
    question.end(body);
  });
}

/** Debian's AWS CLI (2.9.19) knows no endpoint variables: it finds the emulator through endpoint rules. */
function debianEndpoints(home, url) {
  const folder = join(home, "aws-data");
  const parameter = (builtIn, isFlag) => ({
    builtIn,
    required: isFlag,
    documentation: "-",
    type: isFlag ? "Boolean" : "String",
    ...(isFlag ? { default: false } : {}),
  });
  const parameters = {
    Region: parameter("AWS::Region", false),
    UseDualStack: parameter("AWS::UseDualStack", true),
    UseFIPS: parameter("AWS::UseFIPS", true),
    Endpoint: parameter("SDK::Endpoint", false),
  };
  const rules = {
    version: "1.0",
    parameters,
    rules: [{ conditions: [], type: "endpoint", endpoint: { url, properties: {}, headers: {} } }],
  };
  for (const service of ["sso-oidc/2019-06-10", "sso/2019-06-10"]) {
    mkdirSync(join(folder, service), { recursive: true });
    writeFileSync(join(folder, service, "endpoint-rule-set-1.json"), JSON.stringify(rules));
  }
  return folder;
}
