import { describe, expect, test } from "vitest";
import type { ConsoleJson } from "../../src/commands/console.ts";
import { createHome, SESSION_CONFIG, createSignedInHome } from "../support/home.ts";
import { createForeignHome } from "../support/profile-kinds.ts";
import { createNotingBrowser } from "../support/browser.ts";

describe("console", () => {
  test(
    "prints a link from the partition's own federation endpoint, and sends the credentials in no URL",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.emulator.journal.clear();
      const { stdout, stderr } = await home.run([
        "console",
        "okta",
        "--print",
        "--service",
        "s3",
        "--duration",
        "8h",
      ]);
      expect(stderr).toBe("");
      const link = new URL(stdout.trim());
      expect(Object.fromEntries(link.searchParams)).toEqual({
        Action: "login",
        Issuer: "https://emu.awsapps.com/start",
        Destination: "https://console.aws.amazon.com/s3/home?region=eu-west-1",
        SigninToken: expect.any(String),
      });
      const asked = home.emulator.journal.entries({ route: "GetSigninToken" });
      expect(asked.map(({ method, query, body }) => ({ method, query, body }))).toEqual([
        {
          method: "POST",
          query: {},
          body: {
            Action: "getSigninToken",
            SessionDuration: "28800",
            Session: expect.stringMatching(/^redacted:/),
          },
        },
      ]);
      const page = await (await fetch(link)).text();
      expect(page).toContain("Signed in to the console");
      expect(page).toContain("100000000001");
    },
  );

  test("opens the link in the browser that BROWSER names", async () => {
    const home = await createSignedInHome();
    const browser = createNotingBrowser(home);
    const { exitCode, stdout, stderr } = await home.run(["console", "okta"], {
      env: { BROWSER: browser },
    });
    expect([exitCode, stdout, stderr]).toEqual([
      0,
      "",
      "Opening the console as okta in your browser.\n",
    ]);
    await expect.poll(() => home.exists("opened")).toBe(true);
    expect((await fetch(home.read("opened"))).status).toBe(200);
  });

  test("makes the portal's own link without a question or a sign-in", async () => {
    const home = await createHome();
    home.write(".aws/config", SESSION_CONFIG);
    const { url } = await home.runJson<ConsoleJson>([
      "console",
      "okta",
      "--shortcut",
      "--service",
      "lambda",
      "--region",
      "us-west-2",
    ]);
    expect(url).toBe(
      `https://emu.awsapps.com/start/#/console?account_id=100000000001&role_name=ViewOnlyAccess&destination=${encodeURIComponent("https://console.aws.amazon.com/lambda/home?region=us-west-2")}`,
    );
    expect(home.emulator.journal.entries()).toEqual([]);
  });

  test(
    "refuses another partition's region, times out of range, and --duration with --shortcut or a chained role",
    { tags: ["long"] },
    async () => {
      const home = await createForeignHome();
      for (const [argv, exitCode, words] of [
        [["okta", "--region", "cn-north-1"], 2, "another partition"],
        [["okta", "--region", "mars"], 2, "--region"],
        [["okta", "--duration", "13h"], 2, "--duration"],
        [["okta", "--shortcut", "--duration", "1h"], 2, "--shortcut"],
        [["chain", "--shortcut"], 2, "no access portal"],
        [["chain", "--duration", "1h"], 5, "without --duration"],
        [["okta", "--service", "../x"], 2, "--service"],
      ] as const) {
        const result = await home.run(["console", "--print", ...argv]);
        expect(result, argv.join(" ")).toMatchObject({
          exitCode,
          stdout: "",
          stderr: expect.stringContaining(words),
        });
      }
    },
  );

  test(
    "retries a failing sign-in endpoint, and reports an endpoint that is another service",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.emulator.setFault({ route: "GetSigninToken", status: 503, times: 2 });
      expect(await home.run(["console", "okta", "--print"])).toMatchObject({ exitCode: 0 });
      home.emulator.setFault({ route: "GetSigninToken", status: 200, body: "{}" });
      expect(await home.run(["console", "okta", "--print"])).toMatchObject({
        exitCode: 6,
        stdout: "",
      });
      expect(
        await home.run(["console", "okta", "--print"], {
          env: { AWS_ENDPOINT_URL_SIGNIN: "http://10.0.0.1" },
        }),
      ).toMatchObject({ exitCode: 7, stderr: expect.stringContaining("AWS_ENDPOINT_URL_SIGNIN") });
    },
  );
});
