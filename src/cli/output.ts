import { usageError } from "../errors.ts";
import { formatInstant } from "../text/instant.ts";
import type { Tone } from "../text/paint.ts";
import {
  createGrowingRows,
  formatRows,
  isOnTerminal,
  type Surface,
  type TableCell,
  type TableColumn,
} from "../text/table.ts";
import { csv } from "../text/terminal.ts";
import type { Format } from "./formats.ts";

/** A command's list: one definition of its members gives the JSON, the CSV and the table. */

/** A member's value. JSON prints it as it is; the table and the CSV leave null blank. */
type Cell = string | number | boolean | null;

interface Column<Row, Value> {
  /** The column's name in the table; without one, only JSON and CSV have the member. */
  readonly header?: string | undefined;
  readonly value: (row: Row) => Value;
  /** What the table shows in place of the value. */
  readonly text?: (row: Row) => string;
  /** The colour of its state, where it is one. */
  readonly tone?: (row: Row) => Tone | undefined;
  /** Which goes first where a terminal is too narrow for all: the highest. By default a column goes before those on its left. */
  readonly rank?: number;
  /** Width from the start in a table whose rows come one by one. */
  readonly leastWidth?: number;
}

/**
 * A column for each member of a row's JSON object, in the order in which they are printed. The key is the member's name
 * in JSON and the header in CSV.
 */
export type ColumnsOf<Row> = Readonly<Record<string, Column<Row, Cell>>>;

/** What JSON has of a row by its columns. */
export type RowJson<C> = {
  readonly [Key in keyof C]: C[Key] extends { value: (row: never) => infer Value } ? Value : never;
};

/** Columns of rows whose JSON is known beforehand. */
export type Columns<Row, Json> = {
  readonly [Key in keyof Json]-?: Column<Row, Json[Key]>;
};

/** How a value may be asked for. */
export interface FormatFlags {
  readonly json: boolean;
  readonly output?: Format | undefined;
  readonly query?: string | undefined;
}

/** What a reader of a list may ask for; not every list has all of it. */
export interface ListFlags extends FormatFlags {
  readonly csv?: boolean;
}

/** Names of AWS commands under which a command prints what that one prints. */
const AWS_NAMES: ReadonlySet<string> = new Set([
  "configure:list-profiles",
  "sso:list-accounts",
  "sso:list-account-roles",
  "sts:get-caller-identity",
]);

export function isAwsName(id: string): boolean {
  return AWS_NAMES.has(id);
}

/** What the AWS command prints. */
export interface AwsOutput {
  /** What --query sees. */
  readonly value: unknown;
  /** Where it is no JSON. */
  readonly text?: string;
}

type PrintPlan =
  | { readonly kind: "json"; readonly text?: undefined }
  /** Undefined: the command's own. */
  | { readonly kind: "text"; readonly text?: () => string }
  | {
      readonly kind: "format";
      readonly format: Format;
      readonly query: string | undefined;
      /** Of JSON. */
      readonly indent: number;
    };

/** @param aws what the AWS command prints by whose name this one was called. */
export function planPrint(
  { json, output, query }: FormatFlags,
  aws: Pick<AwsOutput, "text"> | undefined,
): PrintPlan {
  const indent = aws === undefined ? 2 : 4;
  if (query !== undefined) return { kind: "format", format: output ?? "json", query, indent };
  if (json) return { kind: "json" };
  if (aws === undefined && (output ?? "table") === "table") return { kind: "text" };
  const { text } = aws ?? {};
  if (output === undefined && text !== undefined) return { kind: "text", text: () => text };
  return { kind: "format", format: output ?? "json", query, indent };
}

/** @throws LatchkeyError USAGE where two flags name two formats. */
export function checkFormatFlags({ json, csv = false, output, query }: ListFlags): void {
  const isAsked = output !== undefined || query !== undefined;
  const other = output ?? "json";
  if (json && other !== "json")
    throw usageError(
      `--json and --output ${other} contradict each other.`,
      "Leave one of them out.",
    );
  if (csv && isAsked)
    throw usageError(
      `--csv and ${output === undefined ? "--query" : `--output ${output}`} contradict each other.`,
      "Leave one of them out.",
    );
}

export function toJsonRows<Row, C extends ColumnsOf<Row>>(
  columns: C,
  rows: readonly Row[],
): RowJson<C>[] {
  const members = Object.entries(columns);
  return rows.map(
    (row) => Object.fromEntries(members.map(([key, { value }]) => [key, value(row)])) as RowJson<C>,
  );
}

/** RFC 4180, with the header. */
export function formatCsv<Row>(
  columns: ColumnsOf<Row>,
  rows: readonly Row[],
  surface: Surface,
): string {
  const header = csv([Object.keys(columns)], isOnTerminal(surface));
  return header + formatCsvRows(columns, rows, surface);
}

/** The same without the header, for rows that come one by one. */
export function formatCsvRows<Row>(
  columns: ColumnsOf<Row>,
  rows: readonly Row[],
  surface: Surface,
): string {
  const members = Object.values(columns);
  const cells = rows.map((row) => members.map(({ value }) => cellText(value(row))));
  return csv(cells, isOnTerminal(surface));
}

export function formatTable<Row>(
  columns: ColumnsOf<Row>,
  rows: readonly Row[],
  surface: Surface,
): string {
  const shown = listShown(columns);
  return formatRows(
    shown,
    rows.map((row) => toCells(shown, row)),
    surface,
  );
}

/** Formats rows that come one by one; the header goes before the first. */
export function createRowFormatter<Row>(
  columns: ColumnsOf<Row>,
  surface: Surface,
): (row: Row) => string {
  const shown = listShown(columns);
  const formatCells = createGrowingRows(shown, surface);
  return (row) => formatCells(toCells(shown, row));
}

type ShownColumn<Row> = Omit<Column<Row, Cell>, "header" | "rank"> & TableColumn;

function listShown<Row>(columns: ColumnsOf<Row>): ShownColumn<Row>[] {
  return Object.values(columns).flatMap(({ header, ...column }, index) =>
    header === undefined ? [] : [{ rank: index, ...column, header }],
  );
}

function toCells<Row>(shown: ReadonlyArray<ShownColumn<Row>>, row: Row): TableCell[] {
  return shown.map(({ value, text, tone }) => ({
    text: text?.(row) ?? cellText(value(row)),
    tone: tone?.(row),
  }));
}

function cellText(cell: Cell): string {
  return cell === null ? "" : String(cell);
}

export function formatInstantOrNull(instant: Date | undefined): string | null {
  return instant === undefined ? null : formatInstant(instant);
}
