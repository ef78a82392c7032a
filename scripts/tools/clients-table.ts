// Writes the tables of docs/interop.md about real clients, from the measurements and from latchkey's model of the clients.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "../../src/clients/family.ts";
import { CLIENTS } from "../../test/clients/clients.ts";
import { findDeviation } from "../../test/clients/deviations.ts";
import type { Measured } from "../../test/clients/measure.ts";
import { predict } from "../../test/clients/model.ts";
import type { Network } from "../../test/clients/network.ts";
import { READER_ROWS } from "../../test/clients/reader-rows.ts";
import { ROWS } from "../../test/clients/rows.ts";
import { CHECKOUT } from "../../test/support/program.ts";

/** Writes both tables between their markers in the page. */
export function writeTables(measured: Measured, network: Network): void {
  const path = join(CHECKOUT, "docs", "interop.md");
  const text = readFileSync(path, "utf8");
  const marks = /(<!-- measured -->\n)[^]*(<!-- end of measured -->)/;
  if (!marks.test(text)) throw new Error("docs/interop.md has no place for the tables");
  const tables = `${formatVersions(measured, network)}\n\n${formatDifferences(measured)}\n`;
  writeFileSync(
    path,
    text.replace(marks, (_, start: string, end: string) => `${start}${tables}${end}`),
  );
}

const hideWords = (outcome: string): string => (/^refuses: /.test(outcome) ? "refuses" : outcome);

function formatVersions(measured: Measured, network: Network): string {
  const compared = [...ROWS, ...READER_ROWS].filter(({ files }) => files === undefined);
  const predicted = compared.map((row) => ({ id: row.id, said: predict(network, row) }));
  const lines = CLIENTS.flatMap(({ name: client }) => {
    if (measured[client] === undefined) return [];
    const { version, rows } = measured[client];
    const other = predicted.filter(({ id, said }) => {
      return hideWords(rows[id] ?? "") !== said[client as Client];
    });
    const known = other.filter(({ id }) => findDeviation(client, id, rows[id] ?? "") !== undefined);
    const counts = [predicted.length - other.length, known.length, other.length - known.length];
    return [`| ${client} | ${version} | ${counts.join(" | ")} |`];
  });
  return [
    "| client | version | as the model says | known to differ | wrong |",
    "|---|---|---|---|---|",
    ...lines,
  ].join("\n");
}

/** Returns a line for each identity that the clients resolve differently. */
function formatDifferences(measured: Measured): string {
  const lines = ROWS.flatMap(({ id }) => {
    const clients = CLIENTS.map(({ name }) => name).filter((name) => name in measured);
    const groups = Map.groupBy(clients, (client) => hideWords(measured[client]?.rows[id] ?? ""));
    if (groups.size < 2) return [];
    const [[most, many] = ["", []], ...others] = [...groups].toSorted(
      ([, one], [, other]) => other.length - one.length,
    );
    const rest = others.map(([outcome, few]) => `${outcome}: ${few.join(", ")}`);
    return [`| ${id} | ${most} (${many.length}) | ${rest.join("; ")} |`];
  });
  return ["| row | most clients | the others |", "|---|---|---|", ...lines].join("\n");
}
