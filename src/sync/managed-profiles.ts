import type { ConfigDocument, ConfigSection } from "../aws-config/document.ts";
import type { ManagedMemory } from "../profiles/change/memory.ts";
import { summarizeProfile } from "../profiles/profile.ts";

/**
 * Which profiles `profiles sync` may change: those that carry its mark, a key that no AWS client reads, and in them the
 * values that it wrote itself. What it wrote last is remembered apart from the config, so that whatever differs from it
 * is known to be the user's.
 */
export const MANAGED_KEY = "latchkey_managed";

export interface ManagedProfile {
  readonly name: string;
  readonly section: ConfigSection;
  readonly accountId: string | undefined;
  readonly roleName: string | undefined;
  /** undefined where nothing is remembered: then every value counts as the user's. */
  readonly written: ReadonlyMap<string, string> | undefined;
}

/** The section that counts for a name, without what `[DEFAULT]` lends it: nobody lends a mark. */
export function formatMark(section: ConfigSection): string | undefined {
  return findValue(section, MANAGED_KEY);
}

export function findValue({ entries }: ConfigSection, key: string): string | undefined {
  return entries.findLast((entry) => entry.key === key)?.value;
}

/** The profiles that carry the mark of one session, in the file's order. */
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

/** Nothing in it is the user's: every key and value is as it was written, and no comment stands between them. */
export function isWhollyOurs({ section, written }: ManagedProfile): boolean {
  const { entries, line } = section;
  const isAsWritten =
    written !== undefined && entries.every(({ key, value }) => written.get(key) === value);
  return (
    isAsWritten &&
    entries.every((entry, index) => entry.line === (entries[index - 1]?.lastLine ?? line) + 1)
  );
}
