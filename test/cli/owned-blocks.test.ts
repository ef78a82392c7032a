import { describe, expect, test } from "vitest";
import { createHome, SESSION_CONFIG } from "../support/home.ts";
import { join } from "node:path";

const CONFIG = ".aws/config";

describe("configure of a profile in another tool's block", () => {
  test(
    "without its end line exits 7, names the tool, and leaves every byte of the config",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      const text = `[profile above]\nregion = x\n# BEGIN_AWS_SSO_CLI\n${SESSION_CONFIG}`;
      home.write(CONFIG, text);
      const role = ["--account-id", "100000000001", "--role-name", "ViewOnlyAccess"];
      const values = [
        "--sso-session",
        "corp",
        ...role,
        "--region",
        "us-west-2",
        "--output",
        "json",
      ];
      const argv = ["configure", "--profile", "okta", ...values, "--yes"];
      const refused = await home.run(argv);
      expect(refused).toMatchObject({ exitCode: 7, stdout: "" });
      expect(refused.stderr).toContain(
        `${join(home.path, CONFIG)}, [profile okta], line 4 belongs to aws-sso-cli`,
      );
      expect(home.read(CONFIG)).toBe(text);
      expect(home.list(".aws/latchkey/backups")).toEqual([]);
      expect(await home.run([...argv, "--force"])).toMatchObject({ exitCode: 0 });
      expect(home.read(CONFIG)).toBe(text.replace("eu-west-1", "us-west-2"));
    },
  );
});
