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

/** Prints a command's list: one definition of its members gives the JSON, the CSV and the table. */

/** A member's value. JSON prints it unchanged; null is blank in the table and the CSV. */
type Cell = string | number | boolean | null;

interface Column<Row, Value> {
  /** The column's name in the table; a member without one appears only in JSON and CSV. */
  readonly header?: string | undefined;
  readonly value: (row: Row) => Value;
  /** The text that the table shows instead of the value. */
  readonly text?: (row: Row) => string;
  /** The colour, if the value is a state. */
  readonly tone?: (row: Row) => Tone | undefined;
  /**
   * On a narrow terminal the column with the highest rank is dropped first. By default the rightmost column is dropped
   * first.
   */
  readonly rank?: number;
  /** Minimum width in a table whose rows are printed one by one. */
  readonly leastWidth?: number;
}

/**
 * A column for each member of a row's JSON object, in printing order. The key is the member's name in JSON and the
 * header in CSV.
 */
export type ColumnsOf<Row> = Readonly<Record<string, Column<Row, Cell>>>;

/** The JSON of a row, derived from its columns. */
export type RowJson<C> = {
  readonly [Key in keyof C]: C[Key] extends { value: (row: never) => infer Value } ? Value : never;
};

/** Columns for rows whose JSON type is already defined. */
export type Columns<Row, Json> = {
  readonly [Key in keyof Json]-?: Column<Row, Json[Key]>;
};

/** The flags for the output format. */
export interface FormatFlags {
  readonly json: boolean;
  readonly output?: Format | undefined;
  readonly query?: string | undefined;
}

/** The format flags of lists; not every list has all of them. */
export interface ListFlags extends FormatFlags {
  readonly csv?: boolean;
}

/** Names of AWS CLI commands. A command called by one of them prints what that AWS command prints. */
const AWS_NAMES: ReadonlySet<string> = new Set([
  "configure:list-profiles",
  "sso:list-accounts",
  "sso:list-account-roles",
  "sts:get-caller-identity",
]);

export function isAwsName(id: string): boolean {
  return AWS_NAMES.has(id);
}

/** The output of the AWS command. */
export interface AwsOutput {
  /** The value that --query is applied to. */
  readonly value: unknown;
  /** The text, if the output is not JSON. */
  readonly text?: string;
}

type PrintPlan =
  | { readonly kind: "json"; readonly text?: undefined }
  /** Undefined: the command's own text. */
  | { readonly kind: "text"; readonly text?: () => string }
  | {
      readonly kind: "format";
      readonly format: Format;
      readonly query: string | undefined;
      /** For JSON. */
      readonly indent: number;
    };

/** Returns in which form to print. @param aws The output of the AWS command, if this command was called by its name. */
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

/** @throws LatchkeyError USAGE if two flags select different formats. */
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

/** Returns CSV (RFC 4180) with a header. */
export function formatCsv<Row>(
  columns: ColumnsOf<Row>,
  rows: readonly Row[],
  surface: Surface,
): string {
  const header = csv([Object.keys(columns)], isOnTerminal(surface));
  return header + formatCsvRows(columns, rows, surface);
}

/** Returns CSV without a header, for rows that are printed one by one. */
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

/** Formats rows that are printed one by one; the header comes before the first row. */
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
