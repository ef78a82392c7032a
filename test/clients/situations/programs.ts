import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runProgram } from "../../support/child.ts";
import { AWS, GO_DRIVERS, JAVA_DRIVER, PYTHON, RUST_DRIVER } from "../../support/interop-parts.ts";
import { PROGRAM } from "../../support/program.ts";
import { CLIENTS } from "../clients.ts";
import type { Place } from "./place.ts";

/** A client as a person runs it: a command, or a program that asks STS who it is and catches nothing. */
export interface UserProgram {
  /** The client's id; latchkey is here by two commands. */
  readonly client: string;
  readonly name: string;
  readonly argv: readonly string[];
  readonly readVersion: () => string;
  /** What is missing of it; undefined: it is set up. */
  readonly findMissing: () => string | undefined;
}

const DRIVERS = join(import.meta.dirname, "..", "drivers");
const PATIENCE_SECONDS = "150";
const IDENTITY = ["sts", "get-caller-identity"];

const findOnPath = (name: string, isIt: (path: string) => boolean): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path) && isIt(path));

const readAwsVersion = (path: string): string =>
  /^aws-cli\/(\S+)/.exec(execFileSync(path, ["--version"], { encoding: "utf8" }))?.[1] ?? "";
const AWS_V1 = findOnPath("aws", (path) => readAwsVersion(path).startsWith("1."));

const create = (client: string, ...argv: string[]): UserProgram => {
  const known = CLIENTS.find(({ name }) => name === client);
  return {
    client,
    name: client,
    argv,
    readVersion: known?.readVersion ?? (() => ""),
    findMissing: known?.findMissing ?? (() => undefined),
  };
};

const java = `${JAVA_DRIVER.built}/classes${delimiter}${JAVA_DRIVER.built}/*`;

export const USER_PROGRAMS: readonly UserProgram[] = [
  create("aws-cli", AWS, ...IDENTITY),
  {
    ...create("aws-cli-v1", AWS_V1 ?? "aws", ...IDENTITY),
    readVersion: () => `AWS CLI ${readAwsVersion(AWS_V1 ?? "aws")}`,
    findMissing: () => (AWS_V1 === undefined ? "an AWS CLI v1 on PATH" : undefined),
  },
  create("boto3", PYTHON, join(DRIVERS, "botocore", "driver.py"), "--sts"),
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
  },
];

/** What it printed where it failed; undefined: it works. */
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
  // It says an error as a value: see docs/interop.md.
  const { error } = JSON.parse(stdout) as { error: string };
  return `${error}\n`;
}
