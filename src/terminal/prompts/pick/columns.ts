import { displayWidth } from "../../../text/display-width.ts";

/** Which columns of a list a terminal has room for. */

interface Column {
  readonly index: number;
  readonly width: number;
}

export interface Layout {
  /** From left to right. */
  readonly columns: readonly Column[];
  /** Whether every cell is shown, and whole. */
  readonly isWhole: boolean;
}

const GAP = 2;
/** Narrower than this, a cut cell says nothing. */
const LEAST = 8;
/** How much of the room one column may take before the others have theirs. */
const SHARE = 0.4;

export function measureColumns(rows: ReadonlyArray<readonly string[]>): number[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? 0, displayWidth(cell));
  return widths;
}

/**
 * The most telling columns that fit, each at most at its width; what is left over goes to those that were cut.
 * @param room the columns of the terminal that a row may take.
 * @param telling the columns that are wanted, the most telling one first.
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
