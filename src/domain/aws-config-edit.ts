import { LatchkeyError } from "../errors.ts";
import { parseConfigText, sectionsNamed, type ConfigDocument, type ConfigSection } from "./aws-config-document.ts";
import { isPortableName, printHeader } from "./aws-config-header.ts";
import { encode, type ConfigEntry } from "./aws-config-lines.ts";
import { refuseUneditable, refuseUnsafeSection } from "./aws-config-refusal.ts";
import { fileLineBreak, isSpacedOut, sectionStyle } from "./aws-config-style.ts";

/** Edits of an AWS config that touch what they are asked to and nothing else. */

export interface SectionEdit {
  readonly type: "profile" | "sso-session";
  readonly name: string;
  /** Keys and values in the order in which a new section has them. */
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
}

/** A stretch of the text and what stands there instead. */
interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * @param file for messages.
 * @throws LatchkeyError CONFIG_INVALID where no safe edit can be made, USAGE for a name or value that is not written.
 */
export function editConfig(document: ConfigDocument, edits: readonly SectionEdit[], file: string): EditResult {
  refuseUneditable(document, file, edits.some(({ force }) => force === true));
  const changes: ConfigChange[] = [];
  const splices: Splice[] = [];
  let appended = "";
  for (const edit of edits) {
    for (const [key, value] of edit.set) checkValue(key, value);
    const section = sectionToEdit(document, edit, file);
    if (section === undefined) {
      if (edit.set.length === 0) continue;
      appended += newSection(document, edit, appended);
      changes.push(...edit.set.map(([key, after]) => ({ section: headerOf(edit), key, before: null, after })));
    } else {
      const edited = editSection(document.text, section, edit);
      splices.push(...edited.splices);
      changes.push(...edited.changes);
    }
  }
  if (changes.length === 0) return { document, changes };
  return { document: parseConfigText(applied(document.text, splices) + appended), changes };
}

/** Removes a section with its keys and nested blocks. Comments after its last key stay: they may be the next section's. */
export function removeSection(document: ConfigDocument, target: Pick<SectionEdit, "type" | "name" | "force">, file: string): EditResult {
  refuseUneditable(document, file, target.force === true);
  const edit = { ...target, set: [] };
  const section = sectionToEdit(document, edit, file);
  if (section === undefined) return { document, changes: [] };
  const { text } = document;
  const end = section.entries.reduce((latest, { place }) => Math.max(latest, place.end), section.place.bodyStart);
  // The blank line that parted it from the section above goes with a last section, as it came with it.
  const start = end === text.length ? text.slice(0, section.place.start).replace(/(\r?\n)[ \t]*\r?\n$/, "$1").length : section.place.start;
  const changes = section.entries.map(({ key, value }) => ({ section: headerOf(edit), key, before: value, after: null }));
  return { document: parseConfigText(applied(text, [{ start, end, text: "" }])), changes };
}

/** The one section that the name means and that may be edited; undefined where there is none. */
function sectionToEdit(document: ConfigDocument, edit: SectionEdit, file: string): ConfigSection | undefined {
  const named = sectionsNamed(document, edit.type, edit.name);
  const section = named.at(-1);
  if (section !== undefined) refuseUnsafeSection(document, named, section, edit, file);
  return section;
}

function headerOf({ type, name }: Pick<SectionEdit, "type" | "name">): string {
  return type === "profile" && name === "default" ? "default" : `${type} ${name}`;
}

/** As the AWS CLI writes it, at the end; after one blank line where every section of the file has one. */
function newSection(document: ConfigDocument, edit: SectionEdit, appended: string): string {
  if (!isPortableName(edit.name)) {
    throw new LatchkeyError("USAGE", `"${edit.name}" can't be the name of a new ${edit.type === "profile" ? "profile" : "SSO session"}: SDKs drop or refuse such names.`, {
      hint: "Use letters, digits and _ . @ + % : / - only.",
    });
  }
  const lineBreak = fileLineBreak(document.text);
  const before = appended === "" ? document.text : appended;
  const ending = before === "" || /[\r\n]$/.test(before) ? "" : lineBreak;
  const parting = isSpacedOut(document) && !/(\r\n|\n|\r)[ \t]*(\r\n|\n|\r)$/.test(before.slice(-1024)) ? lineBreak : "";
  const lines = [printHeader(edit.type, edit.name), ...edit.set.map(([key, value]) => `${key} = ${encode(value)}`.trimEnd())];
  return ending + parting + lines.map((line) => line + lineBreak).join("");
}

function editSection(text: string, section: ConfigSection, edit: SectionEdit): { splices: Splice[]; changes: ConfigChange[] } {
  const splices: Splice[] = [];
  const changes: ConfigChange[] = [];
  const added: Array<readonly [string, string]> = [];
  const entryOf = (key: string): ConfigEntry | undefined => section.entries.find((entry) => entry.key === key.toLowerCase());
  for (const [key, value] of edit.set) {
    const entry = entryOf(key);
    if (entry === undefined) added.push([key, value]);
    else if (entry.value !== value) splices.push(replacedValue(text, entry, value));
    if (entry?.value !== value) changes.push({ section: headerOf(edit), key, before: entry?.value ?? null, after: value });
  }
  for (const key of edit.remove ?? []) {
    const entry = entryOf(key);
    if (entry === undefined) continue;
    splices.push(removedLines(text, entry));
    changes.push({ section: headerOf(edit), key, before: entry.value, after: null });
  }
  if (added.length > 0) splices.push(addedLines(text, section, added));
  return { splices, changes };
}

/** Everything of the line stays but the value; continuation lines are part of the value. */
function replacedValue(text: string, { place }: ConfigEntry, value: string): Splice {
  const { delimiter, valueStart, valueEnd } = place;
  const wasEmpty = valueStart >= valueEnd;
  const spaced = delimiter > 0 && text.charAt(delimiter - 1) === " ";
  const space = wasEmpty && spaced && valueStart === delimiter + 1 && value !== "" ? " " : "";
  return { start: valueStart, end: Math.max(valueStart, valueEnd), text: space + encode(value) };
}

/** Whole lines; the last line of a file that does not end with a line break takes the break before it along. */
function removedLines(text: string, { place }: ConfigEntry): Splice {
  const unterminated = place.end === text.length && !/[\r\n]$/.test(text);
  const start = unterminated ? text.slice(0, place.start).replace(/\r?\n$/, "").length : place.start;
  return { start, end: place.end, text: "" };
}

/** After the last key with all that belongs to it; right after the header where there is none. */
function addedLines(text: string, section: ConfigSection, added: ReadonlyArray<readonly [string, string]>): Splice {
  const style = sectionStyle(text, section);
  const lines = added.map(([key, value]) => style.line(key, encode(value)));
  const at = section.entries.reduce((latest, { place }) => Math.max(latest, place.end), section.place.bodyStart);
  const unterminated = at === text.length && at > 0 && !/[\r\n]$/.test(text);
  const broken = unterminated ? lines.map((line) => style.lineBreak + line) : lines.map((line) => line + style.lineBreak);
  return { start: at, end: at, text: broken.join("") };
}

function applied(text: string, splices: readonly Splice[]): string {
  const ordered = [...splices].sort((a, b) => a.start - b.start || a.end - b.end);
  const parts: string[] = [];
  let from = 0;
  for (const splice of ordered) {
    parts.push(text.slice(from, splice.start), splice.text);
    from = Math.max(from, splice.end);
  }
  return parts.join("") + text.slice(from);
}

/** Not echoed: a value can be a secret. */
function checkValue(key: string, value: string): void {
  if (!/^[a-z0-9_]+$/.test(key)) throw new LatchkeyError("BUG", `"${key}" is no key that is ever written.`);
  if (/[\u0000-\u001f\u007f]/.test(value)) throw new LatchkeyError("USAGE", `The value for ${key} has a line break or another control character in it.`, { hint: "Give it on one line." });
  if (value !== value.trim()) throw new LatchkeyError("USAGE", `The value for ${key} begins or ends with a blank.`, { hint: "Give it without." });
  if (/(^|\s)[#;]/.test(value)) throw new LatchkeyError("USAGE", `The value for ${key} has a # or ; after a blank: some SDKs take that for a comment.`, { hint: "Give it without." });
}
