import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client as ClientName } from "../../src/clients/family.ts";
import { CLIENTS } from "./clients.ts";
import { findDeviation } from "./deviations.ts";
import { measure } from "./measure.ts";
import { predict } from "./model.ts";
import { startNetwork, type Network } from "./network.ts";
import { READER_ROWS } from "./reader-rows.ts";
import { isQuick, ROWS } from "./rows.ts";

/** Runs every row with every installed client, and compares it with the model. */
const quick = process.env["LATCHKEY_TEST_QUICK"] === "1";
const isAsked = quick ? isQuick : () => true;
/** In a quick run, only the clients that setup:interop installs. */
const asked = CLIENTS.filter(({ name }) => !quick || !["java", "rust"].includes(name));
/** Without the rows about which file is read: the model's input is text. */
const rows = [...ROWS, ...READER_ROWS].filter((row) => row.files === undefined && isAsked(row));
const present = asked.filter((client) => client.findMissing() === undefined);
const outcomes = new Map<string, ReadonlyMap<string, string>>();
const deviating = new Map<string, number>();
let network: Network;

beforeAll(async () => {
  network = await startNetwork();
  for (const client of present) outcomes.set(client.name, await measure(client, network, rows));
});

afterAll(async () => {
  await network.close();
  const lines = present.map(
    ({ name, readVersion }) =>
      `${name.padEnd(10)} ${rows.length} rows, ${deviating.get(name) ?? 0} known to differ   ${readVersion()}`,
  );
  console.log(["", "clients", ...lines].join("\n"));
});

for (const client of asked) {
  const missing = client.findMissing();
  if (missing !== undefined)
    test.skip(
      `${client.name} does as the model says [left out: ${missing} is missing, npm run setup:clients]`,
    );
}

test.each(rows)("every client does what the model predicts: $id", (row) => {
  const predicted = predict(network, row);
  const real: Record<string, string> = {};
  const model: Record<string, string> = {};
  for (const { name } of present) {
    const outcome = outcomes.get(name)?.get(row.id) ?? "";
    const said = predicted[name as ClientName];
    const done = outcome.startsWith("refuses: ") ? "refuses" : outcome;
    if (done !== said && findDeviation(name, row.id, outcome) !== undefined) {
      deviating.set(name, (deviating.get(name) ?? 0) + 1);
    } else {
      real[name] = done;
      model[name] = said;
    }
  }
  expect(model).toEqual(real);
});
