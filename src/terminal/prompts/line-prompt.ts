import { createPrompt, makeTheme, useKeypress, usePrefix, useState } from "@inquirer/core";
import { escapeControls } from "../../text/terminal.ts";
import { readLineText, toLineText } from "./edit-line.ts";
import { applyLineKey, type LineRules, type LineState } from "./line-state.ts";
import { BACK } from "./pick/state.ts";
import { useShownText } from "./readline-line.ts";

/** Asks a question whose answer is a line of text. */

export interface LineConfig extends LineRules {
  readonly message: string;
  readonly initial: string;
  /** Shown after the question as long as nothing is typed. If undefined, the initial answer is shown. */
  readonly choice?: string | undefined;
  readonly meaning: (typed: string) => string | undefined;
  /** Whether the typed text is hidden. */
  readonly isHidden: boolean;
  /** Returns the text that is shown of an answer after the question. */
  readonly summarize: (answer: string) => string;
}

type LineAnswer = { readonly kind: "answer"; readonly answer: string } | { readonly kind: "back" };

export const linePrompt = createPrompt<LineAnswer, LineConfig>((config, done) => {
  const theme = makeTheme();
  const [state, setState] = useState<LineState>({
    line: toLineText(""),
    initial: config.initial,
    fault: undefined,
    proposed: undefined,
  });
  const [answer, setAnswer] = useState<string | undefined>(undefined);
  const status = answer === undefined ? "idle" : "done";
  const prefix = usePrefix({ status, theme });
  const setShown = useShownText();

  useKeypress((key) => {
    if (status === "done") return;
    const step = applyLineKey(state, key, config);
    if (step.kind === "stay") return setState(step.state);
    setAnswer(step.kind === "back" ? BACK : config.summarize(step.answer));
    done(step);
  });

  const start = `${prefix} ${theme.style.message(escapeControls(config.message), status)}`;
  if (answer !== undefined) {
    setShown("", 0);
    return `${start} ${theme.style.answer(escapeControls(answer))}`;
  }
  const { text, cursor } = showText(state, config);
  setShown(text, cursor);
  const fault = state.fault === undefined ? "" : theme.style.error(escapeControls(state.fault));
  return [
    `${start} ${proposalText(state, config)}${text}`,
    fault === "" ? helpText(state, config) : fault,
  ];
});

function proposalText({ line, initial }: LineState, { choice }: LineConfig): string {
  if (readLineText(line) !== "") return "";
  if (choice !== undefined) return `(${choice}) `;
  return initial === "" ? "" : `(${escapeControls(initial)}) `;
}

/** Returns the text with its meaning after it, and the position of the cursor in the text. */
function showText(
  { line }: LineState,
  { meaning, isHidden }: LineConfig,
): { text: string; cursor: number } {
  if (isHidden) return { text: "", cursor: 0 };
  const typed = readLineText(line);
  const words = meaning(typed.trim());
  const behind = words === undefined ? "" : `  (${escapeControls(words)})`;
  return { text: typed + behind, cursor: line.before.length };
}

/** Returns the line that lists the special keys. For a hidden text, shows that something was typed. */
function helpText({ line }: LineState, { complete, canGoBack, isHidden }: LineConfig): string {
  const typed = readLineText(line);
  if (isHidden && typed !== "") return "(hidden)";
  const words = [
    complete(typed.trim()).length > 0 ? "Tab completes" : "",
    canGoBack && typed === "" ? "< goes back" : "",
  ];
  return words.filter((word) => word !== "").join(" · ");
}
