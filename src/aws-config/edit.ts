import { LatchkeyError, usageError } from "../errors.ts";
import { lineBreakLength, isBlankLineBefore } from "./blanks.ts";
import {
  findSections,
  type ConfigDocument,
  type ConfigEntry,
  type ConfigSection,
} from "./document.ts";
import { headerText, isPortableName } from "./header.ts";
import { BYTE_ORDER_MARK } from "./lines.ts";
import { refuseUneditable, refuseUnsafeSection } from "./refuse.ts";
import { addLines, applySplices, removeLines, replaceValue, type Splice } from "./splice.ts";
import { fileLineBreak, isSpacedOut } from "./style.ts";
import { encode } from "./text.ts";

/** Edits of an AWS config that touch what they are asked to and nothing else. */

export interface SectionEdit {
  readonly type: "profile" | "sso-session";
  readonly name: string;
  /** Keys and values in the order in which a new section has them. What is set is not removed. */
  readonly set: ReadonlyArray<readonly [key: string, value: string]>;
  readonly remove?: readonly string[];
  /** Also in a section that another tool owns, or in a template. */
  readonly force?: boolean;
}

/** One key that an edit changes; `null` where it was not there, or is gone. */
export interface ConfigChange {
  /** The header's text: `profile okta`, `default`, `sso-session corp`. */
  readonly section: string;
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface EditResult {
  readonly document: ConfigDocument;
  readonly changes: readonly ConfigChange[];
  /** Sections that are gone with their headers, as `ConfigChange.section` names them. */
  readonly removed: readonly string[];
}

/** All that is asked of one section: several edits of it count as one after the other. */
interface SectionPlan {
  readonly type: SectionEdit["type"];
  readonly name: string;
  force: boolean;
  /** `null` where the key goes. */
  readonly values: Map<string, string | null>;
}

/**
 * @param file for messages.
 * @throws LatchkeyError CONFIG_INVALID where no safe edit can be made, USAGE for a name or value that is not written.
 */
export function editConfig(
  document: ConfigDocument,
  edits: readonly SectionEdit[],
  file: string,
): EditResult {
  const plans = planSections(edits);
  refuseUneditable(
    document,
    file,
    edits.some(({ force }) => force === true),
  );
  const changes: ConfigChange[] = [];
  const splices: Splice[] = [];
  const fresh: SectionPlan[] = [];
  for (const plan of plans) {
    const section = findSectionToEdit(document, plan, file);
    if (section !== undefined) {
      const edited = editSection(document.text, section, plan);
      splices.push(...edited.splices);
      changes.push(...edited.changes);
    } else if (listValues(plan).length > 0) {
      fresh.push(plan);
      changes.push(
        ...listValues(plan).map(([key, after]) => ({
          section: headerText(plan),
          key,
          before: null,
          after,
        })),
      );
    }
  }
  if (changes.length === 0) return { document, changes, removed: [] };
  return {
    document: addNewSections(document, applySplices(document, splices), fresh),
    changes,
    removed: [],
  };
}

function planSections(edits: readonly SectionEdit[]): SectionPlan[] {
  const plans = new Map<string, SectionPlan>();
  for (const { type, name, set, remove, force } of edits) {
    const plan = plans.get(`${type}\n${name}`) ?? {
      type,
      name,
      force: false,
      values: new Map<string, string | null>(),
    };
    plans.set(`${type}\n${name}`, plan);
    plan.force ||= force === true;
    for (const [key, value] of set) {
      checkValue(key, value);
      plan.values.set(key, value);
    }
    const kept = new Set(set.map(([key]) => key));
    for (const key of remove ?? [])
      if (!kept.has(key.toLowerCase())) plan.values.set(key.toLowerCase(), null);
  }
  return [...plans.values()];
}

function listValues({ values }: SectionPlan): Array<readonly [key: string, value: string]> {
  return [...values].flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]));
}

/** The one section that the name means and that may be edited; undefined where there is none. */
function findSectionToEdit(
  document: ConfigDocument,
  plan: SectionPlan,
  file: string,
): ConfigSection | undefined {
  const named = findSections(document, plan.type, plan.name);
  const section = named.at(-1);
  if (section !== undefined)
    refuseUnsafeSection(document, named, section, {
      ...plan,
      keys: [...plan.values.keys()],
      file,
    });
  return section;
}

/** As the AWS CLI writes them, at the end; each after one blank line where every section of the file has one. */
function addNewSections(
  before: ConfigDocument,
  edited: ConfigDocument,
  plans: readonly SectionPlan[],
): ConfigDocument {
  if (plans.length === 0) return edited;
  const lineBreak = fileLineBreak(before.text);
  const isSpaced = isSpacedOut(before);
  const { text } = edited;
  const parts: string[] = [];
  if (text !== "" && text !== BYTE_ORDER_MARK && lineBreakLength(text, text.length) === 0)
    parts.push(lineBreak);
  plans.forEach((plan, index) => {
    if (!isPortableName(plan.name)) throw portabilityError(plan);
    if (isSpaced && (index > 0 || !isBlankLineBefore(text, text.length))) parts.push(lineBreak);
    const lines = listValues(plan).map(([key, value]) =>
      value === "" ? `${key} =` : `${key} = ${encode(value)}`,
    );
    parts.push(...[`[${headerText(plan)}]`, ...lines].map((line) => line + lineBreak));
  });
  return applySplices(edited, [{ start: text.length, end: text.length, text: parts.join("") }]);
}

function portabilityError({ type, name }: SectionPlan): LatchkeyError {
  return usageError(
    `"${name}" can't be the name of a new ${type === "profile" ? "profile" : "SSO session"}: SDKs drop or refuse such names.`,
    "Use letters, digits and _ . @ + % : / - only.",
  );
}

function editSection(
  text: string,
  section: ConfigSection,
  plan: SectionPlan,
): { splices: Splice[]; changes: ConfigChange[] } {
  const entries = new Map(section.entries.map((entry) => [entry.key, entry]));
  const splices: Splice[] = [];
  const changes: ConfigChange[] = [];
  const added: Array<readonly [string, string]> = [];
  const gone: ConfigEntry[] = [];
  for (const [key, after] of plan.values) {
    const entry = entries.get(key);
    const before = entry?.value ?? null;
    if (before === after) continue;
    changes.push({ section: headerText(plan), key, before, after });
    if (after === null) gone.push(...(entry === undefined ? [] : [entry]));
    else if (entry === undefined) added.push([key, after]);
    else splices.push(replaceValue(text, entry, after));
  }
  splices.push(...removeLines(text, gone));
  if (added.length > 0) splices.push(addLines(text, section, added));
  return { splices, changes };
}

/** Not echoed: a value can be a secret. */
function checkValue(key: string, value: string): void {
  if (!/^[a-z0-9_]+$/.test(key))
    throw new LatchkeyError("BUG", `"${key}" is no key that is ever written.`);
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(value))
    throw usageError(
      `The value for ${key} has a line break or another control character in it.`,
      "Give it on one line.",
    );
  if (!value.isWellFormed())
    throw usageError(`The value for ${key} has half of a character in it.`, "Type it anew.");
  if (value !== value.trim())
    throw usageError(`The value for ${key} begins or ends with a blank.`, "Give it without.");
  if (/(^|\s)[#;]/.test(value))
    throw usageError(
      `The value for ${key} has a # or ; after a blank: some SDKs take that for a comment.`,
      "Give it without.",
    );
}
