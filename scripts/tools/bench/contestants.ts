// Who takes part: this program in both forms, and what people would use instead. For each row either how it is done
// (`{argv, env, credentialsFile}`), or a sentence that says why it can't be.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { executableOf, hostName } from "../../build/standalone/targets.ts";
import { program, ROLE, root } from "../place.ts";

const CREDS_HELPER = "aws-sso-creds-helper@1.12.0";
const scripts = join(root, "scripts", "tools", "bench", "scripts");
const standalone = join(root, executableOf({ name: hostName }));
const python = join(root, "test", "interop", ".venv", "bin", "python");

export function contestants(place) {
  const own = (name, words) => ({
    name: `latchkey, ${name}`,
    version: said([...words, "--version"]),
    credentials: { argv: [...words, "credential-process", ...ROLE] },
    refreshes: true,
    listing: { argv: [...words, "roles", "--json"] },
    start: { argv: [...words, "--version"] },
  });
  return [
    own("standalone", [standalone]),
    own("on Node", [process.execPath, program]),
    awsCli(),
    boto3(place),
    javascript(place),
    credsHelper(place),
    ...found(),
  ];
}

function awsCli() {
  const aws = "/usr/bin/aws";
  if (!existsSync(aws)) return absent("AWS CLI v2", "Debian's package awscli is not installed");
  return {
    name: "AWS CLI v2",
    version: said([aws, "--version"]),
    credentials: {
      argv: [aws, "configure", "export-credentials", "--profile", "okta", "--format", "process"],
    },
    refreshes: true,
    listing: "no command lists every role: it is one process for each account",
    start: { argv: [aws, "--version"] },
  };
}

function boto3({ tokenFile }) {
  if (!existsSync(python)) return absent("boto3, a script", "its virtual environment is not there");
  return {
    name: "boto3, a script",
    version: `boto3 ${said([python, "-c", "import boto3; print(boto3.__version__)"])}`,
    credentials: { argv: [python, join(scripts, "credentials.py"), "okta"] },
    refreshes: true,
    listing: { argv: [python, join(scripts, "list_roles.py"), tokenFile] },
    start: "a script has no version",
  };
}

function javascript({ tokenFile }) {
  const version = JSON.parse(
    execFileSync(
      process.execPath,
      ["-p", 'JSON.stringify(require("@aws-sdk/credential-providers/package.json").version)'],
      { cwd: root, encoding: "utf8" },
    ),
  );
  return {
    name: "AWS SDK for JavaScript, a fromSSO script",
    version: `@aws-sdk/credential-providers ${version}`,
    credentials: { argv: [process.execPath, join(scripts, "fromsso.mjs"), "okta"] },
    refreshes: true,
    listing: { argv: [process.execPath, join(scripts, "list-roles.mjs"), tokenFile] },
    start: "a script has no version",
  };
}

/** Its SDK (version 2) knows no endpoint variables: a file loaded before it tells that SDK where the emulator is. */
function credsHelper({ home, url }) {
  const folder = join(root, "node_modules", ".bench-peers");
  const package_ = join(folder, "node_modules", "aws-sso-creds-helper");
  if (!existsSync(package_)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), "{}");
    try {
      execFileSync(
        "npm",
        [
          "install",
          CREDS_HELPER,
          "--ignore-scripts",
          "--no-audit",
          "--no-fund",
          "--loglevel=error",
        ],
        { cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
      );
    } catch (error) {
      return absent("aws-sso-creds-helper", `npm could not install it (${error.status})`);
    }
  }
  const preload = join(home, "endpoint.cjs");
  writeFileSync(
    preload,
    `require(${JSON.stringify(join(folder, "node_modules", "aws-sdk"))}).config.update({ sso: { endpoint: ${JSON.stringify(url)} } });`,
  );
  const start = [process.execPath, join(package_, "bin", "index.js")];
  return {
    name: "aws-sso-creds-helper",
    version: CREDS_HELPER.split("@")[1],
    // It prints no credentials: it writes them into the shared credentials file.
    credentials: {
      argv: [process.execPath, "--require", preload, ...start.slice(1), "--profile", "okta"],
      credentialsFile: join(home, ".aws", "credentials"),
    },
    refreshes: "does not refresh a token: it starts `aws sso login`, which needs a person",
    listing: "lists nothing",
    start: { argv: [...start, "--version"] },
  };
}

/** Tools with a cache and a way to sign in of their own: their start is what can be compared without a person. */
function found() {
  const tools = [
    { name: "aws-sso", words: ["version"] },
    { name: "granted", words: ["--version"] },
    { name: "aws-vault", words: ["--version"] },
  ];
  return tools.map(({ name, words }) => {
    const path = (process.env.PATH ?? "")
      .split(delimiter)
      .map((folder) => join(folder, name))
      .find((candidate) => existsSync(candidate));
    if (path === undefined) return absent(name, "not found on PATH");
    const why = "signs in for itself, in a browser: no token that another tool made serves it";
    return {
      name,
      version: said([path, ...words]).split("\n")[0],
      credentials: why,
      refreshes: why,
      listing: why,
      start: { argv: [path, ...words] },
    };
  });
}

function absent(name, why) {
  return {
    name,
    version: "",
    credentials: why,
    refreshes: why,
    listing: why,
    start: why,
    absent: true,
  };
}

function said(argv) {
  return execFileSync(argv[0], argv.slice(1), {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
  }).trim();
}
