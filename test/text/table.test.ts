import { describe, expect, test } from "vitest";
import { leavePlain, type Paint } from "../../src/text/paint.ts";
import { createGrowingRows, fitColumns, formatRows, type TableCell } from "../../src/text/table.ts";

const WIDE = Number.POSITIVE_INFINITY;
/** Account, name, role: the role is the most important column. */
const ROLES = [
  { width: 12, rank: 2, isBlank: false },
  { width: 16, rank: 1, isBlank: false },
  { width: 20, rank: 0, isBlank: false },
];
const WITHOUT_NAMES = ROLES.map((need) => ({ ...need, isBlank: need.rank === 1 }));

describe("the columns of a table and their widths", () => {
  test.each<[what: string, needs: typeof ROLES, columns: number, widths: readonly number[]]>([
    ["nothing limits it", ROLES, WIDE, [12, 16, 20]],
    ["all have room, to the last column", ROLES, 52, [12, 16, 20]],
    [
      "one terminal column too few: the least important column is left out, since an account id is never cut",
      ROLES,
      51,
      [0, 16, 20],
    ],
    ["the next is cut", ROLES, 35, [0, 13, 20]],
    ["below 12 columns it is left out too", ROLES, 33, [0, 0, 20]],
    ["the most important one is cut last, and never left out", ROLES, 8, [0, 0, 8]],
    ["no terminal is too narrow", ROLES, 1, [0, 0, 1]],
    ["an empty column is left out first", WITHOUT_NAMES, 40, [12, 0, 20]],
    ["an empty column stays if there is room", WITHOUT_NAMES, 52, [12, 16, 20]],
    ["no column", [], 80, []],
  ])("%s", (_, needs, columns, widths) => {
    expect(fitColumns(needs, columns)).toEqual(widths);
  });
});

const brackets: Paint = (tone, text) => `<${tone}>${text}</>`;
const COLUMNS = [
  { header: "STATE", rank: 0 },
  { header: "NAME", rank: 1 },
];
const row = (state: string, name: string, tone?: TableCell["tone"]): TableCell[] => [
  { text: state, tone },
  { text: name },
];

describe("rows of a table", () => {
  test("a cell is padded by its visible width, and then painted", () => {
    const rows = [row("in", "corp", "good"), row("expired", "other", "bad")];
    expect(formatRows(COLUMNS, rows, { columns: WIDE, paint: brackets })).toBe(
      "STATE    NAME\n<good>in</>       corp\n<bad>expired</>  other\n",
    );
  });

  test("control characters in a name are escaped before cells are painted", () => {
    const rows = [row("\u001b[32min", "a\nb", "good")];
    expect(formatRows(COLUMNS, rows, { columns: WIDE, paint: brackets })).toBe(
      "STATE         NAME\n<good>\\u{1b}[32min</>  a\\u{a}b\n",
    );
  });

  test("a mark after the header shows that columns are left out, if there is room", () => {
    const rows = [row("signed in", "payments-production")];
    expect(formatRows(COLUMNS, rows, { columns: 20, paint: leavePlain })).toBe(
      "STATE      …\nsigned in\n",
    );
    expect(formatRows(COLUMNS, rows, { columns: 9, paint: leavePlain })).toBe("STATE\nsigned in\n");
  });

  test("columns without names have no header line", () => {
    const bare = COLUMNS.map((column) => ({ ...column, header: "" }));
    expect(formatRows(bare, [row("a", "b")], { columns: WIDE, paint: leavePlain })).toBe("a  b\n");
  });

  test("rows that arrive one at a time widen their columns only while the line has room", () => {
    const columns = COLUMNS.map((column) => ({ ...column, leastWidth: 8 }));
    const narrow = createGrowingRows(columns, { columns: 20, paint: leavePlain });
    expect(narrow(row("in", "corp"))).toBe("STATE     NAME\nin        corp\n");
    expect(narrow(row("signed in", "corporation"))).toBe("signed in  corporat…\n");
    const wide = createGrowingRows(columns, { columns: WIDE, paint: leavePlain });
    expect(wide(row("x".repeat(200), "y"))).toContain(`${"x".repeat(200)}  y\n`);
  });
});
