import { describe, expect, test } from "vitest";
import { ECHO } from "../support/commands.ts";
import { createHome, createSignedInHome } from "../support/home.ts";

describe("latchkey settings", () => {
  test(
    "settings are stored, checked, and used as configure's answers",
    { tags: ["long"] },
    async () => {
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
    },
  );

  test(
    "the effective values are shown with their source, and --json has the stored values",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      const read = async (argv: readonly string[] = [], env = {}): Promise<string> =>
        (await home.run(["settings", ...argv], { env })).stdout;
      await home.run(["settings", "storage", "file"]);
      await home.run(["settings", "--sso-session", "corp", "login-flow", "pkce"]);
      const general = await read([], { BROWSER: "firefox" });
      expect(general).toMatch(/^login-flow +device +default /m);
      expect(general).toMatch(/^storage +file +setting /m);
      expect(general).toMatch(/^browser +firefox +BROWSER /m);
      expect(general).toMatch(/^time +24h +default /m);
      expect(await read(["--sso-session", "corp"])).toMatch(/^login-flow +pkce +setting of corp /m);
      expect(await read(["time"])).toBe("24h\n");
      expect(await read(["template"])).toBe("");
      expect(await home.runJson(["settings"])).toEqual({ storage: "file" });
      const unset = await home.run(["settings", "storage", "--unset"]);
      expect(unset.stderr).toMatch(/^storage: back to the default\.\n$/m);
    },
  );

  test(
    "a browser that is not on PATH, and another time format than 24h and 12h, are refused",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      expect(await home.run(["settings", "browser", "nosuchprog --new-window"])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('There is no program "nosuchprog" on PATH.'),
      });
      expect(await home.runJson(["settings", "browser", "nosuchprog", "--force"])).toEqual({
        browser: "nosuchprog",
      });
      expect(await home.run(["settings", "browser", `${ECHO.join(" ")} --`])).toMatchObject({
        exitCode: 0,
      });
      expect(await home.run(["settings", "time", "13h"])).toMatchObject({ exitCode: 2 });
    },
  );

  test(
    "time can't be set for one session: it is refused, and the rest stays unchanged",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      expect(await home.run(["settings", "--sso-session", "corp", "time", "12h"])).toMatchObject({
        exitCode: 2,
        stdout: "",
        stderr: expect.stringContaining("time applies to all sessions"),
      });
      expect(await home.runJson(["settings", "time", "12h"])).toEqual({ time: "12h" });
      expect(await home.runJson(["settings", "--sso-session", "corp", "time"])).toEqual({
        time: "12h",
      });
    },
  );

  test("times of day are shown in the format of the setting", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    expect((await home.run(["status"])).stdout).toMatch(/left \((\d{4}-\d\d-\d\d )?\d\d:\d\d\)/);
    await home.run(["settings", "time", "12h"]);
    const pattern = /(\d{4}-\d\d-\d\d )?\d{1,2}:\d\d [ap]m/;
    for (const argv of [["status"], ["whoami", "okta"], ["login"], []]) {
      const { stdout, stderr } = await home.run(argv);
      expect(stdout + stderr, argv.join(" ")).toMatch(pattern);
    }
  });

  test(
    "settings --unset without a setting, or with a value, exits 2 and changes nothing",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      await home.runJson(["settings", "default-region", "eu-central-1"]);
      for (const argv of [["--unset"], ["default-region", "us-east-1", "--unset"]]) {
        expect(await home.run(["settings", ...argv])).toMatchObject({
          exitCode: 2,
          stdout: "",
          stderr: expect.stringContaining("--unset removes one setting"),
        });
      }
      expect(await home.runJson(["settings"])).toEqual({ "default-region": "eu-central-1" });
    },
  );
});
