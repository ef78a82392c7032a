import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { spliceBetween, type ByteSplice } from "../domain/byte-splice.ts";
import { isRecord, parseJson } from "../domain/narrow.ts";
import { printManagedMemory, readManagedMemory, type ManagedMemory } from "../domain/sync/managed-profiles.ts";
import { backupDirectory, lastChangePath, managedMemoryPath } from "./paths.ts";
import { replaceFile } from "./replace-file.ts";
import { ensurePrivateDirectory, ignoreErrors, readIfPresent, removeFile } from "./safe-file.ts";

/** What is remembered of a config apart from it, by its path: what a sync wrote there, and how to take the last change back. */

/** A config of 64 MiB, all of it written anew, as base64. */
const MAX_MEMORY_BYTES = 96 * 1024 * 1024;

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
  writeStored(path, { configFile, profiles, ...(previous === undefined ? {} : { previous }) });
}

/** Puts back what was remembered before the sync that left the config so. Another command's change has changed no memory. */
export function restoreManagedMemory(home: string, configFile: string, leftDigest: string): void {
  const path = managedMemoryPath(home, memoryKey(configFile));
  const { previous } = readStored(path);
  if (!isRecord(previous) || previous["left"] !== leftDigest) return;
  writeStored(path, { configFile, profiles: printManagedMemory(readManagedMemory(previous["profiles"])) });
}

interface ConfigVersions {
  /** Whether there was a file at all. */
  readonly existed: boolean;
  /** Name of the backup that was made; undefined where there was nothing to back up. */
  readonly backup: string | undefined;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** The last change of ours to a config: where the version before is, and what the change put where. */
export interface LastChange {
  readonly existed: boolean;
  /** Path of the version before; undefined where it was empty or absent. */
  readonly backup: string | undefined;
  readonly splice: ByteSplice;
  /** Digest of what the change left. */
  readonly left: string;
}

/** Best effort: without it a change can't be taken back by a command, which must not keep it from being made. */
export function rememberChange(home: string, configFile: string, { existed, backup, before, after }: ConfigVersions): void {
  const { start, end, bytes } = spliceBetween(before, after);
  const change = { existed, ...(backup === undefined ? {} : { backup }), start, end, bytes: Buffer.from(bytes).toString("base64"), left: digest(after) };
  // Not synced: of a part that a power cut left, nothing is made.
  ignoreErrors(() => writeStored(lastChangePath(home, memoryKey(configFile)), { configFile, ...change }, { isSynced: false }));
}

export function lastChange(home: string, configFile: string): LastChange | undefined {
  const { existed, backup: name, start, end, bytes, left } = readStored(lastChangePath(home, memoryKey(configFile)));
  if (typeof existed !== "boolean" || typeof start !== "number" || typeof end !== "number" || typeof bytes !== "string" || typeof left !== "string") return undefined;
  if (name !== undefined && !(typeof name === "string" && /^config\.[\dTZ-]+\.[0-9a-f]{8}$/.test(name))) return undefined;
  return { existed, backup: name === undefined ? undefined : join(backupDirectory(home), name), splice: { start, end, bytes: Buffer.from(bytes, "base64") }, left };
}

export function forgetChange(home: string, configFile: string): void {
  removeFile(lastChangePath(home, memoryKey(configFile)));
}

function readStored(path: string): Record<string, unknown> {
  const bytes = readIfPresent(path, MAX_MEMORY_BYTES);
  const stored = bytes === undefined ? undefined : parseJson(bytes.toString("utf8"));
  return isRecord(stored) && stored["version"] === 1 ? stored : {};
}

function writeStored(path: string, value: object, { isSynced } = { isSynced: true }): void {
  ensurePrivateDirectory(dirname(path));
  replaceFile(path, `${JSON.stringify({ version: 1, ...value })}\n`, { mode: 0o600, isSynced });
}
