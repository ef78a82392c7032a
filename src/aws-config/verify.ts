import { LatchkeyError } from "../errors.ts";
import type { ConfigDocument, ConfigEntry, ConfigSection } from "./document.ts";
import type { ConfigChange } from "./edit.ts";
import { headerText } from "./header.ts";
import { isBlankLine, removeLineBreak } from "./text.ts";

/** What changes in a section, by key. */
interface SectionPlan {
  readonly changes: Map<string, ConfigChange>;
  readonly mayGo: boolean;
}

/** A section in both versions. */
interface SectionPair {
  readonly identity: string;
  readonly was: ConfigSection | undefined;
  readonly is: ConfigSection | undefined;
  /** undefined where nothing may change. */
  readonly plan: SectionPlan | undefined;
}

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
  const pairs = pairSections(before, after, planSections(changes, removed));
  for (const pair of pairs) {
    if (pair.plan === undefined) proveSame(pair);
    else proveEdited(pair, pair.plan);
  }
  const [old, fresh] = [new Set<number>(), new Set<number>()];
  for (const { was, is, plan } of pairs) {
    if (plan === undefined) continue;
    addOwnLines(old, was, is === undefined ? undefined : plan);
    addOwnLines(fresh, is, was === undefined ? undefined : plan);
  }
  if (!isSameText(listForeignLines(before, old), listForeignLines(after, fresh)))
    throw proofError("lines around the change would change, too");
}

function planSections(
  changes: readonly ConfigChange[],
  removed: readonly string[],
): Map<string, SectionPlan> {
  const plans = new Map(
    removed.map((section): [string, SectionPlan] => [section, { changes: new Map(), mayGo: true }]),
  );
  for (const change of changes) {
    const plan = plans.get(change.section) ?? { changes: new Map(), mayGo: false };
    plan.changes.set(change.key, change);
    plans.set(change.section, plan);
  }
  return plans;
}

/** Where a name stands twice, the last counts, and it alone may be edited. */
function pairSections(
  before: ConfigDocument,
  after: ConfigDocument,
  plans: ReadonlyMap<string, SectionPlan>,
): SectionPair[] {
  const [old, fresh] = [groupByIdentity(before), groupByIdentity(after)];
  return [...new Set([...old.keys(), ...fresh.keys(), ...plans.keys()])].flatMap((identity) => {
    const [was, is] = [old.get(identity) ?? [], fresh.get(identity) ?? []];
    const length = Math.max(was.length, is.length, 1);
    return Array.from({ length }, (_, index) => {
      const plan = index === length - 1 ? plans.get(identity) : undefined;
      return { identity, was: was[index], is: is[index], plan };
    });
  });
}

/** As `ConfigChange.section` names them; sections that are never edited are named by their header, in brackets. */
function groupByIdentity({ sections }: ConfigDocument): Map<string, ConfigSection[]> {
  return Map.groupBy(sections, (section) =>
    section.type === "other" ? `[${section.place.header}]` : headerText(section),
  );
}

function proveSame({ identity, was, is }: SectionPair): void {
  const isSame = was !== undefined && is !== undefined && isSameReading(was.entries, is.entries);
  if (!isSame) throw proofError(`[${identity}] would change, too`);
}

function isSameReading(was: readonly ConfigEntry[], is: readonly ConfigEntry[]): boolean {
  return (
    was.length === is.length &&
    was.every(({ key, value }, index) => key === is[index]?.key && value === is[index]?.value)
  );
}

function proveEdited({ identity, was, is }: SectionPair, { changes, mayGo }: SectionPlan): void {
  const isLost = was !== undefined && is === undefined && !mayGo;
  if (isLost) throw proofError(`[${identity}] would be gone`);
  const [readOld, readNew] = [createLookup(was), createLookup(is)];
  for (const { key, before, after } of changes.values())
    if (readOld(key) !== before || readNew(key) !== after)
      throw proofError(`[${identity}] ${key} is not what was planned`);
  if (is === undefined) return;

  const isOther = ({ key }: ConfigEntry): boolean => !changes.has(key);
  if (!isSameReading((was?.entries ?? []).filter(isOther), is.entries.filter(isOther)))
    throw proofError(`[${identity}] another key would change, too`);
}

/** Of a key that stands twice, the last value counts. */
function createLookup(section: ConfigSection | undefined): (key: string) => string | null {
  const values = new Map(section?.entries.map(({ key, value }) => [key, value]));
  return (key) => values.get(key) ?? null;
}

/** @param plan undefined where the other version does not have the section: all of it, to its last key. */
function addOwnLines(
  own: Set<number>,
  section: ConfigSection | undefined,
  plan: SectionPlan | undefined,
): void {
  if (section === undefined) return;
  const { entries, line } = section;
  const ranges =
    plan === undefined
      ? [{ line, lastLine: entries.at(-1)?.lastLine ?? line }]
      : entries.filter(({ key }) => plan.changes.has(key));
  for (const range of ranges)
    for (let number = range.line; number <= range.lastLine; number += 1) own.add(number);
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
