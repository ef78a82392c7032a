import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { createHome, SESSION_CONFIG, type Home } from "./home.ts";
import { startTerminal, type Session } from "./pty.ts";
import { installProgram } from "./shell.ts";

/** Starts a real shell in a pseudo-terminal, with latchkey on its PATH and its completion loaded. */

interface ShellUnderTest {
  readonly name: "bash" | "zsh" | "fish";
  readonly argv: readonly string[];
  /** Typed once, to load the completion. */
  readonly load: string;
  /** Keys that move to the start of the line. */
  readonly lineStart: string;
}

export const BASH: ShellUnderTest = {
  name: "bash",
  argv: ["bash", "--norc", "--noprofile", "-i"],
  load: 'eval "$(latchkey completion bash)"',
  lineStart: "\u0001",
};
export const ZSH: ShellUnderTest = {
  name: "zsh",
  argv: ["zsh", "-f", "-i"],
  load: 'eval "$(latchkey completion zsh)"',
  lineStart: "\u0001",
};
export const FISH: ShellUnderTest = {
  name: "fish",
  argv: ["fish", "--no-config", "-i"],
  load: "latchkey completion fish | source",
  lineStart: "\u0001",
};

/** Names that a shell would run or split if it parsed them. Each has a different prefix. */
export const HOSTILE_NAMES = [
  "ev1$(touch${IFS}canary)",
  "ev2`touch${IFS}canary`",
  "ev3 ;touch canary",
  "ev4'x",
  "ev5&touch${IFS}canary",
  "ev6:a@b",
  "ev7#x*~",
  'ev8"x',
] as const;

const HOSTILE_CONFIG = HOSTILE_NAMES.map(
  (name) =>
    `[profile ${/['" ]/.test(name) ? `'${name.replaceAll("'", `'"'"'`)}'` : name}]\nregion = eu-west-1\n`,
).join("");

interface ShellSession {
  readonly home: Home;
  readonly session: Session;
  /** Types a prefix and Tab, makes the shell print each word of the line instead of running it, and returns the words. */
  readonly complete: (beginning: string) => Promise<string[]>;
}

/** Writes a cached listing of accounts and roles, in the form of `accounts` and `roles`. */
export function writeListing(home: Home, accounts: readonly object[]): void {
  const folder = ".aws/latchkey/access/ee0bfd2552fbd840c02cc48b6e823320543c450f";
  const text = JSON.stringify({ version: 1, listedAt: "2026-01-01T00:00:00Z", accounts });
  for (const name of ["accounts.json", "roles.json"]) home.write(`${folder}/${name}`, text);
}

const LISTED = [
  { accountId: "111122223333", accountName: "Payments Prod", roleNames: ["Billing"] },
  {
    accountId: "444455556666",
    accountName: "search-dev",
    roleNames: ["Administrator", "ViewOnly"],
  },
];

export async function loadShell(shell: ShellUnderTest): Promise<ShellSession> {
  const home = await createHome();
  home.write(".aws/config", SESSION_CONFIG + HOSTILE_CONFIG);
  writeListing(home, LISTED);
  const env = {
    PATH: installProgram(home),
    PS1: "ready> ",
    ZDOTDIR: home.path,
    XDG_CONFIG_HOME: home.path,
    SHELL: `/bin/${shell.name}`,
    HISTFILE: "",
  };
  const session = startTerminal(home, shell.argv, 200, env);
  session.type(`${shell.load}; printf 'loaded%s\\n' -now\r`);
  await session.see("loaded-now");
  let count = 0;
  return {
    home,
    session,
    async complete(beginning) {
      count += 1;
      session.type(beginning);
      session.type("\t");
      // The shell does not show when it has finished completing: the next keys wait in its input until then.
      session.type(
        `${shell.lineStart}printf '<%s>' begin${count} \u0005 end${count}; printf '\\n'\r`,
      );
      await session.see(`<end${count}>`);
      const printed =
        session.readText().match(new RegExp(`<begin${count}>(.*)<end${count}>`))?.[1] ?? "";
      return [...printed.matchAll(/<([^>]*)>/g)].map((match) => match[1] ?? "");
    },
  };
}

/** Checks the completions that every shell must give. */
export async function expectCompletions({ home, session, complete }: ShellSession): Promise<void> {
  expect(await complete("latchkey whoami ok")).toEqual(["latchkey", "whoami", "okta"]);
  expect(await complete("latchkey credential-process --profile ok")).toEqual([
    "latchkey",
    "credential-process",
    "--profile",
    "okta",
  ]);
  expect(await complete("latchkey credential-process --profile=ok")).toEqual([
    "latchkey",
    "credential-process",
    "--profile=okta",
  ]);
  expect(await complete("latchkey login --sso-session co")).toEqual([
    "latchkey",
    "login",
    "--sso-session",
    "corp",
  ]);
  expect(await complete("latchkey roles 1111")).toEqual(["latchkey", "roles", "111122223333"]);
  expect(await complete("latchkey roles Pay")).toEqual(["latchkey", "roles", "Payments Prod"]);
  expect(await complete("latchkey credential-process --role-name Bil")).toEqual([
    "latchkey",
    "credential-process",
    "--role-name",
    "Billing",
  ]);
  expect(await complete("latchkey use 1111")).toEqual(["latchkey", "use", "111122223333/Billing"]);
  // The common prefix of two roles is completed without a space, so that typing continues with the role.
  expect(await complete("latchkey exec sea")).toEqual(["latchkey", "exec", "search-dev/"]);
  expect(await complete("latchkey whoami search-dev/V")).toEqual([
    "latchkey",
    "whoami",
    "search-dev/ViewOnly",
  ]);
  expect(await complete("latchkey export --profile=search-dev/A")).toEqual([
    "latchkey",
    "export",
    "--profile=search-dev/Administrator",
  ]);
  expect(await complete("latchkey whoa")).toEqual(["latchkey", "whoami"]);
  expect(await complete("latchkey login --no-bro")).toEqual(["latchkey", "login", "--no-browser"]);
  session.type("exit\r");
  await session.ended;
  expect(home.emulator.journal.entries()).toEqual([]);
}

export async function expectNamesToStayData({
  home,
  session,
  complete,
}: ShellSession): Promise<void> {
  for (const name of HOSTILE_NAMES)
    expect(await complete(`latchkey whoami ${name.slice(0, 3)}`)).toEqual([
      "latchkey",
      "whoami",
      name,
    ]);
  session.type("exit\r");
  await session.ended;
  expect(existsSync(join(home.path, "canary"))).toBe(false);
}
