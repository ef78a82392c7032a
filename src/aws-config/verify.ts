import { LatchkeyError } from "../errors.ts";
import type { ConfigDocument, ConfigSection } from "./document.ts";
import type { ConfigChange } from "./edit.ts";
import { headerText } from "./header.ts";
import { isBlankLine, removeLineBreak } from "./text.ts";

/**
 * The sections of a document by name. If a name appears twice, the last section is the effective one, and only it may
 * be edited.
 */
type Sections = ReadonlyMap<string, ConfigSection>;

/** The planned changes, by section and key. */
type Plan = ReadonlyMap<string, ReadonlyMap<string, ConfigChange>>;

/**
 * Checks an edit before the config is written. It compares only the documents before and after the edit, without
 * knowing how the edit was made: keys and values may differ only by the planned changes, and all lines outside changed
 * keys must be equal.
 * @param removed sections that may be missing afterwards. Sections created by a rename may appear.
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
    throw proofError("another section or key would change too");
  if (!isSameText(old.lines, fresh.lines))
    throw proofError("lines around the change would change too");
}

function findLastOfEach({ sections }: ConfigDocument): Sections {
  return new Map(sections.map((section) => [identify(section), section]));
}

/** The name as in `ConfigChange.section`. A section that is never edited has its header in brackets. */
function identify(section: ConfigSection): string {
  return section.type === "other" ? `[${section.place.header}]` : headerText(section);
}

function groupChanges(changes: readonly ConfigChange[], removed: readonly string[]): Plan {
  const plan = new Map(removed.map((name) => [name, new Map<string, ConfigChange>()]));
  for (const change of changes)
    plan.set(change.section, (plan.get(change.section) ?? new Map()).set(change.key, change));
  return plan;
}

/** A document, split into the parts that the planned changes affect and the rest. */
interface Parts {
  /** The current values of the keys that change. If a key appears twice, the last value counts. */
  readonly values: ReadonlyMap<ConfigChange, string>;
  /** The other keys and their values, by section. */
  readonly others: readonly string[];
  /** The lines that are not part of a changed key. */
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
    // A section that is missing in the other document is added or removed as a whole, down to its last key.
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

/**
 * Blank lines and the line break at the end of the file are not compared: an edit of the last lines may add or remove
 * them.
 */
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
