import { configKey, digest, KEPT_STEPS } from "../../aws-config/undo-record.ts";
import { isRecord, type PlainRecord } from "../../text/json.ts";
import { memoryPath } from "../../fs/paths.ts";
import { writeSecretFile } from "../../fs/replace.ts";
import { readCacheJson } from "../../fs/read.ts";

/**
 * Records the values that syncs wrote into the profiles of a config. Undoing a sync also restores the record from
 * before that sync.
 */

/** The maximum size of the record: enough for ten syncs with thousands of profiles each. */
const MAX_MEMORY_BYTES = 64 * 1024 * 1024;

/** For each profile and each of its keys, the value that a sync last wrote. */
export type ManagedMemory = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Returns the values that syncs wrote into the profiles of a config. Empty if the record is missing or damaged. */
export function readManagedMemory(
  home: string,
  configFile: string,
): Map<string, Map<string, string>> {
  return parseManagedMemory(readStored(home, configFile)["profiles"]);
}

/** Returns whether the record has these values. */
export function isRecorded(home: string, configFile: string, memory: ManagedMemory): boolean {
  const { profiles = {} } = readStored(home, configFile);
  return JSON.stringify(profiles) === JSON.stringify(formatManagedMemory(memory));
}

/** @param left the config after the sync. If that sync is undone, the earlier record is restored. */
export function writeManagedMemory(
  home: string,
  configFile: string,
  memory: ManagedMemory,
  left: Uint8Array | undefined,
): void {
  if (left === undefined && isRecorded(home, configFile, memory)) return;
  const stored = readStored(home, configFile);
  const before = stored["profiles"] ?? {};
  const profiles = formatManagedMemory(memory);
  const earlier = listEarlier(stored);
  const previous =
    left === undefined ? earlier : [...earlier, { left: digest(left), profiles: before }];
  writeStored(home, configFile, { profiles, previous: previous.slice(-KEPT_STEPS) });
}

/**
 * Restores the record from before a sync. Does nothing if another command made the change.
 * @param left the config after the change that is undone.
 */
export function restoreManagedMemory(home: string, configFile: string, left: Uint8Array): void {
  const earlier = listEarlier(readStored(home, configFile));
  const hash = digest(left);
  const at = earlier.findLastIndex((memory) => memory["left"] === hash);
  if (at === -1) return;
  const profiles = formatManagedMemory(parseManagedMemory(earlier[at]?.["profiles"]));
  writeStored(home, configFile, { profiles, previous: earlier.slice(0, at) });
}

/** Returns the records from before the last syncs, the oldest first. latchkey 0.1 stored only one. */
function listEarlier({ previous }: PlainRecord): PlainRecord[] {
  const all: unknown[] = Array.isArray(previous) ? previous : [previous];
  return all.filter(isRecord);
}

function readStored(home: string, configFile: string): PlainRecord {
  const stored = readCacheJson(memoryPath(home, configKey(configFile)), MAX_MEMORY_BYTES);
  return isRecord(stored) && stored["version"] === 1 ? stored : {};
}

function writeStored(home: string, configFile: string, value: PlainRecord): void {
  const text = `${JSON.stringify({ version: 1, configFile, ...value })}\n`;
  writeSecretFile(memoryPath(home, configKey(configFile)), text);
}

/** Returns the valid part of a record. A damaged record counts as empty; then a sync changes no existing key. */
export function parseManagedMemory(stored: unknown): Map<string, Map<string, string>> {
  if (!isRecord(stored)) return new Map();
  return new Map(
    Object.entries(stored).flatMap(([name, values]) => {
      if (!isRecord(values)) return [];
      const texts = Object.entries(values).flatMap(([key, value]) =>
        typeof value === "string" ? [[key, value] as const] : [],
      );
      return [[name, new Map(texts)] as const];
    }),
  );
}

export function formatManagedMemory(memory: ManagedMemory): Record<string, Record<string, string>> {
  return Object.fromEntries(
    [...memory].map(([name, values]) => [name, Object.fromEntries(values)]),
  );
}
