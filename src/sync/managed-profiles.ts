import type { ConfigDocument, ConfigSection } from "../aws-config/document.ts";
import type { ManagedMemory } from "../profiles/change/memory.ts";
import { summarizeProfile } from "../profiles/profile.ts";

/**
 * The profiles that `profiles sync` may change. They have latchkey's mark, a key that no AWS client reads. In them, a
 * sync changes only values that an earlier sync wrote. These values are recorded outside the config, so that any other
 * value is known to be the user's.
 */
export const MANAGED_KEY = "latchkey_managed";

export interface ManagedProfile {
  readonly name: string;
  readonly section: ConfigSection;
  readonly accountId: string | undefined;
  readonly roleName: string | undefined;
  /** undefined if nothing is recorded. Then every value counts as the user's. */
  readonly written: ReadonlyMap<string, string> | undefined;
}

/** Returns the mark in the section itself. A mark in `[DEFAULT]` does not count. */
export function formatMark(section: ConfigSection): string | undefined {
  return findValue(section, MANAGED_KEY);
}

export function findValue({ entries }: ConfigSection, key: string): string | undefined {
  return entries.findLast((entry) => entry.key === key)?.value;
}

/** Returns the profiles whose mark contains this session, in file order. */
export function findManagedProfiles(
  { sections }: ConfigDocument,
  session: string,
  memory: ManagedMemory,
): ManagedProfile[] {
  const last = new Map(
    sections.filter(({ type }) => type === "profile").map((section) => [section.name, section]),
  );
  return [...last.values()]
    .filter((section) => formatMark(section) === session)
    .map((section) => {
      const { accountId, roleName } = summarizeProfile(section);
      return {
        name: section.name,
        section,
        accountId,
        roleName,
        written: memory.get(section.name),
      };
    });
}

/**
 * Returns whether the user has changed nothing in the profile: every key has the recorded value, and there are no lines
 * between keys.
 */
export function isWhollyOurs({ section, written }: ManagedProfile): boolean {
  const { entries, line } = section;
  const isAsWritten =
    written !== undefined && entries.every(({ key, value }) => written.get(key) === value);
  return (
    isAsWritten &&
    entries.every((entry, index) => entry.line === (entries[index - 1]?.lastLine ?? line) + 1)
  );
}
