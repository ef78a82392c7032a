import {
  parseConfig,
  type ConfigDocument,
  type ConfigEntry,
  type ConfigSection,
} from "./document.ts";
import { headerText } from "./header.ts";
import { chooseSpace, detectStyle, endOfKeys, splitKeyLine } from "./style.ts";
import {
  checkNewSection,
  checkValue,
  guardEdits,
  refuseJoinedLines,
  requireEditable,
  type EditTarget,
} from "./refuse.ts";
import {
  countBlanks,
  encodeText,
  findLineBreak,
  findUsualLineBreak,
  isBlankLine,
  removeLineBreak,
  replaceLines,
  strip,
  stripEnd,
  type LineEdit,
} from "./text.ts";

/** Edits an AWS config by replacing lines, and changes nothing else. */

export interface SectionEdit {
  readonly type: "profile" | "sso-session";
  readonly name: string;
  /** Keys and values in the order for a new section. A key that is also in `remove` is not removed. */
  readonly set: ReadonlyArray<readonly [key: string, value: string]>;
  readonly remove?: readonly string[];
  /** Edits the section even if another tool owns it, or if the file is a template. */
  readonly force?: boolean;
}

/** One key that an edit changes; `null` for a key that is missing before or after. */
export interface ConfigChange {
  /** The header's text: `profile okta`, `default`, `sso-session corp`. */
  readonly section: string;
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface EditResult {
  readonly document: ConfigDocument;
  readonly changes: readonly ConfigChange[];
  /** Headers that were removed, or created by a rename, in the form of `ConfigChange.section`. */
  readonly removed: readonly string[];
}

/** All edits of one section, combined as if they were made one after another. */
interface SectionPlan extends EditTarget {
  force: boolean;
  /** `null` if the key is removed. */
  readonly values: Map<string, string | null>;
}

/**
 * Returns the edited document and the list of changes.
 * @param file for messages.
 * @throws LatchkeyError CONFIG_INVALID if no safe edit is possible, USAGE for a name or value that latchkey does not
 * write.
 */
export function editConfig(
  document: ConfigDocument,
  edits: readonly SectionEdit[],
  file: string,
): EditResult {
  const plans = planSections(edits);
  const lineBreak = findUsualLineBreak(document.lines) ?? "\n";
  const lastLine = document.lines.at(-1) ?? lineBreak;
  const isEnded = findLineBreak(lastLine) !== "";
  const ended = isEnded ? document.lines : document.lines.with(-1, lastLine + lineBreak);
  const guard = guardEdits(
    document,
    file,
    plans.some(({ force }) => force),
  );
  const changes: ConfigChange[] = [];
  const lineEdits: LineEdit[] = [];
  const fresh: SectionPlan[] = [];
  for (const plan of plans) {
    const section = requireEditable(guard, plan);
    const changed = listChanges(section, plan);
    if (section !== undefined) lineEdits.push(...editLines(ended, section, changed));
    else if (changed.length > 0) {
      checkNewSection(guard, plan);
      fresh.push(plan);
    }
    changes.push(...changed);
  }
  if (changes.length === 0) return { document, changes, removed: [] };

  const lines = replaceLines(ended, lineEdits);
  if (fresh.length > 0) addNewSections(document, lines, fresh, lineBreak);
  // If the file had no line break at its end, it gets none, even if its last line is new.
  else if (!isEnded) lines.push(removeLineBreak(lines.pop() ?? ""));
  return { document: toDocument(document, lines), changes, removed: [] };
}

function planSections(edits: readonly SectionEdit[]): SectionPlan[] {
  const plans = new Map<string, SectionPlan>();
  for (const { type, name, set, remove = [], force = false } of edits) {
    const id = `${type}\n${name}`;
    const plan = plans.get(id) ?? { type, name, force: false, values: new Map() };
    plans.set(id, plan);
    plan.force ||= force;
    for (const [key, value] of set) {
      checkValue(key, value);
      plan.values.set(key, value);
    }
    for (const key of remove.map((one) => one.toLowerCase()))
      if (!set.some(([kept]) => kept === key)) plan.values.set(key, null);
  }
  return [...plans.values()];
}

function listChanges(section: ConfigSection | undefined, plan: SectionPlan): ConfigChange[] {
  const present = new Map(section?.entries.map(({ key, value }) => [key, value]));
  const header = headerText(plan);
  return [...plan.values].flatMap(([key, after]) => {
    const before = present.get(key) ?? null;
    return before === after ? [] : [{ section: header, key, before, after }];
  });
}

function editLines(
  lines: readonly string[],
  section: ConfigSection,
  changes: readonly ConfigChange[],
): LineEdit[] {
  const entries = new Map(section.entries.map((entry) => [entry.key, entry]));
  const edits = changes.flatMap(({ key, after }): LineEdit[] => {
    const entry = entries.get(key);
    if (entry === undefined) return [];
    const replaced = after === null ? [] : [replaceValue(lines, entry, after)];
    return [{ from: entry.line - 1, to: entry.lastLine, lines: replaced }];
  });
  const added = changes.filter(({ key }) => !entries.has(key));
  if (added.length === 0) return edits;

  const block = findIndentedBlock(lines, section);
  const formatLine = detectStyle(lines, section, block ?? section.entries.at(-1));
  const end =
    section.entries.length > 0
      ? endOfIndented(lines, endOfKeys(section))
      : endOfDeadKeys(lines, section);
  const at = block === undefined ? end : block.line - 1;
  const text = added.map(({ key, after }) => formatLine(key, after ?? ""));
  return [...edits, { from: at, to: at, lines: text }];
}

/**
 * Finds an indented key without a value on its line. The SDKs for JavaScript, Go and .NET read all indented keys below
 * it as nested in it, so a new key must be written above it.
 */
function findIndentedBlock(
  lines: readonly string[],
  { entries }: ConfigSection,
): ConfigEntry | undefined {
  return entries.find(
    ({ value, line }) => /^(?:\n|$)/.test(value) && countBlanks(lines[line - 1] ?? "") > 0,
  );
}

/** Skips indented comments, which the SDKs for Java and Rust read as part of the value above. */
function endOfIndented(lines: readonly string[], from: number): number {
  let end = from;
  while (/^[ \t]+[#;]/.test(lines[end] ?? "")) end += 1;
  return end;
}

/** In a section without keys, a new key goes after the commented-out keys below the header, as the AWS CLI writes it. */
function endOfDeadKeys(lines: readonly string[], { line }: ConfigSection): number {
  let end = line;
  while (/^[ \t]*[#;]+[ \t]*[\w.-]+[ \t]*[=:]/.test(lines[end] ?? "")) end += 1;
  return end;
}

/** Keeps everything on the line except the value. Continuation lines are part of the value. */
function replaceValue(lines: readonly string[], entry: ConfigEntry, value: string): string {
  const first = splitKeyLine(lines[entry.line - 1] ?? "");
  const last = lines[entry.lastLine - 1] ?? "";
  const isEmpty = entry.line === entry.lastLine && first.value === "";
  const end = isEmpty ? findLineBreak(last) : last.slice(stripEnd(last).length);
  const { indent, key, before, delimiter } = first;
  const space = value === "" ? first.after : chooseSpace(first);
  return indent + key + before + delimiter + space + value + end;
}

/**
 * Adds sections at the end, as the AWS CLI does. Each gets a blank line before it if all sections of the file have one.
 */
function addNewSections(
  document: ConfigDocument,
  lines: string[],
  plans: readonly SectionPlan[],
  lineBreak: string,
): void {
  const isSpaced = isSpacedOut(document);
  for (const plan of plans) {
    if (isSpaced && !isBlankLine(lines.at(-1) ?? "")) lines.push(lineBreak);
    lines.push(`[${headerText(plan)}]${lineBreak}`);
    for (const [key, value] of plan.values)
      if (value !== null) lines.push(`${key} =${value === "" ? "" : ` ${value}`}${lineBreak}`);
  }
}

/** Returns whether every section after the first has a blank line between the keys above and its header. */
function isSpacedOut({ lines, sections }: ConfigDocument): boolean {
  const isApart = (section: ConfigSection, index: number): boolean =>
    index === 0 ||
    lines
      .slice(endOfKeys(sections[index - 1] ?? section), section.line - 1)
      .some((line) => strip(line) === "");
  return sections.length > 1 && sections.every(isApart);
}

/** Returns the document with some lines replaced; the same document if there are no edits. */
export function applyLineEdits(
  document: ConfigDocument,
  edits: readonly LineEdit[],
): ConfigDocument {
  return edits.length === 0 ? document : toDocument(document, replaceLines(document.lines, edits));
}

function toDocument({ mark }: ConfigDocument, lines: readonly string[]): ConfigDocument {
  refuseJoinedLines(lines);
  return parseConfig(encodeText(mark + lines.join("")));
}
