import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { findSplice, type ByteSplice } from "./byte-splice.ts";
import { isRecord, parseJson } from "../text/json.ts";
import { backupDirectory, undoRecordPath, memoryPath } from "../fs/paths.ts";
import { replaceFile } from "../fs/replace.ts";
import { ensurePrivateDirectory, ignoreErrors, readIfPresent, removeFile } from "../fs/read.ts";

/** What is remembered of a config apart from it, by its path: what a sync wrote there, and how to take the last change back. */

/** A config of 64 MiB, all of it replaced by as much, as base64. */
const MAX_MEMORY_BYTES = 192 * 1024 * 1024;

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Of the path as it is named, not of what a link leads to: the same file under two names has two memories, and neither is wrong. */
function memoryKey(configFile: string): string {
  return digest(Buffer.from(resolve(configFile), "utf8")).slice(0, 40);
}

/** What was written into the profiles of a config; nothing where nothing usable is remembered. */
export function readManagedMemory(
  home: string,
  configFile: string,
): Map<string, Map<string, string>> {
  const stored = readStored(memoryPath(home, memoryKey(configFile)));
  return parseManagedMemory(stored["profiles"]);
}

/** @param left the config as the sync left it: taking that change back takes this memory back, too. */
export function writeManagedMemory(
  home: string,
  configFile: string,
  memory: ManagedMemory,
  left: Uint8Array | undefined,
): void {
  const path = memoryPath(home, memoryKey(configFile));
  const stored = readStored(path);
  const profiles = formatManagedMemory(memory);
  if (left === undefined && JSON.stringify(profiles) === JSON.stringify(stored["profiles"] ?? {}))
    return;
  const previous =
    left === undefined
      ? stored["previous"]
      : { left: digest(left), profiles: stored["profiles"] ?? {} };
  writeStored(path, { configFile, profiles, ...(previous === undefined ? {} : { previous }) });
}

/** Puts back what was remembered before the sync that left the config so. Another command's change has changed no memory. */
export function restoreManagedMemory(home: string, configFile: string, left: Uint8Array): void {
  const path = memoryPath(home, memoryKey(configFile));
  const { previous } = readStored(path);
  if (!isRecord(previous) || previous["left"] !== digest(left)) return;
  writeStored(path, {
    configFile,
    profiles: formatManagedMemory(parseManagedMemory(previous["profiles"])),
  });
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
  /** What stood where the splice is. */
  readonly gone: Uint8Array;
}

/** Best effort: without it a change can't be taken back by a command, which must not keep it from being made. */
export function writeLastChange(
  home: string,
  configFile: string,
  { existed, backup, before, after }: ConfigVersions,
): void {
  const { start, end, bytes } = findSplice(before, after);
  const change = {
    existed,
    ...(backup === undefined ? {} : { backup }),
    start,
    gone: encodeBase64(before.subarray(start, end)),
    come: encodeBase64(bytes),
  };
  // Not synced: of a part that a power cut left, nothing is made.
  ignoreErrors(() =>
    writeStored(
      undoRecordPath(home, memoryKey(configFile)),
      { configFile, ...change },
      { isSynced: false },
    ),
  );
}

export function readLastChange(home: string, configFile: string): LastChange | undefined {
  const {
    existed,
    backup: name,
    start,
    gone,
    come,
  } = readStored(undoRecordPath(home, memoryKey(configFile)));
  if (
    typeof existed !== "boolean" ||
    typeof start !== "number" ||
    typeof gone !== "string" ||
    typeof come !== "string"
  )
    return undefined;
  if (
    name !== undefined &&
    !(typeof name === "string" && /^config\.[\dTZ-]+\.[0-9a-f]{8}$/.test(name))
  )
    return undefined;
  const was = Buffer.from(gone, "base64");
  return {
    existed,
    backup: name === undefined ? undefined : join(backupDirectory(home), name),
    splice: { start, end: start + was.length, bytes: Buffer.from(come, "base64") },
    gone: was,
  };
}

function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

export function removeLastChange(home: string, configFile: string): void {
  removeFile(undoRecordPath(home, memoryKey(configFile)));
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

/** Profile → key → the value last written there. */
export type ManagedMemory = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Only what has the right shape: a memory that is damaged is no memory, and then nothing is changed that is there. */
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
