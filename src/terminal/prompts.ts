import type { Readable, Writable } from "node:stream";
import { styleText } from "node:util";
import { alignColumns, escapeControls } from "../text/terminal.ts";
import { LatchkeyError } from "../errors.ts";
import type { Choice, Prompts, TextQuestion } from "../context.ts";

export interface PromptParts {
  /** Where a question is asked. Node makes them when they are first asked for, which takes a while. */
  readonly streams: () => { readonly input: Readable; readonly output: Writable };
  readonly columns: number;
}

/** An answer that goes back to the question before. */
const BACK = "<";

/** The mark, its blank and the cursor's column: so that no row ever wraps. */
const ROW_MARGIN = 4;

export function createPrompts(parts: PromptParts): Prompts {
  const { streams } = parts;
  const createErasedStreams = () => ({ ...streams(), clearPromptOnDone: true });
  const createKeptStreams = () => ({ ...streams(), clearPromptOnDone: false });
  return {
    async confirm(question, { initial = false } = {}) {
      const { confirm } = await import("@inquirer/prompts");
      return askPrompt(
        confirm({ message: escapeControls(question), default: initial }, createKeptStreams()),
      );
    },
    async pick(question, choices) {
      const { search } = await import("@inquirer/prompts");
      const source = searchRows(choices, parts);
      const index = await askPrompt(
        search<number>({ message: escapeControls(question), source }, createErasedStreams()),
      );
      // The index is one of those that `source` numbers.
      return choices[index]?.value as (typeof choices)[number]["value"];
    },
    ask: (question, options) => askText(question, options, createKeptStreams()),
    async askHidden(question, { validate, signal }) {
      const { password } = await import("@inquirer/prompts");
      const options = {
        message: escapeControls(question),
        validate: (answer: string) => validate(answer.trim()),
      };
      return (await askPrompt(password(options, { ...createErasedStreams(), signal }))).trim();
    },
  };
}

async function askText<R>(
  question: string,
  { initial, validate, meaning, onBack }: TextQuestion<R>,
  streams: ReturnType<PromptParts["streams"]>,
): Promise<string | R> {
  const { input: textInput } = await import("@inquirer/prompts");
  const options = {
    message: escapeControls(question),
    validate: (answer: string) =>
      (onBack !== undefined && answer.trim() === BACK) || (validate?.(answer.trim()) ?? true),
    transformer: showMeaning(meaning),
    ...(initial === undefined ? {} : { default: initial }),
  };
  const answer = (await askPrompt(textInput(options, streams))).trim();
  return answer === BACK && onBack !== undefined ? onBack() : answer;
}

/** What a search shows of the choices for a typed text; each row's value is its choice's number. */
function searchRows(choices: ReadonlyArray<Choice<unknown>>, { streams, columns }: PromptParts) {
  const lines = alignColumns(choices.map(({ cells }) => cells));
  const rows = lines.map((line, value) => ({
    name: formatRow(line, columns),
    value,
    searched: line.toLowerCase(),
  }));
  return (text = "") =>
    rows
      .filter(({ searched }) => matchesTyped(searched, text))
      .map(({ name, value }) => ({
        name: underlineMatches(name, text, streams().output),
        short: name,
        value,
      }));
}

/** Shows behind a text what it stands for, while it is typed. */
function showMeaning(meaning: TextQuestion["meaning"]) {
  return (typed: string, { isFinal }: { isFinal: boolean }): string => {
    const words = isFinal ? undefined : meaning?.(typed.trim());
    return words === undefined ? typed : `${typed}  (${escapeControls(words)})`;
  };
}

/** Every typed word must occur, in any order and without case. */
function matchesTyped(searched: string, typed: string): boolean {
  return splitTyped(typed).every((word) => searched.includes(word));
}

function splitTyped(typed: string): string[] {
  return typed.toLowerCase().split(/\s+/);
}

/** What was typed, underlined where it occurs. */
function underlineMatches(name: string, typed: string, output: Writable): string {
  const words = splitTyped(typed).filter((word) => word !== "");
  const searched = name.toLowerCase();
  // Lower case can be longer than what it was of: then no place in it says anything.
  if (words.length === 0 || searched.length !== name.length) return name;
  const isShown = Array.from({ length: name.length }, () => false);
  for (const word of words) {
    for (let at = searched.indexOf(word); at !== -1; at = searched.indexOf(word, at + 1))
      isShown.fill(true, at, at + word.length);
  }
  let text = "";
  for (let start = 0, end = 0; start < name.length; start = end) {
    const next = isShown.indexOf(isShown[start] !== true, start);
    end = next === -1 ? name.length : next;
    const run = name.slice(start, end);
    text += isShown[start] === true ? styleText("underline", run, { stream: output }) : run;
  }
  return text;
}

function formatRow(name: string, columns: number): string {
  const safe = escapeControls(name);
  return safe.length <= columns - ROW_MARGIN ? safe : `${safe.slice(0, columns - ROW_MARGIN - 1)}…`;
}

async function askPrompt<T>(prompt: Promise<T>): Promise<T> {
  try {
    return await prompt;
  } catch (thrown) {
    // Somebody else has the answer meanwhile: whoever aborted it is not waiting for this one.
    if (thrown instanceof Error && thrown.name === "AbortPromptError")
      return await new Promise<never>(() => undefined);
    if (thrown instanceof Error && thrown.name === "ExitPromptError")
      throw new LatchkeyError("CANCELLED", "Cancelled. Nothing was changed.", { cause: thrown });
    throw thrown;
  }
}
