import { displayWidth } from "../../../text/display-width.ts";

/** Decides which columns of a list fit on the terminal. */

interface Column {
  readonly index: number;
  readonly width: number;
}

export interface Layout {
  /** The columns that are shown, from left to right. */
  readonly columns: readonly Column[];
  /** Whether no cell is cut. */
  readonly isWhole: boolean;
}

const GAP = 2;
/** The minimum width of a column: a cell that is cut to fewer columns is not readable. */
const LEAST = 8;
/** The part of the width that one column may use until the other columns have their place. */
const SHARE = 0.4;

export function measureColumns(rows: ReadonlyArray<readonly string[]>): number[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? 0, displayWidth(cell));
  return widths;
}

/**
 * Returns the most important columns that fit. If space remains, columns that were cut get it.
 * @param room the number of terminal columns for a row
 * @param telling the indexes of the columns, the most important first
 */
export function fitColumns(
  widths: readonly number[],
  telling: readonly number[],
  room: number,
): Layout {
  const used = telling.filter((index) => (widths[index] ?? 0) > 0);
  const shown = new Map<number, number>();
  let left = room;
  for (const index of used) {
    const gap = shown.size === 0 ? 0 : GAP;
    const wanted = Math.min(
      widths[index] ?? 0,
      used.length === 1 ? room : Math.max(LEAST, Math.floor(room * SHARE)),
    );
    if (shown.size > 0 && left - gap < Math.min(wanted, LEAST)) break;
    shown.set(index, Math.min(wanted, left - gap));
    left -= gap + Math.min(wanted, left - gap);
  }
  for (const [index, width] of shown) {
    const more = Math.min(left, (widths[index] ?? 0) - width);
    shown.set(index, width + more);
    left -= more;
  }
  const columns = [...shown]
    .map(([index, width]) => ({ index, width }))
    .sort((a, b) => a.index - b.index);
  const isWhole = used.every((index) => shown.get(index) === widths[index]);
  return { columns, isWhole };
}
