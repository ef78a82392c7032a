import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ENTER } from "../../../test/support/keys.ts";
import { NODE_PROGRAM } from "../../../test/support/program.ts";
import { startTerminal, type Session } from "../../../test/support/pty.ts";

/** Records the first five minutes with latchkey, typed into a real shell: the terminal's output, with its times. */

export interface Recording {
  readonly columns: number;
  readonly rows: number;
  /** All output up to each moment, in the order of time. */
  readonly moments: readonly Moment[];
}

export interface Moment {
  readonly milliseconds: number;
  readonly printed: string;
}

const COLUMNS = 112;
/** The number of rows, which the tests' pseudo-terminal also has. */
const ROWS = 30;
const FRAME_MILLISECONDS = 40;
const KEY_MILLISECONDS = 45;
/** How long the screen is shown before the next command is typed. */
const READING_MILLISECONDS = 2_500;
const PROMPT = "$ ";

/** A line that is typed at the prompt, and the answers to the command's questions. */
interface Scene {
  readonly line: string;
  readonly answers?: ReadonlyArray<readonly [question: string | RegExp, answer: string]>;
}

const SCENES: readonly Scene[] = [
  {
    line: "latchkey configure",
    answers: [
      ["SSO session name (Recommended)", "corp"],
      ["SSO start URL", "https://my-company.awsapps.com/start"],
      ["SSO region", "us-east-1"],
      ["SSO registration scopes", ""],
      [/There are 3 AWS accounts/, "pay prod"],
      [/There are 2 roles/, "view"],
      ["Default client Region", "eu-west-1"],
      ["CLI default output format", "json"],
      ["Profile name", "payments"],
      ["Write this to", "y"],
      ["Add profiles for your other roles", ""],
    ],
  },
  { line: "latchkey use payments" },
  { line: "latchkey whoami" },
  { line: "latchkey exec search billing -- env | grep AWS_ACCESS_KEY_ID" },
  { line: "latchkey profiles sync --dry-run" },
  { line: "latchkey" },
];

/** @param env the emulator's addresses. @throws Error if a command does not ask or print what is expected */
export async function recordFilm(env: Readonly<Record<string, string>>): Promise<Recording> {
  const home = createHome(env);
  const terminal = startTerminal(
    home,
    ["bash", "--noprofile", "--rcfile", home.start, "-i"],
    COLUMNS,
  );
  const moments: Moment[] = [];
  const start = performance.now();
  const timer = setInterval(() => {
    const printed = replaceNames(terminal.readRaw(), home.path);
    if (printed !== moments.at(-1)?.printed)
      moments.push({ milliseconds: performance.now() - start, printed });
  }, FRAME_MILLISECONDS);
  try {
    await terminal.see(PROMPT);
    for (const scene of SCENES) await play(terminal, scene);
    return { columns: COLUMNS, rows: ROWS, moments };
  } finally {
    clearInterval(timer);
    terminal.hangUp();
    await terminal.ended;
    rmSync(home.path, { recursive: true, force: true });
  }
}

async function play(terminal: Session, { line, answers = [] }: Scene): Promise<void> {
  terminal.type("clear\r");
  await terminal.see("clear");
  await terminal.see(PROMPT);
  await typeSlowly(terminal, line);
  for (const [question, answer] of answers) {
    await terminal.see(question);
    await wait(700);
    await typeSlowly(terminal, answer);
  }
  await terminal.see(`\n${PROMPT}`);
  await wait(READING_MILLISECONDS);
}

async function typeSlowly(terminal: Session, words: string): Promise<void> {
  for (const key of words) {
    terminal.type(key);
    await wait(KEY_MILLISECONDS);
  }
  await wait(400);
  terminal.type(ENTER);
}

/** Creates a home with no configuration, except a start file with the line that `latchkey shell-init` needs. */
function createHome(emulated: Readonly<Record<string, string>>) {
  const path = mkdtempSync(join(tmpdir(), "latchkey-film-"));
  const programs = join(path, "bin");
  mkdirSync(programs);
  const program = join(programs, "latchkey");
  writeFileSync(program, `#!/bin/sh\nexec ${NODE_PROGRAM.map(quote).join(" ")} "$@"\n`);
  chmodSync(program, 0o755);
  const start = join(path, "start.sh");
  writeFileSync(start, `PS1='${PROMPT}'\neval "$(latchkey shell-init bash)"\n`);
  const env = {
    ...emulated,
    HOME: path,
    PATH: [programs, dirname(process.execPath), "/usr/bin", "/bin"].join(":"),
    LANG: "C.UTF-8",
    BROWSER: "true",
  };
  return { path, start, env };
}

function quote(word: string): string {
  return `'${word}'`;
}

function replaceNames(printed: string, home: string): string {
  return printed.replaceAll(home, "~").replaceAll(hostname(), "laptop");
}
