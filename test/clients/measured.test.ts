import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client } from "../../src/clients/family.ts";
import { findDeviation } from "./deviations.ts";
import { predict } from "./model.ts";
import { startNetwork, type Network } from "./network.ts";
import { READER_ROWS } from "./reader-rows.ts";
import { ROWS } from "./rows.ts";

/** The outcomes of the last measurement of the real clients (npm run measure:clients). */
type Measured = Readonly<Record<string, { readonly rows: Readonly<Record<string, string>> }>>;

const MEASURED = JSON.parse(
  readFileSync(join(import.meta.dirname, "measured.json"), "utf8"),
) as Measured;
/** Without the rows about which file is read: the model's input is text. */
const rows = [...ROWS, ...READER_ROWS].filter((row) => row.files === undefined);
const predictions = new Map<string, Record<Client, string>>();

beforeAll(async () => {
  const network: Network = await startNetwork();
  for (const row of rows) predictions.set(row.id, predict(network, row));
  await network.close();
});

afterAll(() => predictions.clear());

describe.each(Object.keys(MEASURED))("%s", (name) => {
  test("did what the model predicts, except for the deviations", () => {
    const measured = MEASURED[name]?.rows ?? {};
    const compared = rows.filter(({ id }) => measured[id] !== undefined);
    expect(compared.length).toBeGreaterThan(400);
    const differ = compared.flatMap(({ id }) => {
      const outcome = measured[id] ?? "";
      const said = predictions.get(id)?.[name as Client] ?? "";
      const done = outcome.startsWith("refuses: ") ? "refuses" : outcome;
      const isKnown = done === said || findDeviation(name, id, outcome) !== undefined;
      return isKnown ? [] : [`${id}: did ${outcome}, the model says ${said}`];
    });
    expect(differ).toEqual([]);
  });
});
