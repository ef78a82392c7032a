import { spawn } from "@lydell/node-pty";
import { stripVTControlCharacters } from "node:util";
import type { Home } from "./home.ts";
import { PROGRAM } from "./program.ts";

/** The built program under a pseudo-terminal, driven by keystrokes. */
export interface Session {
  /** All that was printed, without escape sequences. */
  text(): string;
  /** All that was printed, as it came. */
  raw(): string;
  /** Waits until what was printed after the last match matches. */
  see(pattern: RegExp | string): Promise<void>;
  type(keys: string): void;
  /** Waits for the words of a question, then types the answer and Enter. */
  answer(question: RegExp | string, answer: string): Promise<void>;
  readonly ended: Promise<number>;
}

export const ENTER = "\r";
export const CTRL_C = "\u0003";

export function startSession(
  home: Home,
  argv: readonly string[],
  columns = 80,
  env: Readonly<Record<string, string>> = {},
): Session {
  return startTerminal(home, [...PROGRAM, ...argv], columns, env);
}

/** Any program under a pseudo-terminal, in a home and its environment. */
export function startTerminal(
  home: Pick<Home, "path" | "env">,
  [program = "", ...argv]: readonly string[],
  columns = 80,
  env: Readonly<Record<string, string>> = {},
): Session {
  const child = spawn(program, argv, {
    cols: columns,
    rows: 30,
    env: { ...home.env, TERM: "xterm-256color", ...env },
    cwd: home.path,
  });
  let output = "";
  let seen = 0;
  const watchers = new Set<() => void>();
  child.onData((data) => {
    output += data;
    for (const check of watchers) check();
  });
  const ended = new Promise<number>((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)));
  const session: Session = {
    text: () => stripVTControlCharacters(output),
    raw: () => output,
    type: (keys) => child.write(keys),
    ended,
    see(pattern) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          watchers.delete(check);
          reject(new Error(`${String(pattern)} was not seen in:\n${session.text()}`));
        }, 15_000);
        function check(): void {
          const rest = session.text().slice(seen);
          const [found] =
            typeof pattern === "string"
              ? rest.includes(pattern)
                ? [pattern]
                : []
              : (pattern.exec(rest) ?? []);
          if (found === undefined) return;
          seen += rest.indexOf(found) + found.length;
          clearTimeout(timer);
          watchers.delete(check);
          resolve();
        }
        watchers.add(check);
        check();
      });
    },
    async answer(question, text) {
      await session.see(question);
      session.type(text);
      // A picker filters while one types: Enter counts only once it has.
      if (text !== "") await new Promise((resolve) => setTimeout(resolve, 150));
      session.type(ENTER);
    },
  };
  return session;
}
