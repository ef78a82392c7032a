import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHome, PROGRAM, runProgram, SESSION_CONFIG, signedInHome } from "../support/home.ts";

describe("commands that are not there", () => {
  test.each([
    [["sso"], /"sso" is not a command by itself.*latchkey sso login/s],
    [["sso", "--help"], /"sso" is not a command by itself.*latchkey sso list-accounts/s],
    [["sso", "logi"], /latchkey sso login/],
    [["lgin"], /There is no command "lgin".*latchkey login/s],
    [["accounst", "--help"], /latchkey accounts/],
    [["nothing-like-it"], /latchkey --help/],
  ])("latchkey %j is answered by our own error", async (argv, words) => {
    const home = await createHome();
    const plain = await home.run(argv);
    expect(plain).toMatchObject({ exitCode: 2, stdout: "" });
    expect(plain.stderr).toMatch(words);
    expect(plain.stderr.split("\n")).toHaveLength(3);
    expect(plain.stderr).not.toMatch(/sso:|configure:/);
    const json = await home.run([...argv, "--json"]);
    expect(json).toMatchObject({ exitCode: 2, stderr: "" });
    expect(JSON.parse(json.stdout)).toMatchObject({
      error: { code: "USAGE", message: expect.any(String), hint: expect.any(String) },
    });
  });

  test("an unknown flag and a stray argument exit 2 in two lines", async () => {
    const home = await createHome();
    for (const argv of [
      ["accounts", "--nope"],
      ["accounts", "stray"],
      ["configure", "--form", "odd"],
      ["accounts", "--csv", "--json"],
    ]) {
      const result = await home.run(argv);
      expect(result.exitCode, argv.join(" ")).toBe(2);
      if (!argv.includes("--json"))
        expect(result.stderr).toMatch(/^latchkey: error: .+\nlatchkey: hint: .+\n$/);
    }
  });

  test("--help and --version go through stdout and exit 0", async () => {
    const home = await createHome();
    for (const argv of [
      ["--help"],
      ["login", "--help"],
      ["configure", "sso", "--help"],
      ["help"],
    ]) {
      const result = await home.run(argv);
      expect(result, argv.join(" ")).toMatchObject({ exitCode: 0, stderr: "" });
      expect(result.stdout).toContain("USAGE");
    }
    const version = (await home.run(["--version"])).stdout;
    expect(version).toMatch(/^latchkey\/\d+\.\d+\.\d+ /);
    expect((await home.run(["--help"])).stdout).toContain(`\n  ${version}`);
  });
});

describe("profiles and sessions that are wrong in the file", () => {
  const failing = async (
    config: string,
    argv: string[],
  ): Promise<{ exitCode: number; stderr: string; file: string }> => {
    const home = await createHome();
    const file = home.write(".aws/config", config);
    return { ...(await home.run(argv)), file };
  };

  test("an unknown profile or session exits 7, naming the file and the nearest", async () => {
    for (const [argv, nearest] of [
      [["whoami", "okat"], "okta"],
      [["accounts", "--sso-session", "crop"], "corp"],
    ] as const) {
      const { exitCode, stderr, file } = await failing(SESSION_CONFIG, [...argv]);
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
    const { exitCode, stderr, file } = await failing(config, [
      "credential-process",
      "--profile",
      "okta",
    ]);
    expect(exitCode).toBe(7);
    expect(stderr).toContain(key);
    expect(stderr).toContain(file);
    expect(stderr).toContain(line);
  });

  test("no config at all says how to begin", async () => {
    const home = await createHome();
    const result = await home.run(["accounts"]);
    expect(result).toMatchObject({ exitCode: 7 });
    expect(result.stderr).toContain("latchkey: hint: Set one up: latchkey configure");
    expect(await home.run(["status"])).toMatchObject({
      exitCode: 4,
      stdout: expect.stringContaining("latchkey configure"),
    });
  });

  test("two sessions and nobody to ask exit 2, naming both", async () => {
    const { exitCode, stderr } = await failing(
      `${SESSION_CONFIG}[sso-session other]\nsso_start_url = https://o.awsapps.com/start\nsso_region = us-east-1\n`,
      ["accounts"],
    );
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/corp, other/);
    expect(stderr).toContain("--sso-session");
  });
});

describe("the process around the work", () => {
  test.each([[""], ["relative/home"]])(
    "HOME=%j exits 7 and nothing is read from the current directory",
    async (HOME) => {
      const home = await createHome();
      const trap = join(home.path, "trap");
      mkdirSync(join(trap, ".aws"), { recursive: true });
      writeFileSync(join(trap, ".aws", "config"), SESSION_CONFIG);
      const result = await home.run(["status"], { env: { HOME }, cwd: trap });
      expect(result).toMatchObject({ exitCode: 7, stdout: "" });
      expect(result.stderr).toContain("HOME");
    },
  );

  test("DEBUG, as many a shell has it for another program, prints none of the words that were typed", async () => {
    const home = await createHome();
    home.write(".aws/config", SESSION_CONFIG);
    for (const words of [["status"], ["configure", "--help"], ["whoami", "nobody"], ["stauts"]]) {
      const [quiet, debugged] = [
        await home.run(words),
        await home.run(words, { env: { DEBUG: "*" } }),
      ];
      expect(debugged).toEqual(quiet);
    }
  });

  test("without HOME the user database says where home is", async () => {
    const home = await createHome();
    expect((await home.run(["--version"], { env: { HOME: undefined } })).exitCode).toBe(0);
  });

  test("a full stdout exits 8, hot and cold, and a closed pipe 141 without a word", async () => {
    const home = await signedInHome();
    const role = [
      "credential-process",
      "--sso-session",
      "corp",
      "--account-id",
      "100000000001",
      "--role-name",
      "ViewOnlyAccess",
    ];
    for (let time = 0; time < 2; time += 1) {
      const full = openSync("/dev/full", "w");
      const result = await home.run(role, { stdout: full });
      closeSync(full);
      expect(result.exitCode).toBe(8);
      expect(result.stderr).toContain("ENOSPC");
    }
    for (const argv of [role, ["accounts", "--json"]]) {
      const closed = await exitWithClosedPipe([...PROGRAM, ...argv], home.env);
      expect(closed).toEqual({ code: 141, stderr: "" });
    }
  });

  test("an endpoint that is neither https nor this machine is refused before anything is sent", async () => {
    const home = await signedInHome();
    const result = await home.run(["accounts"], {
      env: { AWS_ENDPOINT_URL_SSO: "http://10.0.0.1" },
    });
    expect(result).toMatchObject({ exitCode: 7 });
    expect(result.stderr).toContain("AWS_ENDPOINT_URL_SSO");
  });

  test("a service that can't be reached exits 6 and names the host", async () => {
    const home = await signedInHome();
    const result = await home.run(["accounts"], {
      env: { AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:1" },
    });
    expect(result).toMatchObject({ exitCode: 6, stdout: "" });
    expect(result.stderr).toContain("127.0.0.1:1");
  });

  test("Ctrl-C while waiting for approval exits 130 at once and leaves no token", async () => {
    const home = await createHome();
    home.write(".aws/config", SESSION_CONFIG);
    const started = Date.now();
    const result = await new Promise<number | null>((resolve) => {
      const child = spawn(PROGRAM[0], [...PROGRAM.slice(1), "login", "--no-browser"], {
        env: home.env,
        stdio: ["ignore", "ignore", "pipe"],
      });
      child.stderr
        .setEncoding("utf8")
        .on(
          "data",
          (text: string) => text.includes("Code") && setTimeout(() => child.kill("SIGINT"), 300),
        );
      child.once("close", (code) => resolve(code));
    });
    expect(result).toBe(130);
    expect(Date.now() - started).toBeLessThan(20_000);
    expect(home.list(".aws/sso/cache")).toEqual([]);
  });

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

describe("demo and emulator", () => {
  test(
    "the demo ends with the caller identity that the emulated STS verified",
    { timeout: 120_000 },
    async () => {
      const home = await createHome();
      const result = await home.run(["demo"]);
      expect(result.exitCode, result.stderr).toBe(0);
      expect(result.stdout.trimEnd().split("\n").at(-1)).toMatch(
        /^arn:aws:sts::100000000001:assumed-role\/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]{16}\/okta\.user@example\.com$/,
      );
      expect(home.list(".")).toEqual([]);
    },
  );

  test("with the role taken away the demo's last step exits 5", { timeout: 120_000 }, async () => {
    const home = await createHome();
    const result = await home.run(["demo", "--refused"]);
    expect(result.exitCode).toBe(5);
    expect(result.stderr).toMatch(/ViewOnlyAccess in 100000000001 \(\S+\)/);
  });

  test("the emulator says where it is in one JSON line and ends on SIGINT", async () => {
    const home = await createHome();
    const child = spawn(
      PROGRAM[0],
      [...PROGRAM.slice(1), "emulator", "--accounts", "7", "--auto-approve"],
      { env: home.env, stdio: ["ignore", "pipe", "inherit"] },
    );
    const line = await new Promise<string>((resolve) =>
      child.stdout.setEncoding("utf8").once("data", resolve),
    );
    const { url, startUrl, region, env } = JSON.parse(line);
    expect({ startUrl, region }).toEqual({
      startUrl: "https://emu.awsapps.com/start",
      region: "us-east-1",
    });
    home.write(".aws/config", SESSION_CONFIG);
    expect(
      await runProgram([...PROGRAM, "login", "--no-browser"], { ...home.env, ...env }),
    ).toMatchObject({ exitCode: 0 });
    const accounts = await runProgram([...PROGRAM, "accounts", "--json"], { ...home.env, ...env });
    expect(JSON.parse(accounts.stdout)).toHaveLength(7);
    expect((await fetch(`${url}/_emu/journal`)).status).toBe(200);
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    rmSync(join(home.path, ".aws"), { recursive: true });
  });
});

function exitWithClosedPipe(
  [program = "", ...args]: string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve) => {
    // The shell's reader is gone before the program writes; its own exit code arrives through a file descriptor.
    const child = spawn(
      "bash",
      ["-c", '{ "$@"; echo "exit $?" >&3; } | true', "sh", program, ...args],
      { env, stdio: ["ignore", "ignore", "pipe", "pipe"] },
    );
    let stderr = "";
    let report = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdio[3]?.on("data", (chunk: Buffer) => (report += chunk.toString("utf8")));
    child.once("close", () => resolve({ code: Number(/exit (\d+)/.exec(report)?.[1]), stderr }));
  });
}
