import { LatchkeyError, configError, usageError } from "../errors.ts";
import {
  findSections,
  type ConfigDocument,
  type ConfigSection,
  type ProblemKind,
} from "./document.ts";
import { describePortableName, isPortableName } from "./header.ts";
import { findTemplateMark, isTemplateLine } from "./foreign-format.ts";
import { countBlanks } from "./text.ts";

/** Refuses edits that are not safe. Each error names the file, the lines and the fix. */

/** A document whose sections are edited one at a time. */
export interface EditGuard {
  readonly document: ConfigDocument;
  /** The config, for messages. */
  readonly file: string;
  readonly foreignBlocks: readonly ForeignBlock[];
}

/** The section that is edited. */
export interface EditTarget {
  readonly type: "profile" | "sso-session";
  readonly name: string;
  readonly force: boolean;
  /** The keys that the edit sets or removes, in lower case. */
  readonly values?: ReadonlyMap<string, unknown>;
}

/** Problems that make it unclear where a section begins or ends, or what a byte means. */
const UNEDITABLE: Readonly<Partial<Record<ProblemKind, string>>> = {
  "nul-byte": "has a NUL byte",
  "key-before-section": "has a line before its first section",
  "unterminated-header": "has a section header without its ]",
};

/** Refuses edits of the whole file. `force` allows templates, but never a damaged file. */
export function guardEdits(document: ConfigDocument, file: string, force: boolean): EditGuard {
  const { problems, lines } = document;
  const template = lines.findIndex(isTemplateLine);
  if (template !== -1 && !force)
    throw configError(
      `${file} is a template (${findTemplateMark(lines[template] ?? "")} in line ${template + 1}). Changes to it are lost when the template is applied.`,
      "Edit the template's source, or add --force.",
    );
  const damage = problems.find(({ kind }) => UNEDITABLE[kind] !== undefined);
  if (damage !== undefined) {
    const { kind, line, what } = damage;
    throw configError(
      `${file} ${UNEDITABLE[kind]} (line ${line}${kind === "nul-byte" ? "" : `: ${what}`}).`,
      kind === "nul-byte"
        ? `Remove that byte from line ${line} in an editor.`
        : `Fix line ${line} in an editor; the AWS CLI can't read the file either.`,
    );
  }
  return { document, file, foreignBlocks: findForeignBlocks(lines) };
}

/**
 * Returns the one section of that name that may be edited; undefined if there is none.
 * @throws LatchkeyError CONFIG_INVALID if the section or a key of the edit appears twice, or if another tool owns the
 * section.
 */
export function requireEditable(guard: EditGuard, target: EditTarget): ConfigSection | undefined {
  const { document, file, foreignBlocks } = guard;
  const named = findSections(document, target.type, target.name);
  const section = named.at(-1);
  if (section === undefined) return undefined;
  if (named.length > 1 && !isLastTakenByAll(named))
    throw duplicateSectionError(file, named, "AWS clients differ in which one they use");
  refuseRepeatedKey(file, section, target);
  const owner = findForeignOwner(section, foreignBlocks);
  if (owner !== undefined && !target.force)
    throw configError(
      `${file}, [${showHeader(section)}], line ${section.line} belongs to ${owner}, which would overwrite the change.`,
      "Choose another name, or add --force.",
    );
  return section;
}

function showHeader({ place }: ConfigSection): string {
  return place.header.toWellFormed();
}

function duplicateSectionError(
  file: string,
  named: readonly ConfigSection[],
  why: string,
): LatchkeyError {
  const [{ type, name } = { type: "profile", name: "" }] = named;
  const lines = named.map((section) => `line ${section.line}: [${showHeader(section)}]`);
  return configError(
    `${file} has ${type} "${name}" more than once (${lines.join(", ")}): ${why}.`,
    "Join them into one in an editor, then try again.",
  );
}

function refuseRepeatedKey(file: string, section: ConfigSection, { values }: EditTarget): void {
  const wanted = section.entries.filter(({ key }) => values?.has(key));
  for (const [key, entries] of Map.groupBy(wanted, (entry) => entry.key))
    if (entries.length > 1)
      throw configError(
        `${file}, [${showHeader(section)}]: ${key} appears more than once (lines ${entries.map(({ line }) => line).join(", ")}).`,
        "Remove all but one in an editor, then try again.",
      );
}

/**
 * Returns whether the sections are `[default]` followed by `[profile default]`. botocore uses the later section and the
 * SDKs use the one with the prefix: in this order both use the same section.
 */
function isLastTakenByAll(named: readonly ConfigSection[]): boolean {
  const headers = named.map(({ place }) => place.header).join("\n");
  return /^default\nprofile\s(["']?)default\1$/.test(headers);
}

/** Refuses an edit after which a single carriage return and the next line's line feed would become one line break. */
export function refuseJoinedLines(lines: readonly string[]): void {
  const joined = lines.findIndex(
    (line, index) => line === "\n" && lines[index - 1]?.endsWith("\r"),
  );
  if (joined !== -1)
    throw configError(
      `The config's line ${joined} ends with a carriage return only, and the edit would join it with the next line.`,
      "Give the file one kind of line breaks in an editor, then try again.",
    );
}

/** Refuses to remove or rename a section if another section of the same name would then become effective. */
export function refuseUncovering({ document, file }: EditGuard, section: ConfigSection): void {
  const named = findSections(document, section.type, section.name);
  if (named.length > 1)
    throw duplicateSectionError(
      file,
      named,
      "without the last section, the section above it would be used",
    );
}

/**
 * Refuses a removal after which another section of that name would become effective, or a line below would become part of
 * the section above.
 * @param end the line of the next section.
 */
export function refuseUnsafeRemoval(
  guard: EditGuard,
  section: ConfigSection,
  end = Number.POSITIVE_INFINITY,
): void {
  refuseUncovering(guard, section);
  const { document, file } = guard;
  const stray = document.problems.find(
    ({ kind, line }) => kind === "no-delimiter" && line > section.line && line < end,
  );
  if (stray !== undefined)
    throw configError(
      `${file}, [${showHeader(section)}], line ${stray.line} is not a key, so it is unclear which section it belongs to.`,
      `Fix line ${stray.line} in an editor, then try again.`,
    );
}

/** Refuses a removal after which an indented header would be read as part of the value above it. */
export function refuseIndentedHeader(
  { document, file }: EditGuard,
  above: ConfigSection | undefined,
  below: ConfigSection,
): void {
  const last = above?.entries.at(-1);
  const measureIndent = (line: number): number => countBlanks(document.lines[line - 1] ?? "");
  if (last === undefined || measureIndent(below.line) <= measureIndent(last.line)) return;
  throw configError(
    `${file}, line ${below.line}: [${showHeader(below)}] is indented; without the section above it would be read as part of ${last.key} (line ${last.line}).`,
    `Move line ${below.line} to the left edge in an editor, then try again.`,
  );
}

const OWNING_KEYS: Readonly<Record<string, string>> = {
  common_fate_generated_from: "granted",
  granted_generated_from: "granted",
  sso_auto_populated: "aws-sso-util",
};

/**
 * Returns the tool that manages this section, if it is not latchkey. It is found by the marker that the tool writes.
 */
function findForeignOwner(
  { entries, line }: ConfigSection,
  blocks: readonly ForeignBlock[],
): string | undefined {
  const marked = entries.find(({ key }) => OWNING_KEYS[key] !== undefined);
  if (marked !== undefined) return OWNING_KEYS[marked.key];
  const isInBlock = blocks.some(({ begin, end }) => begin < line && line < end);
  return isInBlock ? "aws-sso-cli" : undefined;
}

/**
 * Line numbers of a block that aws-sso-cli rewrites, between two comments. Without an end comment it goes on to the end
 * of the file.
 */
interface ForeignBlock {
  readonly begin: number;
  readonly end: number;
}

function findForeignBlocks(lines: readonly string[]): ForeignBlock[] {
  const blocks: ForeignBlock[] = [];
  let begin: number | undefined;
  for (const [index, line] of lines.entries()) {
    if (line.includes("# END_AWS_SSO_CLI") && begin !== undefined) {
      blocks.push({ begin, end: index + 1 });
      begin = undefined;
    } else if (line.includes("# BEGIN_AWS_SSO_CLI")) begin ??= index + 1;
  }
  return begin === undefined ? blocks : [...blocks, { begin, end: Number.POSITIVE_INFINITY }];
}

/**
 * Refuses a new section that can't be written safely.
 * @throws LatchkeyError USAGE for a name that a new section can't have, CONFIG_INVALID if another tool would own the
 *   section.
 */
export function checkNewSection(
  { file, foreignBlocks }: EditGuard,
  { type, name, force }: EditTarget,
): void {
  if (!isPortableName(name))
    throw usageError(
      `"${name}" can't be the name of a new ${type === "profile" ? "profile" : "SSO session"}: SDKs drop or refuse such names.`,
      describePortableName(name),
    );
  const open = foreignBlocks.find(({ end }) => end === Number.POSITIVE_INFINITY);
  if (open !== undefined && !force)
    throw configError(
      `${file}, line ${open.begin}: the block of aws-sso-cli has no end, so a new section would be part of it.`,
      "Write # END_AWS_SSO_CLI where it ends, or add --force.",
    );
}

/**
 * Throws for a value that AWS clients read differently. The message does not contain the value, which can be a secret.
 */
export function checkValue(key: string, value: string): void {
  if (!/^[a-z0-9_]+$/.test(key))
    throw new LatchkeyError("BUG", `"${key}" is not a key that latchkey writes.`);
  const refuse = (what: string, cure: string): never => {
    throw usageError(`The value for ${key} ${what}.`, cure);
  };
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value))
    refuse("contains a line break or another control character", "Write it on one line.");
  if (!value.isWellFormed()) refuse("contains half of a character", "Type it again.");
  if (value !== value.trim()) refuse("begins or ends with a blank", "Remove the blank.");
  if (/(^|\s)[#;]/.test(value))
    refuse("has a # or ; after a blank: some SDKs read that as a comment", "Remove it.");
}
