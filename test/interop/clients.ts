import { rmSync } from "node:fs";
import { join } from "node:path";
import { pointAwsCliAt } from "../support/endpoint-rules.ts";
import { AWS, PYTHON, requireParts, WITNESS } from "../support/interop-parts.ts";
import { parseOutput, runProgram, type Home, type RunResult } from "../support/home.ts";

/** The real clients, each a child process with its own environment. A missing client fails the tests; none is skipped. */
export type Client = "AWS CLI" | "boto3" | "JavaScript" | "Go";
export const CLIENTS: readonly Client[] = ["AWS CLI", "boto3", "JavaScript", "Go"];

const here = import.meta.dirname;
export { AWS, PYTHON } from "../support/interop-parts.ts";

/** @throws if one of the clients is missing */
export function requireClients(): void {
  requireParts(AWS, PYTHON, WITNESS);
}

/** Calls GetCallerIdentity with this client and profile. */
export function fetchIdentity(client: Client, home: Home, profile: string): Promise<RunResult> {
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

export function runAwsCli(home: Home, argv: readonly string[]): Promise<RunResult> {
  return runProgram([AWS, ...argv], clientEnvironment(home));
}

/** Returns the profiles of a config as each reader reads them: name → key → value. Go reads the named profiles only. */
export async function readByClients(
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
  return { boto3: parseResult(botocore), JavaScript: parseResult(javascript), Go: parseResult(go) };
}

function parseResult(result: RunResult): Record<string, Record<string, unknown>> {
  if (result.exitCode !== 0) throw new Error(result.stderr);
  return parseOutput(result);
}

export function clientEnvironment(home: Home): Record<string, string> {
  return {
    ...home.env,
    ...pointAwsCliAt(home.emulator.url, home.path),
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

/** Clears the clients' caches between two cells, so that no client answers from them. */
export function clearRoleCaches(home: Home): void {
  for (const cache of [".aws/cli/cache", ".aws/latchkey/role-credentials"])
    rmSync(join(home.path, cache), { recursive: true, force: true });
}
