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

/** Where no edit is safe, and why: each refusal names the file, the lines and the cure. */

/** A document whose sections are edited one by one. */
export interface EditGuard {
  readonly document: ConfigDocument;
  /** The config, for messages. */
  readonly file: string;
  readonly foreignBlocks: readonly ForeignBlock[];
}

/** The section that an edit is about. */
export interface EditTarget {
  readonly type: "profile" | "sso-session";
  readonly name: string;
  readonly force: boolean;
  /** By the keys that it sets or removes, in lower case. */
  readonly values?: ReadonlyMap<string, unknown>;
}

/** Problems that leave open where a section begins or ends, or what a byte is. */
const UNEDITABLE: Readonly<Partial<Record<ProblemKind, string>>> = {
  "nul-byte": "has a NUL byte",
  "key-before-section": "has a line before its first section",
  "unterminated-header": "has a section header without its ]",
};

/** Refuses the whole file. `force` opens templates, never a damaged file. */
export function guardEdits(document: ConfigDocument, file: string, force: boolean): EditGuard {
  const { problems, lines } = document;
  const template = lines.findIndex(isTemplateLine);
  if (template !== -1 && !force)
    throw configError(
      `${file} is a template (${findTemplateMark(lines[template] ?? "")} in line ${template + 1}): what is written there is lost when it is applied.`,
      "Edit the template's source, or add --force.",
    );
  const damage = problems.find(({ kind }) => UNEDITABLE[kind] !== undefined);
  if (damage !== undefined) {
    const { kind, line, what } = damage;
    throw configError(
      `${file} ${UNEDITABLE[kind]} (line ${line}${kind === "nul-byte" ? "" : `: ${what}`}).`,
      kind === "nul-byte"
        ? `Remove that byte from line ${line} in an editor.`
        : `Mend line ${line} in an editor; the AWS CLI can't read the file either.`,
    );
  }
  return { document, file, foreignBlocks: findForeignBlocks(lines) };
}

/**
 * The one section that the name means and that may be edited; undefined where there is none. Refuses one that is written
 * twice, has a key of the edit twice, or is another tool's.
 */
export function requireEditable(guard: EditGuard, target: EditTarget): ConfigSection | undefined {
  const { document, file, foreignBlocks } = guard;
  const named = findSections(document, target.type, target.name);
  const section = named.at(-1);
  if (section === undefined) return undefined;
  if (named.length > 1 && !isLastTakenByAll(named))
    throw duplicateSectionError(file, named, "readers differ on which counts");
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
        `${file}, [${showHeader(section)}]: ${key} stands there more than once (lines ${entries.map(({ line }) => line).join(", ")}).`,
        "Remove all but one in an editor, then try again.",
      );
}

/** `[default]`, then `[profile default]` as every SDK reads it: botocore takes the later and the SDKs the prefixed one, which is the same. */
function isLastTakenByAll(named: readonly ConfigSection[]): boolean {
  const headers = named.map(({ place }) => place.header).join("\n");
  return /^default\nprofile\s(["']?)default\1$/.test(headers);
}

/** Refuses an edit after which a carriage return alone, and the line break of the next line, would be one line break. */
export function refuseJoinedLines(lines: readonly string[]): void {
  const joined = lines.findIndex(
    (line, index) => line === "\n" && lines[index - 1]?.endsWith("\r"),
  );
  if (joined !== -1)
    throw configError(
      `The config's line ${joined} is ended by a carriage return alone, and would be joined with the next.`,
      "Give the file one kind of line breaks in an editor, then try again.",
    );
}

/** Refuses to remove or rename a section where another one of its name would then be in force. */
export function refuseUncovering({ document, file }: EditGuard, section: ConfigSection): void {
  const named = findSections(document, section.type, section.name);
  if (named.length > 1)
    throw duplicateSectionError(file, named, "without the last, the one above would count again");
}

/**
 * Refuses a removal that would put another section of the name in force, or a line below into the section above.
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
      `${file}, [${showHeader(section)}], line ${stray.line} is no key: whose it is can't be told.`,
      `Mend line ${stray.line} in an editor, then try again.`,
    );
}

/** Refuses a removal of all between two sections after which a header would be read as part of the value above. */
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

/** The other tool that rewrites this section, by the mark that it leaves. */
function findForeignOwner(
  { entries, line }: ConfigSection,
  blocks: readonly ForeignBlock[],
): string | undefined {
  const marked = entries.find(({ key }) => OWNING_KEYS[key] !== undefined);
  if (marked !== undefined) return OWNING_KEYS[marked.key];
  const isInBlock = blocks.some(({ begin, end }) => begin < line && line < end);
  return isInBlock ? "aws-sso-cli" : undefined;
}

/** What aws-sso-cli rewrites: the lines between two comments, by their numbers. Without its end it goes on to the file's. */
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

/** @throws LatchkeyError USAGE for a name that a new section can't have, CONFIG_INVALID where it would be another tool's. */
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
      `${file}, line ${open.begin}: the block of aws-sso-cli has no end, so that a new section would be part of it.`,
      "Write # END_AWS_SSO_CLI where it ends, or add --force.",
    );
}

/** Not echoed: a value can be a secret. */
export function checkValue(key: string, value: string): void {
  if (!/^[a-z0-9_]+$/.test(key))
    throw new LatchkeyError("BUG", `"${key}" is no key that is ever written.`);
  const refuse = (what: string, cure: string): never => {
    throw usageError(`The value for ${key} ${what}.`, cure);
  };
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value))
    refuse("has a line break or another control character in it", "Give it on one line.");
  if (!value.isWellFormed()) refuse("has half of a character in it", "Type it anew.");
  if (value !== value.trim()) refuse("begins or ends with a blank", "Give it without.");
  if (/(^|\s)[#;]/.test(value))
    refuse("has a # or ; after a blank: some SDKs take that for a comment", "Give it without.");
}
