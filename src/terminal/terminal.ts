import { createPaint, leavePlain, paintLine, paintLines, type Look } from "../text/paint.ts";
import { maskSent } from "../text/secrets/sent.ts";
import { redact } from "../text/secrets/redact.ts";
import { isOnTerminal, type Surface } from "../text/table.ts";
import { escapeControls, escapeOutput, formatJson } from "../text/terminal.ts";
import { createPrompts, type PromptParts } from "./prompts/prompts.ts";
import { isTracing } from "../trace.ts";
import { createWaitingLine } from "./waiting.ts";
import { createSilence } from "../aws/call/silence.ts";
import type { Context, Terminal, Words } from "../context.ts";

interface TerminalParts extends PromptParts {
  readonly interactive: boolean;
  readonly stderrIsTerminal: boolean;
  readonly stdout: Surface;
  /** Whether stderr has colours. */
  readonly colours: boolean;
  /** Width in columns. */
  readonly columns: number;
  /** Height in rows. */
  readonly rows: number;
  /** Turns off the echo of typed keys. @returns a function that turns the echo on again */
  readonly stopEcho: () => Promise<() => void>;
  readonly copy: Terminal["copy"];
  /** Monotonic milliseconds. */
  readonly monotonic: () => number;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
}

const CLEAR_LINE = "\r\u001b[2K";
const WHITE_ON_BLACK = "\u001b[97;40m";
const PLAIN = "\u001b[0m";

export function createTerminal(parts: TerminalParts): Terminal {
  const paint = createPaint(parts.colours);
  const { giveWay, ...lastLine } = createLastLine(parts);
  const sayLines = (words: Words, look: Look, mask: (line: string) => string): void => {
    giveWay();
    const lines = [words].flat().map((line) => paintLine(escapeControls(mask(line)), look, paint));
    parts.writeError(`${lines.join("\n")}\n`);
  };
  return {
    ...createPrompts(parts),
    ...lastLine,
    interactive: parts.interactive,
    columns: parts.columns,
    rows: parts.rows,
    stdout: parts.stdout,
    ...createWriter(parts, lastLine.clearProgress),
    say: (words, look = "notices") => sayLines(words, look, redact),
    sayWhole: (words) => sayLines(words, "notices", maskSent),
    picture(lines) {
      giveWay();
      const [before, after] = parts.colours ? [WHITE_ON_BLACK, PLAIN] : ["", ""];
      parts.writeError(lines.map((line) => `${before}${line}${after}\n`).join(""));
    },
    copy: (text) => parts.copy(text),
    waitUnechoed: (wait) => waitUnechoed(parts, wait),
  };
}

/** Creates the only function that writes to stdout. @param giveWay called before each write */
function createWriter(
  { stdout, writeOut }: TerminalParts,
  giveWay: () => void,
): Pick<Terminal, "write" | "writeJson" | "writeExact"> {
  const hasColours = stdout.paint !== leavePlain;
  const print = (text: string): void => {
    giveWay();
    writeOut(text);
  };
  return {
    write(text, look) {
      const shown = escapeOutput(maskSent(text), hasColours);
      print(look === undefined ? shown : paintLines(shown, look, stdout.paint));
    },
    writeJson: (value, indent) => print(maskSent(formatJson(value, indent))),
    writeExact: (text) => print(isOnTerminal(stdout) ? escapeOutput(text, false) : text),
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

/** Manages the last line of stderr on a terminal. It shows progress or a wait until other text is written. */
function createLastLine({ stderrIsTerminal, columns, monotonic, writeError }: TerminalParts) {
  // With a trace, the line is not shown: the trace contains more, and a line that is drawn again would break it.
  const isShown = stderrIsTerminal && !isTracing();
  let isDrawn = false;
  const clearProgress = (): void => {
    if (isDrawn) writeError(CLEAR_LINE);
    isDrawn = false;
  };
  const draw = (line: string): void => {
    clearProgress();
    writeError(escapeControls(maskSent(line)).slice(0, columns - 1));
    isDrawn = true;
  };
  const waiting = createWaitingLine({ monotonic, draw, erase: clearProgress });
  return {
    giveWay: () => {
      clearProgress();
      waiting.noteShown();
    },
    clearProgress,
    showProgress(line: string) {
      if (!isShown) return;
      draw(line);
      waiting.noteShown();
    },
    showWaiting: (what: string) => (isShown ? waiting.show(what) : ignore),
  };
}

/** Returns a context for a program's call. It asks no questions and shows no progress, even if there is a terminal. */
export function toUnattended(context: Context): Context {
  const quiet = { interactive: false, showProgress: ignore, showWaiting: () => ignore };
  return {
    ...context,
    silence: createSilence(context.monotonic, undefined),
    terminal: { ...context.terminal, ...quiet },
  };
}

const ignore = (): void => undefined;
