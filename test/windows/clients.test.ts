import { copyFileSync, linkSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { runProgram } from "../support/child.ts";
import { createSignedInHome, PROGRAM, SESSION_CONFIG, type Home } from "../support/home.ts";
import { patience } from "../support/patience.ts";
import { PYTHON_VARIABLES, WINDOWS_CLIENTS } from "../support/windows-clients.ts";

/** Clients for Windows run the line that configure writes, with or without cmd.exe. */

const ROLE = ["--account-id", "100000000001", "--role-name", "ViewOnlyAccess"];
const CONFIGURE = ["configure", "--profile", "line", "--form", "credential-process"];
const ARN = "arn:aws:sts::100000000001:assumed-role/AWSReservedSSO_ViewOnlyAccess";

/** Puts the program into a folder of that name. */
function installIn(home: Home, folder: string): string {
  const program = join(home.path, folder, "latchkey.exe");
  mkdirSync(dirname(program), { recursive: true });
  try {
    linkSync(PROGRAM[0], program);
  } catch {
    copyFileSync(PROGRAM[0], program);
  }
  return program;
}

const readLine = (home: Home): string =>
  /^credential_process = (.*?)\r?$/m.exec(home.read(".aws/config"))?.[1] ?? "";

const identify = (home: Home, client: string) =>
  runProgram([...(WINDOWS_CLIENTS[client] ?? []), "line"], {
    ...home.env,
    ...PYTHON_VARIABLES,
    AWS_REGION: "us-east-1",
  });

describe.each([
  ["a plain folder", "bin", /^[^" ]+\\bin\\latchkey\.exe credential-process /],
  [
    "a folder with a blank and special characters",
    "J\u00f6e & (x86) 50",
    /^[^" ]+~[^" ]*\\latchkey\.exe credential-process /,
  ],
])("with the program in %s", (_, folder, line) => {
  test(
    "configure writes a line without quotes, every client accepts it, and doctor finds nothing",
    { timeout: patience(120_000) },
    async () => {
      const home = await createSignedInHome();
      const program = installIn(home, folder);
      const argv = [program, ...CONFIGURE, "--sso-session", "corp", ...ROLE, "--yes"];
      const configured = await runProgram(argv, home.env);
      expect(configured).toMatchObject({
        exitCode: 0,
        stderr: expect.not.stringMatching(/notice/),
      });
      expect(readLine(home)).toMatch(line);
      for (const client of Object.keys(WINDOWS_CLIENTS)) {
        const { exitCode, stdout, stderr } = await identify(home, client);
        expect([client, exitCode, stderr]).toEqual([client, 0, ""]);
        expect(stdout).toContain(ARN);
      }
      const doctor = await home.run(["doctor", "--offline", "--json"]);
      expect(JSON.parse(doctor.stdout)).toMatchObject({ findings: [] });
    },
  );
});

describe("a line with the program's path in quotes", () => {
  test(
    "JavaScript and boto3 accept it, Go v2 does not, and doctor reports it",
    { timeout: patience(120_000) },
    async () => {
      const home = await createSignedInHome();
      const program = installIn(home, "my bin");
      const words = ["credential-process", "--sso-session", "corp", ...ROLE].join(" ");
      home.write(
        ".aws/config",
        `${SESSION_CONFIG}[profile line]\ncredential_process = "${program}" ${words}\n`,
      );
      const taken = new Map<string, boolean>();
      for (const client of Object.keys(WINDOWS_CLIENTS)) {
        const { exitCode } = await identify(home, client);
        taken.set(client, exitCode === 0);
      }
      expect(Object.fromEntries(taken)).toEqual({
        "the SDK for JavaScript": true,
        boto3: true,
        "the SDK for Go v2": false,
      });
      const { stdout } = await home.run(["doctor", "--offline"]);
      expect(stdout).toMatch(/process-quoting/);
    },
  );
});
