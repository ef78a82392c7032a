import { Args, Flags, Parser } from "@oclif/core";
import { CLIError } from "@oclif/core/errors";
import { describe, expect, test } from "vitest";
import { toParseError } from "../../src/cli/parse-errors.ts";
import type { ArgDefinition, FlagDefinition } from "../../src/cli/flag-synonyms.ts";
import { createHome } from "../support/home.ts";

/** Every error of oclif's parser, produced by the parser itself. */

const flags = {
  json: Flags.boolean(),
  csv: Flags.boolean({ exclusive: ["json"] }),
  wait: Flags.boolean({ allowNo: true }),
  fix: Flags.boolean(),
  yes: Flags.boolean({ char: "y", dependsOn: ["fix"] }),
  profile: Flags.string({ char: "p", aliases: ["aws-profile"], helpValue: "NAME" }),
  region: Flags.string({ helpValue: "REGION" }),
  form: Flags.string({ options: ["legacy", "session"], env: "TRIED_FORM" }),
  tag: Flags.string({ multiple: true }),
  port: Flags.integer({ min: 1, max: 9 }),
  seconds: Flags.integer({ min: 1 }),
  url: Flags.url(),
  from: Flags.string({ exactlyOne: ["from", "to"] }),
  to: Flags.string({ exactlyOne: ["from", "to"] }),
};
const args = {
  shell: Args.string({ options: ["bash", "fish"], required: true }),
  name: Args.string(),
};

const NO_ARGS = {};
const NO_CHOICE = { ...flags, from: Flags.string(), to: Flags.string() };

interface Row {
  readonly argv: readonly string[];
  readonly message: string;
  readonly hint: string;
  readonly flags?: object;
  readonly args?: object;
  readonly env?: Record<string, string>;
}

const ROWS: Readonly<Record<string, Row>> = {
  "an unknown flag": {
    argv: ["bash", "--regin", "x"],
    message: "latchkey try has no flag --regin.",
    hint: "The nearest: --region",
  },
  "the value of an unknown flag is not shown": {
    argv: ["bash", "--tokn=CANARY"],
    message: "latchkey try has no flag --tokn.",
    hint: "The nearest: --to",
  },
  "one hyphen instead of two": {
    argv: ["bash", "-json"],
    message: "latchkey try has no flag -json.",
    hint: "The nearest: --json",
  },
  "a flag that can't be turned off": {
    argv: ["bash", "--no-json"],
    message: "latchkey try has no flag --no-json.",
    hint: "Leave --json out: it is off unless it is given.",
  },
  "another tool's flag": {
    argv: ["bash", "--verbose"],
    message: "latchkey try has no flag --verbose.",
    hint: "See what it takes: latchkey try --help",
  },
  "a missing required word": {
    argv: [],
    message: "latchkey try needs SHELL: bash or fish.",
    hint: "Such as: latchkey try bash",
  },
  "a missing required word of any kind": {
    argv: [],
    args: { file: Args.string({ required: true }) },
    message: "latchkey try needs FILE.",
    hint: "See what it takes: latchkey try --help",
  },
  "a word that is not one of the allowed ones": {
    argv: ["bsh"],
    message: 'SHELL can\'t be "bsh".',
    hint: "Did you mean bash? It can be bash or fish.",
  },
  "an extra word for a command without words": {
    argv: ["dev", "--json"],
    args: NO_ARGS,
    message: 'latchkey try takes no further word: "dev".',
    hint: "latchkey try --profile dev --json",
  },
  "an extra word that is a flag's value": {
    argv: ["bash", "x", "legacy"],
    message: 'latchkey try takes no word after SHELL NAME: "legacy".',
    hint: "latchkey try bash x --form legacy",
  },
  "an extra word that looks like a region": {
    argv: ["bash", "x", "eu-west-1"],
    message: 'latchkey try takes no word after SHELL NAME: "eu-west-1".',
    hint: "latchkey try bash x --region eu-west-1",
  },
  "an extra word without a flag for it": {
    argv: ["bash", "x", "y z"],
    message: 'latchkey try takes no word after SHELL NAME: "y z".',
    hint: "See what it takes: latchkey try --help",
  },
  "a value for a flag without values": {
    argv: ["bash", "x", "--json=true"],
    message: "--json takes no value.",
    hint: "Write it without: --json",
  },
  "a value that the flag does not allow": {
    argv: ["bash", "--form", "odd"],
    message: '--form can\'t be "odd".',
    hint: "It can be legacy or session.",
  },
  "a value that is nearly one of a flag's": {
    argv: ["bash", "--form=legcy"],
    message: '--form can\'t be "legcy".',
    hint: "Did you mean legacy? It can be legacy or session.",
  },
  "a variable's value that the flag does not allow": {
    argv: ["bash"],
    env: { TRIED_FORM: "odd" },
    message: 'TRIED_FORM can\'t be "odd".',
    hint: "It can be legacy or session.",
  },
  "a flag without its value": {
    argv: ["bash", "--region"],
    message: "--region needs a value.",
    hint: "Write: --region REGION",
  },
  "a flag without its value before another": {
    argv: ["bash", "--form", "--json"],
    message: "--form needs a value.",
    hint: "Write: --form legacy|session",
  },
  "a short flag without its value": {
    argv: ["bash", "-p"],
    message: "--profile needs a value.",
    hint: "Write: --profile NAME",
  },
  "a flag given twice": {
    argv: ["bash", "--profile", "a", "--tag", "b", "--tag", "c", "-pd"],
    message: "--profile was given twice.",
    hint: "Give --profile once.",
  },
  "a value that is not a number": {
    argv: ["bash", "--port", "abc"],
    message: '--port can\'t be "abc".',
    hint: "Give a whole number, 1 to 9.",
  },
  "a number above the range": {
    argv: ["bash", "--port=10"],
    message: '--port can\'t be "10".',
    hint: "Give a whole number, 1 to 9.",
  },
  "a number below the minimum": {
    argv: ["bash", "--seconds", "0"],
    message: '--seconds can\'t be "0".',
    hint: "Give a whole number, 1 or more.",
  },
  "a value that is not a URL": {
    argv: ["bash", "--url", "::"],
    message: '--url can\'t be "::".',
    hint: "See what it takes: latchkey try --help",
  },
  "two flags that exclude each other": {
    argv: ["bash", "--csv", "--json"],
    message: "--csv and --json can't be used together.",
    hint: "Give --csv or --json.",
  },
  "a flag that needs another": {
    argv: ["bash", "-y"],
    message: "--yes needs --fix.",
    hint: "Add --fix, or leave --yes out.",
  },
  "two flags if exactly one is needed": {
    argv: ["bash", "--from", "a", "--to", "b"],
    flags,
    message: "--from and --to can't be used together.",
    hint: "Give --from or --to.",
  },
  "no flag if exactly one is needed": {
    argv: ["bash"],
    flags,
    message: "One of these flags is missing: --from or --to.",
    hint: "Give --from or --to.",
  },
  "a missing required flag": {
    argv: ["bash"],
    flags: { group: Flags.string({ required: true, helpValue: "GROUP" }) },
    message: "--group is missing.",
    hint: "Add --group GROUP.",
  },
};

describe("each error of oclif's parser is printed in latchkey's words", () => {
  for (const [name, row] of Object.entries(ROWS))
    test(name, async () => {
      const { argv, env = {} } = row;
      const definition = { flags: row.flags ?? NO_CHOICE, args: row.args ?? args };
      Object.assign(process.env, env);
      const thrown = await Parser.parse([...argv], { ...definition } as never).catch(
        (error: unknown) => error,
      );
      for (const variable of Object.keys(env)) delete process.env[variable];
      expect(thrown).toBeInstanceOf(CLIError);
      const error = await toParseError(thrown as CLIError, {
        command: "try",
        argv,
        flags: definition.flags as Readonly<Record<string, FlagDefinition>>,
        args: definition.args as Readonly<Record<string, ArgDefinition>>,
        env,
      });
      expect(error).toMatchObject({ code: "USAGE", message: row.message, hint: row.hint });
    });
});

describe("in a pipe, in JSON and at a terminal's width", () => {
  test.each([
    [["login", "--use-pkce", "--use-device-code"], "can't be used together"],
    [["shell-init"], "latchkey shell-init needs SHELL"],
    [["completion", "tcsh"], "SHELL can't be"],
    [["demo", "now"], "latchkey demo takes no further word"],
    [["emulator", "--port", "x"], "--port can't be"],
    [["doctor", "--yes"], "--yes needs --fix."],
    [["configure", "--form"], "--form needs a value."],
    [["exec", "okta", "--ecs-server", "--", "true"], "latchkey exec has no flag --ecs-server."],
    [["shell-init", "bash", "--json"], "latchkey shell-init has no flag --json."],
  ])("latchkey %j: two lines without escape codes, exit 2", async (argv, words) => {
    const home = await createHome();
    const plain = await home.run(argv);
    expect(plain).toMatchObject({ exitCode: 2 });
    const [separator, json] = [argv.indexOf("--"), argv.includes("--json")];
    const text = json ? plain.stdout : plain.stderr;
    expect(text).toContain(words);
    expect(text).not.toContain("\u001b");
    if (!json) expect(text).toMatch(/^latchkey: error: .+\nlatchkey: hint: .+\n$/);
    const asked = separator === -1 ? [...argv, "--json"] : argv.toSpliced(separator, 0, "--json");
    const { stdout } = await home.run(asked, { env: { FORCE_COLOR: "1", CLICOLOR_FORCE: "1" } });
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "USAGE" } });
    expect(stdout).not.toMatch(/\\u001b|parse|Nonexistent|--help\\n/);
  });
});
