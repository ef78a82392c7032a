import { lineBreakLength, isBlankLineBefore } from "./blanks.ts";
import { findSections, type ConfigDocument, type ConfigSection } from "./document.ts";
import type { ConfigChange, EditResult } from "./edit.ts";
import { headerText } from "./header.ts";
import { refuseUneditable, refuseUnsafeRemoval, refuseUnsafeSection } from "./refuse.ts";
import { applySplices, endOfKeys, type Splice } from "./splice.ts";

/** Whole profiles that go, or get another name, however many, in one pass over the file. */

/**
 * Removes profiles with their keys and nested blocks. Comments after the last key stay: they may be the next section's.
 * @throws LatchkeyError CONFIG_INVALID where one can't be removed safely; nothing is removed then.
 */
export function removeProfiles(
  document: ConfigDocument,
  names: readonly string[],
  force: boolean,
  file: string,
): EditResult {
  if (names.length === 0) return { document, changes: [], removed: [] };
  refuseUneditable(document, file, force);
  const wanted = new Set(names);
  const going = new Set(
    names.flatMap((name) => findSections(document, "profile", name).at(-1) ?? []),
  );
  const { text, sections, problems } = document;
  const splices: Splice[] = [];
  const changes: ConfigChange[] = [];
  let above: ConfigSection | undefined;
  const staying = findNeighbours(sections, going);
  for (const section of sections) {
    if (!going.has(section)) {
      above = section;
      continue;
    }
    const named = findSections(document, "profile", section.name);
    const target = { type: "profile", name: section.name, force, keys: [], file } as const;
    refuseUnsafeSection(document, named, section, target);
    const around = [above, section, staying.get(section)].filter((each) => each !== undefined);
    refuseUnsafeRemoval({ text, problems, sections: around }, named, section, target);
    splices.push({ start: section.place.start, end: endOfKeys(section), text: "" });
    changes.push(...listRemovals(section));
  }
  return {
    document: applySplices(document, includeBlankEnd(text, splices)),
    changes,
    removed: [...wanted].map((name) => headerText({ type: "profile", name })),
  };
}

function listRemovals(section: ConfigSection): ConfigChange[] {
  return section.entries.map(({ key, value }) => ({
    section: headerText(section),
    key,
    before: value,
    after: null,
  }));
}

/** The section below each that goes, that stays. */
function findNeighbours(
  sections: readonly ConfigSection[],
  going: ReadonlySet<ConfigSection>,
): Map<ConfigSection, ConfigSection> {
  const below = new Map<ConfigSection, ConfigSection>();
  let next: ConfigSection | undefined;
  for (const section of sections.toReversed()) {
    if (!going.has(section)) next = section;
    else if (next !== undefined) below.set(section, next);
  }
  return below;
}

/** The blank line that parted a last section from the one above goes along, as it came along; so from the end upwards. */
function includeBlankEnd(text: string, splices: readonly Splice[]): Splice[] {
  let tail = text.length;
  return splices.toReversed().map((splice) => {
    if (splice.end !== tail) return splice;
    const start =
      splice.start > 0 && isBlankLineBefore(text, splice.start)
        ? startOfBlankLine(text, splice.start)
        : splice.start;
    tail = start;
    return { ...splice, start };
  });
}

function startOfBlankLine(text: string, end: number): number {
  let start = end - lineBreakLength(text, end);
  while (start > 0 && lineBreakLength(text, start) === 0) start -= 1;
  return start;
}

/**
 * Gives profiles other names: only the text between the brackets changes. The new names must be free and portable.
 * @throws LatchkeyError CONFIG_INVALID where one can't be edited safely.
 */
export function renameProfiles(
  document: ConfigDocument,
  names: ReadonlyMap<string, string>,
  force: boolean,
  file: string,
): EditResult {
  if (names.size === 0) return { document, changes: [], removed: [] };
  refuseUneditable(document, file, force);
  const splices: Splice[] = [];
  const changes: ConfigChange[] = [];
  const removed: string[] = [];
  for (const [from, to] of names) {
    const named = findSections(document, "profile", from);
    const section = named.at(-1);
    if (section === undefined) continue;
    const target = { type: "profile", name: from, force, keys: [], file } as const;
    refuseUnsafeSection(document, named, section, target);
    const start = document.text.indexOf("[", section.place.start) + 1;
    const [before, after] = [headerText(section), headerText({ type: "profile", name: to })];
    splices.push({ start, end: start + section.place.header.length, text: after });
    removed.push(before);
    changes.push(
      ...listRemovals(section),
      ...section.entries.map(({ key, value }) => ({
        section: after,
        key,
        before: null,
        after: value,
      })),
    );
  }
  return { document: applySplices(document, splices), changes, removed };
}

/** Edits made one after the other as one: of a key that several touched, what was first and what is last. */
export function joinEdits(steps: readonly EditResult[], document: ConfigDocument): EditResult {
  const changes = new Map<string, ConfigChange>();
  for (const change of steps.flatMap((step) => step.changes)) {
    const place = `${change.section}\n${change.key}`;
    changes.set(place, { ...change, before: (changes.get(place) ?? change).before });
  }
  return {
    document,
    changes: [...changes.values()],
    removed: steps.flatMap(({ removed }) => removed),
  };
}
