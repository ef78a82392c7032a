import { describe, expect, test } from "vitest";
import type { ProcessCredentialsJson } from "../../src/model/role.ts";
import { createHome, parseOutput, createSignedInHome } from "../support/home.ts";
import { loadVectors } from "../support/vectors.ts";

describe("export", () => {
  test("prints what credential-process prints, in the AWS CLI's form, and --json is that object with the account id", async () => {
    const home = await createSignedInHome();
    const process = parseOutput<Required<ProcessCredentialsJson>>(
      await home.run(["credential-process", "--profile", "okta"]),
    );
    const { AccountId, ...rest } = process;
    const expected = { ...rest, Expiration: process.Expiration.replace("Z", "+00:00") };
    const { stdout } = await home.run(["export", "okta"]);
    expect(stdout).toBe(`${JSON.stringify(expected, undefined, 2)}\n`);
    expect((await home.run(["configure", "export-credentials", "--profile", "okta"])).stdout).toBe(
      stdout,
    );
    expect(await home.runJson(["export", "okta"])).toEqual({ ...expected, AccountId });
    expect(await home.run(["export", "okta", "--format", "csh"])).toMatchObject({
      exitCode: 2,
      stdout: "",
    });
    expect(await home.run(["export", "okta", "--format", "env", "--json"])).toMatchObject({
      exitCode: 2,
    });
  });

  test("the vectors come out of the program byte for byte", async () => {
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
    home.write(".aws/config", `[profile v]\ncredential_process = cat ${keys}\n`);
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

  test("a value that a shell could take for more than a word is refused with exit 6, and not shown", async () => {
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
    home.write(".aws/config", `[profile v]\ncredential_process = cat ${keys}\n`);
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
  });
});
