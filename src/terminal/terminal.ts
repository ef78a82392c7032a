import { createPaint, paintLine, paintLines, type Look } from "../text/paint.ts";
import { redact } from "../text/redact.ts";
import type { Surface } from "../text/table.ts";
import { escapeControls } from "../text/terminal.ts";
import { createPrompts, type PromptParts } from "./prompts/prompts.ts";
import type { Context, Terminal } from "../context.ts";

interface TerminalParts extends PromptParts {
  readonly interactive: boolean;
  readonly stderrIsTerminal: boolean;
  readonly stdout: Surface;
  /** Whether stderr gets colours. */
  readonly colours: boolean;
  /** Width in columns. */
  readonly columns: number;
  /** Height in rows. */
  readonly rows: number;
  /** Turns the echo of the terminal's keys off; returns what turns it on again. */
  readonly stopEcho: () => Promise<() => void>;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
}

/** For what a program runs: nothing is ever asked, also where a terminal happens to be there. */
export function toUnattended(context: Context): Context {
  return { ...context, terminal: { ...context.terminal, interactive: false } };
}

const CLEAR_LINE = "\r\u001b[2K";
const WHITE_ON_BLACK = "\u001b[97;40m";
const PLAIN = "\u001b[0m";

export function createTerminal(parts: TerminalParts): Terminal {
  const paint = createPaint(parts.colours);
  let progressShown = false;
  const clearProgress = (): void => {
    if (progressShown) parts.writeError(CLEAR_LINE);
    progressShown = false;
  };
  const sayLines = (text: string, look: Look): void => {
    clearProgress();
    const lines = text.split("\n").map((line) => paintLine(escapeControls(line), look, paint));
    parts.writeError(`${lines.join("\n")}\n`);
  };
  return {
    ...createPrompts(parts),
    interactive: parts.interactive,
    columns: parts.columns,
    rows: parts.rows,
    stdout: parts.stdout,
    write(text, look) {
      clearProgress();
      parts.writeOut(look === undefined ? text : paintLines(text, look, parts.stdout.paint));
    },
    say: (text, look = "notices") => sayLines(redact(text), look),
    sayWhole: (text) => sayLines(text, "notices"),
    picture(lines) {
      clearProgress();
      const [before, after] = parts.colours ? [WHITE_ON_BLACK, PLAIN] : ["", ""];
      parts.writeError(lines.map((line) => `${before}${line}${after}\n`).join(""));
    },
    clearProgress,
    waitUnechoed: (wait) => waitUnechoed(parts, wait),
    showProgress(line) {
      if (!parts.stderrIsTerminal) return;
      clearProgress();
      parts.writeError(escapeControls(line).slice(0, parts.columns - 1));
      progressShown = true;
    },
  };
}

async function waitUnechoed<T>({ stopEcho }: TerminalParts, wait: () => Promise<T>): Promise<T> {
  const restore = await stopEcho();
  try {
    return await wait();
  } finally {
    restore();
  }
}
