import { findSections, type ConfigDocument, type ConfigSection } from "./document.ts";
import { parseConfig } from "./document.ts";
import { guardEdits } from "./refuse.ts";
import { endOfKeys } from "./style.ts";
import {
  countBlanks,
  encodeText,
  findLineBreak,
  findUsualLineBreak,
  isBlankLine,
  strip,
} from "./text.ts";
import { configError, LatchkeyError } from "../errors.ts";

/**
 * Reads and writes the one section of the credentials file that is latchkey's own, for `export --write`. The section has
 * a mark, a key that no AWS client reads. latchkey never changes sections without the mark.
 */
export const EXPORT_MARK = "latchkey_exported";

/** Who owns a name in the credentials file. */
export type SectionOwner =
  | { readonly kind: "nobody" }
  /** `text`: the section, from its header to its last key. */
  | { readonly kind: "latchkey"; readonly text: string }
  | { readonly kind: "somebody-else"; readonly line: number };

export function findSectionOwner(document: ConfigDocument, name: string): SectionOwner {
  const [section, second] = findNamed(document, name);
  if (section === undefined) return { kind: "nobody" };
  const isMarked = section.entries.some(({ key }) => key === EXPORT_MARK);
  if (!isMarked || second !== undefined)
    return { kind: "somebody-else", line: (second ?? section).line };
  const [from, to] = locate(section);
  return { kind: "latchkey", text: document.lines.slice(from, to).join("") };
}

/** In the credentials file a section is a profile by its bare name, with blanks around it ignored. */
function findNamed(document: ConfigDocument, name: string): readonly ConfigSection[] {
  if (name === "default") return findSections(document, "profile", name);
  return document.sections.filter(({ place }) => place.header.trim() === name);
}

function locate(section: ConfigSection): readonly [from: number, to: number] {
  return [section.line - 1, endOfKeys(section)];
}

/**
 * Returns the file with the wanted section: in place of an existing one, else at the end. If `text` is undefined, the
 * section is removed.
 * @param text complete lines; their line breaks are replaced by those of the file.
 * @param file for messages.
 * @returns the bytes, after a check that all other sections have the same keys and values.
 * @throws LatchkeyError CONFIG_INVALID if the name is not latchkey's own, or if no safe edit is possible.
 */
export function putSection(
  document: ConfigDocument,
  name: string,
  text: string | undefined,
  file: string,
): Uint8Array {
  guardEdits(document, file, false);
  const owner = findSectionOwner(document, name);
  if (owner.kind === "somebody-else") throw createForeignError(name, owner.line, file);
  const lineBreak = findUsualLineBreak(document.lines) ?? "\n";
  const wanted = (text ?? "")
    .split(/(?<=\n)/)
    .filter((line) => line !== "")
    .map((line) => line.replace(/\r?\n$/, lineBreak));
  const [section] = findNamed(document, name);
  if (section !== undefined) refuseIndentedBelow(document, section, file);
  const lines =
    section === undefined
      ? append(document.lines, wanted, lineBreak)
      : replace(document.lines, locate(section), wanted);
  const after = parseConfig(encodeText(document.mark + lines.join("")));
  if (!isSameBut(name, document, after))
    throw new LatchkeyError(
      "BUG",
      `The edit of ${file} was not made: another section would change.`,
      {
        hint: "Nothing was written. Please report this.",
      },
    );
  return after.bytes;
}

/** New lines are not indented, so an indented line below them would be read as part of the last value. */
function refuseIndentedBelow(
  { lines }: ConfigDocument,
  section: ConfigSection,
  file: string,
): void {
  const [, to] = locate(section);
  const below = lines.findIndex((line, index) => index >= to && /^(?![#;])./.test(strip(line)));
  if (below === -1 || countBlanks(lines[below] ?? "") === 0) return;
  throw configError(
    `${file}, line ${below + 1} is indented: after the change it would be read as part of a value.`,
    `Move line ${below + 1} to the left edge in an editor, then try again.`,
  );
}

export function createForeignError(name: string, line: number, file: string): LatchkeyError {
  return configError(
    `${file}, line ${line}: [${name}] was not written by latchkey, so latchkey does not change it.`,
    "Choose another name: --as NAME",
  );
}

function append(
  lines: readonly string[],
  wanted: readonly string[],
  lineBreak: string,
): readonly string[] {
  const last = lines.at(-1);
  if (last === undefined || wanted.length === 0) return [...lines, ...wanted];
  const ended = findLineBreak(last) === "" ? lines.with(-1, last + lineBreak) : lines;
  return [...ended, ...(isBlankLine(last) ? [] : [lineBreak]), ...wanted];
}

/** Removing the last section also removes the blank line above it. */
function replace(
  lines: readonly string[],
  [from, to]: readonly [number, number],
  wanted: readonly string[],
): readonly string[] {
  const isLast = wanted.length === 0 && to === lines.length;
  const start = isLast && from > 1 && isBlankLine(lines[from - 1] ?? "") ? from - 1 : from;
  return [...lines.slice(0, start), ...wanted, ...lines.slice(to)];
}

function isSameBut(name: string, before: ConfigDocument, after: ConfigDocument): boolean {
  const describe = (document: ConfigDocument): string => {
    const own = new Set(findNamed(document, name));
    const others = document.sections.filter((section) => !own.has(section));
    return JSON.stringify(
      others.map(({ place, entries }) => [
        place.header,
        entries.map(({ key, value }) => [key, value]),
      ]),
    );
  };
  return describe(before) === describe(after);
}
