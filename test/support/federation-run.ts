import { expect } from "vitest";
import type { ReportJson } from "../../src/federation/report.ts";
import type { Check } from "../../src/federation/step.ts";
import {
  ACCOUNT,
  createAwsMetadata,
  createFederatedEmulation,
  createOktaMetadata,
  GROUP,
  PERMISSION_SET,
  USER,
} from "./federation.ts";
import { giveProgram, parseOutput, type Home, type RunResult } from "./home.ts";

/** Makes a home with a healthy federation, in which the built program runs. */
export async function createFederatedHome(
  ...choice: Parameters<typeof createFederatedEmulation>
): Promise<Home> {
  return giveProgram(await createFederatedEmulation(...choice));
}

export async function writeToken(home: Home): Promise<void> {
  const login = await home.run(["login", "--sso-session", "corp", "--no-browser"]);
  expect(login, login.stderr).toMatchObject({ exitCode: 0 });
}

/** Runs the program as the administrator, with the long-term keys of the emulated organization. */
export function runAsAdministrator(
  home: Home,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input?: string,
): Promise<RunResult> {
  return home.run(argv, {
    env: { ...home.emulator.administratorEnv, AWS_REGION: "us-east-1", ...env },
    ...(input === undefined ? {} : { input }),
  });
}

/** Returns the status of each check id, from the output of a run with --json. */
export function parseStatuses(result: RunResult): Record<string, string> {
  const { checks } = parseOutput<ReportJson>(result);
  return Object.fromEntries(checks.map(({ id, status }) => [id, status]));
}

export function findCheck(result: RunResult, id: string): Check {
  const found = parseOutput<ReportJson>(result).checks.find((check) => check.id === id);
  if (found === undefined) throw new Error(`no check ${id} in ${result.stdout}`);
  return found;
}

/** Returns files and flags that give all twelve steps something to check. Given ones replace them; undefined removes one. */
export function checkArgv(
  home: Home,
  others: Readonly<Record<string, string | undefined>> = {},
): string[] {
  const flags = {
    metadata: home.write("okta.xml", createOktaMetadata()),
    sp: home.write("aws.xml", createAwsMetadata()),
    user: USER,
    group: GROUP,
    account: ACCOUNT,
    "permission-set": PERMISSION_SET,
    "scim-endpoint": home.emulator.scimEndpoint.slice(0, -1),
    "token-expires": "2099-01-01",
    "login-profile": "okta",
    ...others,
  };
  return [
    "federation",
    "check",
    "--json",
    ...Object.entries(flags).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, value],
    ),
  ];
}
