import { describe, expect, test } from "vitest";
import type { ProcessCredentialsJson } from "../../src/model/role.ts";
import { createHome, parseOutput, createSignedInHome, SESSION_CONFIG } from "../support/home.ts";
import { loadVectors } from "../support/vectors.ts";
import { CAT } from "../support/commands.ts";

const ROLE =
  "sso_session = corp\nsso_account_id = 100000000002\nsso_role_name = AdministratorAccess\n";

describe("export", () => {
  test(
    "prints what credential-process prints, in the AWS CLI's form, and --json is that object with the account id",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const process = parseOutput<Required<ProcessCredentialsJson>>(
        await home.run(["credential-process", "--profile", "okta"]),
      );
      const { AccountId, ...rest } = process;
      const expected = { ...rest, Expiration: process.Expiration.replace("Z", "+00:00") };
      const { stdout } = await home.run(["export", "okta"]);
      expect(stdout).toBe(`${JSON.stringify(expected, undefined, 2)}\n`);
      expect(
        (await home.run(["configure", "export-credentials", "--profile", "okta"])).stdout,
      ).toBe(stdout);
      expect(await home.runJson(["export", "okta"])).toEqual({ ...expected, AccountId });
      expect(await home.run(["export", "okta", "--format", "csh"])).toMatchObject({
        exitCode: 2,
        stdout: "",
      });
      expect(await home.run(["export", "okta", "--format", "env", "--json"])).toMatchObject({
        exitCode: 2,
      });
    },
  );

  test("the program prints the vectors byte for byte", { tags: ["long"] }, async () => {
    const vectors = loadVectors().export_credentials;
    const home = await createHome();
    const keys = home.write(
      "keys.json",
      JSON.stringify({
        Version: 1,
        ...vectors.creds,
        expiry: undefined,
        Expiration: vectors.creds.expiry,
      }),
    );
    home.write(
      ".aws/config",
      `[profile v]\nregion = eu-west-1\ncredential_process = ${CAT} ${keys}\n`,
    );
    for (const format of [
      "env",
      "env-no-export",
      "fish",
      "powershell",
      "windows-cmd",
      "process",
    ] as const) {
      expect(await home.run(["export", "v", "--format", format]), format).toEqual({
        exitCode: 0,
        stdout: vectors[format],
        stderr: "",
      });
    }
  });

  test(
    "a value with characters that are special in a shell is refused with exit 6, and not shown",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      const keys = home.write(
        "keys.json",
        JSON.stringify({
          Version: 1,
          AccessKeyId: "AKIDX",
          SecretAccessKey: "S$(touch canary)X",
          SessionToken: "T",
        }),
      );
      home.write(".aws/config", `[profile v]\ncredential_process = ${CAT} ${keys}\n`);
      for (const format of [
        "env",
        "fish",
        "powershell",
        "windows-cmd",
        "process",
        "dotenv",
        "credentials-file",
      ]) {
        const result = await home.run(["export", "v", "--format", format]);
        expect(result, format).toMatchObject({ exitCode: 6, stdout: "" });
        expect(result.stderr).not.toContain("touch");
      }
    },
  );

  test(
    "names the shell's variables that also affect clients, and prints the AWS CLI's bytes all the same",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.write(".aws/config", `${SESSION_CONFIG}[profile b]\n${ROLE}region = eu-west-1\n`);
      const plain = await home.run(["export", "okta", "--format", "env"]);
      expect(plain.stderr).toBe("");
      const say = async (env: Record<string, string>, profile = "okta", format = "env") => {
        const result = await home.run(["export", profile, "--format", format], { env });
        expect(result.exitCode).toBe(0);
        if (profile === "okta" && format === "env") expect(result.stdout).toBe(plain.stdout);
        return result.stderr;
      };
      for (const format of ["env", "env-no-export", "fish", "powershell", "windows-cmd"])
        expect(await say({ AWS_PROFILE: "okta" }, "b", format)).toBe(
          "latchkey: notice: AWS_PROFILE is set: the SDK for JavaScript v3 uses the profile okta instead of keys in the environment. unset AWS_PROFILE\n",
        );
      for (const format of ["process", "dotenv", "credentials-file", "sts"])
        expect(await say({ AWS_PROFILE: "okta", AWS_SECURITY_TOKEN: "t" }, "b", format)).toBe("");
      expect(await say({ AWS_PROFILE: "okta" })).toBe("");
      expect(await say({ AWS_PROFILE: "" })).toBe("");
      expect(await say({ AWS_SECURITY_TOKEN: "stale", AWS_SESSION_TOKEN: "old" })).toBe(
        "latchkey: notice: AWS_SECURITY_TOKEN belongs to other credentials, and clients use it together with these. unset AWS_SECURITY_TOKEN\n",
      );
      expect(await say({ AWS_ACCOUNT_ID: "100000000001" })).toBe("");
      expect(
        await say({ AWS_ACCOUNT_ID: "100000000009", AWS_BEARER_TOKEN_BEDROCK: "secret-token" }),
      ).toBe(
        "latchkey: notice: AWS_ACCOUNT_ID, AWS_BEARER_TOKEN_BEDROCK belong to other credentials, and clients use them together with these. unset AWS_ACCOUNT_ID AWS_BEARER_TOKEN_BEDROCK\n",
      );
    },
  );

  test(
    "reports a profile without a region, unless a variable has one or the format carries none",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.write(".aws/config", `${SESSION_CONFIG}[profile b]\n${ROLE}`);
      const say = async (format: string, env: Record<string, string> = {}) =>
        (await home.run(["export", "b", "--format", format], { env })).stderr;
      expect(await say("env")).toMatch(/^latchkey: notice: the profile "b" has no region, .*\n$/);
      expect(await say("dotenv")).toContain('the profile "b" has no region');
      expect(await say("env", { AWS_DEFAULT_REGION: "eu-west-1" })).toBe("");
      for (const format of ["process", "credentials-file", "sts"])
        expect(await say(format)).toBe("");
    },
  );

  test(
    "the account id is included in all formats except the AWS CLI's own, also that of an assumed role",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.write(
        ".aws/config",
        `${SESSION_CONFIG}[profile assumed]\nrole_arn = arn:aws:iam::100000000003:role/Deploy\nsource_profile = okta\nregion = us-east-1\n`,
      );
      for (const [profile, account] of [
        ["okta", "100000000001"],
        ["assumed", "100000000003"],
      ] as const) {
        const print = async (...more: string[]) =>
          (await home.run(["export", profile, ...more])).stdout;
        expect(await print("--json")).toContain(`"AccountId": "${account}"`);
        expect(await print("--format", "dotenv")).toContain(`\nAWS_ACCOUNT_ID=${account}\n`);
        expect(await print("--format", "credentials-file")).toContain(
          `\naws_account_id = ${account}\n`,
        );
        for (const format of [
          "env",
          "env-no-export",
          "fish",
          "powershell",
          "windows-cmd",
          "process",
        ])
          expect(await print("--format", format)).not.toMatch(/account/i);
        expect(parseOutput(await home.run(["export", profile, "--format", "sts"]))).toEqual({
          Credentials: {
            AccessKeyId: expect.stringMatching(/^ASIA/),
            SecretAccessKey: expect.any(String),
            SessionToken: expect.any(String),
            Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          },
        });
      }
    },
  );
});
