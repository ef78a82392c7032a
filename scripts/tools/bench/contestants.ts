// The contestants: latchkey as standalone program and on Node, and its alternatives. Each contains for each row either
// how to run it, or why it can't be run.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { isRecord, parseJson } from "../../../src/text/json.ts";
import { AWS, PYTHON } from "../../../test/support/interop-parts.ts";
import { CHECKOUT, NODE_PROGRAM } from "../../../test/support/program.ts";
import { OKTA_ROLE } from "../../../test/support/session-config.ts";
import { HOST_EXECUTABLE } from "../host-executable.ts";
import type { Place } from "../place.ts";
import { describeAbsent, type Contestant } from "./contestant.ts";
import { inviteCredsHelper } from "./creds-helper.ts";

/** latchkey as standalone program and on Node. */
export interface OwnForms {
  readonly standalone: OwnForm;
  readonly node: OwnForm;
}

export interface OwnForm extends Contestant {
  /** The words that start the program. */
  readonly program: readonly string[];
}

const SCRIPTS = join(CHECKOUT, "scripts", "tools", "bench", "scripts");
const SCRIPT_HAS_NO_VERSION = { why: "a script has no version" };

export function inviteOwn(): OwnForms {
  return {
    standalone: inviteForm("standalone", [join(CHECKOUT, HOST_EXECUTABLE)]),
    node: inviteForm("on Node", NODE_PROGRAM),
  };
}

export function inviteOthers(place: Place): Contestant[] {
  return [
    inviteAwsCli(),
    inviteBoto3(place),
    inviteJavascript(place),
    inviteCredsHelper(place),
    ...inviteFound(),
  ];
}

function inviteForm(name: string, program: readonly string[]): OwnForm {
  return {
    name: `latchkey, ${name}`,
    version: readOutput([...program, "--version"]),
    credentials: { argv: [...program, "credential-process", ...OKTA_ROLE] },
    listing: { argv: [...program, "roles", "--json"] },
    start: { argv: [...program, "--version"] },
    program,
  };
}

function inviteAwsCli(): Contestant {
  const name = "AWS CLI v2";
  if (!existsSync(AWS))
    return describeAbsent(name, "is not installed: `npm run setup:interop` installs it");
  const exportCredentials = ["configure", "export-credentials", "--format", "process"];
  return {
    name,
    version: readOutput([AWS, "--version"]),
    credentials: { argv: [AWS, ...exportCredentials, "--profile", "okta"] },
    listing: { why: "no command lists every role: it is one process for each account" },
    start: { argv: [AWS, "--version"] },
  };
}

function inviteBoto3({ tokenFile }: Place): Contestant {
  const name = "boto3, a script";
  if (!existsSync(PYTHON))
    return describeAbsent(name, "is not installed: `npm run setup:interop` installs it");
  const version = readOutput([PYTHON, "-c", "import boto3; print(boto3.__version__)"]);
  return {
    name,
    version: `boto3 ${version}`,
    credentials: { argv: [PYTHON, join(SCRIPTS, "credentials.py"), "okta"] },
    listing: { argv: [PYTHON, join(SCRIPTS, "list_roles.py"), tokenFile] },
    start: SCRIPT_HAS_NO_VERSION,
  };
}

function inviteJavascript({ tokenFile }: Place): Contestant {
  const name = "@aws-sdk/credential-providers";
  const manifest = parseJson(
    readFileSync(join(CHECKOUT, "node_modules", name, "package.json"), "utf8"),
  );
  const version = isRecord(manifest) ? String(manifest["version"]) : "unknown";
  return {
    name: "AWS SDK for JavaScript, a fromSSO script",
    version: `${name} ${version}`,
    credentials: { argv: [process.execPath, join(SCRIPTS, "fromsso.mjs"), "okta"] },
    listing: { argv: [process.execPath, join(SCRIPTS, "list-roles.mjs"), tokenFile] },
    start: SCRIPT_HAS_NO_VERSION,
  };
}

/** Tools with their own cache and sign-in. Without a person who signs in, only their start can be compared. */
function inviteFound(): Contestant[] {
  const tools = [
    { name: "aws-sso", word: "version" },
    { name: "granted", word: "--version" },
    { name: "aws-vault", word: "--version" },
  ];
  return tools.map(({ name, word }) => {
    const path = findOnPath(name);
    if (path === undefined) return describeAbsent(name, "not found on PATH");
    const unable = {
      why: "has its own sign-in in a browser, and can't use tokens of other tools",
    };
    return {
      name,
      version: readOutput([path, word]).split("\n")[0] ?? "",
      credentials: unable,
      noRefresh: unable,
      listing: unable,
      start: { argv: [path, word] },
    };
  });
}

function findOnPath(name: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((candidate) => existsSync(candidate));
}

function readOutput([program = "", ...argv]: readonly string[]): string {
  return execFileSync(program, argv, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"] },
  }).trim();
}
