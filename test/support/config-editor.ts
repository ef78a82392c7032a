import { parseConfig, type ConfigEntry } from "../../src/aws-config/document.ts";
import { splitKeyLine } from "../../src/aws-config/style.ts";
import { encodeText, stripEnd } from "../../src/aws-config/text.ts";

/**
 * The config editor's functions for tests: parse, edit, remove, rename, verify, and read as other clients do.
 * Tests import them only from here, so that the modules can be moved and merged.
 */
export { type ReaderDifference, compareReaders } from "../../src/clients/compare.ts";
export { readAs, readFileAs } from "../../src/clients/readers.ts";
export {
  type ConfigDocument,
  type ConfigEntry,
  type ConfigSection,
  findSection,
  parseNestedValues,
  parseConfig,
  listProfileNames,
  findSections,
  listSessionNames,
} from "../../src/aws-config/document.ts";
export { editConfig, type EditResult, type SectionEdit } from "../../src/aws-config/edit.ts";
export { isPortableName } from "../../src/aws-config/header.ts";
export { splitShellWords } from "../../src/text/shell-words.ts";
export { verifyEdit } from "../../src/aws-config/verify.ts";
export { joinEdits, removeProfiles, renameProfiles } from "../../src/aws-config/sections.ts";

/** Returns the positions of an entry's parts in bytes. @param latin1 the whole file, one character for each byte */
export function locateEntry(latin1: string, { line, lastLine }: ConfigEntry) {
  const { mark, lines } = parseConfig(Buffer.from(latin1, "latin1"));
  const measure = (...texts: string[]): number => encodeText(texts.join("")).length;
  const start = measure(mark, ...lines.slice(0, line - 1));
  const { indent, key, before, after } = splitKeyLine(lines[line - 1]!);
  const keyStart = start + measure(indent);
  const keyEnd = keyStart + measure(key);
  const delimiter = keyEnd + measure(before);
  const valueStart = delimiter + 1 + measure(after);
  const end = start + measure(stripEnd(lines.slice(line - 1, lastLine).join("")));
  return { keyStart, keyEnd, delimiter, valueStart, valueEnd: Math.max(valueStart, end) };
}
