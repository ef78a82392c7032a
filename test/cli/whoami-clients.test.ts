import { describe, expect, test } from "vitest";
import type { WhoamiClientsJson, WhoamiJson } from "../../src/commands/whoami.ts";
import { createSignedInHome, SESSION_CONFIG, type Home } from "../support/home.ts";
import { printVariables } from "../support/commands.ts";

const SSO = "sso_session = corp\nsso_account_id = 100000000002\nsso_role_name = ViewOnlyAccess\n";
const DEPLOY = "role_arn = arn:aws:iam::100000000003:role/Deploy\n";

async function createHome(lines: string, credentials = ""): Promise<Home> {
  const home = await createSignedInHome();
  home.write(".aws/config", `${SESSION_CONFIG}[profile a]\n${lines}region = us-east-1\n`);
  home.write(".aws/credentials", credentials);
  return home;
}

async function readClients(home: Home, args: readonly string[]): Promise<Record<string, string>> {
  const clients = await home.runJson<WhoamiClientsJson>(["whoami", ...args, "--clients"]);
  return Object.fromEntries(
    clients.map(({ client, outcome, accountId, roleName }) => [
      client,
      outcome === "identity" ? `${accountId} ${roleName}` : outcome,
    ]),
  );
}

const SELF = "100000000002 ViewOnlyAccess";
const ROLE = "100000000003 Deploy";

describe("whoami, exec and export follow the majority of AWS clients", () => {
  test(
    "--clients shows how each client reads a value that latchkey refuses, and names a missing profile",
    { tags: ["long"] },
    async () => {
      const home = await createHome(SSO.replace("100000000002", '"100000000002"'));
      expect(await readClients(home, ["a"])).toMatchObject({
        "aws-cli": '"100000000002" ViewOnlyAccess',
        "go-v2": SELF,
      });
      const refused = await home.run(["whoami", "a", "--offline"]);
      expect(refused).toMatchObject({ exitCode: 7, stdout: "" });
      expect(refused.stderr).toMatch(
        /sso_account_id has quotes around it .*\n.*Remove the quotes\./,
      );
      const missing = await home.run(["whoami", "oktaa", "--clients"]);
      expect(missing).toMatchObject({ exitCode: 7, stdout: "" });
      expect(missing.stderr).toContain("okta");
    },
  );

  test(
    "a role next to SSO keys is assumed by most, and the clients that use the SSO role are named",
    { tags: ["long"] },
    async () => {
      const home = await createHome(`${SSO}${DEPLOY}source_profile = okta\n`);
      const clients = await readClients(home, ["a"]);
      expect(clients).toMatchObject({ "aws-cli": ROLE, rust: ROLE, java: SELF, dotnet: SELF });
      const identity = await home.runJson<WhoamiJson>(["whoami", "a"]);
      expect(identity).toMatchObject({
        accountId: "100000000003",
        roleName: "Deploy",
        source: "chained-role",
        session: "corp",
        notices: [expect.stringMatching(/^Java and \.NET use 100000000002 ViewOnlyAccess, /)],
      });
      const { stdout } = await home.run(["exec", "a", "--", ...printVariables("AWS_ACCOUNT_ID")]);
      expect(stdout).toBe("100000000003\n");
      expect((await home.run(["console", "a", "--shortcut", "--print"])).exitCode).toBe(2);
    },
  );

  test("the table has a line for each client, and no request is made", async () => {
    const home = await createHome(`${SSO}${DEPLOY}`);
    home.emulator.journal.clear();
    const { stdout, exitCode } = await home.run(["whoami", "a", "--clients"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^AWS CLI +refuses +"a" has a role_arn and no source_profile/);
    expect(stdout).toMatch(
      /^Java +100000000002 +ViewOnlyAccess +the profile "a", by its SSO session$/m,
    );
    expect(stdout.trimEnd().split("\n")).toHaveLength(9);
    expect(home.emulator.journal.entries()).toEqual([]);
  });

  test(
    "a profile that most clients refuse is refused, with the reason and the line",
    { tags: ["long"] },
    async () => {
      const home = await createHome(`${DEPLOY}source_profile = nope\n`);
      for (const command of [
        ["whoami", "a"],
        ["export", "a"],
        ["exec", "a", "--", "true"],
      ])
        expect(await home.run(command)).toMatchObject({
          exitCode: 7,
          stderr: expect.stringMatching(
            /source_profile "nope", which does not exist.* \(.*config, line \d+\)\.\n/,
          ),
        });
    },
  );

  test("keys by their old names are used by the SDKs for Go only", async () => {
    const home = await createHome(SSO);
    const env = { AWS_PROFILE: "a", AWS_ACCESS_KEY: "AKIAOLD", AWS_SECRET_KEY: "old" };
    const identity = await home.runJson<WhoamiJson>(["whoami"], { env });
    expect(identity).toMatchObject({
      accountId: "100000000002",
      notices: [
        expect.stringMatching(/^Go v2, Go v1 and Terraform use AWS_ACCESS_KEY in the environment$/),
      ],
    });
  });

  test("without a profile's name, default is used, with a notice", { tags: ["long"] }, async () => {
    const home = await createHome("");
    home.write(".aws/config", `${SESSION_CONFIG}[default]\n${SSO}region = us-east-1\n`);
    const said = 'latchkey: notice: no profile is named: using "default", as AWS clients do\n';
    const { stdout, stderr } = await home.run(["whoami"]);
    expect(stdout).toContain("account       100000000002");
    expect(stderr).toBe(said);
    const environment = await home.run(["exec", "--", ...printVariables("AWS_ACCOUNT_ID")]);
    expect(environment).toMatchObject({ stdout: "100000000002\n", stderr: said });
    expect(await home.run(["export", "--format", "env"])).toMatchObject({
      exitCode: 0,
      stderr: said,
    });
    expect(await home.run(["whoami"], { env: { AWS_PROFILE: "" } })).toMatchObject({
      exitCode: 0,
    });
    home.write(".aws/config", `${SESSION_CONFIG}[default]\nregion = us-east-1\n`);
    expect(await home.run(["whoami"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("Which profile?"),
    });
  });

  test(
    "a profile of aws login gets that command as the hint, and signs in and out of nothing else",
    { tags: ["long"] },
    async () => {
      const home = await createHome("login_session = arn:aws:iam::100000000009:user/me\n");
      expect(await home.run(["whoami", "a"])).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining("latchkey: hint: aws login --profile a\n"),
      });
      const env = { AWS_PROFILE: "a" };
      for (const [command, hint] of [
        ["login", "aws login --profile a"],
        ["logout", "aws logout --profile a"],
      ] as const)
        expect(await home.run([command], { env })).toMatchObject({
          exitCode: 2,
          stderr: expect.stringContaining(`latchkey: hint: ${hint}\n`),
        });
      expect((await home.run(["status", "--sso-session", "corp"])).exitCode).toBe(0);
    },
  );
});
