import { describe, expect, test } from "vitest";
import { leavePlain, type Paint } from "../../src/text/paint.ts";
import { createGrowingRows, fitColumns, formatRows, type TableCell } from "../../src/text/table.ts";

const WIDE = Number.POSITIVE_INFINITY;
/** Account, name, role: the role tells most. */
const ROLES = [
  { width: 12, rank: 2, isBlank: false },
  { width: 16, rank: 1, isBlank: false },
  { width: 20, rank: 0, isBlank: false },
];
const WITHOUT_NAMES = ROLES.map((need) => ({ ...need, isBlank: need.rank === 1 }));

describe("which columns a table has, and how wide they are", () => {
  test.each<[what: string, needs: typeof ROLES, columns: number, widths: readonly number[]]>([
    ["nothing limits it", ROLES, WIDE, [12, 16, 20]],
    ["all have room, to the last column", ROLES, 52, [12, 16, 20]],
    [
      "one column too many: what tells least goes, since an account id is never cut",
      ROLES,
      51,
      [0, 16, 20],
    ],
    ["the next is cut", ROLES, 35, [0, 13, 20]],
    ["below 12 columns it goes, too", ROLES, 33, [0, 0, 20]],
    ["the most telling one is cut last, and never goes", ROLES, 8, [0, 0, 8]],
    ["no terminal is too narrow", ROLES, 1, [0, 0, 1]],
    ["a column in which nothing stands goes first", WITHOUT_NAMES, 40, [12, 0, 20]],
    ["an empty column stays where there is room", WITHOUT_NAMES, 52, [12, 16, 20]],
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
  test("a cell is padded by what is seen of it, and painted then", () => {
    const rows = [row("in", "corp", "good"), row("expired", "other", "bad")];
    expect(formatRows(COLUMNS, rows, { columns: WIDE, paint: brackets })).toBe(
      "STATE    NAME\n<good>in</>       corp\n<bad>expired</>  other\n",
    );
  });

  test("what a name holds is made visible before anything is painted", () => {
    const rows = [row("\u001b[32min", "a\nb", "good")];
    expect(formatRows(COLUMNS, rows, { columns: WIDE, paint: brackets })).toBe(
      "STATE         NAME\n<good>\\u{1b}[32min</>  a\\u{a}b\n",
    );
  });

  test("a mark behind the header says that columns are left out, where it has room", () => {
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

  test("rows that come one by one grow their columns only as far as the line has room", () => {
    const columns = COLUMNS.map((column) => ({ ...column, leastWidth: 8 }));
    const narrow = createGrowingRows(columns, { columns: 20, paint: leavePlain });
    expect(narrow(row("in", "corp"))).toBe("STATE     NAME\nin        corp\n");
    expect(narrow(row("signed in", "corporation"))).toBe("signed in  corporat…\n");
    const wide = createGrowingRows(columns, { columns: WIDE, paint: leavePlain });
    expect(wide(row("x".repeat(200), "y"))).toContain(`${"x".repeat(200)}  y\n`);
  });
});
