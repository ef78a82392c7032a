import { describe, expect, test } from "vitest";
import { createSignedInHome, CORP_TOKEN, SESSION_CONFIG, type Home } from "../support/home.ts";

/** If the files show why a profile fails, the error is doctor's finding, with file and line, exit 7. */

async function createHomeWith(sections: string): Promise<Home> {
  const home = await createSignedInHome();
  home.write(".aws/config", `${SESSION_CONFIG}${sections}`);
  return home;
}

const chain = (line: string): string =>
  `[profile x]\nrole_arn = arn:aws:iam::100000000003:role/Deploy\nsource_profile = okta\nregion = us-east-1\n${line}\n`;

/** A host name that does not exist, like that of a misspelt region. */
const NOWHERE = "https://sts.nowhere.invalid";

describe("the cause in a file is the reported cause", () => {
  test.each([
    [
      "a missing program",
      "[profile x]\ncredential_process = /nowhere/tool --for x\n",
      /\/nowhere\/tool.*config, line 12\)/,
    ],
    [
      "a profile with only a region",
      "[profile x]\nregion = us-east-1\n",
      /"x" has no source of credentials \(.*config, line 11\)\.\nlatchkey: hint: Give it a role: latchkey configure --profile x\n/,
    ],
    [
      "a chained role for too long",
      chain("duration_seconds = 43200"),
      /role chaining is limited to 1 hour.*config, line 15\)/,
    ],
    [
      "a duration that is not a number",
      chain("duration_seconds = 1h"),
      /duration_seconds is not a number of seconds from 900 to 43200 \(.*config, \[profile x\], line 15\)/,
    ],
    [
      "a role_arn that is not a role's ARN",
      '[profile x]\nrole_arn = "arn:aws:iam::100000000003:role/Deploy"\nsource_profile = okta\n',
      /role_arn has quotes around it \(.*config, \[profile x\], line 12\)/,
    ],
    [
      "a session name that STS rejects",
      chain("role_session_name = jane doe/ops"),
      /role_session_name.*config, \[profile x\], line 15\)/,
    ],
    [
      "a missing source",
      "[profile x]\nrole_arn = arn:aws:iam::100000000003:role/Deploy\nsource_profile = oktaa\n",
      /source_profile "oktaa", which does not exist.*\n.*okta/,
    ],
  ])("%s", { tags: ["long"] }, async (_, sections, expected) => {
    const home = await createHomeWith(sections);
    for (const argv of [
      ["whoami", "x"],
      ["export", "x"],
      ["exec", "x", "--", "true"],
    ]) {
      const result = await home.run(argv);
      expect(result, result.stderr).toMatchObject({ exitCode: 7, stdout: "" });
      expect(result.stderr).toMatch(expected);
    }
    const fromEnvironment = await home.run(["whoami"], { env: { AWS_PROFILE: "x" } });
    expect(fromEnvironment.exitCode).toBe(7);
    expect(fromEnvironment.stderr).toMatch(expected);
  });

  test(
    "a misspelt region is reported if its host can't be reached",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.write(".aws/config", SESSION_CONFIG.replace("region = eu-west-1", "region = eu-wset-1"));
      const result = await home.run(["whoami", "okta"], { env: { AWS_ENDPOINT_URL_STS: NOWHERE } });
      expect(result, result.stderr).toMatchObject({ exitCode: 7, stdout: "" });
      expect(result.stderr).toMatch(/eu-wset-1.*config, line 5/);
      expect(result.stderr).toContain("eu-west-1");
    },
  );

  test(
    "a network failure is reported as one, whatever else is wrong in the file",
    { tags: ["long"] },
    async () => {
      const home = await createHomeWith(chain("duration_seconds = 43200"));
      const result = await home.run(["whoami", "okta"], { env: { AWS_ENDPOINT_URL_STS: NOWHERE } });
      expect(result, result.stderr).toMatchObject({ exitCode: 6, stdout: "" });
    },
  );

  test(
    "STS's message about a value is shown if no rule covers it",
    { tags: ["long"] },
    async () => {
      const home = await createHomeWith(
        "[profile x]\nrole_arn = arn:aws:iam::3:role/Deploy\nsource_profile = okta\nregion = us-east-1\nexternal_id = 3:role\n",
      );
      const result = await home.run(["whoami", "x"]);
      expect(result, result.stderr).toMatchObject({ exitCode: 7, stdout: "" });
      expect(result.stderr).toContain(
        'STS refuses what the profile "x" asks for: arn:aws:iam::…/Deploy is invalid.',
      );
    },
  );
});

describe("a profile of aws login", () => {
  const LOGIN =
    "[profile dev]\nlogin_session = arn:aws:iam::100000000003:user/dev\nregion = us-east-1\n";

  test("gets the hint aws login if its sign-in has ended", async () => {
    const home = await createHomeWith(LOGIN);
    const result = await home.run(["whoami"], { env: { AWS_PROFILE: "dev" } });
    expect(result, result.stderr).toMatchObject({ exitCode: 4, stdout: "" });
    expect(result.stderr).toContain("hint: aws login --profile dev\n");
  });

  test("never makes login and logout act on another session", { tags: ["long"] }, async () => {
    const home = await createHomeWith(LOGIN);
    home.emulator.journal.clear();
    for (const argv of [["login", "--no-browser"], ["logout"], ["login", "--profile", "dev"]]) {
      const result = await home.run(argv, { env: { AWS_PROFILE: "dev" } });
      expect(result, result.stderr).toMatchObject({ exitCode: 2, stdout: "" });
      expect(result.stderr).toMatch(/hint: aws log(in|out) --profile dev\n/);
    }
    expect(home.emulator.journal.entries()).toEqual([]);
    expect(home.exists(CORP_TOKEN)).toBe(true);
    expect(
      await home.run(["logout", "--sso-session", "corp"], { env: { AWS_PROFILE: "dev" } }),
    ).toMatchObject({ exitCode: 0 });
  });
});

test("logout --all keeps other programs' files in the shared cache, and reports that", async () => {
  const home = await createSignedInHome();
  const kiro = home.write(
    ".aws/sso/cache/kiro-auth-token.json",
    JSON.stringify({
      accessToken: "aoa-made-up",
      refreshToken: "aor-made-up",
      expiresAt: "2030-01-01T00:00:00Z",
      authMethod: "social",
      region: "us-east-1",
    }),
  );
  home.write(".aws/cli/cache/a.json", '{"ProviderType": "sso", "Credentials": {}}');
  const result = await home.run(["logout", "--all"]);
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stderr).toContain(`belong to other programs: ${kiro}`);
  expect(home.list(".aws/sso/cache")).toEqual(["kiro-auth-token.json"]);
  expect(home.list(".aws/cli/cache")).toEqual([]);
  expect(home.emulator.journal.count("Logout")).toBe(1);
});
