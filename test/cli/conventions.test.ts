import { describe, expect, test } from "vitest";
import type { DemoJson } from "../../src/demo/demo.ts";
import type { OverviewJson } from "../../src/oclif/overview.ts";
import type { VersionJson } from "../../src/oclif/version.ts";
import { ECHO } from "../support/commands.ts";
import { createHome, createSignedInHome, parseOutput, SESSION_CONFIG } from "../support/home.ts";
import { patience } from "../support/patience.ts";
import { CTRL_C, ENTER, startSession } from "../support/pty.ts";

describe("every command line", () => {
  test(
    "accepts -v, version and --version, with --json as one value, at any position of --json",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      const { stdout } = await home.run(["--version"]);
      for (const argv of [["-v"], ["version"]])
        expect(await home.run(argv)).toEqual({ exitCode: 0, stdout, stderr: "" });
      for (const argv of [
        ["--version", "--json"],
        ["--json", "version"],
      ]) {
        const { name, version, platform, runtime } = parseOutput<VersionJson>(await home.run(argv));
        expect(`${name}/${version} ${platform} ${runtime}\n`).toBe(stdout);
      }
    },
  );

  test(
    "accepts -h as --help after every command and group, and for exec before its command only",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      for (const words of [[], ["federation"], ["profiles", "sync"], ["ls"], ["exec", "okta"]]) {
        const [short, long] = [
          await home.run([...words, "-h"]),
          await home.run([...words, "--help"]),
        ];
        expect(short).toMatchObject({ exitCode: 0, stderr: "" });
        expect(short.stdout).toContain("USAGE");
        expect(short).toEqual(long);
      }
      expect(await home.run(["help", "profiles", "sync"])).toEqual(
        await home.run(["profiles", "sync", "-h"]),
      );
      for (const words of [
        ["exec", "okta", "--"],
        ["exec", "okta"],
        ["run", "okta"],
      ])
        expect(await home.run([...words, ...ECHO, "-h"])).toMatchObject({
          exitCode: 0,
          stdout: expect.stringMatching(/^-h\r?\n$/),
        });
    },
  );

  test("passes flags before the command to the command", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    expect(await home.run(["--json", "--profile", "okta", "whoami", "--offline"])).toEqual(
      await home.run(["whoami", "--profile", "okta", "--offline", "--json"]),
    );
  });

  test(
    "prints the overview as one value for latchkey --json alone",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const signedIn = await home.runJson<OverviewJson>([], { env: { AWS_PROFILE: "okta" } });
      expect(signedIn).toMatchObject({
        sessions: await home.runJson(["status"]),
        shell: { profile: "okta", accountId: "100000000001", roleName: "ViewOnlyAccess" },
        problem: null,
        profiles: 1,
      });
      home.write(".aws/config", SESSION_CONFIG.replace("sso_region = us-east-1\n", ""));
      expect(await home.runJson<OverviewJson>([])).toMatchObject({
        sessions: [],
        shell: null,
        problem: { message: expect.stringContaining("sso_region is missing") },
      });
    },
  );

  test(
    "prints one value at the end of demo --json",
    { tags: ["long"], timeout: patience(120_000) },
    async () => {
      const home = await createHome();
      const { steps, identity } = await home.runJson<DemoJson>(["demo"]);
      expect(identity).toContain("AWSReservedSSO_ViewOnlyAccess_");
      expect(steps.map(({ command }) => command)).toContain("latchkey whoami --profile okta");
    },
  );
});

describe("a word that is not a command, at a terminal", () => {
  test("offers the nearest command, and runs it with the other words", async () => {
    const home = await createSignedInHome();
    const session = startSession(home, ["profles"]);
    await session.see('There is no command "profles".');
    await session.see('Run "latchkey profiles" instead? (Y/n)');
    session.type(ENTER);
    expect(await session.ended).toBe(0);
    expect(session.readText()).toContain("ViewOnlyAccess");
  });

  test("runs nothing after no or Ctrl-C", async () => {
    const home = await createSignedInHome();
    const refused = startSession(home, ["stats"]);
    await refused.answer('Run "latchkey status" instead?', "n");
    expect(await refused.ended).toBe(2);
    expect(refused.readText()).toContain("latchkey: hint: The nearest: latchkey status");
    const cancelled = startSession(home, ["stats"]);
    await cancelled.see("(Y/n)");
    cancelled.type(CTRL_C);
    expect(await cancelled.ended).toBe(130);
  });

  test("never offers a command that signs out or changes files as the default", async () => {
    const home = await createSignedInHome();
    for (const argv of [["flush"], ["profile-sync", "--yes"]]) {
      const session = startSession(home, argv);
      await session.see("(y/N)");
      session.type(ENTER);
      expect(await session.ended, argv.join(" ")).toBe(2);
    }
    expect(home.list(".aws/sso/cache")).not.toEqual([]);
  });

  test("asks nothing with --json or for an agent", async () => {
    const home = await createSignedInHome();
    for (const session of [
      startSession(home, ["profles", "--json"]),
      startSession(home, ["profles"], 80, { CLAUDECODE: "1" }),
    ]) {
      expect(await session.ended).toBe(2);
      expect(session.readText()).not.toContain("instead?");
      expect(session.readText()).toContain("The nearest: latchkey profiles");
    }
  });
});
