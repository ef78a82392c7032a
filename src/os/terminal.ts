import type { Readable, Writable } from "node:stream";
import { harmless } from "../domain/terminal-text.ts";
import { LatchkeyError } from "../errors.ts";

/** A person at a terminal, or the absence of one. */
export interface Terminal {
  /** Questions can be asked: stdin and stderr are both a terminal. */
  readonly interactive: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  readonly color: boolean;
  /** Width of the terminal in columns; 80 where there is none. */
  readonly columns: number;
  /** Data, on stdout, every byte or an error. */
  write(text: string): void;
  /** Words for people, on stderr; whatever a server or a file put into them can't move the cursor or forge a line. */
  say(text: string): void;
  /** One line that is replaced by the next, on stderr; nothing where stderr is no terminal. "" takes it away. */
  progress(line: string): void;
  confirm(question: string): Promise<boolean>;
  choose<T>(question: string, choices: ReadonlyArray<Choice<T>>): Promise<T>;
}

export interface Choice<T> {
  readonly name: string;
  readonly value: T;
}

export interface TerminalParts {
  readonly stdin: Readable;
  readonly stderr: Writable;
  readonly stdinIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  readonly columns: number;
  readonly color: boolean;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
}

const CLEAR_LINE = "\r\u001b[2K";

export function createTerminal(parts: TerminalParts): Terminal {
  const interactive = parts.stdinIsTerminal && parts.stderrIsTerminal;
  let progressShown = false;
  const clearProgress = (): void => {
    if (progressShown) parts.writeError(CLEAR_LINE);
    progressShown = false;
  };
  const streams = { input: parts.stdin, output: parts.stderr, clearPromptOnDone: true };
  return {
    interactive,
    stdoutIsTerminal: parts.stdoutIsTerminal,
    stderrIsTerminal: parts.stderrIsTerminal,
    color: parts.color,
    columns: parts.columns,
    write(text) {
      clearProgress();
      parts.writeOut(text);
    },
    say(text) {
      clearProgress();
      parts.writeError(`${text.split("\n").map(harmless).join("\n")}\n`);
    },
    progress(line) {
      if (!parts.stderrIsTerminal) return;
      clearProgress();
      if (line === "") return;
      parts.writeError(harmless(line).slice(0, parts.columns - 1));
      progressShown = true;
    },
    async confirm(question) {
      requirePerson(interactive);
      clearProgress();
      const { confirm } = await import("@inquirer/prompts");
      return answered(confirm({ message: question, default: false }, { ...streams, clearPromptOnDone: false }));
    },
    async choose(question, choices) {
      requirePerson(interactive);
      clearProgress();
      const { search } = await import("@inquirer/prompts");
      const values = choices.map(({ value }) => value);
      const index = await answered(search<number>({ message: question, source: (typed) => matching(choices, typed ?? "") }, streams));
      // The index is one of those that `matching` gave out.
      return values[index] as (typeof values)[number];
    },
  };
}

/** Every typed word must occur in the name, in any order, without case. */
function matching(choices: ReadonlyArray<Choice<unknown>>, typed: string): Array<{ name: string; value: number }> {
  const words = typed.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return choices
    .map(({ name }, value) => ({ name: harmless(name), value }))
    .filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
}

function requirePerson(interactive: boolean): void {
  if (!interactive) throw new LatchkeyError("USAGE", "An answer is needed, and no one is at a terminal to give it.");
}

async function answered<T>(prompt: Promise<T>): Promise<T> {
  try {
    return await prompt;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "ExitPromptError") throw new LatchkeyError("CANCELLED", "Cancelled.", { cause: thrown });
    throw thrown;
  }
}
