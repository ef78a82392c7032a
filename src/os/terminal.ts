import type { Readable, Writable } from "node:stream";
import { redacted } from "../domain/redact.ts";
import { harmless } from "../domain/terminal-text.ts";
import { createPrompts, type Prompts } from "./prompts.ts";

/** Where output goes, and whether a person is there to see it and to answer. */
export interface Terminal extends Prompts {
  /** Questions can be asked: stdin and stderr are both a terminal. */
  readonly interactive: boolean;
  /** Width of the terminal in columns; 80 where there is none. */
  readonly columns: number;
  /** Data, on stdout, every byte or an error. */
  write(text: string): void;
  /** Words for people, on stderr; whatever a server or a file put into them can't move the cursor or forge a line. */
  say(text: string): void;
  /** One line that is replaced by the next, on stderr; nothing where stderr is no terminal. "" takes it away. */
  progress(line: string): void;
}

export interface TerminalParts {
  readonly stdin: Readable;
  readonly stderr: Writable;
  readonly stdinIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  readonly columns: number;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
}

const CLEAR_LINE = "\r\u001b[2K";

export function createTerminal(parts: TerminalParts): Terminal {
  let progressShown = false;
  const clearProgress = (): void => {
    if (progressShown) parts.writeError(CLEAR_LINE);
    progressShown = false;
  };
  return {
    ...createPrompts({ input: parts.stdin, output: parts.stderr, columns: parts.columns }),
    interactive: parts.stdinIsTerminal && parts.stderrIsTerminal,
    columns: parts.columns,
    write(text) {
      clearProgress();
      parts.writeOut(text);
    },
    say(text) {
      clearProgress();
      parts.writeError(`${redacted(text).split("\n").map(harmless).join("\n")}\n`);
    },
    progress(line) {
      if (!parts.stderrIsTerminal) return;
      clearProgress();
      if (line === "") return;
      parts.writeError(harmless(line).slice(0, parts.columns - 1));
      progressShown = true;
    },
  };
}
