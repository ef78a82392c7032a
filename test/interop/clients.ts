import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram, type Home, type RunResult } from "../support/home.ts";

/** The real clients, each a child with an environment of its own. A missing one fails; none is ever skipped. */
export type Client = "AWS CLI" | "boto3" | "JavaScript" | "Go";
export const CLIENTS: readonly Client[] = ["AWS CLI", "boto3", "JavaScript", "Go"];

const here = dirname(fileURLToPath(import.meta.url));
export const AWS = "/usr/bin/aws";
export const PYTHON = join(here, ".venv", "bin", "python");
const WITNESS = join(here, ".bin", "witness");

export function programsMissing(): string[] {
  return [AWS, PYTHON, WITNESS].filter((path) => !existsSync(path));
}

/** GetCallerIdentity by this client with this profile. */
export function identity(client: Client, home: Home, profile: string): Promise<RunResult> {
  const env = { ...clientEnvironment(home), AWS_PROFILE: profile };
  switch (client) {
    case "AWS CLI":
      return runProgram(
        [AWS, "sts", "get-caller-identity", "--query", "Arn", "--output", "text"],
        env,
      );
    case "boto3":
      return runProgram(
        [PYTHON, join(here, "clients", "boto3_witness.py"), "identity", profile],
        env,
      );
    case "JavaScript":
      return runProgram(
        [process.execPath, join(here, "clients", "javascript-witness.mjs"), "identity", profile],
        env,
      );
    case "Go":
      return runProgram([WITNESS, "identity", profile], env);
  }
}

export function awsCli(home: Home, argv: readonly string[]): Promise<RunResult> {
  return runProgram([AWS, ...argv], clientEnvironment(home));
}

/** The profiles of a config as each reader sees them: name → key → value. Go is asked for those that are expected. */
export async function readings(
  home: Home,
  file: string,
  names: readonly string[],
): Promise<Record<Exclude<Client, "AWS CLI">, Record<string, Record<string, unknown>>>> {
  const env = clientEnvironment(home);
  const [botocore, javascript, go] = await Promise.all([
    runProgram([PYTHON, join(here, "clients", "boto3_witness.py"), "read", file], env),
    runProgram(
      [process.execPath, join(here, "clients", "javascript-witness.mjs"), "read", file],
      env,
    ),
    runProgram([WITNESS, "read", file, ...names], env),
  ]);
  return { boto3: parsed(botocore), JavaScript: parsed(javascript), Go: parsed(go) };
}

function parsed(result: RunResult): Record<string, Record<string, unknown>> {
  if (result.exitCode !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout);
}

/** Debian's AWS CLI (2.9.19) knows no endpoint variables: it finds the emulator through endpoint rules of our own. */
export function clientEnvironment(home: Home): Record<string, string> {
  return {
    ...home.env,
    AWS_DATA_PATH: dataPath(home),
    AWS_PAGER: "",
    AWS_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

function dataPath(home: Home): string {
  const root = join(home.path, "aws-data");
  if (existsSync(root)) return root;
  const parameter = (builtIn: string, isFlag: boolean) => ({
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
  const rules = (properties: object, more: object) => ({
    version: "1.0",
    parameters: { ...parameters, ...more },
    rules: [
      {
        conditions: [],
        type: "endpoint",
        endpoint: { url: home.emulator.url, properties, headers: {} },
      },
    ],
  });
  const signed = {
    authSchemes: [{ name: "sigv4", signingName: "sts", signingRegion: "us-east-1" }],
  };
  const files = {
    "sso-oidc/2019-06-10": rules({}, {}),
    "sso/2019-06-10": rules({}, {}),
    "sts/2011-06-15": rules(signed, {
      UseGlobalEndpoint: parameter("AWS::STS::UseGlobalEndpoint", true),
    }),
  };
  for (const [folder, content] of Object.entries(files)) {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, "endpoint-rule-set-1.json"), JSON.stringify(content));
  }
  return root;
}

/** Between two cells nothing may be left that a client could answer from. */
export function emptyRoleCaches(home: Home): void {
  for (const cache of [".aws/cli/cache", ".aws/latchkey/role-credentials"])
    rmSync(join(home.path, cache), { recursive: true, force: true });
}
