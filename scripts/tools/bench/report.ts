// Words of the race: the table, its reasons, the ratios that were aimed for.
import { IDENTITY_ALONE } from "./race.ts";

const COLUMNS = [
  ["hot", "hot, ms", 0],
  ["cold", "cold, ms", 0],
  ["storm", "at once, s", 1],
  ["listing", "listing, s", 1],
  ["start", "start-up, ms", 0],
  ["memory", "peak, MB", 0],
];

/** @returns markdown: a line for each contestant, and below it why something could not be measured, or is failed */
export function tableOf({ names, rows }) {
  const reasons = [];
  const referenceTo = (text) => {
    if (!reasons.includes(text)) reasons.push(text);
    return `<sup>${reasons.indexOf(text) + 1}</sup>`;
  };
  const cell = (key, digits, name) => {
    const { value, note, why, failed } = rows[key]?.get(name) ?? {};
    if (failed !== undefined) return `failed${referenceTo(failed)}`;
    if (why !== undefined) return `–${referenceTo(why)}`;
    return value === undefined
      ? ""
      : `${value.toFixed(digits)}${note === undefined ? "" : ` (${note})`}`;
  };
  const lines = names.map(
    (name) =>
      `| ${name} | ${COLUMNS.map(([key, , digits]) => cell(key, digits, name)).join(" | ")} |`,
  );
  return [
    `| | ${COLUMNS.map(([, title]) => title).join(" | ")} |`,
    `|---|${COLUMNS.map(() => "---:").join("|")}|`,
    ...lines,
    "",
    ...reasons.map((text, index) => `${index + 1}. ${text}`),
  ].join("\n");
}

/** @returns markdown: what a command of this program takes, in both forms, as multiples of the bare runtimes */
export function commandsTableOf(rows, [emptyName, bareName], [standaloneName, nodeName]) {
  const ratio = (row, name, baseline) =>
    typeof row.get(name) === "number"
      ? `${row.get(name).toFixed(0)} | ${(row.get(name) / row.get(baseline)).toFixed(2)}`
      : "failed | ";
  const lines = [...rows].map(
    ([command, row]) =>
      `| ${command === IDENTITY_ALONE ? command : `\`${command}\``} | ${ratio(row, standaloneName, emptyName)} | ${ratio(row, nodeName, bareName)} |`,
  );
  return [
    `| | standalone, ms | × ${emptyName} | on Node, ms | × ${bareName} |`,
    "|---|---:|---:|---:|---:|",
    ...lines,
  ].join("\n");
}

/** @returns markdown: the ratios that were aimed for, beside what this run measured */
export function goalsOf({ rows }, commandRows, [emptyName, bareName], [standaloneName, nodeName]) {
  const of = (key, name, baseline) =>
    (rows[key].get(name)?.value ?? NaN) / (rows[key].get(baseline)?.value ?? NaN);
  const worst = (name, baseline) =>
    Math.max(
      ...[...commandRows]
        .filter(([command]) => command !== IDENTITY_ALONE)
        .map(([, row]) => row.get(name) / row.get(baseline)),
    );
  const goals = [
    ["hot, standalone / empty executable", of("hot", standaloneName, emptyName), 1.4],
    ["hot, on Node / bare Node", of("hot", nodeName, bareName), 1.15],
    ["memory hot, standalone / empty executable", of("memory", standaloneName, emptyName), 1.15],
    ["memory hot, on Node / bare Node", of("memory", nodeName, bareName), 1.15],
    ["the slowest command, standalone / empty executable", worst(standaloneName, emptyName), 3.5],
    ["the slowest command, on Node / bare Node", worst(nodeName, bareName), 2.5],
  ];
  return [
    "| | measured | goal | |",
    "|---|---:|---:|---|",
    ...goals.map(
      ([what, measured, goal]) =>
        `| ${what} | ${measured.toFixed(2)} | ≤ ${goal} | ${measured <= goal ? "met" : "missed"} |`,
    ),
  ].join("\n");
}
