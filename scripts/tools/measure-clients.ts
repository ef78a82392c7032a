// Writes test/clients/measured.json: what came of each row with each client that is set up.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CLIENTS } from "../../test/clients/clients.ts";
import { measure } from "../../test/clients/measure.ts";
import { startNetwork } from "../../test/clients/network.ts";
import { ROWS } from "../../test/clients/rows.ts";

const FILE = join(import.meta.dirname, "../../test/clients/measured.json");
const wanted = process.argv.slice(2);
const measured = existsSync(FILE)
  ? (JSON.parse(readFileSync(FILE, "utf8")) as Record<string, unknown>)
  : {};
const network = await startNetwork();
for (const client of CLIENTS) {
  if (wanted.length > 0 && !wanted.includes(client.name)) continue;
  const missing = client.findMissing();
  if (missing !== undefined) {
    console.error(`${client.name}: left as it is, ${missing} is missing`);
    continue;
  }
  const started = Date.now();
  const rows = await measure(client, network, ROWS);
  measured[client.name] = { version: client.readVersion(), rows: Object.fromEntries(rows) };
  console.error(
    `${client.name}: ${rows.size} rows in ${Math.round((Date.now() - started) / 1000)} s`,
  );
}
await network.close();
writeFileSync(FILE, `${JSON.stringify(measured, null, 2)}\n`);
