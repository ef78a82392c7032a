import fc from "fast-check";
import { parse } from "yaml";
import { checkQuery, formatValue, type Format } from "../../src/cli/formats.ts";
import { formatCsv, formatTable, toJsonRows, type ColumnsOf } from "../../src/cli/output.ts";
import { leavePlain } from "../../src/text/paint.ts";
import { redact } from "../../src/text/secrets/redact.ts";
import { alignColumns, escapeControls, formatLines, truncate } from "../../src/text/terminal.ts";
import { createTarget, ensure } from "./target.ts";
import { arbitraryJson, arbitraryText, expectValueOrFailure } from "./values.ts";

/** Checks output: no name can move a terminal's cursor, and scripts read the exact values. */

const SURFACE = { columns: 80, paint: leavePlain };
/** An output that is not a terminal. */
const SCRIPT = { ...SURFACE, columns: Number.POSITIVE_INFINITY };
/** Characters that move the cursor, forge a line, or reverse the order of letters. */
const DANGEROUS =
  /[\0-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

const sanitizer = createTarget({
  name: "sanitiser",
  values: fc.tuple(arbitraryText(), fc.nat(40)),
  check([text, width]) {
    ensure(!DANGEROUS.test(escapeControls(text)), "a control character");
    const lines = formatLines([text, text]).split("\n");
    ensure(
      lines.length === 3 && !lines.some((line) => DANGEROUS.test(line)),
      "more than two lines",
    );
    for (const line of alignColumns([
      [text, "x"],
      ["y", text],
    ]))
      ensure(!DANGEROUS.test(line), "a control character in a column");
    truncate(escapeControls(text), width);
    redact(text);
  },
});

interface Row {
  readonly name: string;
  readonly other: string | null;
  readonly count: number;
}

const COLUMNS: ColumnsOf<Row> = {
  name: { header: "NAME", value: ({ name }) => name },
  other: { header: "OTHER", value: ({ other }) => other },
  count: { header: "COUNT", value: ({ count }) => count },
};

const rows = fc.array(
  fc.record<Row>({
    name: arbitraryText(),
    other: fc.option(arbitraryText(10)),
    count: fc.integer(),
  }),
  { maxLength: 5 },
);

/** Reads RFC 4180 independently of latchkey's writer. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = [];
  let fields: string[] = [];
  for (const [, quoted, plain = "", end] of text.matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy,
  )) {
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    lines.push(fields);
    fields = [];
  }
  return lines;
}

const lists = createTarget({
  name: "lists",
  values: rows,
  check(all) {
    const table = formatTable(COLUMNS, all, SURFACE).split("\n");
    ensure(table.length === all.length + 2, "a row of more than one line");
    ensure(!table.some((line) => DANGEROUS.test(line)), "a control character in a table");
    const json = toJsonRows(COLUMNS, all);
    ensure(JSON.stringify(json) === JSON.stringify(all), "another value");
    const read = parseCsv(formatCsv(COLUMNS, all, SCRIPT));
    ensure(read.length === all.length + 1, "not a row of CSV");
    all.forEach(({ name, other, count }, index) => {
      const wanted = [name, other ?? "", String(count)];
      const isSame = wanted.every((text, column) =>
        [text, escapeControls(text)].includes(read[index + 1]?.[column] ?? ""),
      );
      ensure(isSame && read[index + 1]?.length === 3, "a CSV field differs");
    });
  },
});

const formats = createTarget({
  name: "formats",
  values: fc.tuple(
    arbitraryJson(),
    fc.constantFrom<Format>("json", "text", "table", "yaml"),
    fc.option(
      fc.oneof(
        fc.constantFrom(
          "[]",
          "[*].a",
          "@",
          "length(@)",
          "keys(@)",
          "a.b",
          "[?a=='x']",
          "sort_by(@,&a)",
        ),
        arbitraryText(10),
      ),
      { nil: undefined },
    ),
  ),
  cases: [
    // A member's name could forge a line.
    [{ "\u001b[2J": { "": null } }, "text", undefined],
    // A property of the prototype was read as a member.
    [[[{}], { constructor: 0 }], "text", "[]"],
    [[{}, { constructor: 0 }], "table", undefined],
    [{}, "table", "valueOf"],
  ],
  async check([value, format, query]) {
    const options = { format, query, indent: 2, surface: SURFACE };
    if (query !== undefined) {
      const checked = await expectValueOrFailure(() => checkQuery(query), ["USAGE"]);
      if (checked === undefined) return;
    }
    const text = await expectValueOrFailure(() => formatValue(value, options), ["USAGE"]);
    if (text === undefined) return;
    if (format === "text" || format === "table")
      ensure(
        !text.split("\n").some((line) => DANGEROUS.test(line.replaceAll("\t", ""))),
        "a control character",
      );
    if (query !== undefined) return;
    if (format === "json")
      ensure(JSON.stringify(JSON.parse(text)) === JSON.stringify(value), "another value");
  },
});

const yamlValues = createTarget({
  name: "yaml",
  values: arbitraryJson(),
  // The first character was read as a byte order mark, and a key as the merge of maps.
  cases: [{ "\ufeff": {} }, ["\ufeffa"], "\ufeff", [{ "<<": "" }], ["<<"]],
  async check(value) {
    const text = await formatValue(value, {
      format: "yaml",
      query: undefined,
      indent: 2,
      surface: SURFACE,
    });
    const read: unknown = parse(text, { version: "1.1" });
    ensure(sortJson(read) === sortJson(value), "another value");
  },
});

/** Returns JSON with members sorted by name. */
function sortJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

export const OUTPUT_TARGETS = [sanitizer, lists, formats, yamlValues];
