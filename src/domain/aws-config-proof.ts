import { LatchkeyError } from "../errors.ts";
import type { ConfigDocument, ConfigSection } from "./aws-config-document.ts";
import type { ConfigChange } from "./aws-config-edit.ts";
import { linesOf } from "./aws-config-lines.ts";

/**
 * The proof before a config is written, made from the two texts alone and not from how the edit was done: what both
 * say differs by the changes and nothing else, and every line that is no part of a changed key is the same byte by byte.
 * @throws LatchkeyError BUG; nothing has been written then.
 */
export function verifyEdit(before: ConfigDocument, after: ConfigDocument, changes: readonly ConfigChange[]): void {
  const changed = new Map(changes.map((change) => [`${change.section}\n${change.key}`, change]));
  const [old, fresh] = [statements(before), statements(after)];
  for (const [where, change] of changed) {
    if (!agrees(old.get(where), change.before) || !agrees(fresh.get(where), change.after)) throw unproven(`[${change.section}] ${change.key} is not what was planned`);
  }
  for (const where of new Set([...old.keys(), ...fresh.keys()])) {
    if (!changed.has(where) && old.get(where)?.join("\u0000") !== fresh.get(where)?.join("\u0000")) throw unproven(`${where.replace("\n", " ")} would change, too`);
  }
  if (foreignText(before, changed) !== foreignText(after, changed)) throw unproven("lines around the change would change, too");
}

function agrees(values: readonly string[] | undefined, planned: string | null): boolean {
  return planned === null ? values === undefined : values?.at(-1) === planned;
}

/** (section, key) → its values in the file's order. */
function statements({ sections }: ConfigDocument): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const section of sections) {
    for (const { key, value } of section.entries) {
      const where = `${identity(section)}\n${key}`;
      const values = found.get(where);
      if (values === undefined) found.set(where, [value]);
      else values.push(value);
    }
  }
  return found;
}

function identity({ type, name, place }: ConfigSection): string {
  if (type === "other") return place.header;
  return type === "profile" && name === "default" ? "default" : `${type} ${name}`;
}

/** The text without the lines of changed keys, and without headers of sections in which nothing else stands. */
function foreignText(document: ConfigDocument, changed: ReadonlyMap<string, ConfigChange>): string {
  const own: Array<readonly [start: number, end: number]> = [];
  for (const section of document.sections) {
    const isChanged = (key: string): boolean => changed.has(`${identity(section)}\n${key}`);
    const touched = section.entries.filter(({ key }) => isChanged(key));
    for (const { place } of touched) own.push([place.start, place.end]);
    if (touched.length > 0 && touched.length === section.entries.length) own.push([section.place.start, section.place.bodyStart]);
  }
  own.sort(([a], [b]) => a - b);
  const kept: string[] = [];
  let next = 0;
  for (const { start, contentEnd, end } of linesOf(document.text)) {
    while (next < own.length && (own[next]?.[1] ?? 0) <= start) next += 1;
    const isOwn = next < own.length && (own[next]?.[0] ?? 0) <= start;
    if (!isOwn) kept.push(document.text.slice(start, contentEnd), document.text.slice(contentEnd, end));
  }
  // A final line break, and the blank line before a new last section, come and go with what stands at the end.
  while (kept.length > 0 && /^[ \t\r\n]*$/.test(kept.at(-1) ?? "")) kept.pop();
  return kept.join("");
}

function unproven(what: string): LatchkeyError {
  return new LatchkeyError("BUG", `The edit of the config was not made: ${what}.`, { hint: "Nothing was written. Please report this, with the config if it holds no secrets." });
}
