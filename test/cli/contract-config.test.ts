import { describe, expect, test } from "vitest";
import { createHome, SESSION_CONFIG } from "../support/home.ts";

describe("wrong profiles and sessions in the file", () => {
  const runFailing = async (
    config: string,
    argv: string[],
  ): Promise<{ exitCode: number; stderr: string; file: string }> => {
    const home = await createHome();
    const file = home.write(".aws/config", config);
    return { ...(await home.run(argv)), file };
  };

  test("an unknown profile or session exits 7, naming the file and the nearest name", async () => {
    for (const [argv, nearest] of [
      [["whoami", "okat"], "okta"],
      [["accounts", "--sso-session", "crop"], "corp"],
    ] as const) {
      const { exitCode, stderr, file } = await runFailing(SESSION_CONFIG, [...argv]);
      expect(exitCode).toBe(7);
      expect(stderr).toContain(file);
      expect(stderr).toContain(nearest);
    }
  });

  test.each([
    ["sso_region", SESSION_CONFIG.replace("sso_region = us-east-1\n", ""), "line 7"],
    ["sso_region", SESSION_CONFIG.replace("us-east-1", "us east"), "line 9"],
    ["sso_start_url", SESSION_CONFIG.replace("https://emu", "http://emu"), "line 8"],
    ["sso_account_id", SESSION_CONFIG.replace("100000000001", "1"), "line 3"],
  ])("a missing or bad %s exits 7, naming file, section and line", async (key, config, line) => {
    const { exitCode, stderr, file } = await runFailing(config, [
      "credential-process",
      "--profile",
      "okta",
    ]);
    expect(exitCode).toBe(7);
    expect(stderr).toContain(key);
    expect(stderr).toContain(file);
    expect(stderr).toContain(line);
  });

  test("a missing config gives the first command to run", async () => {
    const home = await createHome();
    const result = await home.run(["accounts"]);
    expect(result).toMatchObject({ exitCode: 7 });
    expect(result.stderr).toContain("latchkey: hint: Set one up: latchkey configure");
    expect(await home.run(["status"])).toMatchObject({
      exitCode: 4,
      stdout: expect.stringContaining("latchkey configure"),
    });
  });

  test("two sessions without a terminal exit 2, naming both", async () => {
    const { exitCode, stderr } = await runFailing(
      `${SESSION_CONFIG}[sso-session other]\nsso_start_url = https://o.awsapps.com/start\nsso_region = us-east-1\n`,
      ["accounts"],
    );
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/corp, other/);
    expect(stderr).toContain("--sso-session");
  });
});
