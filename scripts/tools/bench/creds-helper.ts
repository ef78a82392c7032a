// The contestant aws-sso-creds-helper, which npm installs into a separate folder.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../../../test/support/program.ts";
import type { Place } from "../place.ts";
import { describeAbsent, type Contestant } from "./contestant.ts";

const NAME = "aws-sso-creds-helper";
const VERSION = "1.12.0";
const FOLDER = join(CHECKOUT, "node_modules", ".bench-peers");
const PACKAGE = join(FOLDER, "node_modules", NAME);

export function inviteCredsHelper({ home, emulator }: Place): Contestant {
  const problem = install();
  if (problem !== undefined) return describeAbsent(NAME, problem);
  const program = join(PACKAGE, "bin", "index.js");
  const preload = writePreload(home, emulator.url);
  return {
    name: NAME,
    version: VERSION,
    // This tool does not print credentials: it writes them to the shared credentials file.
    credentials: {
      argv: [process.execPath, "--require", preload, program, "--profile", "okta"],
      credentialsFile: join(home, ".aws", "credentials"),
    },
    noRefresh: {
      why: "does not refresh a token: it starts `aws sso login`, which needs a person",
    },
    listing: { why: "lists nothing" },
    start: { argv: [process.execPath, program, "--version"] },
  };
}

/** Installs the tool. Returns why it can't be installed; undefined if it is installed. */
function install(): string | undefined {
  if (existsSync(PACKAGE)) return undefined;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, "package.json"), "{}");
  const quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  try {
    execFileSync("npm", ["install", `${NAME}@${VERSION}`, ...quietly], {
      cwd: FOLDER,
      stdio: ["ignore", "ignore", "pipe"],
    });
    return undefined;
  } catch (thrown) {
    const status = thrown instanceof Error && "status" in thrown ? thrown.status : "unknown";
    return `npm could not install it (${String(status)})`;
  }
}

/**
 * Writes a file that is loaded before the tool. The tool's SDK (version 2) reads no endpoint variables, so this file
 * sets the emulator's address in the SDK.
 */
function writePreload(home: string, url: string): string {
  const preload = join(home, "endpoint.cjs");
  const sdk = JSON.stringify(join(FOLDER, "node_modules", "aws-sdk"));
  const config = `{ sso: { endpoint: ${JSON.stringify(url)} } }`;
  writeFileSync(preload, `require(${sdk}).config.update(${config});`);
  return preload;
}
