import { findSections, type ConfigDocument, type ConfigSection } from "./document.ts";
import { applyLineEdits, type ConfigChange, type EditResult, type SectionEdit } from "./edit.ts";
import { endOfKeys } from "./style.ts";
import { headerText } from "./header.ts";
import {
  guardEdits,
  refuseIndentedHeader,
  refuseUncovering,
  refuseUnsafeRemoval,
  requireEditable,
} from "./refuse.ts";
import { isBlankLine, type LineEdit } from "./text.ts";

/** Removes or renames any number of whole sections in one pass over the file. */

export function removeProfiles(
  document: ConfigDocument,
  names: readonly string[],
  force: boolean,
  file: string,
): EditResult {
  const profiles = names.map((name) => ({ type: "profile", name }) as const);
  return removeSections(document, profiles, force, file);
}

/**
 * Removes sections with their keys and nested blocks. Comments after the last key stay, because they may belong to the
 * next section.
 * @throws LatchkeyError CONFIG_INVALID if one can't be removed safely; then nothing is removed.
 */
export function removeSections(
  document: ConfigDocument,
  names: ReadonlyArray<Pick<SectionEdit, "type" | "name">>,
  force: boolean,
  file: string,
): EditResult {
  const guard = guardEdits(document, file, force);
  const { lines, sections } = document;
  const targets = new Map(
    names.flatMap((target) => {
      const section = findSections(document, target.type, target.name).at(-1);
      return section === undefined ? [] : [[section, { ...target, force }] as const];
    }),
  );
  const ranges: LineEdit[] = [];
  const changes: ConfigChange[] = [];
  let above: ConfigSection | undefined;
  for (const [index, section] of sections.entries()) {
    const target = targets.get(section);
    if (target === undefined) {
      above = section;
      continue;
    }
    const below = sections[index + 1];
    requireEditable(guard, target);
    refuseUnsafeRemoval(guard, section, below?.line);
    if (below !== undefined && !targets.has(below)) refuseIndentedHeader(guard, above, below);
    ranges.push({ from: section.line - 1, to: endOfKeys(section), lines: [] });
    changes.push(...listRemovals(section));
  }
  return {
    document: applyLineEdits(document, includeBlankEnd(lines, ranges)),
    changes,
    removed: [...targets.keys()].map(headerText),
  };
}

/** If a key appears twice, only its last value is listed. */
function listRemovals({ entries, ...name }: ConfigSection): ConfigChange[] {
  const section = headerText(name);
  const values = new Map(entries.map(({ key, value }) => [key, value]));
  return [...values].map(([key, before]) => ({ section, key, before, after: null }));
}

/** If a section at the end is removed, the blank line above it is removed too. So this goes from the end upwards. */
function includeBlankEnd(lines: readonly string[], ranges: readonly LineEdit[]): LineEdit[] {
  let tail = lines.length;
  return ranges.toReversed().map((range) => {
    if (range.to !== tail) return range;
    const hasBlank = range.from > 1 && isBlankLine(lines[range.from - 1] ?? "");
    tail = hasBlank ? range.from - 1 : range.from;
    return { ...range, from: tail };
  });
}

/**
 * Renames profiles; only the text between the brackets changes. The new names must be unused and portable.
 * @throws LatchkeyError CONFIG_INVALID if one can't be edited safely.
 */
export function renameProfiles(
  document: ConfigDocument,
  names: ReadonlyMap<string, string>,
  force: boolean,
  file: string,
): EditResult {
  const guard = guardEdits(document, file, force);
  const edits: LineEdit[] = [];
  const changes: ConfigChange[] = [];
  const removed: string[] = [];
  for (const [from, to] of names) {
    const section = requireEditable(guard, { type: "profile", name: from, force });
    if (section === undefined) continue;
    refuseUncovering(guard, section);
    const header = headerText({ type: "profile", name: to });
    const { line, place } = section;
    const text = document.lines[line - 1] ?? "";
    const renamed = text.replace(`[${place.header}]`, () => `[${header}]`);
    edits.push({ from: line - 1, to: line, lines: [renamed] });
    // The new header is listed too: a section without keys has no change that would mention it.
    removed.push(headerText(section), header);
    const gone = listRemovals(section);
    const come = gone.map(({ key, before }) => ({
      section: header,
      key,
      before: null,
      after: before,
    }));
    changes.push(...gone, ...come);
  }
  return { document: applyLineEdits(document, edits), changes, removed };
}

/** Combines successive edits. For a key with several changes, keeps the first old value and the last new value. */
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
