import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { isRecord, parseJson, textOrUndefined } from "../domain/narrow.ts";
import { printManagedMemory, readManagedMemory, type ManagedMemory } from "../domain/sync/managed-profiles.ts";
import { backupDirectory, lastChangePath, leftConfigPath, managedMemoryPath } from "./paths.ts";
import { replaceFile } from "./replace-file.ts";
import { ensurePrivateDirectory, ignoreErrors, readIfPresent, removeFile } from "./safe-file.ts";

/** What is remembered of a config apart from it, by its path: what a sync wrote there, and how to take the last change back. */

const MAX_MEMORY_BYTES = 64 * 1024 * 1024;

export function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Of the path as it is named, not of what a link leads to: the same file under two names has two memories, and neither is wrong. */
function memoryKey(configFile: string): string {
  return digest(Buffer.from(resolve(configFile), "utf8")).slice(0, 40);
}

/** What was written into the profiles of a config; nothing where nothing usable is remembered. */
export function loadManagedMemory(home: string, configFile: string): Map<string, Map<string, string>> {
  const stored = readStored(managedMemoryPath(home, memoryKey(configFile)));
  return readManagedMemory(stored["profiles"]);
}

/** @param left the config as the sync left it: taking that change back takes this memory back, too. */
export function saveManagedMemory(home: string, configFile: string, memory: ManagedMemory, left: Uint8Array | undefined): void {
  const path = managedMemoryPath(home, memoryKey(configFile));
  const stored = readStored(path);
  const profiles = printManagedMemory(memory);
  if (left === undefined && JSON.stringify(profiles) === JSON.stringify(stored["profiles"] ?? {})) return;
  const previous = left === undefined ? stored["previous"] : { left: digest(left), profiles: stored["profiles"] ?? {} };
  writeStored(path, { version: 1, configFile, profiles, ...(previous === undefined ? {} : { previous }) });
}

/** Puts back what was remembered before the sync that left the config so. Another command's change has changed no memory. */
export function restoreManagedMemory(home: string, configFile: string, leftDigest: string): void {
  const path = managedMemoryPath(home, memoryKey(configFile));
  const { previous } = readStored(path);
  if (!isRecord(previous) || previous["left"] !== leftDigest) return;
  writeStored(path, { version: 1, configFile, profiles: printManagedMemory(readManagedMemory(previous["profiles"])) });
}

interface ConfigVersions {
  /** Whether there was a file at all. */
  readonly existed: boolean;
  /** Name of the backup that was made; undefined where there was nothing to back up. */
  readonly backup: string | undefined;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** The last change of ours to a config, by the digests of what was and what it left. */
export interface LastChange {
  readonly existed: boolean;
  /** Path of the version before; undefined where it was empty or absent. */
  readonly backup: string | undefined;
  readonly before: string;
  readonly after: string;
}

/** Best effort: without it a change can't be taken back by a command, which must not keep it from being made. */
export function rememberChange(home: string, configFile: string, { existed, backup, before, after }: ConfigVersions): void {
  const key = memoryKey(configFile);
  ignoreErrors(() => {
    ensurePrivateDirectory(dirname(leftConfigPath(home, key)));
    // Not synced: it is used only where its digest is the one that is remembered, and it may be large.
    replaceFile(leftConfigPath(home, key), after, { mode: 0o600, isSynced: false });
    writeStored(lastChangePath(home, key), { version: 1, configFile, existed, ...(backup === undefined ? {} : { backup }), before: digest(before), after: digest(after) });
  });
}

export function lastChange(home: string, configFile: string): LastChange | undefined {
  const stored = readStored(lastChangePath(home, memoryKey(configFile)));
  const [before, after, name] = [textOrUndefined(stored["before"]), textOrUndefined(stored["after"]), textOrUndefined(stored["backup"])];
  if (before === undefined || after === undefined || typeof stored["existed"] !== "boolean") return undefined;
  if (name !== undefined && !/^config\.[\dTZ-]+\.[0-9a-f]{8}$/.test(name)) return undefined;
  return { existed: stored["existed"], before, after, backup: name === undefined ? undefined : join(backupDirectory(home), name) };
}

export function forgetChange(home: string, configFile: string): void {
  const key = memoryKey(configFile);
  removeFile(lastChangePath(home, key));
  removeFile(leftConfigPath(home, key));
}

/** The config as the last change left it, where that copy is still what it should be. */
export function leftConfig(home: string, configFile: string, { after }: LastChange): Uint8Array | undefined {
  const bytes = readIfPresent(leftConfigPath(home, memoryKey(configFile)), MAX_MEMORY_BYTES);
  return bytes !== undefined && digest(bytes) === after ? bytes : undefined;
}

function readStored(path: string): Record<string, unknown> {
  const bytes = readIfPresent(path, MAX_MEMORY_BYTES);
  const stored = bytes === undefined ? undefined : parseJson(bytes.toString("utf8"));
  return isRecord(stored) && stored["version"] === 1 ? stored : {};
}

function writeStored(path: string, value: object): void {
  ensurePrivateDirectory(dirname(path));
  replaceFile(path, `${JSON.stringify(value)}\n`, { mode: 0o600 });
}
