import { redact } from "../text/redact.ts";
import { escapeControls } from "../text/terminal.ts";
import { createPrompts, type PromptParts } from "./prompts/prompts.ts";
import type { Terminal } from "../context.ts";

interface TerminalParts extends PromptParts {
  readonly interactive: boolean;
  readonly stderrIsTerminal: boolean;
  /** Whether colours may be set on stderr. */
  readonly colours: boolean;
  /** Width in columns. */
  readonly columns: number;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
}

const CLEAR_LINE = "\r\u001b[2K";
const WHITE_ON_BLACK = "\u001b[97;40m";
const PLAIN = "\u001b[0m";

export function createTerminal(parts: TerminalParts): Terminal {
  let progressShown = false;
  const clearProgress = (): void => {
    if (progressShown) parts.writeError(CLEAR_LINE);
    progressShown = false;
  };
  const sayWhole = (text: string): void => {
    clearProgress();
    parts.writeError(`${text.split("\n").map(escapeControls).join("\n")}\n`);
  };
  return {
    ...createPrompts(parts),
    interactive: parts.interactive,
    columns: parts.columns,
    write(text) {
      clearProgress();
      parts.writeOut(text);
    },
    say: (text) => sayWhole(redact(text)),
    sayWhole,
    picture(lines) {
      clearProgress();
      const [before, after] = parts.colours ? [WHITE_ON_BLACK, PLAIN] : ["", ""];
      parts.writeError(lines.map((line) => `${before}${line}${after}\n`).join(""));
    },
    clearProgress,
    showProgress(line) {
      if (!parts.stderrIsTerminal) return;
      clearProgress();
      parts.writeError(escapeControls(line).slice(0, parts.columns - 1));
      progressShown = true;
    },
  };
}
