// Formats the race's results: the table, the reasons below it, and the target ratios.
import { IDENTITY_ALONE } from "./race.ts";
import { readValue, type Row } from "./samples.ts";

const COLUMNS = [
  { key: "hot", title: "hot, ms", digits: 0 },
  { key: "cold", title: "cold, ms", digits: 0 },
  { key: "storm", title: "at once, s", digits: 1 },
  { key: "listing", title: "listing, s", digits: 1 },
  { key: "start", title: "start-up, ms", digits: 0 },
  { key: "memory", title: "peak, MB", digits: 0 },
] as const;

export interface Table {
  /** The baselines and contestants, in the order of the table's lines. */
  readonly names: readonly string[];
  readonly rows: Readonly<Record<(typeof COLUMNS)[number]["key"], Row>>;
}

/** The two values to compare: latchkey in one form, and its runtime alone. */
export interface Pair {
  readonly title: string;
  readonly own: string;
  readonly baseline: string;
}

export interface Pairs {
  readonly standalone: Pair;
  readonly node: Pair;
}

/**
 * Returns Markdown: a table with a line for each contestant, and below it the reasons why something failed or was not
 * measured.
 */
export function formatTable({ names, rows }: Table): string {
  const reasons: string[] = [];
  const refer = (reason: string): string => {
    if (!reasons.includes(reason)) reasons.push(reason);
    return `<sup>${reasons.indexOf(reason) + 1}</sup>`;
  };
  const formatCell = (row: Row, digits: number, name: string): string => {
    const cell = row.get(name);
    if (cell === undefined) return "";
    if (cell.kind === "failed") return `failed${refer(cell.reason)}`;
    if (cell.kind === "unable") return `–${refer(cell.reason)}`;
    const note = cell.note === undefined ? "" : ` (${cell.note})`;
    return `${cell.value.toFixed(digits)}${note}`;
  };
  const lines = names.map((name) => {
    const cells = COLUMNS.map(({ key, digits }) => formatCell(rows[key], digits, name));
    return `| ${name} | ${cells.join(" | ")} |`;
  });
  return [
    `| | ${COLUMNS.map(({ title }) => title).join(" | ")} |`,
    `|---|${COLUMNS.map(() => "---:").join("|")}|`,
    ...lines,
    "",
    ...reasons.map((reason, index) => `${index + 1}. ${reason}`),
  ].join("\n");
}

/**
 * Returns Markdown: the durations of latchkey's commands, as standalone program and on Node, as multiples of the
 * runtime alone.
 */
export function formatCommandsTable(
  rows: ReadonlyMap<string, Row>,
  { standalone, node }: Pairs,
): string {
  const formatRatio = (row: Row, { own, baseline }: Pair): string => {
    const value = readValue(row, own);
    return value === undefined
      ? "failed | "
      : `${value.toFixed(0)} | ${divide(value, readValue(row, baseline)).toFixed(2)}`;
  };
  const lines = [...rows].map(([command, row]) => {
    const title = command === IDENTITY_ALONE ? command : `\`${command}\``;
    return `| ${title} | ${formatRatio(row, standalone)} | ${formatRatio(row, node)} |`;
  });
  return [
    `| | standalone, ms | × ${standalone.baseline} | on Node, ms | × ${node.baseline} |`,
    "|---|---:|---:|---:|---:|",
    ...lines,
  ].join("\n");
}

/** Returns Markdown: the target ratios, and the ratios of this run. */
export function formatGoals(
  { rows }: Table,
  commands: ReadonlyMap<string, Row>,
  { standalone, node }: Pairs,
): string {
  const compare = (row: Row, { own, baseline }: Pair): number =>
    divide(readValue(row, own), readValue(row, baseline));
  const findWorst = (pair: Pair): number =>
    Math.max(
      ...[...commands]
        .filter(([command]) => command !== IDENTITY_ALONE)
        .map(([, row]) => compare(row, pair)),
    );
  const goals = [
    formatGoal("hot", standalone, { measured: compare(rows.hot, standalone), goal: 1.4 }),
    formatGoal("hot", node, { measured: compare(rows.hot, node), goal: 1.15 }),
    formatGoal("memory hot", standalone, {
      measured: compare(rows.memory, standalone),
      goal: 1.15,
    }),
    formatGoal("memory hot", node, { measured: compare(rows.memory, node), goal: 1.15 }),
    formatGoal("the slowest command", standalone, { measured: findWorst(standalone), goal: 3.5 }),
    formatGoal("the slowest command", node, { measured: findWorst(node), goal: 2.5 }),
  ];
  return ["| | measured | goal | |", "|---|---:|---:|---|", ...goals].join("\n");
}

function formatGoal(
  what: string,
  { title }: Pair,
  { measured, goal }: { readonly measured: number; readonly goal: number },
): string {
  const verdict = measured <= goal ? "met" : "missed";
  return `| ${what}, ${title} | ${measured.toFixed(2)} | ≤ ${goal} | ${verdict} |`;
}

/** Returns NaN if one of the values was not measured. */
function divide(value: number | undefined, by: number | undefined): number {
  return (value ?? Number.NaN) / (by ?? Number.NaN);
}
