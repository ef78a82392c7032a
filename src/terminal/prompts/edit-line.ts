import { isSingleWidth } from "../../text/display-width.ts";
import { splitGraphemes } from "../../text/terminal.ts";

/** Edits one line of text. The keys are those of readline. */

/** A text, in two parts: before and after its cursor. */
export interface LineText {
  readonly before: string;
  readonly after: string;
}

/** A key press in the format of node:readline. */
export interface Key {
  readonly name?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
  readonly shift?: boolean | undefined;
  /** The characters that the terminal sent. */
  readonly sequence?: string | undefined;
}

/** Returns the key's name, such as `ctrl-a`, `shift-tab` or `left`. For a printable character, returns `text`. */
export function nameKey({ name = "", ctrl, meta, shift, sequence = "" }: Key): string {
  // readline reports a single Escape as Meta without a key, so the name alone decides.
  if (name === "escape") return name;
  if (ctrl === true) return `ctrl-${name}`;
  if (meta === true) return `meta-${name}`;
  if (isPrintable(sequence)) return "text";
  return shift === true ? `shift-${name}` : name;
}

function isPrintable(sequence: string): boolean {
  return sequence !== "" && !/[\u0000-\u001f\u007f-\u009f]/.test(sequence);
}

export function toLineText(text: string): LineText {
  return { before: text, after: "" };
}

export function readLineText({ before, after }: LineText): string {
  return before + after;
}

type Edit = (line: LineText) => LineText;

const removeBack: Edit = ({ before, after }) => ({
  before: before.slice(0, before.length - measureLast(before)),
  after,
});
const moveLeft: Edit = ({ before, after }) =>
  splitAt(before + after, before.length - measureLast(before));
const moveRight: Edit = ({ before, after }) =>
  splitAt(before + after, before.length + measureFirst(after));
const moveToStart: Edit = ({ before, after }) => ({ before: "", after: before + after });
const moveToEnd: Edit = ({ before, after }) => ({ before: before + after, after: "" });

const EDITS: Readonly<Record<string, Edit>> = {
  left: moveLeft,
  "ctrl-b": moveLeft,
  right: moveRight,
  "ctrl-f": moveRight,
  home: moveToStart,
  "ctrl-a": moveToStart,
  end: moveToEnd,
  "ctrl-e": moveToEnd,
  backspace: removeBack,
  "shift-backspace": removeBack,
  "ctrl-h": removeBack,
  delete: ({ before, after }) => ({ before, after: after.slice(measureFirst(after)) }),
  "ctrl-u": ({ after }) => ({ before: "", after }),
  "ctrl-k": ({ before }) => ({ before, after: "" }),
  "ctrl-w": ({ before, after }) => ({ before: before.replace(/\S*\s*$/, ""), after }),
  "meta-backspace": ({ before, after }) => ({ before: before.replace(/\S*\s*$/, ""), after }),
  "meta-b": ({ before, after }) => splitAt(before + after, before.replace(/\S*\s*$/, "").length),
  "meta-f": ({ before, after }) =>
    splitAt(before + after, before.length + (/^\s*\S*/.exec(after)?.[0].length ?? 0)),
};

/** Returns the line after the key was pressed; undefined if the key does not edit. */
export function editLine(line: LineText, key: Key): LineText | undefined {
  const name = nameKey(key);
  if (name === "text") return { before: line.before + (key.sequence ?? ""), after: line.after };
  return EDITS[name]?.(line);
}

function splitAt(text: string, at: number): LineText {
  return { before: text.slice(0, at), after: text.slice(at) };
}

function measureFirst(text: string): number {
  if (isSingleWidth(text)) return Math.min(1, text.length);
  return [...splitGraphemes(text)][0]?.segment.length ?? 0;
}

function measureLast(text: string): number {
  if (isSingleWidth(text)) return Math.min(1, text.length);
  return [...splitGraphemes(text)].at(-1)?.segment.length ?? 0;
}
