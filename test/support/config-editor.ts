/**
 * The config editor, as tests use it: parse, edit, remove, rename, verify, and what other readers make of a file.
 * Tests import it from here alone, so that its modules can move and merge.
 */
export { type ReaderDifference, compareReaders } from "../../src/aws-config/readers.ts";
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
export { locateEntry } from "../../src/aws-config/entry.ts";
export { isPortableName, splitShellWords } from "../../src/aws-config/header.ts";
export { readAsJavascript } from "../../src/aws-config/javascript-reader.ts";
export { verifyEdit } from "../../src/aws-config/verify.ts";
export { joinEdits, removeProfiles, renameProfiles } from "../../src/aws-config/sections.ts";
export { findChangedWindows } from "../../src/aws-config/window.ts";
