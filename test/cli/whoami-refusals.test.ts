import { describe, expect, test } from "vitest";
import { createHome, createSignedInHome } from "../support/home.ts";
import { toEnvironment, createHomeOfAllKinds } from "../support/profile-kinds.ts";
import { join } from "node:path";

describe("whoami refuses", () => {
  test("to send the keys to an endpoint_url of the config", { tags: ["long"] }, async () => {
    const { home, keys } = await createHomeOfAllKinds();
    home.write(".aws/config", `[default]\nendpoint_url = ${home.emulator.url}\n`);
    // Without an endpoint in the environment, the request goes to AWS. A dead proxy keeps it on this machine.
    const env = {
      ...toEnvironment(keys),
      AWS_REGION: "eu-west-1",
      AWS_ENDPOINT_URL_STS: undefined,
      HTTPS_PROXY: "http://127.0.0.1:9",
    };
    expect(await home.run(["whoami"], { env })).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining("127.0.0.1:9"),
    });
    expect(home.emulator.journal.count("GetCallerIdentity")).toBe(0);
  });

  test("keys that AWS does not accept, with a hint that depends on their place", async () => {
    const home = await createHome();
    home.write(
      ".aws/credentials",
      "[static]\naws_access_key_id = AKIDX\naws_secret_access_key = SKX\n",
    );
    const file = await home.run(["whoami", "static"]);
    expect(file).toMatchObject({ exitCode: 5, stdout: "" });
    expect(file.stderr).toContain(
      `Fix or remove its keys in ${join(home.path, ".aws/credentials")}.`,
    );
    const environment = await home.run(["whoami"], {
      env: { AWS_ACCESS_KEY_ID: "AKIDX", AWS_SECRET_ACCESS_KEY: "SKX" },
    });
    expect(environment).toMatchObject({
      exitCode: 5,
      stdout: "",
      stderr: expect.stringContaining("unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY\n"),
    });
  });

  test(
    "an unreachable endpoint and one that no AWS client would use with exit 6, and a wrong region name with 2",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      for (const uri of ["http://127.0.0.1:9/", "http://example.com/"]) {
        expect(
          await home.run(["whoami"], { env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri } }),
        ).toMatchObject({
          exitCode: 6,
          stdout: "",
          stderr: expect.stringContaining("unset AWS_CONTAINER_CREDENTIALS_FULL_URI"),
        });
      }
      expect(await home.run(["whoami", "okta", "--region", "no where"])).toMatchObject({
        exitCode: 2,
        stdout: "",
      });
    },
  );
});
