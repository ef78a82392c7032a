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

/** Edits of an AWS config that touch what they are asked to and nothing else: lines that others replace. */

export interface SectionEdit {
  readonly type: "profile" | "sso-session";
  readonly name: string;
  /** Keys and values in the order in which a new section has them. What is set is not removed. */
  readonly set: ReadonlyArray<readonly [key: string, value: string]>;
  readonly remove?: readonly string[];
  /** Also in a section that another tool owns, or in a template. */
  readonly force?: boolean;
}

/** One key that an edit changes; `null` where it was not there, or is gone. */
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
  /** Sections whose header is gone, and those that a rename made, as `ConfigChange.section` names them. */
  readonly removed: readonly string[];
}

/** All that is asked of one section: several edits of it count as one after the other. */
interface SectionPlan extends EditTarget {
  force: boolean;
  /** `null` where the key goes. */
  readonly values: Map<string, string | null>;
}

/**
 * @param file for messages.
 * @throws LatchkeyError CONFIG_INVALID where no safe edit can be made, USAGE for a name or value that is not written.
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
  // A file whose last line is not ended stays so, whatever has become its last line.
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

/** The SDKs for JavaScript, Go and .NET read all indented keys below it as nested in it: a new key goes before it. */
function findIndentedBlock(
  lines: readonly string[],
  { entries }: ConfigSection,
): ConfigEntry | undefined {
  return entries.find(
    ({ value, line }) => /^(?:\n|$)/.test(value) && countBlanks(lines[line - 1] ?? "") > 0,
  );
}

/** Behind indented comments, which the SDKs for Java and Rust take for part of the value above, whatever that is. */
function endOfIndented(lines: readonly string[], from: number): number {
  let end = from;
  while (/^[ \t]+[#;]/.test(lines[end] ?? "")) end += 1;
  return end;
}

/** As the AWS CLI does: in a section without keys, after those that are commented out right below its header. */
function endOfDeadKeys(lines: readonly string[], { line }: ConfigSection): number {
  let end = line;
  while (/^[ \t]*[#;]+[ \t]*[\w.-]+[ \t]*[=:]/.test(lines[end] ?? "")) end += 1;
  return end;
}

/** Everything of the line stays but the value; continuation lines are part of the value. */
function replaceValue(lines: readonly string[], entry: ConfigEntry, value: string): string {
  const first = splitKeyLine(lines[entry.line - 1] ?? "");
  const last = lines[entry.lastLine - 1] ?? "";
  const isEmpty = entry.line === entry.lastLine && first.value === "";
  const end = isEmpty ? findLineBreak(last) : last.slice(stripEnd(last).length);
  const { indent, key, before, delimiter } = first;
  const space = value === "" ? first.after : chooseSpace(first);
  return indent + key + before + delimiter + space + value + end;
}

/** As the AWS CLI writes them, at the end; each after one blank line where every section of the file has one. */
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

/** Whether every section after the first has a blank line somewhere between the keys above and its header. */
function isSpacedOut({ lines, sections }: ConfigDocument): boolean {
  const isApart = (section: ConfigSection, index: number): boolean =>
    index === 0 ||
    lines
      .slice(endOfKeys(sections[index - 1] ?? section), section.line - 1)
      .some((line) => strip(line) === "");
  return sections.length > 1 && sections.every(isApart);
}

/** The document with some of its lines replaced; itself where there are none to replace. */
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
