import { describe, expect, test } from "vitest";
import type { ImportJson } from "../../src/commands/import.ts";
import { AWS_SSO_UTIL, AWS_VAULT, CONFIG, GRANTED, PORTAL, YAML } from "../support/import-files.ts";
import { createToolHome } from "../support/tool-home.ts";
import { ENTER, startSession } from "../support/pty.ts";
import { join } from "node:path";

/** What `import` asks, reports and refuses, through the built program. */

describe("questions and reports of import", () => {
  test("without a terminal it needs --yes, shows the plan, and writes nothing", async () => {
    const home = await createToolHome({ [CONFIG]: GRANTED });
    const result = await home.run(["import", "granted"]);
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toMatch(
      /\+ payments-prod {2}100000000001 ViewOnlyAccess \(Payments-Prod\/ViewOnlyAccess\)\n/,
    );
    expect(result.stderr).toMatch(
      /! .*\[profile keys\], line \d+: it has no role of IAM Identity Center/,
    );
    expect(result.stderr).toContain("--yes");
    expect(home.read(CONFIG)).toBe(GRANTED);
  });

  test("at a terminal Enter agrees, since no existing profile is changed", async () => {
    const home = await createToolHome({ [CONFIG]: AWS_SSO_UTIL });
    const session = startSession(home, ["import", "aws-sso-util"]);
    await session.see("Write them?");
    session.type(ENTER);
    expect(await session.ended).toBe(0);
    expect(home.read(CONFIG)).toContain("[profile payments-prod]\nsso_session = emu\n");
  });

  test("--sso-session, --region, --output and --form apply to the new profiles", async () => {
    const home = await createToolHome({ [CONFIG]: AWS_SSO_UTIL });
    const flags = [
      "--sso-session",
      "corp",
      "--region",
      "eu-north-1",
      "--output",
      "yaml",
      "--form",
      "credential-process",
    ];
    const { diff = "" } = await home.runJson<ImportJson>([
      "import",
      "aws-sso-util",
      ...flags,
      "--dry-run",
      "--diff",
    ]);
    expect(diff).toMatch(
      /\+credential_process = .* credential-process --sso-session corp --account-id 100000000001 --role-name Billing\n/,
    );
    expect(diff).toContain("+region = eu-north-1\n+output = yaml\n+latchkey_managed = corp\n");
    expect(diff).toContain("+[sso-session corp]\n");
  });

  test.each([
    ["granted", [".granted/config", CONFIG]],
    ["aws-sso", [".aws-sso/config.yaml", ".config/aws-sso/config.yaml", "cache.json"]],
    ["aws-vault", [CONFIG]],
    ["aws-sso-util", [CONFIG]],
  ])("without files of %s: exit 7, with the paths that were searched", async (tool, paths) => {
    const home = await createToolHome({ [CONFIG]: "[default]\nregion = eu-west-1\n" });
    const result = await home.run(["import", tool, "--json"]);
    expect(result.exitCode).toBe(7);
    for (const path of paths) expect(result.stdout.replaceAll("\\\\", "/")).toContain(path);
    expect(result.stdout).toContain(`Nothing of ${tool} was found`);
  });

  test("the directory of XDG_CONFIG_HOME and AWS_SSO_CONFIG are read", async () => {
    const home = await createToolHome({ "xdg/aws-sso/config.yaml": YAML, "other.yaml": YAML });
    for (const env of [
      { XDG_CONFIG_HOME: join(home.path, "xdg") },
      { AWS_SSO_CONFIG: "~/other.yaml" },
    ])
      expect(
        (await home.runJson<ImportJson>(["import", "aws-sso-cli", "--dry-run"], { env })).add,
      ).toHaveLength(3);
  });

  test(
    "--from reads another machine's config, whose names are free here",
    { tags: ["long"] },
    async () => {
      const home = await createToolHome({ "old/config": GRANTED, "old/config.yaml": YAML });
      const granted = await home.runJson<ImportJson>([
        "import",
        "granted",
        "--from",
        join(home.path, "old/config"),
        "--yes",
      ]);
      expect(granted.add.map(({ profile }) => profile)).toEqual(["Payments-Prod/ViewOnlyAccess"]);
      expect(home.read("old/config")).toBe(GRANTED);
      const rest = await home.runJson<ImportJson>([
        "import",
        "aws-sso",
        "--from",
        join(home.path, "old/config.yaml"),
        "--yes",
      ]);
      expect([rest.kept, rest.add.length]).toEqual([1, 2]);
      const missing = await home.run(["import", "granted", "--from", "nowhere"]);
      expect(missing).toMatchObject({ exitCode: 7 });
      expect(missing.stderr).toContain("There is no file nowhere.");
    },
  );

  test(
    "a damaged file, one that is too large, and an unknown tool are refused, and nothing is written",
    { tags: ["long"] },
    async () => {
      const damaged = { ".aws-sso/config.yaml": "SSOConfig:\n\tWork: hunter2\n" };
      const home = await createToolHome(damaged);
      const result = await home.run(["import", "aws-sso", "--yes"]);
      expect(result.exitCode).toBe(7);
      expect(result.stderr).toMatch(/config\.yaml, line 2 is not valid YAML/);
      expect(result.stderr).not.toContain("hunter2");
      home.write(".aws-sso/config.yaml", "#".repeat(5 * 1024 * 1024));
      expect((await home.run(["import", "aws-sso", "--yes"])).stderr).toContain("larger than");
      const unknown = await home.run(["import", "leapp"]);
      expect(unknown.exitCode).toBe(2);
      expect(unknown.stderr).toContain("aws-sso-util");
      expect(home.exists(CONFIG)).toBe(false);
    },
  );

  test("a sign-in without a listing of its roles gets the command that lists them", async () => {
    const yaml = `SSOConfig:\n  Work:\n    SSORegion: us-east-1\n    StartUrl: ${PORTAL}\n`;
    const home = await createToolHome({ ".aws-sso/config.yaml": yaml });
    const { exitCode, stderr } = await home.run(["import", "aws-sso", "--yes"]);
    expect([exitCode, home.exists(CONFIG)]).toEqual([0, false]);
    const [, flags = ""] = /latchkey profiles sync (.*)/.exec(stderr) ?? [];
    const words = ["profiles", "sync", ...flags.split(" "), "--dry-run"];
    expect((await home.run(words)).exitCode).toBe(4);
    expect(stderr).toContain("Unchanged: 1 not taken.");
  });

  test(
    "a role whose two names are both in use is reported, with the command that gives it a name",
    { tags: ["long"] },
    async () => {
      const taken = AWS_VAULT.replace("search-ro", "000000000042");
      const home = await createToolHome({ [CONFIG]: taken });
      const { exitCode, stderr } = await home.run(["import", "aws-vault", "--yes"]);
      expect(exitCode).toBe(0);
      expect(stderr).toContain("! 000000000042  is your own profile and is not changed");
      const [, command = ""] = /latchkey (configure NEW-NAME .*)/.exec(stderr) ?? [];
      const words = [...command.replace("NEW-NAME", "search").split(" "), "--yes"];
      expect(await home.run(words)).toMatchObject({ exitCode: 0 });
      expect((await home.run(["import", "aws-vault"])).stderr).toContain("Unchanged: 1 role with");
    },
  );

  test("an existing session with the same start URL is used, and a name for a new one is reported as unused", async () => {
    const session = `[sso-session corp]\nsso_start_url = ${PORTAL}\nsso_region = us-east-1\n`;
    const home = await createToolHome({ [CONFIG]: session + AWS_SSO_UTIL });
    const { exitCode, stderr } = await home.run([
      "import",
      "aws-sso-util",
      "--sso-session",
      "mine",
      "--yes",
    ]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      "--sso-session mine is not used: the config has a session of that start URL (corp).",
    );
    expect(home.read(CONFIG)).toContain("latchkey_managed = corp\n");
    expect(home.read(CONFIG)).not.toContain("mine");
  });

  test("a template is not written to without --force", async () => {
    const template = `{{ if .work }}\n${AWS_SSO_UTIL}{{ end }}\n`;
    const home = await createToolHome({ [CONFIG]: template });
    expect((await home.run(["import", "aws-sso-util", "--yes"])).exitCode).toBe(7);
    expect(home.read(CONFIG)).toBe(template);
  });
});
