import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { runProgram } from "../support/child.ts";
import { pointAwsCliAt } from "../support/endpoint-rules.ts";
import { AWS, GO_DRIVERS, JAVA_DRIVER, PYTHON, RUST_DRIVER } from "../support/interop-parts.ts";
import { CHECKOUT } from "../support/checkout.ts";

/** The real clients. Each gets an environment and prints the credentials that it resolves there. */

/** The output of a driver. */
export interface Answer {
  readonly accessKeyId?: string;
  readonly sessionToken?: string | null;
  readonly region?: string | null;
  readonly error?: string;
}

export interface Client {
  /** The family's name in src/clients/, or `boto3`, which belongs to the AWS CLI's family. */
  readonly name: string;
  /** Returns the missing part; undefined if it is set up. */
  readonly findMissing: () => string | undefined;
  readonly readVersion: () => string;
  /** The client reads the home directory only when it is loaded, so each question needs the same one. */
  readonly hasOneHome?: boolean;
  /** `work` is a folder for the driver until it is closed; with `hasOneHome`, the home is `home` in it. */
  readonly open: (emulatorUrl: string, work: string) => { ask: Ask; close: () => void };
}

type Environment = Readonly<Record<string, string>>;
type Ask = (env: Environment, profile: string | undefined, asksRegion?: boolean) => Promise<Answer>;

const DRIVERS = join(import.meta.dirname, "drivers");
const JAVA = JAVA_DRIVER.built;
const PATIENCE_SECONDS = "60";

const findGone = (paths: readonly string[]): string | undefined =>
  paths.find((path) => !existsSync(path));

/** A driver that is started for each question, with its environment. */
function createStarted(
  name: string,
  program: readonly string[],
  readVersion: () => string,
): Client {
  const ask: Ask = async (env, profile) => {
    const named = profile === undefined ? [] : [profile];
    const argv = ["timeout", PATIENCE_SECONDS, ...program, ...named];
    const { stdout, stderr } = await runProgram(argv, env);
    const line = stdout.trim().split("\n").at(-1) ?? "";
    return line.startsWith("{") ? (JSON.parse(line) as Answer) : { error: stderr.trim() };
  };
  return {
    name,
    findMissing: () => findGone(program.filter((part) => part.startsWith("/"))),
    readVersion,
    open: () => ({ ask, close: () => undefined }),
  };
}

/** A driver in Python, which forks for each question, one at a time. */
function createForking(name: string, python: string, folder: string, program = python): Client {
  const driver = join(DRIVERS, folder, "driver.py");
  return {
    name,
    hasOneHome: true,
    findMissing: () => findGone([python, program]),
    readVersion: () => execFileSync(python, [driver], { input: "", encoding: "utf8" }).trim(),
    open(emulatorUrl, work) {
      const { AWS_DATA_PATH = "" } = pointAwsCliAt(emulatorUrl, work);
      const child = spawn(python, [driver], {
        env: { PATH: process.env["PATH"], HOME: join(work, "home"), LANG: "C.UTF-8" },
        stdio: ["pipe", "pipe", "inherit"],
      });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const version = lines.next();
      const ask: Ask = async (env, profile) => {
        await version;
        child.stdin.write(`${JSON.stringify({ env: { ...env, AWS_DATA_PATH }, profile })}\n`);
        const { value } = await lines.next();
        return JSON.parse(String(value)) as Answer;
      };
      return { ask, close: () => void child.stdin.end() };
    },
  };
}

/** Returns a package's version from a lock file of the drivers, or from node_modules. */
function readLocked(file: string, pattern: RegExp): string {
  return pattern.exec(readFileSync(file, "utf8"))?.[1] ?? "unknown";
}

function createGo(name: string, program: string, module: string): Client {
  const pattern = new RegExp(`^\\s*${module} v(\\S+)$`, "m");
  return createStarted(
    name,
    [join(GO_DRIVERS.built, program)],
    () =>
      `${module.replace("github.com/", "")} ${readLocked(join(DRIVERS, "go", "go.mod"), pattern)}`,
  );
}

/** Available only on PATH. It prints the region only with `--sts`, and then nothing else if STS can't be reached. */
function createDotnet(): Client {
  const find = (): string | undefined =>
    (process.env["PATH"] ?? "")
      .split(delimiter)
      .map((folder) => join(folder, "aws-dotnet"))
      .find((path) => existsSync(path));
  const client = (more: readonly string[]): Client =>
    createStarted("dotnet", [find() ?? "aws-dotnet", ...more], () => "AWSSDK.Core 4.1.0");
  return {
    ...client([]),
    findMissing: () => (find() === undefined ? "aws-dotnet on PATH" : undefined),
    open: () => ({
      async ask(env, profile, asksRegion) {
        const askBy = (more: readonly string[]): Promise<Answer> =>
          client(more).open("", "").ask(env, profile);
        if (asksRegion !== true) return askBy([]);
        const whole = await askBy(["--sts"]);
        return whole.error === undefined ? whole : askBy([]);
      },
      close: () => undefined,
    }),
  };
}

const JAVASCRIPT = join(DRIVERS, "javascript", "driver.mjs");
const CLIENT_STS = join(CHECKOUT, "node_modules", "@aws-sdk", "client-sts", "package.json");

export const CLIENTS: readonly Client[] = [
  createForking("aws-cli", "/usr/bin/python3", "awscli", AWS),
  createForking("boto3", PYTHON, "botocore"),
  createStarted(
    "javascript",
    [process.execPath, JAVASCRIPT],
    () => `@aws-sdk/client-sts ${readLocked(CLIENT_STS, /"version": "(.*)"/)}`,
  ),
  createGo("go-v2", "sdk2", "github.com/aws/aws-sdk-go-v2/config"),
  createGo("go-v1", "sdk1", "github.com/aws/aws-sdk-go"),
  createGo("terraform", "base", "github.com/hashicorp/aws-sdk-go-base/v2"),
  {
    ...createStarted(
      "java",
      [
        "/usr/bin/java",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        `${JAVA}/classes${delimiter}${JAVA}/*`,
        "Driver",
      ],
      () =>
        `aws-sdk-java-v2 ${readLocked(join(DRIVERS, "java", "pom.xml"), /<aws\.version>(.*)</)}`,
    ),
    findMissing: () => findGone(["/usr/bin/java", join(JAVA, "classes", "Driver.class")]),
  },
  createStarted(
    "rust",
    [join(RUST_DRIVER.built, "target", "debug", "rust")],
    () =>
      `aws-config ${readLocked(join(DRIVERS, "rust", "Cargo.toml"), /^aws-config = .*"=(.*?)"/m)}`,
  ),
  createDotnet(),
];
