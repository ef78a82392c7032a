import { lstatSync, mkdirSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHome, PROGRAM, SESSION_CONFIG, parseOutput } from "../support/home.ts";
import type { ConfigureResult } from "../../src/configure/configure.ts";
import type { ErrorJson } from "../../src/errors.ts";
import { expectMode, leaveOutOnWindows } from "../support/windows.ts";

const ANSWERS = [
  "--profile",
  "okta",
  "--sso-session",
  "corp",
  "--start-url",
  "https://emu.awsapps.com/start",
  "--sso-region",
  "us-east-1",
  "--account-id",
  "100000000001",
  "--role-name",
  "ViewOnlyAccess",
  "--region",
  "eu-west-1",
  "--output",
  "json",
];
const omitFlag = (flag: string): string[] =>
  ANSWERS.filter((_, index) => ANSWERS[index] !== flag && ANSWERS[index - 1] !== flag);

describe("configure by flags", () => {
  test("writes on an empty home byte for byte what aws configure sso writes for the same answers, and makes no request", async () => {
    const home = await createHome();
    const result = await home.run(["configure", ...ANSWERS, "--yes"]);
    expect(result.exitCode, result.stderr).toBe(0);
    expect(home.read(".aws/config")).toBe(SESSION_CONFIG);
    expectMode(join(home.path, ".aws/config"), 0o600);
    expect(home.exists(".aws/credentials")).toBe(false);
    expect(home.emulator.journal.entries()).toEqual([]);
    expect(result.stderr).toContain("  [profile okta]\n  + sso_session = corp\n");
    expect(result.stderr).toContain("aws sts get-caller-identity --profile okta");
  });

  test("configure sso is the same command, and --json lists the changes", async () => {
    const home = await createHome();
    const value = await home.runJson<ConfigureResult>(["configure", "sso", ...ANSWERS, "--yes"]);
    expect(value).toMatchObject({
      profile: "okta",
      form: "sso-session",
      configFile: join(home.path, ".aws/config"),
    });
    expect(value.changes).toContainEqual({
      section: "profile okta",
      key: "sso_account_id",
      before: null,
      after: "100000000001",
    });
    expect(value.changes).toHaveLength(8);
  });

  test("reports unchanged the second time, and writes nothing", { tags: ["long"] }, async () => {
    const home = await createHome();
    await home.run(["configure", ...ANSWERS, "--yes"]);
    const before = statSync(join(home.path, ".aws/config"));
    const result = await home.run(["configure", ...ANSWERS]);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stderr).toContain("Unchanged");
    expect(statSync(join(home.path, ".aws/config")).ino).toBe(before.ino);
  });

  test("the legacy form has its own start URL and region, and warns that its tokens can't be renewed", async () => {
    const home = await createHome();
    const result = await home.run([
      "configure",
      "--form",
      "legacy",
      ...omitFlag("--sso-session"),
      "--yes",
    ]);
    expect(result.exitCode, result.stderr).toBe(0);
    expect(home.read(".aws/config")).toBe(
      "[profile okta]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_account_id = 100000000001\nsso_role_name = ViewOnlyAccess\nregion = eu-west-1\noutput = json\n",
    );
    expect(result.stderr).toContain("can't be renewed");
  });

  test("the credential-process form names this program by absolute paths and has no account or role key", async () => {
    const home = await createHome();
    await home.run(["configure", "--form", "credential-process", ...ANSWERS, "--yes"]);
    expect(home.read(".aws/config")).toBe(
      `[profile okta]\ncredential_process = ${PROGRAM.join(" ")} credential-process --sso-session corp --account-id 100000000001 --role-name ViewOnlyAccess\nregion = eu-west-1\noutput = json\n` +
        "[sso-session corp]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n",
    );
  });

  test(
    "changing the form removes keys that would contradict the new one",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      await home.run(["configure", "--form", "legacy", ...omitFlag("--sso-session"), "--yes"]);
      await home.run(["configure", ...ANSWERS, "--yes"]);
      expect(home.read(".aws/config")).not.toMatch(/\[profile okta\][^[]*sso_start_url/);
      await home.run(["configure", "--form", "credential-process", ...ANSWERS, "--yes"]);
      expect(home.read(".aws/config")).not.toMatch(/sso_account_id|sso_session =/);
      await home.run(["configure", ...ANSWERS, "--yes"]);
      expect(home.read(".aws/config")).not.toContain("credential_process");
    },
  );

  test("a config with much other content differs only by latchkey's section", async () => {
    const home = await createHome();
    const before =
      "# mine\r\n[default]\r\nregion=eu-west-9\r\ns3 =\r\n    region = inner\r\n\r\n[profile  odd] ; note\r\n  output : text\r\n\r\n[plugins]\r\ncli=1\r\n";
    home.write(".aws/config", before, 0o640);
    await home.run(["configure", ...ANSWERS, "--yes"]);
    const after = home.read(".aws/config");
    expect(after.startsWith(before)).toBe(true);
    expect(after.slice(before.length)).toBe(
      `\r\n${SESSION_CONFIG.replace("[sso-session", "\n[sso-session").replaceAll("\n", "\r\n")}`,
    );
    expectMode(join(home.path, ".aws/config"), 0o640);
    expect(home.list(".aws/latchkey/backups")).toHaveLength(1);
    expect(home.read(`.aws/latchkey/backups/${home.list(".aws/latchkey/backups")[0]}`)).toBe(
      before,
    );
  });

  test("a symbolic link is kept, and its target is changed", async () => {
    const home = await createHome();
    mkdirSync(join(home.path, ".aws"));
    home.write("dotfiles/aws-config", "[default]\nregion = x\n");
    leaveOutOnWindows("links");
    symlinkSync("../dotfiles/aws-config", join(home.path, ".aws/config"));
    await home.run(["configure", ...ANSWERS, "--yes"]);
    expect(lstatSync(join(home.path, ".aws/config")).isSymbolicLink()).toBe(true);
    expect(home.read("dotfiles/aws-config")).toContain("[profile okta]");
  });

  test("AWS_CONFIG_FILE names the file, and AWS_PROFILE never selects a profile to overwrite", async () => {
    const home = await createHome();
    const env = { AWS_CONFIG_FILE: "~/other/config", AWS_PROFILE: "precious" };
    const result = await home.run(["configure", ...omitFlag("--profile"), "--yes"], { env });
    expect(result).toMatchObject({ exitCode: 2 });
    expect(result.stderr).toContain("--profile");
    await home.run(["configure", ...ANSWERS, "--yes"], { env });
    expect(home.read("other/config")).toBe(SESSION_CONFIG);
    expect(home.exists(".aws/config")).toBe(false);
  });

  test("twenty runs at once lose nothing", { tags: ["long"] }, async () => {
    const home = await createHome();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        home.run(["configure", ...omitFlag("--profile"), "--profile", `p${index}`, "--yes"]),
      ),
    );
    expect(results.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    expect(home.read(".aws/config").match(/^\[profile p\d+\]$/gm)).toHaveLength(20);
    expect(home.read(".aws/config").match(/^\[sso-session corp\]$/gm)).toHaveLength(1);
  });
});

describe("what configure refuses", () => {
  test.each([
    "--profile",
    "--sso-session",
    "--start-url",
    "--sso-region",
    "--account-id",
    "--role-name",
  ])("without a terminal and without %s it exits 2 at once and names the flag", async (flag) => {
    const home = await createHome();
    const result = await home.run(["configure", ...omitFlag(flag), "--yes"]);
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toMatch(new RegExp(`^latchkey: error: .*${flag}`));
    expect(home.exists(".aws/config")).toBe(false);
  });

  test.each([
    ["--start-url", "http://emu.awsapps.com/start"],
    ["--start-url", "not a url"],
    ["--sso-region", "us east 1"],
    ["--sso-region", "../evil"],
    ["--account-id", "12345"],
    ["--role-name", "a b"],
    ["--region", "eu west"],
    ["--output", "xml"],
    ["--profile", "with space"],
    ["--sso-session", "x]y"],
  ])("a bad %s (%s) exits 2 and names it", async (flag, value) => {
    const home = await createHome();
    const result = await home.run(["configure", ...omitFlag(flag), flag, value, "--yes", "--json"]);
    expect(result.exitCode).toBe(2);
    const { error } = parseOutput<ErrorJson>(result);
    expect(error.code).toBe("USAGE");
    expect(error.message).toMatch(
      flag === "--profile" || flag === "--sso-session" ? /can't be the name/ : new RegExp(flag),
    );
    expect(home.exists(".aws/config")).toBe(false);
  });

  test("without a terminal the change needs --yes", async () => {
    const home = await createHome();
    const result = await home.run(["configure", ...ANSWERS]);
    expect(result).toMatchObject({ exitCode: 2 });
    expect(result.stderr).toContain("--yes");
    expect(home.exists(".aws/config")).toBe(false);
  });

  test(
    "a session that other profiles use is not changed without --force",
    { tags: ["long"] },
    async () => {
      const home = await createHome();
      await home.run(["configure", ...ANSWERS, "--yes"]);
      const other = [
        ...omitFlag("--start-url"),
        "--start-url",
        "https://other.awsapps.com/start",
        "--yes",
      ];
      expect(await home.run(["configure", ...other])).toMatchObject({ exitCode: 2 });
      expect(home.read(".aws/config")).toBe(SESSION_CONFIG);
      expect(await home.run(["configure", ...other, "--force"])).toMatchObject({ exitCode: 0 });
      expect(home.read(".aws/config")).toBe(SESSION_CONFIG.replace("emu.awsapps", "other.awsapps"));
    },
  );

  test.each([
    ["a key before any section", "region = x\n", 1],
    ["a header without its ]", "[profile a\nregion = x\n", 1],
    ["two sections of the profile", "[profile okta]\na = 1\n[profile okta]\nb = 2\n", 3],
    ["a duplicate of a key that it must set", "[profile okta]\nregion = 1\nregion = 2\n", 3],
  ])("%s exits 7, names the line, and leaves the file unchanged", async (_, text, line) => {
    const home = await createHome();
    home.write(".aws/config", text);
    const result = await home.run(["configure", ...ANSWERS, "--yes"]);
    expect(result.exitCode, result.stderr).toBe(7);
    expect(result.stderr).toContain(join(home.path, ".aws/config"));
    expect(result.stderr).toMatch(new RegExp(`lines? .*${line}`));
    expect(home.read(".aws/config")).toBe(text);
  });

  test("a config that is a directory exits 7 at once", async () => {
    const home = await createHome();
    mkdirSync(join(home.path, ".aws/config"), { recursive: true });
    expect(await home.run(["configure", ...ANSWERS, "--yes"])).toMatchObject({ exitCode: 7 });
  });
});
