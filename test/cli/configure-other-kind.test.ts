import { describe, expect, test } from "vitest";
import type { ConfigureResult } from "../../src/configure/configure.ts";
import type { WhoamiJson } from "../../src/commands/whoami.ts";
import { createSignedInHome, SESSION_CONFIG, type Home } from "../support/home.ts";

const ROLE_OF_2 = [
  "--sso-session",
  "corp",
  "--account-id",
  "100000000002",
  "--role-name",
  "ViewOnlyAccess",
];

/** The identity that the profile `a` has before. Each of its keys must be removed. */
const FORMER: ReadonlyArray<readonly [what: string, lines: readonly string[]]> = [
  [
    "a role over another profile",
    [
      "role_arn = arn:aws:iam::100000000003:role/Deploy",
      "source_profile = okta",
      "role_session_name = me",
      "external_id = x",
      "mfa_serial = arn:aws:iam::100000000003:mfa/me",
      "duration_seconds = 900",
    ],
  ],
  [
    "a role over the environment",
    ["role_arn = arn:aws:iam::1:role/R", "credential_source = Environment"],
  ],
  ["a web identity", ["role_arn = arn:aws:iam::1:role/R", "web_identity_token_file = /t"]],
  ["static keys", ["aws_access_key_id = A", "aws_secret_access_key = S", "aws_session_token = T"]],
  ["aws login", ["login_session = arn:aws:iam::100000000009:user/me"]],
  ["another program", ["credential_process = /opt/other"]],
];

async function createHome(lines: readonly string[]): Promise<Home> {
  const home = await createSignedInHome();
  const section = ["[profile a]", ...lines, "region = us-east-1", "cli_pager =", ""].join("\n");
  home.write(".aws/config", `${SESSION_CONFIG}${section}`);
  return home;
}

describe("configure of a profile that had another kind of identity", () => {
  for (const form of ["sso-session", "legacy", "credential-process"] as const)
    test(
      `removes keys that would win over the ${form} form, shows that, and every client uses the new role`,
      { tags: ["long"] },
      async () => {
        for (const [what, lines] of FORMER) {
          const home = await createHome(lines);
          const given =
            form === "legacy"
              ? [
                  ...["--start-url", "https://emu.awsapps.com/start", "--sso-region", "us-east-1"],
                  ...ROLE_OF_2.slice(2),
                ]
              : ROLE_OF_2;
          const argv = ["configure", "--profile", "a", "--form", form, ...given, "--yes"];
          const { changes } = await home.runJson<ConfigureResult>(argv);
          const former = lines
            .map((line) => line.split(" = ")[0])
            .filter((key) => form !== "credential-process" || key !== "credential_process");
          const gone = changes.filter(({ after }) => after === null).map(({ key }) => key);
          expect(gone.toSorted(), what).toEqual(former.toSorted());
          expect(home.read(".aws/config")).toContain("\ncli_pager =\n");
          const identity = await home.runJson<WhoamiJson>(["whoami", "a", "--offline"]);
          expect(identity, what).toMatchObject({ accountId: "100000000002", notices: [] });
        }
      },
    );

  test(
    "refuses unknown keys that may hold credentials, unless forced",
    { tags: ["long"] },
    async () => {
      const home = await createHome([
        "role_arn = arn:aws:iam::1:role/R",
        "saml_role = R",
        "x_principal_arn = P",
        "colour = blue",
      ]);
      const argv = ["configure", "--profile", "a", ...ROLE_OF_2, "--yes"];
      const before = home.read(".aws/config");
      expect(await home.run(argv)).toMatchObject({
        exitCode: 7,
        stderr: expect.stringMatching(
          /"a" has saml_role, x_principal_arn, which latchkey does not know .*config, line \d+\)/,
        ),
      });
      expect(home.read(".aws/config")).toBe(before);
      expect((await home.run([...argv, "--force"])).exitCode).toBe(0);
      expect(home.read(".aws/config")).toContain("saml_role = R");
    },
  );

  test("names the clients that use keys of the same name in the credentials file", async () => {
    const home = await createHome([]);
    home.write(".aws/credentials", "[a]\naws_access_key_id = A\naws_secret_access_key = S\n");
    const { exitCode, stderr } = await home.run([
      "configure",
      "--profile",
      "a",
      ...ROLE_OF_2,
      "--yes",
    ]);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /notice: not every AWS client uses this role for a: JavaScript, Go v2, Go v1 and Terraform use the profile "a" of the credentials file \(.*credentials, line 2\)\n/,
    );
  });
});
