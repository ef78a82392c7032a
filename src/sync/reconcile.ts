import { findValue, type ManagedProfile } from "./managed-profiles.ts";
import type { WantedName } from "./names.ts";

/**
 * Decides which keys of a managed profile a sync may change: keys whose value a sync wrote, and keys that never existed.
 */

/** The keys and values in the order of a new profile, and the keys to remove because they would conflict. */
interface WantedKeys {
  readonly set: ReadonlyArray<readonly [key: string, value: string]>;
  readonly remove: readonly string[];
}

/** A wanted profile: its name, its role, and its keys with the mark. */
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
  /** The values to record after the sync. */
  readonly written: ReadonlyMap<string, string>;
}

/**
 * Leaves the user's edits unchanged: a changed value, an added key, a removed key. If an edit conflicts with the wanted
 * form, the whole profile stays unchanged.
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
