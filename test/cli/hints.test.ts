import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Diagnosis } from "../../src/doctor/findings.ts";
import { splitShellWords } from "../../src/text/shell-words.ts";
import { CONFIG_FIXTURES } from "../doctor/config-fixtures.ts";
import { build, diagnoseMachine } from "../doctor/machine.ts";
import { MACHINE_FIXTURES } from "../doctor/machine-fixtures.ts";
import { PROFILE_FIXTURES } from "../doctor/profile-fixtures.ts";
import {
  createHome,
  createSignedInHome,
  parseOutput,
  SESSION_CONFIG,
  type Home,
} from "../support/home.ts";
import { CHECKOUT } from "../support/program.ts";

/** Each command of a hint is run exactly as printed, and must do what the hint promises. */

/** The words of the command at the end of a hint, without the hint's prose. */
function findCommand(hint: string): string[] | undefined {
  const [, command] = /(?:^|\s)latchkey ([a-z].*)$/.exec(hint) ?? [];
  return command === undefined ? undefined : splitShellWords(command);
}

/** Runs the command like a user who agrees to a change. */
function runCommand(home: Home, words: readonly string[], env: Record<string, string>) {
  const [first, second] = words;
  const isChange = first === "configure" || (first === "doctor" && second === "--fix");
  return home.run(isChange ? [...words, "--yes"] : words, { env });
}

/** Rules whose command asks for values that only the user has: without a terminal it exits with 2. */
const ASKING = new Set(["role-incomplete", "session-incomplete", "session-missing"]);

/** Rules that still apply after their command: an AWS CLI v1 stays one. */
const LASTING = new Set(["aws-cli-1"]);

const MACHINES = [...CONFIG_FIXTURES, ...PROFILE_FIXTURES, ...MACHINE_FIXTURES].filter(
  ({ bad }) => bad.portal === undefined,
);
const found = await Promise.all(
  MACHINES.map(async (fixture) => {
    const { findings, notices } = await diagnoseMachine(fixture.bad);
    const finding = [...findings, ...notices].find(({ id }) => id === fixture.id);
    return { ...fixture, hasCommand: findCommand(finding?.hint ?? "") !== undefined };
  }),
);

describe("doctor's commands", () => {
  for (const { id, bad } of found.filter(({ hasCommand }) => hasCommand))
    test(`of ${id} fix what it found`, { tags: ["long"] }, async () => {
      const home = await createHome({ autoApprove: { afterPolls: 0 } });
      build(home.path, bad);
      const env = { PATH: `${home.path}/bin:/usr/bin:/bin`, ...bad.env?.(home.path) };
      const readHint = async (): Promise<string | undefined> => {
        const result = await home.run(["doctor", "--offline", "--json"], { env });
        const { findings, notices } = parseOutput<Diagnosis>(result);
        return [...findings, ...notices].find((finding) => finding.id === id)?.hint;
      };
      const hint = (await readHint()) ?? "";
      const result = await runCommand(home, findCommand(hint) ?? [], env);
      expect(result, hint).toMatchObject({ exitCode: ASKING.has(id) ? 2 : 0 });
      if (!ASKING.has(id) && !LASTING.has(id)) expect(await readHint(), hint).toBeUndefined();
    });
});

interface Situation {
  readonly config?: string;
  readonly isSignedIn?: true;
  readonly env?: Record<string, string>;
  readonly argv: readonly string[];
  /** The hint as printed. */
  readonly hint: RegExp;
  /** The exit code of the command. */
  readonly exitCode: number;
  /** The exit code of `argv` when it is run again after the command. */
  readonly after?: number;
}

const SITUATIONS: Readonly<Record<string, Situation>> = {
  "a profile that nobody is signed in for": {
    argv: ["credential-process", "--profile", "okta"],
    hint: /^latchkey login --sso-session corp$/,
    exitCode: 0,
    after: 0,
  },
  "a session that nobody is signed in to": {
    argv: ["accounts"],
    hint: /^latchkey login --sso-session corp$/,
    exitCode: 0,
    after: 0,
  },
  "no profile at all": {
    config: "",
    argv: ["export", "nope"],
    hint: /^There is none yet: latchkey configure --profile nope$/,
    exitCode: 2,
  },
  "no session at all": {
    config: "",
    argv: ["login"],
    hint: /^Set one up: latchkey configure$/,
    exitCode: 2,
  },
  "a session that is not there": {
    config: "",
    argv: ["login", "--sso-session", "corp"],
    hint: /^There is none yet: latchkey configure --sso-session corp$/,
    exitCode: 2,
  },
  "a session without a region": {
    config: "[sso-session corp]\nsso_start_url = https://emu.awsapps.com/start\n",
    argv: ["login"],
    hint: /^latchkey configure session --sso-session corp$/,
    exitCode: 2,
  },
  "a role that is not assigned": {
    config: SESSION_CONFIG.replace("ViewOnlyAccess", "Nobody"),
    isSignedIn: true,
    argv: ["credential-process", "--profile", "okta"],
    hint: /latchkey roles 100000000001 --sso-session corp$/,
    exitCode: 0,
  },
  "a role's name that is none": {
    isSignedIn: true,
    argv: [
      "credential-process",
      "--sso-session",
      "corp",
      "--account-id",
      "100000000001",
      "--role-name",
      "a b",
    ],
    hint: /^List your roles: latchkey roles$/,
    exitCode: 0,
  },
  "configure without its answers": {
    argv: ["configure", "--profile", "new", "--yes"],
    hint: /An example: latchkey configure --help$/,
    exitCode: 0,
  },
  "a session that another name has": {
    config: SESSION_CONFIG + SESSION_CONFIG.replaceAll("corp", "work").replace("okta", "other"),
    argv: ["login"],
    hint: /^Name one: --sso-session corp$/,
    exitCode: 0,
  },
};

describe("the command of an error's hint", () => {
  for (const [name, situation] of Object.entries(SITUATIONS))
    test(`runs as printed: ${name}`, { tags: ["long"] }, async () => {
      const { config, isSignedIn, env = {}, argv, hint, exitCode, after } = situation;
      const home =
        isSignedIn === true
          ? await createSignedInHome()
          : await createHome({ autoApprove: { afterPolls: 0 } });
      home.write(".aws/config", config ?? SESSION_CONFIG);
      const failed = await home.run(argv, { env });
      const printed = /^latchkey: hint: (.*)$/m.exec(failed.stderr)?.[1] ?? "";
      expect(failed.exitCode).not.toBe(0);
      expect(printed).toMatch(hint);
      const words = findCommand(printed) ?? [
        ...argv,
        ...(splitShellWords(printed.replace(/^Name one: /, "")) ?? []),
      ];
      expect(await runCommand(home, words, env), printed).toMatchObject({ exitCode });
      if (after !== undefined)
        expect(await home.run(argv, { env })).toMatchObject({ exitCode: after });
    });
});

/** The commands in texts of the source, by their files; `…` stands for an inserted value. */
function listNamedCommands(): string[] {
  const root = join(CHECKOUT, "src");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter(
      (file) => file.endsWith(".ts") && !/^(emulator|demo|completion|commands|oclif)\//.test(file),
    );
  const named = files.flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8").replace(/^\s*(\/\/|\*|\/\*\*).*$/gm, "");
    const words =
      /latchkey ((?:accounts|configure|console|credential-process|doctor|exec|export|federation|login|logout|profiles|roles|settings|status|use|whoami)\b(?:\$\{[^}]*\}|[^"`\n\\])*)/g;
    return [...text.matchAll(words)].map(
      ([, command = ""]) => `${file}: ${command.replace(/\$\{[^}]*\}?/g, "…").trim()}`,
    );
  });
  return [...new Set(named)].sort();
}

/** How each command is tested. */
const NAMED = JSON.parse(
  readFileSync(join(CHECKOUT, "test/cli/named-commands.json"), "utf8"),
) as Readonly<Record<string, string>>;

test("every command in a text of the source is listed here, with the test that runs it or the reason why none can", () => {
  expect(listNamedCommands()).toEqual(Object.keys(NAMED).sort());
});
