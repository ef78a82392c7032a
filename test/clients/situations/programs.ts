import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runProgram } from "../../support/child.ts";
import {
  AWS,
  BOTO3_BEFORE_SESSIONS,
  GO_DRIVERS,
  JAVA_DRIVER,
  PYTHON,
  PYTHON_BEFORE_SESSIONS,
  RUST_DRIVER,
} from "../../support/interop-parts.ts";
import { CHECKOUT, PROGRAM } from "../../support/program.ts";
import { CLIENTS } from "../clients.ts";
import type { Place } from "./place.ts";
import { CONFIG, type Situation } from "./situation.ts";

/** A client as people use it: a command, or a program that calls GetCallerIdentity without error handling. */
export interface UserProgram {
  /** The client's id; latchkey has two commands here. */
  readonly client: string;
  readonly name: string;
  readonly argv: readonly string[];
  readonly readVersion: () => string;
  /** Returns the missing part; undefined if it is set up. */
  readonly findMissing: () => string | undefined;
  /** Runs only in situations that list it. */
  readonly isRare?: true;
  /** Runs only for profiles of Identity Center. */
  readonly needsSession?: true;
}

const DRIVERS = join(import.meta.dirname, "..", "drivers");
const { version: VERSION } = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8")) as {
  version: string;
};
const BOTO3 = join(DRIVERS, "botocore", "driver.py");
const PATIENCE_SECONDS = "150";
const IDENTITY = ["sts", "get-caller-identity"];

const findOnPath = (name: string, isIt: (path: string) => boolean): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path) && isIt(path));

const readAwsVersion = (path: string): string =>
  /^aws-cli\/(\S+)/.exec(execFileSync(path, ["--version"], { encoding: "utf8" }))?.[1] ?? "";
let awsV1: string | undefined;
/** Searched only once and on demand: that takes a second. */
const findAwsV1 = (): string | undefined =>
  (awsV1 ??= findOnPath("aws", (path) => readAwsVersion(path).startsWith("1.")));

const create = (client: string, ...argv: string[]): UserProgram => {
  const known = CLIENTS.find(({ name }) => name === client);
  return {
    client,
    name: client,
    argv,
    readVersion: known?.readVersion ?? (() => `latchkey ${VERSION}`),
    findMissing: known?.findMissing ?? (() => undefined),
  };
};

const java = `${JAVA_DRIVER.built}/classes${delimiter}${JAVA_DRIVER.built}/*`;

export const USER_PROGRAMS: readonly UserProgram[] = [
  create("aws-cli", AWS, ...IDENTITY),
  {
    ...create("aws-cli-v1"),
    get argv() {
      return [findAwsV1() ?? "aws", ...IDENTITY];
    },
    readVersion: () => `AWS CLI ${readAwsVersion(findAwsV1() ?? "aws")}`,
    findMissing: () => (findAwsV1() === undefined ? "an AWS CLI v1 on PATH" : undefined),
  },
  create("boto3", PYTHON, BOTO3, "--sts"),
  {
    ...create("boto3", PYTHON_BEFORE_SESSIONS, BOTO3, "--sts"),
    name: "boto3 of 2022",
    readVersion: () => `boto3 ${BOTO3_BEFORE_SESSIONS}`,
    findMissing: () => (existsSync(PYTHON_BEFORE_SESSIONS) ? undefined : PYTHON_BEFORE_SESSIONS),
    isRare: true,
  },
  create("javascript", process.execPath, join(DRIVERS, "javascript", "driver.mjs"), "--sts"),
  create("go-v2", join(GO_DRIVERS.built, "sdk2"), "--sts"),
  create("go-v1", join(GO_DRIVERS.built, "sdk1"), "--sts"),
  create("terraform", join(GO_DRIVERS.built, "base"), "--sts"),
  create("java", "/usr/bin/java", "-XX:TieredStopAtLevel=1", "-cp", java, "Driver", "--sts"),
  create("rust", join(RUST_DRIVER.built, "target", "debug", "rust"), "--sts"),
  create("dotnet", findOnPath("aws-dotnet", () => true) ?? "aws-dotnet", "--sts"),
  { ...create("latchkey", ...PROGRAM, "whoami"), name: "latchkey whoami" },
  {
    ...create("latchkey", ...PROGRAM, "credential-process"),
    name: "latchkey credential-process",
    needsSession: true,
  },
];

/** Returns the output if it failed; undefined if it works. */
export async function runUserProgram(
  { argv, client }: UserProgram,
  place: Place,
): Promise<string | undefined> {
  const words = [...place.before, "timeout", PATIENCE_SECONDS, ...argv];
  const own =
    place.dataPath === undefined || client !== "aws-cli" ? {} : { AWS_DATA_PATH: place.dataPath };
  const { stdout, stderr, exitCode } = await runProgram(words, { ...place.env, ...own });
  if (exitCode === 0) return undefined;
  if (client !== "dotnet") return stderr + stdout;
  // It prints an error as JSON: see docs/interop.md.
  const { error } = JSON.parse(stdout) as { error: string };
  return `${error}\n`;
}

export function canBeIn(
  { clients, config = CONFIG }: Situation,
  { name, client, isRare, needsSession }: UserProgram,
): boolean {
  const hasSession = /^\[.*\]\nsso_/.test(config);
  if (needsSession === true && !hasSession) return false;
  if (clients === undefined) return isRare !== true;
  return clients.includes(name) || (clients.includes(client) && isRare !== true);
}
