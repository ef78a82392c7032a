import type { Writable } from "node:stream";
import { styleText } from "node:util";
import { displayWidth } from "../../../text/display-width.ts";
import { splitGraphemes, truncate } from "../../../text/terminal.ts";
import type { Layout } from "./columns.ts";
import { readLineText } from "../edit-line.ts";
import { findMarks } from "./match.ts";
import type { PickKey, PickState } from "./state.ts";

/** Draws the picker. Whatever its content is, no line is wider than the terminal. */

export interface PickConfig {
  readonly message: string;
  /** The cells of each row, without control characters. */
  readonly rows: ReadonlyArray<readonly string[]>;
  readonly telling: readonly number[];
  readonly filter: string;
  /** The index of the current value's row. */
  readonly current: number | undefined;
  readonly canGoBack: boolean;
  /** What Enter does. */
  readonly enter: string | undefined;
  readonly keys: readonly PickKey[];
  /** Shown at the end of the lines below the rows. */
  readonly note: string | undefined;
  /** The marks of the rows, by row index. */
  readonly marks: Marks;
  readonly toggleMark: (index: number) => Promise<Marked>;
  readonly output: Writable;
}

/** The row's new mark, or the reason why it did not change. */
export type Marked = { readonly mark: string } | { readonly failure: string };

export type Marks = ReadonlyMap<number, string>;

export interface Screen {
  readonly config: PickConfig;
  readonly state: PickState;
  readonly marks: Marks;
  /** Shown instead of the keys: a failure, or what is being done. */
  readonly said: string | undefined;
  /** The indexes of the matching rows, the best first. */
  readonly found: readonly number[];
  /** The number of rows that are shown at once. */
  readonly page: number;
  readonly layout: Layout;
  readonly columns: number;
}

/** Returns the width of the space before a row, plus 1 for the last column, in which some terminals wrap. */
export function measureMargin({ marks }: Pick<Screen, "marks">): number {
  return marks.size === 0 ? 4 : 5;
}

/** The width of the question's prefix with a space, the space before the filter, and the cursor after the filter. */
const HEADER_MARGIN = 4;

/** Returns the question, and the part of the filter around the cursor that fits. */
export function drawHeader({ config, state, columns }: Screen): {
  message: string;
  filter: string;
  cursor: number;
} {
  const room = columns - HEADER_MARGIN;
  const wanted = displayWidth(readLineText(state.filter)) + 1;
  const message = truncate(config.message, Math.max(room - wanted, Math.floor(room / 2)));
  const left = Math.max(1, room - displayWidth(message));
  const before = dropToFit(state.filter.before, left, "start");
  const after = dropToFit(state.filter.after, left - displayWidth(before), "end");
  return { message, filter: before + after, cursor: before.length };
}

/** Removes characters from the start or the end until the text fits. */
function dropToFit(text: string, width: number, from: "start" | "end"): string {
  if (displayWidth(text) <= width) return text;
  const characters = [...splitGraphemes(text)].map(({ segment }) => segment);
  while (characters.length > 0 && displayWidth(characters.join("")) > width)
    if (from === "start") characters.shift();
    else characters.pop();
  return characters.join("");
}

/** Returns the rows around the chosen row. If cells of the chosen row are cut, returns these cells in full too. */
export function drawList(screen: Screen): string[] {
  const { found, state, page, layout } = screen;
  const top = Math.max(0, Math.min(state.active - Math.floor(page / 2), found.length - page));
  const rows = found
    .slice(top, top + page)
    .map((index, at) => drawRow(screen, index, top + at === state.active));
  const details = layout.isWhole ? [] : [drawDetails(screen)];
  return [...(rows.length === 0 ? ["  nothing fits"] : rows), ...details];
}

function drawRow(screen: Screen, index: number, isActive: boolean): string {
  const { config, layout, columns, state } = screen;
  const cells = config.rows[index] ?? [];
  const marks = findMarks(cells, readLineText(state.filter));
  const drawCell = (column: number, width: number): string =>
    drawMarked(cells[column] ?? "", marks[column] ?? [], { width, config });
  const shown = layout.columns.filter((column) => (cells[column.index] ?? "") !== "");
  const only = config.telling.find((column) => (cells[column] ?? "") !== "") ?? 0;
  const text =
    shown.length === 0
      ? drawCell(only, columns - measureMargin(screen))
      : layout.columns.map(({ index: column, width }) => drawCell(column, width)).join("  ");
  const current = index === config.current ? "*" : " ";
  const mark = screen.marks.size === 0 ? "" : (screen.marks.get(index) ?? " ");
  const line = `${isActive ? ">" : " "}${current}${mark} ${text.trimEnd()}`;
  return isActive ? styleText("cyan", line, { stream: config.output }) : line;
}

/** Returns a cell padded to its width, with the matching characters underlined. */
function drawMarked(
  cell: string,
  marks: readonly boolean[],
  { width, config }: { readonly width: number; readonly config: PickConfig },
): string {
  const shown = truncate(cell, width);
  const kept = shown === cell ? cell.length : shown.length - 1;
  let text = "";
  for (let start = 0, end = 0; start < shown.length; start = end) {
    const isMarked = start < kept && marks[start] === true;
    end = start + 1;
    while (end < shown.length && (end < kept && marks[end] === true) === isMarked) end += 1;
    const run = shown.slice(start, end);
    text += isMarked ? styleText("underline", run, { stream: config.output }) : run;
  }
  return text + " ".repeat(Math.max(0, width - displayWidth(shown)));
}

/** Returns the cells of the chosen row that are not fully visible. */
function drawDetails({ config, found, state, layout, columns }: Screen): string {
  const cells = config.rows[found[state.active] ?? -1] ?? [];
  const hidden = cells.filter((cell, index) => {
    const column = layout.columns.find((one) => one.index === index);
    return cell !== "" && (column === undefined || column.width < displayWidth(cell));
  });
  return truncate(`   ${hidden.join("  ")}`.trimEnd(), columns - 1);
}
