/**
 * The config editor, as tests use it: parse, edit, remove, rename, verify, and what other readers make of a file.
 * Tests import it from here alone, so that its modules can move and merge.
 */
export {
  type ReaderDifference,
  readerDifferences,
} from "../../src/domain/aws-config-differences.ts";
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
} from "../../src/domain/aws-config-document.ts";
export { editConfig, type EditResult, type SectionEdit } from "../../src/domain/aws-config-edit.ts";
export { placeOf } from "../../src/domain/aws-config-entry.ts";
export { isPortableName, shellWords } from "../../src/domain/aws-config-header.ts";
export { readAsJavascript } from "../../src/domain/aws-config-javascript.ts";
export { verifyEdit } from "../../src/domain/aws-config-proof.ts";
export {
  joinedEdits,
  removeProfiles,
  renameProfiles,
} from "../../src/domain/aws-config-sections.ts";
export { changedWindows } from "../../src/domain/aws-config-window.ts";
