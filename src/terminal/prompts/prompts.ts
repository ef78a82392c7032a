import { hasControls } from "../../text/terminal.ts";
import type { Prompts, TextQuestion } from "../../context.ts";
import type { LineConfig } from "./line-prompt.ts";
import { runPrompt, type PromptParts } from "./run.ts";

export type { PromptParts } from "./run.ts";

/** Creates the functions that ask questions. The code that draws them is loaded with the first question. */
export function createPrompts(parts: PromptParts): Prompts {
  return {
    async confirm(question, { initial = false } = {}) {
      const choice = initial ? "Y/n" : "y/N";
      const answer = await askLine(parts, question, {
        choice,
        initial: initial ? "y" : "n",
        validate: (typed) => readYesOrNo(typed) !== undefined || "y or n",
        summarize: (typed) => (readYesOrNo(typed) === true ? "Yes" : "No"),
      });
      return answer.kind === "answer" && readYesOrNo(answer.answer) === true;
    },
    async pick(question, choices, options = {}) {
      const { pickOne } = await import("./pick/pick.ts");
      return pickOne(parts, question, choices, options);
    },
    async ask(question, options) {
      const { onBack, initial, validate, complete, meaning } = options;
      const answer = await askLine(parts, question, {
        initial,
        validate,
        complete,
        meaning,
        canGoBack: onBack !== undefined,
      });
      if (answer.kind === "answer") return answer.answer;
      return onBack === undefined ? "" : onBack();
    },
    askLines: (question) => askPasted(parts, question),
    async askHidden(question, { validate, signal }) {
      const answer = await askLine(parts, question, { validate, signal, isHidden: true });
      return answer.kind === "answer" ? answer.answer : "";
    },
  };
}

async function askPasted(parts: PromptParts, question: string): Promise<string> {
  const { readPasted } = await import("./paste.ts");
  return readPasted(parts, question);
}

function readYesOrNo(typed: string): boolean | undefined {
  if (/^y(?:es)?$/i.test(typed)) return true;
  return /^no?$/i.test(typed) ? false : undefined;
}

interface LineOptions extends TextQuestion {
  readonly choice?: string;
  readonly summarize?: (answer: string) => string;
  readonly canGoBack?: boolean;
  readonly isHidden?: boolean;
  readonly signal?: AbortSignal;
}

async function askLine(parts: PromptParts, message: string, options: LineOptions) {
  const { linePrompt } = await import("./line-prompt.ts");
  const { isHidden = false, canGoBack = false, signal } = options;
  const config: LineConfig = {
    message,
    initial: options.initial ?? "",
    choice: options.choice,
    validate: options.validate ?? (() => true),
    // A value with control characters is not proposed, because a user could not see what they accept.
    complete: (typed) => (options.complete?.(typed) ?? []).filter((value) => !hasControls(value)),
    meaning: options.meaning ?? (() => undefined),
    // A hidden answer is erased at the end, but until then the summary would be visible.
    summarize: isHidden ? () => "" : (options.summarize ?? ((answer) => answer)),
    canGoBack,
    isHidden,
  };
  return runPrompt(parts, linePrompt, config, { isErased: isHidden, signal });
}
