import { LatchkeyError } from "../errors.ts";
import { countColumns, findFirstVisible } from "./blanks.ts";
import type { ConfigDocument, ConfigEntry, ConfigSection } from "./document.ts";
import { locateEntry } from "./entry.ts";
import { lineNumberAt, type ConfigProblem, type ProblemKind } from "./lines.ts";
import { decode } from "./text.ts";

/** Where no edit is safe, and why: each refusal names the file, the lines and the cure. */

/** Problems that leave open where a section begins or ends, or what a byte is. */
const UNEDITABLE: Readonly<Partial<Record<ProblemKind, string>>> = {
  "nul-byte": "has a NUL byte",
  "key-before-section": "has a line before its first section",
  "unterminated-header": "has a section header without its ]",
};

/** Refuses the whole file. `force` opens templates, never a damaged file. */
export function refuseUneditable(document: ConfigDocument, file: string, force: boolean): void {
  const problem = document.problems.find(({ kind }) => UNEDITABLE[kind] !== undefined);
  if (problem !== undefined) throw fileDamageError(problem, file);
  const template = findTemplateLine(document.text);
  if (template !== undefined && !force) {
    throw new LatchkeyError(
      "CONFIG_INVALID",
      `${file} is a template ({{ … }} in line ${template}): what is written there is lost when it is applied.`,
      {
        hint: "Edit the template's source, or add --force.",
      },
    );
  }
}

function fileDamageError({ kind, line, what }: ConfigProblem, file: string): LatchkeyError {
  const detail = kind === "nul-byte" ? "" : `: ${what}`;
  return new LatchkeyError(
    "CONFIG_INVALID",
    `${file} ${UNEDITABLE[kind] ?? "is damaged"} (line ${line}${detail}).`,
    { hint: `Mend line ${line} in an editor; the AWS CLI can't read the file either.` },
  );
}

function findTemplateLine(text: string): number | undefined {
  const at = text.indexOf("{{");
  if (at === -1 || text.indexOf("}}", at) === -1) return undefined;
  return lineNumberAt(text, at);
}

/** What an edit is about. */
export interface EditTarget {
  readonly type: "profile" | "sso-session";
  readonly name: string;
  readonly force: boolean;
  /** The keys that it sets or removes, in lower case. */
  readonly keys: readonly string[];
  /** The config, for messages. */
  readonly file: string;
}

/** Refuses the section that the edit is about: written twice, a key twice, or another tool's. */
export function refuseUnsafeSection(
  document: ConfigDocument,
  named: readonly ConfigSection[],
  section: ConfigSection,
  target: EditTarget,
): void {
  const { file } = target;
  if (named.length > 1 && !isLastTakenByAll(named))
    throw duplicateSectionError(named, target, "readers differ on which counts");
  const again = findRepeatedKey(section, new Set(target.keys));
  if (again !== undefined) {
    const lines = section.entries.filter(({ key }) => key === again).map(({ line }) => line);
    throw new LatchkeyError(
      "CONFIG_INVALID",
      `${file}, [${decode(section.place.header)}]: ${again} stands there more than once (lines ${lines.join(", ")}).`,
      { hint: "Remove all but one in an editor, then try again." },
    );
  }
  const owner = findForeignOwner(document, section);
  if (owner !== undefined && !target.force) {
    throw new LatchkeyError(
      "CONFIG_INVALID",
      `${file}, [${decode(section.place.header)}], line ${section.line} belongs to ${owner}, which would overwrite the change.`,
      { hint: "Choose another name, or add --force." },
    );
  }
}

function duplicateSectionError(
  named: readonly ConfigSection[],
  { type, name, file }: Pick<EditTarget, "type" | "name" | "file">,
  why: string,
): LatchkeyError {
  const lines = named
    .map(({ line, place }) => `line ${line}: [${decode(place.header)}]`)
    .join(", ");
  return new LatchkeyError(
    "CONFIG_INVALID",
    `${file} has ${type} "${name}" more than once (${lines}): ${why}.`,
    { hint: "Join them into one in an editor, then try again." },
  );
}

function findRepeatedKey(
  { entries }: ConfigSection,
  keys: ReadonlySet<string>,
): string | undefined {
  const seen = new Set<string>();
  for (const { key } of entries) {
    if (!keys.has(key)) continue;
    if (seen.has(key)) return key;
    seen.add(key);
  }
  return undefined;
}

/** Refuses a removal that would put another section of the name in force, or a line below into the section above. */
export function refuseUnsafeRemoval(
  document: Pick<ConfigDocument, "text" | "sections" | "problems">,
  named: readonly ConfigSection[],
  section: ConfigSection,
  target: Pick<EditTarget, "type" | "name" | "file">,
): void {
  const { sections, problems } = document;
  const { file } = target;
  if (named.length > 1)
    throw duplicateSectionError(named, target, "without the last, the one above would count again");
  const at = sections.indexOf(section);
  const [above, below] = [sections[at - 1]?.entries.at(-1), sections[at + 1]];
  const stray = problems.find(
    ({ kind, line }) =>
      kind === "no-delimiter" && line > section.line && (below === undefined || line < below.line),
  );
  if (stray !== undefined) {
    throw new LatchkeyError(
      "CONFIG_INVALID",
      `${file}, [${decode(section.place.header)}], line ${stray.line} is no key: whose it is can't be told.`,
      { hint: `Mend line ${stray.line} in an editor, then try again.` },
    );
  }
  if (above === undefined || below === undefined) return;
  if (isIndentedUnder(document.text, above, below)) {
    throw new LatchkeyError(
      "CONFIG_INVALID",
      `${file}, line ${below.line}: [${decode(below.place.header)}] is indented; without the section above it would be read as part of ${above.key} (line ${above.line}).`,
      {
        hint: `Move line ${below.line} to the left edge in an editor, then try again.`,
      },
    );
  }
}

/** Whether a section's header would be read as part of the key above, were nothing between the two. */
function isIndentedUnder(text: string, above: ConfigEntry, below: ConfigSection): boolean {
  const { start } = below.place;
  const depth = countColumns(text, start, findFirstVisible(text, start, text.length));
  return depth > countColumns(text, above.start, locateEntry(text, above).keyStart);
}

/** `[default]`, then `[profile default]` as every SDK reads it: botocore takes the later and the SDKs the prefixed one, which is the same. */
function isLastTakenByAll(named: readonly ConfigSection[]): boolean {
  const [first, second] = named;
  return (
    named.length === 2 &&
    first?.place.header === "default" &&
    /^profile\s(["']?)default\1$/.test(second?.place.header ?? "")
  );
}

const OWNING_KEYS: Readonly<Record<string, string>> = {
  common_fate_generated_from: "granted",
  granted_generated_from: "granted",
  sso_auto_populated: "aws-sso-util",
};

/** The other tool that rewrites this section, by the mark that it leaves. */
function findForeignOwner(document: ConfigDocument, section: ConfigSection): string | undefined {
  const marked = section.entries.find(({ key }) => OWNING_KEYS[key] !== undefined);
  if (marked !== undefined) return OWNING_KEYS[marked.key];
  return findOwnedBlocks(document).some(
    ([begin, end]) => begin < section.place.start && section.place.start < end,
  )
    ? "aws-sso-cli"
    : undefined;
}

/** Looked for once in each document, not once for each of its sections. */
const blocks = new WeakMap<ConfigDocument, ReadonlyArray<readonly [begin: number, end: number]>>();

function findOwnedBlocks(
  document: ConfigDocument,
): ReadonlyArray<readonly [begin: number, end: number]> {
  const known = blocks.get(document);
  if (known !== undefined) return known;
  const found: Array<readonly [number, number]> = [];
  const { text } = document;
  for (
    let begin = text.indexOf("# BEGIN_AWS_SSO_CLI");
    begin !== -1;
    begin = text.indexOf("# BEGIN_AWS_SSO_CLI", begin)
  ) {
    const end = text.indexOf("# END_AWS_SSO_CLI", begin);
    found.push([begin, end === -1 ? text.length : end]);
    if (end === -1) break;
    begin = end;
  }
  blocks.set(document, found);
  return found;
}
