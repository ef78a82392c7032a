import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer, Client } from "./clients.ts";
import type { Network } from "./network.ts";
import type { Row } from "./row.ts";

/** Client → its version, and row id → outcome. */
export type Measured = Record<string, { version: string; rows: Record<string, string> }>;
export const MEASURED_FILE = join(import.meta.dirname, "measured.json");

const AT_ONCE = 4;
/** The maximum number of characters of a refusal. */
const LONGEST = 400;

/** Returns this client's outcome of each row by id; rows.ts describes the form. */
export async function measure(
  client: Client,
  network: Network,
  rows: readonly Row[],
): Promise<Map<string, string>> {
  const work = mkdtempSync(join(tmpdir(), "latchkey-driver-"));
  const { ask, close } = client.open(network.emulator.url, work);
  const outcomes = new Map(rows.map(({ id }) => [id, ""]));
  const left = [...rows];
  const oneHome = client.hasOneHome === true ? join(work, "home") : undefined;
  const workers = Array.from({ length: oneHome === undefined ? AT_ONCE : 1 }, async () => {
    for (let row = left.shift(); row !== undefined; row = left.shift()) {
      const home = network.prepare(row, oneHome);
      const answer = await ask(home.env, row.profile, row.asksRegion);
      outcomes.set(row.id, network.redact(describe(network, row, answer), home.path));
      home.remove();
    }
  });
  try {
    await Promise.all(workers);
  } finally {
    close();
    rmSync(work, { recursive: true, force: true });
  }
  return outcomes;
}

function describe(network: Network, row: Row, { accessKeyId, ...answer }: Answer): string {
  if (accessKeyId === undefined || accessKeyId === "")
    return `refuses: ${(answer.error ?? "says nothing").replace(/\s+/g, " ").trim().slice(0, LONGEST)}`;
  const named = /^(STALE|FRESH)$/.test(answer.sessionToken ?? "");
  const token = named ? ` token ${answer.sessionToken}` : "";
  const region = row.asksRegion === true ? ` in ${escapeRegion(answer.region)}` : "";
  return network.describeKeys(accessKeyId) + token + region;
}

/** Escapes invisible characters. */
export function escapeRegion(region: string | null | undefined): string {
  if (!region) return "no region";
  return /^[\w-]+$/.test(region) ? region : escapeOdd(JSON.stringify(region));
}

function escapeOdd(text: string): string {
  return text.replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
