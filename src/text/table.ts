import { displayWidth } from "./display-width.ts";
import type { Paint, Tone } from "./paint.ts";
import { escapeControls, truncate } from "./terminal.ts";

/** Tables for a terminal or a pipe: columns aligned, a row a line, never wrapped. */

export interface TableColumn {
  readonly header: string;
  /** The least telling column, which has the highest rank, is the first to go where not all have room. */
  readonly rank: number;
  /** Width from the start in a table whose rows come one by one. */
  readonly leastWidth?: number | undefined;
}

export interface TableCell {
  readonly text: string;
  readonly tone?: Tone | undefined;
}

/** Where a table is printed: how wide it is, Infinity where nothing limits it, and whether it has colours. */
export interface Surface {
  readonly columns: number;
  readonly paint: Paint;
}

/** Whether a person sees it at once, and no script reads it. */
export function isOnTerminal({ columns }: Surface): boolean {
  return columns !== Number.POSITIVE_INFINITY;
}

const GAP = 2;
/** A column is cut down to so many columns of the terminal before it is left out: an account id is never cut. */
const LEAST_CUT = 12;
const MORE = "…";

interface ColumnNeed {
  readonly width: number;
  readonly rank: number;
  /** No row has anything in it. */
  readonly isBlank: boolean;
}

/**
 * The width of each column, 0 where it is left out: the least telling one is cut, then left out, and so on until the rest
 * has room.
 */
export function fitColumns(needs: readonly ColumnNeed[], available: number): number[] {
  const widths = needs.map(({ width }) => width);
  const order = [...needs.entries()]
    .sort(([, a], [, b]) => Number(b.isBlank) - Number(a.isBlank) || b.rank - a.rank)
    .map(([column]) => column);
  for (const [index, column] of order.entries()) {
    const left = (widths[column] ?? 0) - (measureLine(widths) - available);
    if (left >= (widths[column] ?? 0)) break;
    const isLast = index === order.length - 1;
    if (isLast) widths[column] = Math.max(1, left);
    else widths[column] = left >= LEAST_CUT ? left : 0;
  }
  return widths;
}

/** Columns that a line takes with those of this width in it. */
function measureLine(widths: readonly number[]): number {
  const shown = widths.filter((width) => width > 0);
  return shown.reduce((sum, width) => sum + width + GAP, -GAP);
}

/** Rows under a header, or without one where no column has a name. A mark behind the header says that columns are left out. */
export function formatRows(
  columns: readonly TableColumn[],
  rows: ReadonlyArray<readonly TableCell[]>,
  surface: Surface,
): string {
  const cells = rows.map((row) => row.map(escapeCell));
  const needs = columns.map(({ header, rank }, column) => {
    const widest = cells.reduce((most, row) => Math.max(most, measureCell(row[column])), 0);
    return { rank, isBlank: widest === 0, width: Math.max(displayWidth(header), widest) };
  });
  const widths = fitColumns(needs, surface.columns);
  const head = columns.every(({ header }) => header === "")
    ? ""
    : formatHeader(columns, widths, surface);
  return head + cells.map((row) => formatRow(row, widths, surface)).join("");
}

/** One row whose columns have the widths that they are given, or more; the last has the room that is left. */
export function formatAlignedRow(
  columns: readonly TableColumn[],
  row: readonly TableCell[],
  surface: Surface,
): string {
  const cells = row.map(escapeCell);
  const needs = columns.map(({ rank, leastWidth = 0 }, column) => {
    const width = Math.max(leastWidth, measureCell(cells[column]));
    return { rank, isBlank: width === 0, width };
  });
  return formatRow(cells, fitColumns(needs, surface.columns), surface);
}

/**
 * The same for rows that come one by one: the header goes before the first, and a column grows with what has come so far, as
 * long as the line has room.
 */
export function createGrowingRows(
  columns: readonly TableColumn[],
  surface: Surface,
): (row: readonly TableCell[]) => string {
  const needs = columns.map(({ header, rank, leastWidth = 0 }) => ({
    rank,
    isBlank: false,
    width: Math.max(leastWidth, displayWidth(header)),
  }));
  const widths = fitColumns(needs, surface.columns);
  let isFirst = true;
  return (row) => {
    const cells = row.map(escapeCell);
    for (const [column, width] of widths.entries()) {
      const room = surface.columns - measureLine(widths);
      if (width > 0)
        widths[column] = Math.max(width, Math.min(measureCell(cells[column]), width + room));
    }
    const head = isFirst ? formatHeader(columns, widths, surface) : "";
    isFirst = false;
    return head + formatRow(cells, widths, surface);
  };
}

function escapeCell({ text, tone }: TableCell): TableCell {
  return { text: escapeControls(text), tone };
}

function measureCell(cell: TableCell | undefined): number {
  return displayWidth(cell?.text ?? "");
}

function formatHeader(
  columns: readonly TableColumn[],
  widths: readonly number[],
  { columns: available }: Surface,
): string {
  const cells = columns.map(({ header }) => ({ text: header }));
  const isWhole = widths.every((width) => width > 0);
  const hasRoom = measureLine(widths) + GAP + MORE.length <= available;
  const [marked, markedWidths] =
    isWhole || !hasRoom
      ? [cells, widths]
      : [
          [...cells, { text: MORE }],
          [...widths, MORE.length],
        ];
  return formatRow(marked, markedWidths);
}

/** Padded by what is seen of a cell, painted then. */
function formatRow(
  cells: readonly TableCell[],
  widths: readonly number[],
  surface?: Surface,
): string {
  let line = "";
  let blanks = 0;
  for (const [column, { text, tone }] of cells.entries()) {
    const width = widths[column] ?? 0;
    if (width === 0) continue;
    const shown = truncate(text, width);
    if (shown !== "") {
      line +=
        " ".repeat(blanks) +
        (tone === undefined || surface === undefined ? shown : surface.paint(tone, shown));
      blanks = 0;
    }
    blanks += Math.max(0, width - displayWidth(shown)) + GAP;
  }
  return `${line}\n`;
}
