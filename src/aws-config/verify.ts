import { LatchkeyError } from "../errors.ts";
import type { ConfigDocument, ConfigEntry, ConfigSection } from "./document.ts";
import type { ConfigChange } from "./edit.ts";
import { headerText } from "./header.ts";
import { isBlankLine, removeLineBreak } from "./text.ts";

/** What changes, by section and by key. */
type Plan = ReadonlyMap<string, ReadonlyMap<string, ConfigChange>>;
/** By identity; those of one in the file's order. */
type Sections = ReadonlyMap<string, readonly ConfigSection[]>;

/**
 * The proof before a config is written, made from the two versions alone and not from how the edit was done: both are
 * read whole; what they say differs by the changes and nothing else, and every line that is no part of a changed key is
 * the same.
 * @param removed sections that are gone; no other may go.
 * @throws LatchkeyError BUG; nothing has been written then.
 */
export function verifyEdit(
  before: ConfigDocument,
  after: ConfigDocument,
  changes: readonly ConfigChange[],
  removed: readonly string[] = [],
): void {
  const planned = planChanges(changes, removed);
  const gone = new Set(removed);
  const [old, fresh] = [groupByIdentity(before), groupByIdentity(after)];
  for (const section of new Set([...old.keys(), ...fresh.keys(), ...planned.keys()])) {
    const [was, is] = [old.get(section) ?? [], fresh.get(section) ?? []];
    const keys = planned.get(section);
    const edited = keys === undefined ? undefined : findLastIndex(was, is);
    proveSame(section, was, is, edited);
    if (keys === undefined || edited === undefined) continue;

    const isLost = was[edited] !== undefined && is[edited] === undefined;
    if (isLost && !gone.has(section)) throw proofError(`[${section}] would be gone`);
    proveSection(section, keys, was[edited]?.entries ?? [], is[edited]?.entries);
  }
  const kept = listForeignLines(before, listOwnLines(old, fresh, planned));
  if (!isSameText(kept, listForeignLines(after, listOwnLines(fresh, old, planned))))
    throw proofError("lines around the change would change, too");
}

/** Where a name stands twice, the last counts, and it alone may be edited. */
function findLastIndex(was: readonly ConfigSection[], is: readonly ConfigSection[]): number {
  return Math.max(was.length, is.length) - 1;
}

function planChanges(changes: readonly ConfigChange[], removed: readonly string[]): Plan {
  const planned = new Map(removed.map((section) => [section, new Map<string, ConfigChange>()]));
  for (const change of changes) {
    const keys = planned.get(change.section) ?? new Map<string, ConfigChange>();
    planned.set(change.section, keys.set(change.key, change));
  }
  return planned;
}

/** As `ConfigChange.section` names them; sections that are never edited are named by their header, in brackets. */
function groupByIdentity({ sections }: ConfigDocument): Sections {
  return Map.groupBy(sections, (section) =>
    section.type === "other" ? `[${section.place.header}]` : headerText(section),
  );
}

/** @param edited the index of the one that may differ. */
function proveSame(
  section: string,
  was: readonly ConfigSection[],
  is: readonly ConfigSection[],
  edited: number | undefined,
): void {
  for (let index = 0; index < Math.max(was.length, is.length); index += 1) {
    const [old, fresh] = [was[index], is[index]];
    const isSame =
      old !== undefined && fresh !== undefined && isSameReading(old.entries, fresh.entries);
    if (index !== edited && !isSame) throw proofError(`[${section}] would change, too`);
  }
}

function isSameReading(was: readonly ConfigEntry[], is: readonly ConfigEntry[]): boolean {
  return (
    was.length === is.length &&
    was.every(({ key, value }, index) => key === is[index]?.key && value === is[index]?.value)
  );
}

/** @param is undefined where the section is gone as planned. */
function proveSection(
  section: string,
  changes: ReadonlyMap<string, ConfigChange>,
  was: readonly ConfigEntry[],
  is: readonly ConfigEntry[] | undefined,
): void {
  const [old, fresh] = [was, is ?? []].map(
    (entries) => new Map(entries.map(({ key, value }) => [key, value])),
  );
  for (const { key, before, after } of changes.values())
    if ((old?.get(key) ?? null) !== before || (fresh?.get(key) ?? null) !== after)
      throw proofError(`[${section}] ${key} is not what was planned`);
  const isOther = ({ key }: ConfigEntry): boolean => !changes.has(key);
  if (is !== undefined && !isSameReading(was.filter(isOther), is.filter(isOther)))
    throw proofError(`[${section}] another key would change, too`);
}

/** The lines of changed keys; the whole section, to its last key, where the other version does not have it. */
function listOwnLines(version: Sections, other: Sections, planned: Plan): Set<number> {
  const own = new Set<number>();
  for (const [identity, changes] of planned) {
    const [mine, theirs] = [version.get(identity) ?? [], other.get(identity) ?? []];
    const last = findLastIndex(mine, theirs);
    const section = mine[last];
    if (section === undefined) continue;
    const { entries, line } = section;
    const ranges =
      theirs[last] === undefined
        ? [{ line, lastLine: entries.at(-1)?.lastLine ?? line }]
        : entries.filter(({ key }) => changes.has(key));
    for (const range of ranges)
      for (let number = range.line; number <= range.lastLine; number += 1) own.add(number);
  }
  return own;
}

/** At the file's end a line break, and blank lines, come and go with what stands there. */
function listForeignLines({ lines, mark }: ConfigDocument, own: ReadonlySet<number>): string[] {
  const foreign = lines.filter((_, index) => !own.has(index + 1));
  while (foreign.length > 0 && isBlankLine(foreign.at(-1) ?? "")) foreign.pop();
  const last = foreign.pop();
  return [mark, ...foreign, ...(last === undefined ? [] : [removeLineBreak(last)])];
}

function isSameText(some: readonly string[], other: readonly string[]): boolean {
  return some.length === other.length && some.every((line, index) => line === other[index]);
}

function proofError(what: string): LatchkeyError {
  return new LatchkeyError("BUG", `The edit of the config was not made: ${what}.`, {
    hint: "Nothing was written. Please report this, with the config if it holds no secrets.",
  });
}
