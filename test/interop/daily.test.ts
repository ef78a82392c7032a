import { connect } from "node:net";
import { beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "../../src/fs/programs.ts";
import {
  parseOutput,
  PROGRAM,
  runProgram,
  createSignedInHome,
  type Home,
  type RunResult,
} from "../support/home.ts";
import { AWS, runAwsCli, clientEnvironment, requireClients, PYTHON } from "./clients.ts";

beforeAll(() => {
  requireClients();
});

const ROLE =
  /^arn:aws:sts::100000000001:assumed-role\/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]{16}\/okta\.user@example\.com$/;

/** Runs a real client as the command of exec. AWS_PROFILE names a missing profile, so that it can't be the source. */
function runAsChild(
  home: Home,
  flags: readonly string[],
  command: readonly string[],
): Promise<RunResult> {
  return runProgram([...PROGRAM, "exec", ...flags, "okta", "--", ...command], {
    ...clientEnvironment(home),
    AWS_PROFILE: "nope",
  });
}

describe.each([
  ["exec", []],
  ["exec --server", ["--server"]],
] as const)("under %s", (_, flags) => {
  test("boto3, and .NET if it is installed, get the account id", async () => {
    const home = await createSignedInHome();
    const script =
      "import botocore.session as s; print(s.Session().get_credentials().get_frozen_credentials().account_id)";
    const python = await runAsChild(home, flags, [PYTHON, "-c", script]);
    expect(python.stdout.trim(), python.stderr).toBe("100000000001");
    const dotnet = findProgram("aws-dotnet", process.env["PATH"]);
    if (dotnet === undefined) return console.log("skipped: no aws-dotnet on PATH");
    expect(parseOutput(await runAsChild(home, flags, [dotnet]))).toMatchObject({
      accountId: "100000000001",
    });
  });

  test("the AWS CLI answers as the role", async () => {
    const home = await createSignedInHome();
    const { stdout, stderr, exitCode } = await runAsChild(home, flags, [
      AWS,
      "sts",
      "get-caller-identity",
      "--query",
      "Arn",
      "--output",
      "text",
    ]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout.trim()).toMatch(ROLE);
  });

  test("boto3 answers as the role, in the profile's region", async () => {
    const home = await createSignedInHome();
    const script =
      "import boto3; s = boto3.Session(); print(s.region_name, s.client('sts').get_caller_identity()['Arn'], s.get_credentials().method)";
    const { AWS_REGION: _region, ...env } = clientEnvironment(home);
    const { stdout, stderr, exitCode } = await runProgram(
      [...PROGRAM, "exec", ...flags, "okta", "--", PYTHON, "-c", script],
      env,
    );
    expect(exitCode, stderr).toBe(0);
    const [region, arn, method] = stdout.trim().split(" ");
    expect([region, method]).toEqual(["eu-west-1", flags.length === 0 ? "env" : "container-role"]);
    expect(arn).toMatch(ROLE);
  });
});

test("under exec --server, with credentials for a minute, one boto3 session signs two calls with two access keys; the port closes with the command", async () => {
  const home = await createSignedInHome({ lifetimes: { roleCredentialsSeconds: 60 } });
  const script = `
import boto3, os, urllib.request, urllib.error
sts = boto3.Session().client("sts")
for _ in range(2):
    print(sts.get_caller_identity()["Arn"], sts._request_signer._credentials.access_key)
try:
    print(urllib.request.urlopen(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"]).status)
except urllib.error.HTTPError as refused:
    print(refused.code)
print(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"])
`;
  const { stdout, stderr, exitCode } = await runAsChild(home, ["--server"], [PYTHON, "-c", script]);
  expect(exitCode, stderr).toBe(0);
  const [first = "", second = "", status, url = ""] = stdout.trim().split("\n");
  const [, firstKey] = first.split(" ");
  const [, secondKey] = second.split(" ");
  expect([first.split(" ")[0], second.split(" ")[0]]).toEqual([
    expect.stringMatching(ROLE),
    expect.stringMatching(ROLE),
  ]);
  const signers = home.emulator.journal
    .entries({ route: "GetCallerIdentity", status: 200 })
    .map(({ headers }) => /Credential=(\w+)/.exec(headers["authorization"] ?? "")?.[1]);
  expect(new Set(signers).size).toBe(2);
  expect(firstKey).not.toBe(secondKey);
  expect(status).toBe("401");
  const closed = await new Promise<string>((resolve) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.once("connect", () => resolve("open"));
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
  });
  expect(closed).toBe("ECONNREFUSED");
});

test("export prints what the AWS CLI's export-credentials prints for the same credentials, in the five formats of 2.9.19", async () => {
  const home = await createSignedInHome();
  const keys = home.write(
    "keys.json",
    (await home.run(["credential-process", "--profile", "okta"])).stdout,
  );
  home.write(
    ".aws/config",
    `[profile same]\nregion = eu-west-1\ncredential_process = cat ${keys}\n`,
  );
  for (const format of ["process", "env", "env-no-export", "powershell", "windows-cmd"]) {
    const theirs = await runAwsCli(home, [
      "configure",
      "export-credentials",
      "--profile",
      "same",
      "--format",
      format,
    ]);
    const ours = await home.run(["export", "same", "--format", format]);
    expect(theirs.exitCode, theirs.stderr).toBe(0);
    expect(ours, format).toEqual({ exitCode: 0, stdout: theirs.stdout, stderr: "" });
  }
});

test("the AWS CLI and boto3 use a credentials file that export wrote", async () => {
  const home = await createSignedInHome();
  const { stdout } = await home.run(["export", "okta", "--format", "credentials-file"]);
  home.write(".aws/config", "");
  home.write(".aws/credentials", stdout);
  const cli = await runAwsCli(home, [
    "sts",
    "get-caller-identity",
    "--profile",
    "okta",
    "--query",
    "Arn",
    "--output",
    "text",
  ]);
  expect(cli.stdout.trim(), cli.stderr).toMatch(ROLE);
  const boto = await runProgram(
    [
      PYTHON,
      "-c",
      "import boto3; print(boto3.Session(profile_name='okta', region_name='us-east-1').client('sts').get_caller_identity()['Arn'])",
    ],
    clientEnvironment(home),
  );
  expect(boto.stdout.trim(), boto.stderr).toMatch(ROLE);
});
