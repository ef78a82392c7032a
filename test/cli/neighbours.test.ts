import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHome, createSignedInHome, parseOutput, testOnPosixOnly } from "../support/home.ts";
import { OKTA_ROLE } from "../support/session-config.ts";

/** One wrong part of the config must not affect the correct rest. */

describe("a wrong session next to a good one", () => {
  test.each([
    ["a quoted region", 'sso_start_url = https://q.awsapps.com/start\nsso_region = "us-east-1"\n'],
    ["no region", "sso_start_url = https://q.awsapps.com/start\n"],
    ["no start URL", "sso_region = us-east-1\n"],
    ["nothing", ""],
  ])(
    "(%s) is one line of status and of the prompt, and the good one is shown",
    { tags: ["long"] },
    async (_, body) => {
      const home = await createSignedInHome();
      home.write(".aws/config", `[sso-session q]\n${body}${home.read(".aws/config")}`);
      const status = await home.run(["status"]);
      expect(status).toMatchObject({ exitCode: 0, stderr: "" });
      expect(status.stdout).toMatch(/^corp +signed in/m);
      expect(status.stdout.match(/^q\b.*$/gm)).toEqual([expect.stringMatching(/^q: .*config/)]);
      expect((await home.run(["status", "--short"])).stdout).toMatch(/^corp \w+, q unreadable\n$/);
      const rows = parseOutput<Array<{ session: string; state: string }>>(
        await home.run(["status", "--json"]),
      );
      expect(rows).toMatchObject([
        { session: "corp", state: "usable" },
        { session: "q", state: "unreadable" },
      ]);
      expect(await home.run(["status", "--sso-session", "q"])).toMatchObject({ exitCode: 7 });
      expect((await home.run([])).stdout).toMatch(/corp +signed in/);
    },
  );

  test("makes status fail if it is the only session", async () => {
    const home = await createHome();
    home.write(".aws/config", "[sso-session q]\nsso_region = us-east-1\n");
    expect(await home.run(["status"])).toMatchObject({ exitCode: 7, stdout: "" });
  });

  test(
    "does not stop logout --all from signing out of the good one",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.write(".aws/config", `[sso-session q]\n${home.read(".aws/config")}`);
      expect(await home.run(["logout", "--all"])).toMatchObject({ exitCode: 0 });
      expect(await home.run(["status"])).toMatchObject({ exitCode: 4 });
    },
  );
});

describe("a config that is /dev/null", () => {
  const env = { AWS_CONFIG_FILE: "/dev/null" };
  const testOnPosix = testOnPosixOnly("/dev/null");

  testOnPosix("is read as an empty config", async () => {
    const home = await createHome();
    expect(await home.run(["profiles", "--json"], { env })).toMatchObject({
      exitCode: 0,
      stdout: "[]\n",
    });
    expect((await home.run(["status"], { env })).stdout).toContain("No SSO session");
  });

  testOnPosix("is refused by commands that write it, and no hint moves it", async () => {
    const home = await createHome();
    const argv = ["configure", "session", "--sso-session", "corp", "--sso-region", "us-east-1"];
    const result = await home.run(
      [...argv, "--start-url", "https://emu.awsapps.com/start", "--yes"],
      { env },
    );
    expect(result.exitCode).toBe(7);
    expect(result.stderr).toContain("/dev/null is not a regular file.");
    expect(result.stderr).not.toMatch(/move it|chmod/i);
  });
});

testOnPosixOnly("devices and FIFOs")(
  "a device or a FIFO never blocks in a config's place",
  async () => {
    const home = await createSignedInHome();
    const fifo = join(home.path, "fifo");
    execFileSync("mkfifo", [fifo]);
    for (const path of ["/dev/zero", fifo]) {
      const env = { AWS_CONFIG_FILE: path };
      for (const argv of [["status"], ["credential-process", ...OKTA_ROLE]]) {
        const result = await home.run(argv, { env });
        expect(result, argv.join(" ")).toMatchObject({ exitCode: 7, stdout: "" });
        expect(result.stderr).toContain(`${path} is not a regular file.`);
        expect(result.stderr).not.toMatch(/move|chmod/i);
      }
    }
    // An SSO role needs no credentials file.
    const result = await home.run(["credential-process", ...OKTA_ROLE], {
      env: { AWS_SHARED_CREDENTIALS_FILE: fifo },
    });
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  },
);

testOnPosixOnly("on Windows it is a valid path")(
  "a Windows path is an error, and no file of that name is created",
  async () => {
    const home = await createSignedInHome();
    const path = "C:\\Users\\Jane Doe\\x";
    const rows = [
      [["configure", "--profile", "x", "--yes"], "AWS_CONFIG_FILE"],
      [["whoami", "okta"], "AWS_SHARED_CREDENTIALS_FILE"],
    ] as const;
    for (const [argv, variable] of rows) {
      const result = await home.run(argv, { env: { [variable]: path }, cwd: home.path });
      expect(result, argv.join(" ")).toMatchObject({ exitCode: 7, stdout: "" });
      expect(result.stderr).toContain(`${path}`);
      expect(result.stderr).toContain("/mnt/c/Users/Jane Doe/x");
    }
    expect(home.list(".")).toEqual([".aws"]);
  },
);

test(
  "every command reports an encrypted config, in the same words",
  { tags: ["long"] },
  async () => {
    const home = await createHome();
    home.write(".aws/config", "\0GITCRYPT\0[a");
    for (const argv of [
      ["profiles"],
      ["status"],
      ["whoami"],
      ["configure", "--profile", "x", "--yes"],
    ])
      expect(await home.run(argv)).toMatchObject({
        exitCode: 7,
        stderr: expect.stringMatching(
          /is encrypted by git-crypt\.\n.*hint: Decrypt it: git-crypt unlock/,
        ),
      });
    expect((await home.run(["doctor", "--offline"])).stdout).toMatch(
      / FAIL {2}config-unreadable +.*is encrypted by git-crypt: no AWS client.*\n.*\n.*→ Decrypt it: git-crypt unlock/,
    );
  },
);
