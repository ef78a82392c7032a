import { describe, expect, test } from "vitest";
import { formatValue, checkQuery, type Format } from "../../src/cli/formats.ts";
import { planPrint } from "../../src/cli/output.ts";
import { leavePlain } from "../../src/text/paint.ts";
import { createSignedInHome, SESSION_CONFIG } from "../support/home.ts";
import { startTerminal } from "../support/pty.ts";
import { PROGRAM } from "../support/program.ts";
import { quoteShellWord } from "../../src/text/shell-words.ts";

const ROWS = [
  { name: "a", region: null, isOwn: true, tags: ["u", "v"] },
  { name: "b", region: "eu-west-1", isOwn: false, tags: [] },
];
const format = (value: unknown, how: Format, query?: string): Promise<string> =>
  formatValue(value, {
    format: how,
    query,
    indent: 2,
    surface: { columns: 200, paint: leavePlain },
  });

describe("a value in the formats of the AWS CLI", () => {
  test.each<[how: Format, query: string | undefined, printed: string]>([
    ["text", undefined, "True\ta\tNone\nTAGS\tu\nTAGS\tv\nFalse\tb\teu-west-1\n"],
    ["text", "[].name", "a\tb\n"],
    ["text", "[*].[name,region]", "a\tNone\nb\teu-west-1\n"],
    ["text", "[0].name", "a\n"],
    ["text", "[9]", "None\n"],
    ["text", "[?name=='z']", ""],
    ["text", "length(@)", "2\n"],
    ["json", "[0].{n:name}", '{\n  "n": "a"\n}\n'],
    ["json", "nothing", "null\n"],
    ["yaml", "[0]", "isOwn: true\nname: a\nregion: null\ntags:\n- u\n- v\n"],
    ["yaml", "[0].name", '"a"\n'],
    ["table", "[*].{n:name,r:region}", "N  R\na\nb  eu-west-1\n"],
    ["table", "[*].[name,region]", "a  null\nb  eu-west-1\n"],
    ["table", "[].name", "a\nb\n"],
    ["table", "{list:[*].{n:name}}", "N\na\nb\n"],
    ["table", "[1].{n:name,r:region}", "n  b\nr  eu-west-1\n"],
    ["table", "[0].name", "a\n"],
  ])("%s, %s", { tags: ["long"] }, async (how, query, printed) => {
    expect(await format(ROWS, how, query)).toBe(printed);
  });

  test("a name can't add a column or a line to the text format", async () => {
    expect(await format([{ n: "a\tb\nc\u001b[2J" }], "text")).toBe("a\\u{9}b\\u{a}c\\u{1b}[2J\n");
  });

  test.each(["foo(", "[", "'a", '"a', "`a", "a b", ""])(
    "the expression %j is refused before any request",
    async (expression) => {
      await expect(checkQuery(expression)).rejects.toMatchObject({ code: "USAGE" });
    },
  );

  test.each(["'it\\'s'", '"a b"', '`"x"`', "[?a=='`'].b", "sort_by(@, &a)[].b"])(
    "the expression %s is accepted",
    async (expression) => {
      expect(await checkQuery(expression)).toBe(expression);
    },
  );
});

test.each([
  ["no flag", {}, false, { kind: "text" }],
  ["--json", { json: true }, false, { kind: "json" }],
  ["--output table", { output: "table" }, false, { kind: "text" }],
  ["--output text", { output: "text" }, false, { kind: "format", format: "text", indent: 2 }],
  ["--query alone", { query: "a" }, false, { kind: "format", format: "json", query: "a" }],
  [
    "--query, --output table",
    { query: "a", output: "table" },
    false,
    { kind: "format", format: "table" },
  ],
  [
    "--json --query",
    { json: true, query: "a" },
    false,
    { kind: "format", format: "json", indent: 2 },
  ],
  ["an AWS command's name", {}, true, { kind: "format", format: "json", indent: 4 }],
  [
    "an AWS command's name, --output table",
    { output: "table" },
    true,
    { kind: "format", format: "table" },
  ],
] as const)("how a value is printed: %s", (_, flags, isAws, plan) => {
  expect(planPrint({ json: false, ...flags }, isAws ? {} : undefined)).toMatchObject(plan);
});

describe("lists through the program", () => {
  test(
    "--output, --query and --json work for profiles and whoami; contradictions exit 2",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const run = async (...argv: string[]) => {
        const { exitCode, stdout } = await home.run(argv);
        return { exitCode, stdout };
      };
      expect(
        await run("profiles", "--query", "[].[profile,accountId]", "--output", "text"),
      ).toEqual({
        exitCode: 0,
        stdout: "okta\t100000000001\n",
      });
      expect(await run("profiles", "--query", "[0].roleName")).toEqual({
        exitCode: 0,
        stdout: '"ViewOnlyAccess"\n',
      });
      expect(await run("whoami", "okta", "--query", "roleName", "--output", "text")).toEqual({
        exitCode: 0,
        stdout: "ViewOnlyAccess\n",
      });
      expect(await run("status", "--output", "yaml")).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(/^- expiresAt: .*\n {2}refreshable: true\n/),
      });
      for (const argv of [
        ["accounts", "--json", "--output", "text"],
        ["accounts", "--csv", "--query", "[0]"],
        ["accounts", "--query", "foo("],
        ["accounts", "--query", "length(`1`)"],
        ["accounts", "--output", "xml"],
      ])
        expect(await home.run(argv), argv.join(" ")).toMatchObject({ exitCode: 2 });
      expect((await home.run(["accounts", "--query", "foo("])).stderr).toContain('--query "foo("');
    },
  );

  test(
    "an AWS command's name prints that command's shape, and --json prints latchkey's",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      expect(await home.runJson(["sts", "get-caller-identity", "okta"])).toHaveProperty(
        "accountId",
      );
      expect((await home.run(["sts", "get-caller-identity", "okta"])).stdout).toMatch(
        /^\{\n {4}"UserId": ".+",\n {4}"Account": "100000000001",\n {4}"Arn": ".+"\n\}\n$/,
      );
      const accounts = await home.run(["sso", "list-accounts"]);
      expect(JSON.parse(accounts.stdout)).toMatchObject({
        accountList: [{ accountId: expect.any(String) }, {}, {}],
      });
      expect(accounts.stderr).toBe("");
      expect((await home.run(["configure", "list-profiles"])).stdout).toBe("okta\n");
      const refused = await home.run(["sso", "list-accounts", "--access-token", "secret-token"]);
      expect(refused).toMatchObject({ exitCode: 2 });
      expect(refused.stderr).not.toContain("secret-token");
    },
  );

  test("a pipe gets every column, whatever the terminal's width; a terminal gets the columns that fit", async () => {
    const home = await createSignedInHome();
    const name = "payments-production-europe-west-viewonlyaccess";
    const config = SESSION_CONFIG.replace("[profile okta]", `[profile ${name}]`);
    home.write(".aws/config", config);
    const latchkey = PROGRAM.map(quoteShellWord).join(" ");
    const count = startTerminal(
      home,
      ["/bin/sh", "-c", `stty cols 40; COLUMNS=40 ${latchkey} profiles | grep -c ViewOnlyAccess`],
      40,
    );
    expect(await count.ended).toBe(0);
    expect(count.readText().trim()).toBe("1");
    const narrow = startTerminal(home, [...PROGRAM, "profiles"], 60);
    expect(await narrow.ended).toBe(0);
    expect(narrow.readText().replaceAll("\r", "")).toBe(
      `PROFILE                                         ROLE\n${name}  ViewOnlyAcc…\n`,
    );
  });
});
