import { spawn, type IPty } from "@lydell/node-pty";
import { stripVTControlCharacters } from "node:util";
import type { Home } from "./home.ts";
import { ENTER } from "./keys.ts";
import { PROGRAM } from "./program.ts";
import { patience } from "./patience.ts";
import { leaveOutOnWindows } from "./windows.ts";

export { CTRL_C, CTRL_D, DOWN, ENTER, ESCAPE } from "./keys.ts";

/** PowerShell asks for the cursor's position and waits for seconds without an answer. The answer is line 1, column 1. */
const CURSOR_QUESTION = "\u001B[6n";
const CURSOR_ANSWER = "\u001B[1;1R";

/** The built program in a pseudo-terminal, controlled by keystrokes. */
export interface Session {
  /** Returns all output without escape sequences. */
  readText(): string;
  /** Returns all output unchanged. */
  readRaw(): string;
  /** Waits until the output after the last match matches. */
  see(pattern: RegExp | string): Promise<void>;
  type(keys: string): void;
  /** Waits for the words of a question, then types the answer and Enter. */
  answer(question: RegExp | string, answer: string): Promise<void>;
  resize(columns: number, rows: number): void;
  /** Closes the terminal, like closing its window. */
  hangUp(): void;
  readonly processId: number;
  readonly ended: Promise<number>;
}

export function startSession(
  home: Home,
  argv: readonly string[],
  columns = 80,
  env: Readonly<Record<string, string>> = {},
): Session {
  return startTerminal(home, [...PROGRAM, ...argv], columns, env);
}

/** Starts any program in a pseudo-terminal, in a home with its environment. */
export function startTerminal(
  home: Pick<Home, "path" | "env">,
  [program = "", ...argv]: readonly string[],
  columns = 80,
  env: Readonly<Record<string, string>> = {},
): Session {
  leaveOutOnWindows("a pseudo-terminal of POSIX");
  const child = spawn(program, argv, {
    cols: columns,
    rows: 30,
    env: { ...home.env, TERM: "xterm-256color", ...env },
    cwd: home.path,
  });
  const output: Output = { raw: "", seen: 0, watchers: new Set() };
  child.onData((data) => {
    output.raw += data;
    if (data.includes(CURSOR_QUESTION)) child.write(CURSOR_ANSWER);
    for (const check of output.watchers) check();
  });
  const session: Session = {
    readText: () => stripVTControlCharacters(output.raw),
    readRaw: () => output.raw,
    type: (keys) => child.write(keys),
    resize: (wide, high) => child.resize(wide, high),
    hangUp: () => closeTerminal(child),
    processId: child.pid,
    ended: new Promise((resolve) => child.onExit(({ exitCode }) => resolve(exitCode))),
    see: (pattern) => see(output, pattern),
    answer: (question, text) => answer(session, question, text),
  };
  return session;
}

/** Closes the master side, with a method that is missing in node-pty's types. */
function closeTerminal(child: IPty): void {
  const destroy: unknown = Reflect.get(child, "destroy");
  if (typeof destroy === "function") Reflect.apply(destroy, child, []);
}

/** A program's output, and the end of the last text that was waited for. */
interface Output {
  raw: string;
  seen: number;
  readonly watchers: Set<() => void>;
}

function see(output: Output, pattern: string | RegExp): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const check = (): void => {
    const end = findEnd(stripVTControlCharacters(output.raw), pattern, output.seen);
    if (end === undefined) return;
    output.seen = end;
    output.watchers.delete(check);
    resolve();
  };
  const timer = setTimeout(() => {
    const text = stripVTControlCharacters(output.raw);
    reject(new Error(`${String(pattern)} was not seen in:\n${text}`));
  }, patience(15_000));
  output.watchers.add(check);
  check();
  return promise.finally(() => {
    clearTimeout(timer);
    output.watchers.delete(check);
  });
}

/** Returns the end of the pattern's match in the text after `start`; undefined if there is none. */
function findEnd(text: string, pattern: string | RegExp, start: number): number | undefined {
  if (typeof pattern === "string") {
    const at = text.indexOf(pattern, start);
    return at < 0 ? undefined : at + pattern.length;
  }
  const match = pattern.exec(text.slice(start));
  return match === null ? undefined : start + match.index + match[0].length;
}

async function answer(session: Session, question: string | RegExp, text: string): Promise<void> {
  await session.see(question);
  session.type(text);
  // A picker filters during typing: Enter must not come before it has finished.
  if (text !== "") await new Promise((resolve) => setTimeout(resolve, 150));
  session.type(ENTER);
}
