import { LatchkeyError } from "../errors.ts";
import type { ConfigDocument, ConfigSection } from "./document.ts";
import type { ConfigChange } from "./edit.ts";
import { headerText } from "./header.ts";
import { isBlankLine, removeLineBreak } from "./text.ts";

/** The sections of a version by their names; where a name stands twice, the last counts, and it alone may be edited. */
type Sections = ReadonlyMap<string, ConfigSection>;

/** What changes, by section and key. */
type Plan = ReadonlyMap<string, ReadonlyMap<string, ConfigChange>>;

/**
 * The proof before a config is written, made from the two versions alone and not from how the edit was done: both are
 * read whole; what they say differs by the changes and nothing else, and every line that is no part of a changed key is
 * the same.
 * @param removed sections that are gone; no other may go. Those that a rename made may come.
 * @throws LatchkeyError BUG; nothing has been written then.
 */
export function verifyEdit(
  before: ConfigDocument,
  after: ConfigDocument,
  changes: readonly ConfigChange[],
  removed: readonly string[] = [],
): void {
  const [was, is] = [findLastOfEach(before), findLastOfEach(after)];
  const lost = [...was.keys()].find((name) => !is.has(name) && !removed.includes(name));
  if (lost !== undefined) throw proofError(`[${lost}] would be gone`);

  const plan = groupChanges(changes, removed);
  const [old, fresh] = [divide(before, plan, was, is), divide(after, plan, is, was)];
  for (const change of [...plan.values()].flatMap((keys) => [...keys.values()])) {
    const [from = null, to = null] = [old.values.get(change), fresh.values.get(change)];
    if (from !== change.before || to !== change.after)
      throw proofError(`[${change.section}] ${change.key} is not what was planned`);
  }
  if (!isSameText(old.others, fresh.others))
    throw proofError("another section or key would change, too");
  if (!isSameText(old.lines, fresh.lines))
    throw proofError("lines around the change would change, too");
}

function findLastOfEach({ sections }: ConfigDocument): Sections {
  return new Map(sections.map((section) => [identify(section), section]));
}

/** As `ConfigChange.section` names it; one that is never edited is named by its header, in brackets. */
function identify(section: ConfigSection): string {
  return section.type === "other" ? `[${section.place.header}]` : headerText(section);
}

function groupChanges(changes: readonly ConfigChange[], removed: readonly string[]): Plan {
  const plan = new Map(removed.map((name) => [name, new Map<string, ConfigChange>()]));
  for (const change of changes)
    plan.set(change.section, (plan.get(change.section) ?? new Map()).set(change.key, change));
  return plan;
}

/** A version in parts: what the changes touch, and all else. */
interface Parts {
  /** What it says now where something changes. Of a key that stands twice, the last value counts. */
  readonly values: ReadonlyMap<ConfigChange, string>;
  /** The other keys with their values, section by section. */
  readonly others: readonly string[];
  /** Those that are no part of a changed key. */
  readonly lines: readonly string[];
}

function divide(document: ConfigDocument, plan: Plan, own: Sections, other: Sections): Parts {
  const values = new Map<ConfigChange, string>();
  const others: string[] = [];
  const touched = new Set<number>();
  const touch = (from: number, to: number): void => {
    for (let line = from; line <= to; line += 1) touched.add(line);
  };
  for (const section of document.sections) {
    const { line, entries } = section;
    const name = identify(section);
    const keys = own.get(name) === section ? plan.get(name) : undefined;
    // One that the other version does not have comes, or goes, with all of it, to its last key.
    if (keys !== undefined && !other.has(name)) touch(line, entries.at(-1)?.lastLine ?? line);
    else others.push("", name);
    for (const entry of entries) {
      const change = keys?.get(entry.key);
      if (change === undefined) others.push(entry.key, entry.value);
      else {
        values.set(change, entry.value);
        touch(entry.line, entry.lastLine);
      }
    }
  }
  return { values, others, lines: listForeignLines(document, touched) };
}

/** At the file's end a line break, and blank lines, come and go with what stands there. */
function listForeignLines({ lines, mark }: ConfigDocument, own: ReadonlySet<number>): string[] {
  const foreign = lines.filter((_, index) => !own.has(index + 1));
  while (foreign.length > 0 && isBlankLine(foreign.at(-1) ?? "")) foreign.pop();
  return [mark, ...foreign.slice(0, -1), ...foreign.slice(-1).map(removeLineBreak)];
}

function isSameText(some: readonly string[], other: readonly string[]): boolean {
  return some.length === other.length && some.every((line, index) => line === other[index]);
}

function proofError(what: string): LatchkeyError {
  return new LatchkeyError("BUG", `The edit of the config was not made: ${what}.`, {
    hint: "Nothing was written. Please report this, with the config if it holds no secrets.",
  });
}
