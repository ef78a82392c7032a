import { findValue, type ManagedProfile } from "./managed-profiles.ts";
import type { WantedName } from "./names.ts";

/** What a sync may change in a profile of ours: the values that it wrote itself, and keys that were never there. */

/** Keys and values in the order in which a new profile has them, and the keys that would contradict them. */
interface WantedKeys {
  readonly set: ReadonlyArray<readonly [key: string, value: string]>;
  readonly remove: readonly string[];
}

/** A profile as wanted: its name, its role, and its keys with the mark. */
export interface WantedProfileKeys extends WantedName {
  readonly keys: WantedKeys;
}

export interface KeyChange {
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

interface ReconciledKeys {
  readonly changes: readonly KeyChange[];
  /** What is remembered of the profile from now on. */
  readonly written: ReadonlyMap<string, string>;
}

/**
 * A value that differs from what was written is the user's and stays, as does a key that the user added, or took away.
 * Where one of those stands against the form that is wanted, the whole profile stays as it is.
 */
export function reconcileKeys(
  { section, written }: ManagedProfile,
  wanted: WantedKeys,
): ReconciledKeys {
  const changes: KeyChange[] = [];
  const remembered = new Map(written);
  for (const key of wanted.remove) {
    const before = findValue(section, key);
    if (before === undefined) continue;
    if (written?.get(key) !== before) return { changes: [], written: remembered };
    changes.push({ key, before, after: null });
  }
  for (const { key } of changes) remembered.delete(key);
  for (const [key, after] of wanted.set) {
    const before = findValue(section, key);
    const isOurs = written !== undefined && written.get(key) === before;
    if (before !== after && !isOurs) continue;
    if (before !== after) changes.push({ key, before: before ?? null, after });
    remembered.set(key, after);
  }
  return { changes, written: remembered };
}
