/**
 * The config editor, as tests use it: parse, edit, remove, rename, verify, and what other readers make of a file.
 * Tests import it from here alone, so that its modules can move and merge.
 */
export { type ReaderDifference, readerDifferences } from "../../src/aws-config/readers.ts";
export {
  type ConfigDocument,
  type ConfigEntry,
  type ConfigSection,
  findSection,
  nestedValues,
  parseConfig,
  profileNames,
  sectionsNamed,
  sessionNames,
} from "../../src/aws-config/document.ts";
export { editConfig, type EditResult, type SectionEdit } from "../../src/aws-config/edit.ts";
export { placeOf } from "../../src/aws-config/entry.ts";
export { isPortableName, shellWords } from "../../src/aws-config/header.ts";
export { readAsJavascript } from "../../src/aws-config/javascript-reader.ts";
export { verifyEdit } from "../../src/aws-config/verify.ts";
export { joinedEdits, removeProfiles, renameProfiles } from "../../src/aws-config/sections.ts";
export { changedWindows } from "../../src/aws-config/window.ts";
