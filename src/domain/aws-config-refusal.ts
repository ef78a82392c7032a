import { LatchkeyError } from "../errors.ts";
import type { ConfigDocument, ConfigSection } from "./aws-config-document.ts";
import type { SectionEdit } from "./aws-config-edit.ts";
import type { ConfigProblem, ProblemKind } from "./aws-config-lines.ts";

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
  if (problem !== undefined) throw damaged(problem, file);
  const template = templateLine(document.text);
  if (template !== undefined && !force) {
    throw new LatchkeyError("CONFIG_INVALID", `${file} is a template ({{ … }} in line ${template}): what is written there is lost when it is applied.`, {
      hint: "Edit the template's source, or add --force.",
    });
  }
}

function damaged({ kind, line, what }: ConfigProblem, file: string): LatchkeyError {
  const detail = kind === "nul-byte" ? "" : `: ${what}`;
  return new LatchkeyError("CONFIG_INVALID", `${file} ${UNEDITABLE[kind] ?? "is damaged"} (line ${line}${detail}).`, { hint: `Mend line ${line} in an editor; the AWS CLI can't read the file either.` });
}

function templateLine(text: string): number | undefined {
  const at = text.indexOf("{{");
  if (at === -1 || text.indexOf("}}", at) === -1) return undefined;
  return text.slice(0, at).split("\n").length;
}

/** Refuses the section that the edit is about: written twice, a key twice, or another tool's. */
export function refuseUnsafeSection(document: ConfigDocument, named: readonly ConfigSection[], section: ConfigSection, edit: SectionEdit, file: string): void {
  const [first] = named;
  if (named.length > 1 && first !== undefined && !everyReaderTakesTheLast(named)) {
    const lines = named.map(({ line, place }) => `line ${line}: [${place.header}]`).join(", ");
    throw new LatchkeyError("CONFIG_INVALID", `${file} has ${edit.type} "${edit.name}" more than once (${lines}): readers differ on which counts.`, { hint: "Join them into one in an editor, then try again." });
  }
  const touched = new Set([...edit.set.map(([key]) => key), ...(edit.remove ?? [])].map((key) => key.toLowerCase()));
  const twice = section.entries.filter(({ key }, index) => touched.has(key) && section.entries.findIndex((entry) => entry.key === key) !== index);
  const [again] = twice;
  if (again !== undefined) {
    const lines = section.entries.filter(({ key }) => key === again.key).map(({ line }) => line);
    throw new LatchkeyError("CONFIG_INVALID", `${file}, [${section.place.header}]: ${again.key} stands there more than once (lines ${lines.join(", ")}).`, { hint: `Remove all but one in an editor, then try again.` });
  }
  const owner = foreignOwner(document, section);
  if (owner !== undefined && edit.force !== true) {
    throw new LatchkeyError("CONFIG_INVALID", `${file}, [${section.place.header}], line ${section.line} belongs to ${owner}, which would overwrite the change.`, { hint: "Choose another name, or add --force." });
  }
}

/** `[default]`, then `[profile default]`: botocore takes the later and the SDKs the prefixed one, which is the same. */
function everyReaderTakesTheLast(named: readonly ConfigSection[]): boolean {
  const [first, second] = named;
  return named.length === 2 && first?.place.header === "default" && second?.place.header !== "default" && second?.name === "default";
}

const OWNING_KEYS: Readonly<Record<string, string>> = {
  common_fate_generated_from: "granted",
  granted_generated_from: "granted",
  sso_auto_populated: "aws-sso-util",
};

/** The other tool that rewrites this section, by the mark that it leaves. */
export function foreignOwner({ text }: ConfigDocument, section: ConfigSection): string | undefined {
  const marked = section.entries.find(({ key }) => OWNING_KEYS[key] !== undefined);
  if (marked !== undefined) return OWNING_KEYS[marked.key];
  const begin = text.lastIndexOf("# BEGIN_AWS_SSO_CLI", section.place.start);
  const end = text.lastIndexOf("# END_AWS_SSO_CLI", section.place.start);
  return begin !== -1 && begin > end ? "aws-sso-cli" : undefined;
}
