// Writes test/clients/measured.json: the result of each row with each client that is installed.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { CLIENTS } from "../../test/clients/clients.ts";
import { MEASURED_FILE, measure, type Measured } from "../../test/clients/measure.ts";
import { startNetwork } from "../../test/clients/network.ts";
import { READER_ROWS } from "../../test/clients/reader-rows.ts";
import { ROWS } from "../../test/clients/rows.ts";
import { USER_PROGRAMS } from "../../test/clients/situations/programs.ts";
import { takeSamples, writeSamples } from "../../test/clients/situations/samples.ts";
import { SITUATIONS } from "../../test/clients/situations/situations.ts";
import { readOptions } from "../options.ts";
import { writeTables } from "./clients-table.ts";

const { values, words } = readOptions({
  help: `
Usage: npm run measure:clients [-- OPTION... CLIENT...]

Asks the named clients, or all that are set up (npm run setup:clients), for the
credentials of each row of test/clients. Writes the results to
test/clients/measured.json and to the tables of docs/interop.md. The results of
clients that are not set up stay unchanged.

  --missing     only the rows that the file does not have
  --situations  instead, write the output of each client in each situation of
                test/clients/situations to test/explain/samples/measured.json
  -h, --help    print this help`,
  options: { missing: { type: "boolean" }, situations: { type: "boolean" } },
  words: USER_PROGRAMS.length,
});

if (values.situations === true) {
  await measureSituations();
  process.exit();
}

const measured: Measured = existsSync(MEASURED_FILE)
  ? (JSON.parse(readFileSync(MEASURED_FILE, "utf8")) as Measured)
  : {};
const network = await startNetwork();
for (const client of CLIENTS) {
  if (words.length > 0 && !words.includes(client.name)) continue;
  const missing = client.findMissing();
  if (missing !== undefined) {
    console.error(`${client.name}: unchanged, because ${missing} is missing`);
    continue;
  }
  const known = values.missing === true ? (measured[client.name]?.rows ?? {}) : {};
  const all = [...ROWS, ...READER_ROWS];
  const started = Date.now();
  const fresh = await measure(
    client,
    network,
    all.filter(({ id }) => known[id] === undefined),
  );
  const rows = Object.fromEntries(all.map(({ id }) => [id, fresh.get(id) ?? known[id] ?? ""]));
  measured[client.name] = { version: client.readVersion(), rows };
  const ordered = CLIENTS.flatMap(({ name }) => {
    const one = measured[name];
    return one === undefined ? [] : [[name, one] as const];
  });
  writeFileSync(MEASURED_FILE, `${JSON.stringify(Object.fromEntries(ordered), null, 2)}\n`);
  const seconds = Math.round((Date.now() - started) / 1000);
  console.error(`${client.name}: ${fresh.size} rows in ${seconds} s`);
}
writeTables(measured, network);
await network.close();

async function measureSituations(): Promise<void> {
  const asked = USER_PROGRAMS.filter(({ client }) => words.length === 0 || words.includes(client));
  for (const client of new Set(asked.map((program) => program.client))) {
    const programs = asked.filter((program) => program.client === client);
    const missing = programs[0]?.findMissing();
    if (missing !== undefined) {
      console.error(`${client}: unchanged, because ${missing} is missing`);
      continue;
    }
    const started = Date.now();
    const samples = await takeSamples(SITUATIONS, programs);
    writeSamples(samples, programs);
    const seconds = Math.round((Date.now() - started) / 1000);
    console.error(`${client}: ${samples.length} messages in ${seconds} s`);
  }
}
