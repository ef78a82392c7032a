import { formatInstant } from "../text/instant.ts";
import { csv, createGrowingTable, table } from "../text/terminal.ts";

/** A command's list: one definition of its members gives the JSON, the CSV and the table. */

/** A member's value. JSON prints it as it is; the table and the CSV leave null blank. */
type Cell = string | number | boolean | null;

interface Column<Row, Value> {
  /** The column's name in the table; without one, only JSON and CSV have the member. */
  readonly header?: string | undefined;
  readonly value: (row: Row) => Value;
  /** What the table shows in place of the value. */
  readonly text?: (row: Row) => string;
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

/** What a reader of a list may ask for; not every list has CSV. */
export interface ListFlags {
  readonly json: boolean;
  readonly csv?: boolean;
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
export function formatCsv<Row>(columns: ColumnsOf<Row>, rows: readonly Row[]): string {
  return csv([Object.keys(columns)]) + formatCsvRows(columns, rows);
}

/** The same without the header, for rows that come one by one. */
export function formatCsvRows<Row>(columns: ColumnsOf<Row>, rows: readonly Row[]): string {
  const members = Object.values(columns);
  return csv(rows.map((row) => members.map(({ value }) => cellText(value(row)))));
}

export function formatTable<Row>(
  columns: ColumnsOf<Row>,
  rows: readonly Row[],
  width: number,
): string {
  const shown = tableColumns(columns);
  return table(
    shown.map(({ header }) => header),
    rows.map((row) => tableCells(shown, row)),
    width,
  );
}

/** Formats rows that come one by one; the header goes before the first. */
export function createRowFormatter<Row>(
  columns: ColumnsOf<Row>,
  width: number,
): (row: Row) => string {
  const shown = tableColumns(columns);
  const formatCells = createGrowingTable(
    shown.map(({ header }) => header),
    shown.map(({ leastWidth = 0 }) => leastWidth),
    width,
  );
  return (row) => formatCells(tableCells(shown, row));
}

type TableColumn<Row> = Column<Row, Cell> & { readonly header: string };

function tableColumns<Row>(columns: ColumnsOf<Row>): TableColumn<Row>[] {
  return Object.values(columns).flatMap(({ header, ...column }) =>
    header === undefined ? [] : [{ ...column, header }],
  );
}

function tableCells<Row>(shown: readonly TableColumn<Row>[], row: Row): string[] {
  return shown.map(({ value, text }) => text?.(row) ?? cellText(value(row)));
}

function cellText(cell: Cell): string {
  return cell === null ? "" : String(cell);
}

export function formatInstantOrNull(instant: Date | undefined): string | null {
  return instant === undefined ? null : formatInstant(instant);
}
