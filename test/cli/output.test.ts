import { describe, expect, test } from "vitest";
import {
  createRowFormatter,
  formatCsv,
  formatCsvRows,
  formatTable,
  toJsonRows,
  type Columns,
} from "../../src/cli/output.ts";
import { leavePlain } from "../../src/text/paint.ts";
import { plural } from "../../src/text/terminal.ts";

interface Fruit {
  readonly name: string;
  readonly colour?: string;
  readonly count: number;
  readonly isRipe: boolean;
}

interface FruitJson {
  readonly fruit: string;
  readonly colour: string | null;
  readonly count: number;
  readonly ripe: boolean;
}

const COLUMNS: Columns<Fruit, FruitJson> = {
  fruit: { header: "FRUIT", value: ({ name }) => name },
  colour: { header: "COLOUR", value: ({ colour = null }) => colour, leastWidth: 8 },
  count: { value: ({ count }) => count },
  ripe: {
    header: "RIPE",
    value: ({ isRipe }) => isRipe,
    text: ({ isRipe }) => (isRipe ? "yes" : ""),
  },
};

const WIDE = { columns: 80, paint: leavePlain };
const PIPE = { columns: Number.POSITIVE_INFINITY, paint: leavePlain };
const APPLE: Fruit = { name: "apple", colour: "red", count: 2, isRipe: true };
const STRANGE: Fruit = { name: 'a "b",\u001bc', count: 0, isRipe: false };

describe("one definition of a list's members", () => {
  interface Printed {
    readonly json: string;
    readonly csv: string;
    readonly table: string;
  }

  test.each<[what: string, rows: readonly Fruit[], printed: Printed]>([
    [
      "no row: an empty array, and only headers",
      [],
      { json: "[]", csv: "fruit,colour,count,ripe\r\n", table: "FRUIT  COLOUR  RIPE\n" },
    ],
    [
      "JSON and CSV have each member in the order of the definition, the table those with a header and their text",
      [APPLE],
      {
        json: '[{"fruit":"apple","colour":"red","count":2,"ripe":true}]',
        csv: "fruit,colour,count,ripe\r\napple,red,2,true\r\n",
        table: "FRUIT  COLOUR  RIPE\napple  red     yes\n",
      },
    ],
    [
      "null in JSON is blank elsewhere; CSV quotes, and both CSV and the table make control characters visible",
      [STRANGE],
      {
        json: '[{"fruit":"a \\"b\\",\\u001bc","colour":null,"count":0,"ripe":false}]',
        csv: 'fruit,colour,count,ripe\r\n"a ""b"",\\u{1b}c",,0,false\r\n',
        table: 'FRUIT          COLOUR  RIPE\na "b",\\u{1b}c\n',
      },
    ],
  ])("%s", (_, rows, { json, csv, table }) => {
    expect(JSON.stringify(toJsonRows(COLUMNS, rows))).toBe(json);
    expect(formatCsv(COLUMNS, rows, PIPE)).toBe(csv);
    expect(formatTable(COLUMNS, rows, WIDE)).toBe(table);
  });

  test("a table has as many columns as fit the terminal, the first ones by default", () => {
    expect(formatTable(COLUMNS, [APPLE], { ...WIDE, columns: 14 })).toBe(
      "FRUIT  COLOUR\napple  red\n",
    );
  });

  test("rows that arrive one by one: the header is printed before the first, and columns start at their minimum width", () => {
    const formatRow = createRowFormatter(COLUMNS, WIDE);
    expect(formatRow(APPLE)).toBe("FRUIT  COLOUR    RIPE\napple  red       yes\n");
    expect(formatRow({ ...APPLE, name: "pineapple" })).toBe("pineapple  red       yes\n");
    expect(formatRow(APPLE)).toBe("apple      red       yes\n");
    expect(formatCsvRows(COLUMNS, [APPLE], PIPE)).toBe("apple,red,2,true\r\n");
  });
});

test.each([
  [0, "0 rows"],
  [1, "1 row"],
  [2, "2 rows"],
])("%i is counted with the right word", (count, words) => {
  expect(plural(count, "row")).toBe(words);
});
