import type { Tags } from "yaml";
import { usageError, type LatchkeyError } from "../errors.ts";
import { isRecord, type PlainRecord } from "../text/json.ts";
import { formatRows, type Surface } from "../text/table.ts";
import { escapeControls, formatJson, hasControls, replaceControls } from "../text/terminal.ts";

/**
 * `--query` and `--output` as in the AWS CLI (awscli 2: `awscli/formatter.py`, `awscli/text.py`). Loaded only if one of
 * them is given, and each package below only when it is used.
 */

export type Format = "json" | "text" | "table" | "yaml";

interface FormatOptions {
  readonly format: Format;
  readonly query: string | undefined;
  /** For JSON. */
  readonly indent: number;
  readonly surface: Surface;
}

/**
 * Returns the text for `--query` and `--output`.
 * @throws LatchkeyError USAGE if the query can't be applied to the value.
 */
export async function formatValue(
  value: unknown,
  { format, query, indent, surface }: FormatOptions,
): Promise<string> {
  // The value as it is printed: without undefined members.
  const printed: unknown = JSON.parse(JSON.stringify(value));
  const result = query === undefined ? printed : await search(printed, query);
  switch (format) {
    case "json":
      return formatJson(result, indent);
    case "text":
      return textLines(result).join("");
    case "table":
      return formatAnyTable(result, surface);
    case "yaml":
      return formatYaml(result);
  }
}

/**
 * Checks the expression before the command does anything. jmespath 0.16 accepts an unclosed quote, which jmespath.py
 * refuses.
 * @throws LatchkeyError USAGE with the expression.
 */
export async function checkQuery(expression: string): Promise<string> {
  const { compile } = await importJmespath();
  try {
    compile(expression);
  } catch (thrown) {
    throw toQueryError(expression, thrown);
  }
  if (/['"`]/.test(expression.replace(QUOTED, "")))
    throw toQueryError(expression, new Error("a quote is not closed"));
  return expression;
}

const QUOTED = /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`/gs;

async function search(value: unknown, expression: string): Promise<unknown> {
  const jmespath = await importJmespath();
  try {
    // Converted to JSON again, because jmespath also finds inherited members such as `valueOf`.
    return JSON.parse(JSON.stringify(jmespath.search(value, expression)) ?? "null");
  } catch (thrown) {
    throw toQueryError(expression, thrown);
  }
}

async function importJmespath(): Promise<typeof import("jmespath")> {
  // jmespath is CommonJS; in a bundle its exports are the default export.
  const loaded: { readonly default?: typeof import("jmespath") } & typeof import("jmespath") =
    await import("jmespath");
  return loaded.default ?? loaded;
}

function toQueryError(expression: string, thrown: unknown): LatchkeyError {
  const reason = thrown instanceof Error ? thrown.message.replace(/^\w*Error: |\.$/g, "") : "";
  return usageError(
    `--query ${JSON.stringify(expression)} can't be used: ${reason}.`,
    "It takes a JMESPath expression (jmespath.org), as --query of the AWS CLI does.",
  );
}

/** As in the AWS CLI: YAML 1.1, members sorted by name. */
const YAML = {
  version: "1.1",
  indentSeq: false,
  lineWidth: 0,
  singleQuote: true,
  sortMapEntries: true,
  doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY,
} as const;

async function formatYaml(value: unknown): Promise<string> {
  if (!isRecord(value) && !Array.isArray(value)) return formatJson(value, 0);
  const { Document, visit } = await import("yaml");
  const document = new Document(value, { ...YAML, customTags: leaveOutMerge });
  visit(document, {
    Scalar: (_, node) => {
      // An unquoted `<<` would merge maps.
      const isQuoted = node.value === "<<" || hasControls(String(node.value));
      if (typeof node.value === "string" && isQuoted) node.type = "QUOTE_DOUBLE";
    },
  });
  // In YAML only double-quoted texts have escapes. They are JSON's, except above U+FFFF (YAML 1.1, 5.6).
  return replaceControls(document.toString(YAML), formatYamlEscape);
}

/**
 * The merge tag writes `<<` without quotes, even if the scalar has a quoted type (yaml 2.9, schema/yaml-1.1/merge.js).
 */
function leaveOutMerge(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag === "string" || tag.tag !== "tag:yaml.org,2002:merge");
}

function formatYamlEscape(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  if (character === "\n") return character;
  return code.length > 4 ? `\\U${code.padStart(8, "0")}` : `\\u${code.padStart(4, "0")}`;
}

/** Returns the lines of `awscli/text.py`: members sorted by name, each list after its member's name. */
function textLines(value: unknown, name?: string): string[] {
  if (Array.isArray(value)) return listLines(value, name);
  return isRecord(value) ? recordLines(value, name, undefined) : [toLine([scalarText(value)])];
}

function listLines(items: readonly unknown[], name: string | undefined): string[] {
  if (items.some(isRecord)) {
    const records = items.filter(isRecord);
    const keys = new Set(
      records.flatMap((record) => Object.keys(record).filter((key) => !isNested(record[key]))),
    );
    const shared = [...keys].sort();
    return items.flatMap((item) =>
      isRecord(item) ? recordLines(item, name, shared) : textLines(item, name),
    );
  }
  const scalars = items.filter((item) => !isNested(item)).map(scalarText);
  const nested = items.filter(isNested).flatMap((item) => textLines(item, name));
  if (scalars.length === 0) return nested;
  const own =
    name === undefined ? [toLine(scalars)] : scalars.map((text) => toLine([toLabel(name), text]));
  return [...own, ...nested];
}

/** @param shared The scalar members of all records in the list; undefined outside a list. */
function recordLines(
  record: PlainRecord,
  name: string | undefined,
  shared: readonly string[] | undefined,
): string[] {
  const keys = Object.keys(record).sort();
  const scalars = shared ?? keys.filter((key) => !isNested(record[key]));
  const texts = scalars.map((key) => (Object.hasOwn(record, key) ? scalarText(record[key]) : ""));
  const label = name === undefined ? [] : [toLabel(name)];
  return [
    ...(texts.length === 0 ? [] : [toLine([...label, ...texts])]),
    ...keys.filter((key) => !scalars.includes(key)).flatMap((key) => textLines(record[key], key)),
  ];
}

function toLabel(name: string): string {
  return escapeControls(name.toUpperCase());
}

function isNested(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function toLine(texts: readonly string[]): string {
  return `${texts.join("\t")}\n`;
}

/** Formats a scalar as Python does, and escapes tabs and line breaks, which would start another column or line. */
function scalarText(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return escapeControls(typeof value === "string" ? value : JSON.stringify(value));
}

/**
 * Formats a list of objects with a header, an object with only one list as that list, and other values by their
 * members.
 */
function formatAnyTable(value: unknown, surface: Surface): string {
  if (Array.isArray(value)) return formatListTable(value, surface);
  if (!isRecord(value)) return textLines(value).join("");
  const members = Object.entries(value);
  const [only] = members;
  return members.length === 1 && Array.isArray(only?.[1])
    ? formatListTable(only[1], surface)
    : formatCells(members, ["", ""], surface);
}

function formatListTable(items: readonly unknown[], surface: Surface): string {
  if (items.length > 0 && items.every(isRecord)) {
    const keys = [...new Set(items.flatMap(Object.keys))];
    const rows = items.map((item) =>
      keys.map((key) => (Object.hasOwn(item, key) ? (item[key] ?? "") : "")),
    );
    return formatCells(rows, keys.map(toLabel), surface);
  }
  const rows = items.map((item): unknown[] => (Array.isArray(item) ? item : [item]));
  const most = rows.reduce((count, row) => Math.max(count, row.length), 0);
  return formatCells(
    rows,
    Array.from({ length: most }, () => ""),
    surface,
  );
}

function formatCells(
  rows: ReadonlyArray<readonly unknown[]>,
  headers: readonly string[],
  surface: Surface,
): string {
  const cellText = (cell: unknown): string =>
    typeof cell === "string" ? cell : JSON.stringify(cell ?? null);
  return formatRows(
    headers.map((header, rank) => ({ header, rank })),
    rows.map((row) =>
      headers.map((_, column) => ({ text: row.length > column ? cellText(row[column]) : "" })),
    ),
    surface,
  );
}
