import { displayWidth } from "./display-width.ts";
import type { Paint, Tone } from "./paint.ts";
import { escapeControls, truncate } from "./terminal.ts";

/** Formats tables for a terminal or a pipe: aligned columns, one line per row, no wrapping. */

export interface TableColumn {
  readonly header: string;
  /** If the line is too narrow, the column with the highest rank is cut or left out first. */
  readonly rank: number;
  /** The minimum width in a table whose rows arrive one at a time. */
  readonly leastWidth?: number | undefined;
}

export interface TableCell {
  readonly text: string;
  readonly tone?: Tone | undefined;
}

/** Where a table is printed: its width (Infinity if there is no limit) and its colours. */
export interface Surface {
  readonly columns: number;
  readonly paint: Paint;
}

/** Returns whether the output goes to a terminal. If not, a script may read it. */
export function isOnTerminal({ columns }: Surface): boolean {
  return columns !== Number.POSITIVE_INFINITY;
}

const GAP = 2;
/**
 * The minimum width of a cut column. If there is less space, the column is left out. So an account id (12 digits) is
 * never cut.
 */
const LEAST_CUT = 12;
const MORE = "…";

interface ColumnNeed {
  readonly width: number;
  readonly rank: number;
  /** Whether no row has text in this column. */
  readonly isBlank: boolean;
}

/**
 * Returns the width of each column; 0 if the column is left out. Columns are first cut and then left out until the line
 * fits, those with the highest rank first.
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

/** Returns the width of a line with columns of these widths. */
function measureLine(widths: readonly number[]): number {
  const shown = widths.filter((width) => width > 0);
  return shown.reduce((sum, width) => sum + width + GAP, -GAP);
}

/**
 * Formats rows below a header. If no column has a name, there is no header. If columns are left out, there is a mark
 * after the header.
 */
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

/** Formats one row whose columns have at least the given widths. The last column gets the remaining space. */
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
 * Formats rows that arrive one at a time. The header comes before the first row. As long as the line has space, a
 * column grows with its longest cell so far.
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

/** Pads each cell by its visible width, before colours are added. */
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
