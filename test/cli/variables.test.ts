import { describe, expect, test } from "vitest";
import { runScript } from "../support/commands.ts";
import { createHome, createSignedInHome, SESSION_CONFIG } from "../support/home.ts";
import { runInBash } from "../support/shell.ts";

const PLAIN = `${SESSION_CONFIG}[profile plain]\nsso_session = corp\nsso_account_id = 100000000001\nsso_role_name = ViewOnlyAccess\n`;

describe("use", () => {
  test(
    "names the clients that read the old names, and unsets them on request",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const env = { AWS_ACCESS_KEY: "AKIDOLD", AWS_SECRET_KEY: "old" };
      const keys = 'echo "${AWS_ACCESS_KEY-none} ${AWS_SECRET_KEY-none}"';
      const warned = await runInBash(home, `latchkey use okta; ${keys}`, env);
      expect(warned.stdout).toBe("AKIDOLD old\n");
      expect(warned.stderr).toContain(
        "latchkey: notice: AWS_ACCESS_KEY, AWS_SECRET_KEY are set, and Go (Terraform, kubectl, rclone), Java v1 and Ruby take them before any profile. To unset them: latchkey use --unset-credentials",
      );
      const unset = await runInBash(home, `latchkey use okta --unset-credentials; ${keys}`, env);
      expect(unset.stdout).toBe("none none\n");
    },
  );

  test("removes the identity variables of other tools, and makes Go v1 read the config", async () => {
    const home = await createSignedInHome();
    const { stdout, stderr } = await runInBash(
      home,
      'latchkey use okta; echo "${AWS_VAULT-none} ${AWS_SSO_PROFILE-none} ${AWS_SECURITY_TOKEN-none} $AWS_SDK_LOAD_CONFIG"',
      { AWS_VAULT: "prod", AWS_SSO_PROFILE: "prod", AWS_SECURITY_TOKEN: "stale" },
    );
    expect(stdout).toBe("none none none 1\n");
    expect(stderr).toContain(
      "latchkey: notice: unset here, left by another tool: AWS_SECURITY_TOKEN, AWS_VAULT, AWS_SSO_PROFILE\n",
    );
  });

  test(
    "reports a profile without a region if no variable has one",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.write(".aws/config", PLAIN);
      const words = 'the profile "plain" has no region';
      expect((await runInBash(home, "latchkey use plain")).stderr).toContain(words);
      const env = { AWS_REGION: "ap-south-1" };
      expect((await runInBash(home, "latchkey use plain", env)).stderr).not.toContain(words);
      expect((await runInBash(home, "latchkey use okta")).stderr).toBe(
        "This shell uses okta in eu-west-1 now.\n",
      );
    },
  );
});

describe("exec", () => {
  test(
    "reports once that the profile has no region, if no flag and no variable has one",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.write(".aws/config", SESSION_CONFIG.replace(/^region = .*\n/m, ""));
      const run = async (argv: string[], env: Record<string, string> = {}) =>
        (await home.run(["exec", ...argv, "okta", "--", ...runScript("")], { env })).stderr;
      expect(await run([])).toMatch(/^latchkey: notice: the profile "okta" has no region, .*\n$/);
      expect(await run(["--region", "eu-west-1"])).toBe("");
      expect(await run([], { AWS_REGION: "eu-west-1" })).toBe("");
    },
  );
});

test(
  "whoami names the clients that use other names of the keys and of the token",
  { tags: ["long"] },
  async () => {
    const home = await createSignedInHome();
    const say = async (env: Record<string, string>) =>
      (await home.run(["whoami", "--offline"], { env })).stderr;
    expect(await say({ AWS_ACCESS_KEY: "AKIDOLD", AWS_SECRET_KEY: "s", AWS_PROFILE: "okta" })).toBe(
      "latchkey: notice: Go v2, Go v1 and Terraform use AWS_ACCESS_KEY in the environment\n",
    );
    const keys = { AWS_ACCESS_KEY_ID: "AKIDX", AWS_SECRET_ACCESS_KEY: "s", AWS_SESSION_TOKEN: "t" };
    expect(await say({ ...keys, AWS_SECURITY_TOKEN: "stale" })).toBe(
      "latchkey: notice: AWS CLI and boto3 use AWS_ACCESS_KEY_ID with AWS_SECURITY_TOKEN in the environment\n",
    );
    expect(await say({ ...keys, AWS_SECURITY_TOKEN: "t" })).toBe("");
  },
);

test(
  "LATCHKEY_REGION answers --region, and the mark that use and exec leave in a shell does not",
  { tags: ["long"] },
  async () => {
    const home = await createHome();
    const configure = async (env: Record<string, string>, ...more: string[]) => {
      home.write(".aws/config", SESSION_CONFIG);
      const role = "--sso-session corp --account-id 100000000001 --role-name ViewOnlyAccess";
      const argv = `configure --profile new ${role} --yes`.split(" ");
      const { exitCode, stderr } = await home.run([...argv, ...more], { env });
      expect(exitCode, stderr).toBe(0);
      return /\[profile new\][^[]*\nregion = (\S+)/.exec(home.read(".aws/config"))?.[1];
    };
    const regions = { AWS_REGION: "eu-north-1", AWS_DEFAULT_REGION: "eu-north-1" };
    const switched = { ...regions, LATCHKEY_PREVIOUS_PROFILE: "" };
    expect(await configure({ ...switched, LATCHKEY_SET_REGION: "eu-north-1" })).toBeUndefined();
    expect(
      await configure({
        ...switched,
        LATCHKEY_SET_REGION: "eu-north-1",
        LATCHKEY_REGION: "eu-north-1",
      }),
    ).toBe("eu-north-1");
    // A variable of version 0.1.0 in a shell that is still open.
    const former = { ...switched, LATCHKEY_REGION: "eu-north-1" };
    expect(await configure(former)).toBeUndefined();
    expect(await configure(former, "--region", "eu-north-1")).toBe("eu-north-1");
  },
);
