import { describe, expect, test } from "vitest";
import { createHome } from "../support/home.ts";

describe("latchkey settings", () => {
  test("settings are kept, checked, and taken as configure's answers", async () => {
    const home = await createHome();
    expect(await home.runJson(["settings", "default-region", "eu-central-1"])).toEqual({
      "default-region": "eu-central-1",
    });
    expect(
      await home.runJson(["settings", "--sso-session", "corp", "default-output", "text"]),
    ).toEqual({ "default-output": "text" });
    expect(await home.run(["settings", "colour", "red"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("browser, default-region, default-output"),
    });
    expect(await home.run(["settings", "default-output", "xml"])).toMatchObject({ exitCode: 2 });
    await home.run([
      "configure",
      "--profile",
      "p",
      "--sso-session",
      "corp",
      "--start-url",
      "https://emu.awsapps.com/start",
      "--sso-region",
      "us-east-1",
      "--account-id",
      "100000000001",
      "--role-name",
      "R",
      "--yes",
    ]);
    expect(home.read(".aws/config")).toContain("region = eu-central-1\noutput = text\n");
    await home.run(["settings", "default-region", "--unset"]);
    expect(await home.runJson(["settings"])).toEqual({});
  });

  test("settings --unset without a setting, or with a value, exits 2 and changes nothing", async () => {
    const home = await createHome();
    await home.runJson(["settings", "default-region", "eu-central-1"]);
    for (const argv of [["--unset"], ["default-region", "us-east-1", "--unset"]]) {
      expect(await home.run(["settings", ...argv])).toMatchObject({
        exitCode: 2,
        stdout: "",
        stderr: expect.stringContaining("--unset takes back one setting"),
      });
    }
    expect(await home.runJson(["settings"])).toEqual({ "default-region": "eu-central-1" });
  });
});
