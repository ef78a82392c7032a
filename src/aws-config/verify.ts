import { LatchkeyError } from "../errors.ts";
import { parseConfig, type ConfigDocument, type ConfigSection } from "./document.ts";
import type { ConfigChange } from "./edit.ts";
import { headerText } from "./header.ts";
import { BYTE_ORDER_MARK } from "./lines.ts";
import { findChangedWindows } from "./window.ts";

type Range = readonly [start: number, end: number];
/** What changes, by section and by key. */
type Plan = ReadonlyMap<string, ReadonlyMap<string, ConfigChange>>;
type Statements = ReadonlyMap<string, readonly string[]>;

/**
 * The proof before a config is written, made from the two versions alone and not from how the edit was done: what both
 * say differs by the changes and nothing else, and every line that is no part of a changed key is the same byte by byte.
 * Only the stretch in which they differ is read again; that what is around it is the same, is seen by comparing.
 * @param removed sections that are gone; no other may go.
 * @throws LatchkeyError BUG; nothing has been written then.
 */
export function verifyEdit(
  before: ConfigDocument,
  after: ConfigDocument,
  changes: readonly ConfigChange[],
  removed: readonly string[] = [],
): void {
  const planned = new Map<string, Map<string, ConfigChange>>(
    removed.map((section) => [section, new Map()]),
  );
  for (const change of changes) {
    const keys = planned.get(change.section) ?? new Map<string, ConfigChange>();
    planned.set(change.section, keys.set(change.key, change));
  }
  const [was, is] = findChangedWindows(before, after.bytes);
  // A name that stands twice: the last counts, and it alone may be edited.
  const later = before.sections.find(
    (section) => section.place.start >= was.end && planned.has(sectionIdentity(section)),
  );
  if (later !== undefined)
    throw proofError(`[${sectionIdentity(later)}] stands further down once more`);
  const isAtEnd = was.end === before.bytes.length;
  proveWindow(
    parseConfig(before.bytes.subarray(was.start, was.end)),
    parseConfig(after.bytes.subarray(is.start, is.end)),
    { planned, removed, isAtEnd },
  );
}

/** What may differ between two windows. */
interface Allowance {
  readonly planned: Plan;
  readonly removed: readonly string[];
  /** Whether the windows reach to the end of the file. */
  readonly isAtEnd: boolean;
}

function proveWindow(
  before: ConfigDocument,
  after: ConfigDocument,
  { planned, removed, isAtEnd }: Allowance,
): void {
  const [old, fresh] = [groupByIdentity(before), groupByIdentity(after)];
  const [oldOwn, freshOwn]: [Range[], Range[]] = [[], []];
  for (const section of new Set([...old.keys(), ...fresh.keys(), ...planned.keys()])) {
    const [was, is] = [old.get(section) ?? [], fresh.get(section) ?? []];
    const keys = planned.get(section);
    const last = Math.max(was.length, is.length) - 1;
    // Where a name stands twice, the last counts, and it alone may be edited.
    const untouched = keys === undefined ? last + 1 : last;
    for (let index = 0; index < untouched; index += 1)
      if (!isSame(before, was[index], after, is[index]))
        throw proofError(`[${section}] would change, too`);
    if (keys === undefined) continue;
    if (was[last] !== undefined && is[last] === undefined && !removed.includes(section))
      throw proofError(`[${section}] would be gone`);
    proveSection(section, keys, was[last], is[last]);
    oldOwn.push(...findOwnRanges(was[last], keys, is[last] === undefined));
    freshOwn.push(...findOwnRanges(is[last], keys, was[last] === undefined));
  }
  if (!isSameText(splitAround(before, oldOwn, isAtEnd), splitAround(after, freshOwn, isAtEnd)))
    throw proofError("lines around the change would change, too");
}

function proveSection(
  section: string,
  changes: ReadonlyMap<string, ConfigChange>,
  was: ConfigSection | undefined,
  is: ConfigSection | undefined,
): void {
  const [old, fresh] = [groupStatements(was), groupStatements(is)];
  for (const key of new Set([...old.keys(), ...fresh.keys(), ...changes.keys()])) {
    const change = changes.get(key);
    if (change === undefined) {
      if (is !== undefined && !isEqual(old.get(key), fresh.get(key)))
        throw proofError(`[${section}] ${key} would change, too`);
    } else if (
      !isAsPlanned(old.get(key), change.before) ||
      !isAsPlanned(fresh.get(key), change.after)
    ) {
      throw proofError(`[${section}] ${key} is not what was planned`);
    }
  }
}

function isAsPlanned(values: readonly string[] | undefined, planned: string | null): boolean {
  return planned === null ? values === undefined : values?.at(-1) === planned;
}

/** The same text says the same; another text may, where the section's end moved. */
function isSame(
  before: ConfigDocument,
  was: ConfigSection | undefined,
  after: ConfigDocument,
  is: ConfigSection | undefined,
): boolean {
  if (was === undefined || is === undefined) return false;
  if (
    before.text.slice(was.place.start, was.place.end) ===
    after.text.slice(is.place.start, is.place.end)
  )
    return true;
  const [old, fresh] = [groupStatements(was), groupStatements(is)];
  return (
    old.size === fresh.size && [...old].every(([key, values]) => isEqual(values, fresh.get(key)))
  );
}

function isEqual(
  some: readonly string[] | undefined,
  other: readonly string[] | undefined,
): boolean {
  return (
    some?.length === other?.length && (some ?? []).every((value, index) => value === other?.[index])
  );
}

/** Key → its values in the file's order. */
function groupStatements(section: ConfigSection | undefined): Statements {
  const found = new Map<string, string[]>();
  for (const { key, value } of section?.entries ?? []) {
    const values = found.get(key);
    if (values === undefined) found.set(key, [value]);
    else values.push(value);
  }
  return found;
}

/** As `ConfigChange.section` names them; sections that are never edited are named by their header, in brackets. */
function groupByIdentity({ sections }: ConfigDocument): Map<string, ConfigSection[]> {
  const found = new Map<string, ConfigSection[]>();
  for (const section of sections) {
    const identity = sectionIdentity(section);
    const same = found.get(identity);
    if (same === undefined) found.set(identity, [section]);
    else same.push(section);
  }
  return found;
}

function sectionIdentity(section: ConfigSection): string {
  return section.type === "other" ? `[${section.place.header}]` : headerText(section);
}

/** The lines of changed keys; the whole section, to its last key, where the other text has it not. */
function findOwnRanges(
  section: ConfigSection | undefined,
  changes: ReadonlyMap<string, ConfigChange>,
  isWhole: boolean,
): Range[] {
  if (section === undefined) return [];
  if (isWhole)
    return [[section.place.start, section.entries.at(-1)?.end ?? section.place.bodyStart]];
  return section.entries
    .filter(({ key }) => changes.has(key))
    .map(({ start, end }) => [start, end]);
}

/** The ranges are whole lines. At the file's end a line break, and blank lines, come and go with what stands there. */
function splitAround({ text }: ConfigDocument, own: Range[], isAtEnd: boolean): string[] {
  own.sort(([a], [b]) => a - b);
  // A byte order mark is a piece by itself: the first line begins after it.
  let from = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  const mark = text.slice(0, from);
  const kept: string[] = [];
  for (const [start, end] of own) {
    if (start > from) kept.push(text.slice(from, start));
    from = Math.max(from, end);
  }
  kept.push(text.slice(from));
  while (isAtEnd && kept.length > 0) {
    const last = trimBlankEnd(kept.pop() ?? "");
    if (last === "") continue;
    kept.push(last);
    break;
  }
  return [mark, ...kept];
}

/** Most edits cut both texts at the same places: then nothing of a large file is copied to compare it. */
function isSameText(some: readonly string[], other: readonly string[]): boolean {
  return (
    (some.length === other.length && some.every((piece, index) => piece === other[index])) ||
    some.join("") === other.join("")
  );
}

function trimBlankEnd(text: string): string {
  let end = text.length;
  for (
    let index = text.length - 1;
    index >= 0 && " \t\r\n".includes(text.charAt(index));
    index -= 1
  ) {
    if (index === 0 || text.charAt(index) === "\n" || text.charAt(index) === "\r") end = index;
  }
  return text.slice(0, end);
}

function proofError(what: string): LatchkeyError {
  return new LatchkeyError("BUG", `The edit of the config was not made: ${what}.`, {
    hint: "Nothing was written. Please report this, with the config if it holds no secrets.",
  });
}
