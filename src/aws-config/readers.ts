import {
  findSection,
  parseNestedValues,
  type ConfigDocument,
  type ConfigSection,
} from "./document.ts";
import { headerText } from "./header.ts";
import { isSecretKey } from "../text/redact.ts";

/** Where the AWS CLI and the SDK for JavaScript read one AWS config differently, and how. */

export type DifferenceKind =
  /** One of the two reads nothing of the file. */
  | "file-refused"
  /** The section's header means something to one of the two only. */
  | "section"
  /** JavaScript does not see a section without keys that have a value. */
  | "empty-section"
  | "empty-value"
  /** JavaScript keeps a key's upper case, and so does not find it. */
  | "key-case"
  /** JavaScript cuts the value at a blank and `#` or `;`. */
  | "comment"
  /** The value is continued on further lines, which JavaScript drops or takes for keys. */
  | "continuation"
  /** Any other key that one of the two does not see. */
  | "key"
  | "value";

export interface ReaderDifference {
  /** `profile okta`, `default`, `sso-session corp`, `services local`; empty for the whole file. */
  readonly section: string;
  /** Nested keys as `s3.region`; absent for a whole section. */
  readonly key?: string;
  readonly line: number;
  /** The value, a secret one masked; null where the reader does not see it. */
  readonly awsCli: string | null;
  readonly javascript: string | null;
  readonly kind: DifferenceKind;
}

/** A value where it stands. */
interface Statement {
  readonly value: string;
  readonly line: number;
}

type Keys = ReadonlyMap<string, Statement>;
const PRESENT = "present";

/** In the order of the AWS CLI's sections, then JavaScript's own. Where the AWS CLI refuses the file, as if it were mended. */
export function compareReaders(document: ConfigDocument): ReaderDifference[] {
  const { sections, refusedAt } = readAsJavascript(document.text.toWellFormed());
  const differences = [compareWholeFile(document, refusedAt)];
  if (refusedAt !== undefined) return differences.flat();
  const names = new Set<string>();
  for (const { type, name } of document.sections) {
    const section = headerText({ type, name });
    if (type === "other" || names.has(section)) continue;
    names.add(section);
    const javascript = sections.get(type === "profile" ? name : `${type}.${name}`);
    const awsCli = findSection(document, type, name);
    if (awsCli !== undefined) differences.push(compareSection(section, awsCli, javascript));
  }
  for (const [name, keys] of sections) {
    const seen = { section: formatSectionName(name), line: findFirstLine(keys) };
    if (!names.has(seen.section))
      differences.push([{ ...seen, awsCli: null, javascript: PRESENT, kind: "section" }]);
  }
  return differences.flat();
}

function compareWholeFile(
  { problems }: ConfigDocument,
  refusedAt: number | undefined,
): ReaderDifference[] {
  const [problem] = [...problems].sort((a, b) => a.line - b.line);
  const line = problem?.line ?? refusedAt;
  const isBoth = problem !== undefined && refusedAt !== undefined;
  if (line === undefined || isBoth) return [];
  const awsCli = problem === undefined ? PRESENT : null;
  const javascript = refusedAt === undefined ? PRESENT : null;
  return [{ section: "", line, awsCli, javascript, kind: "file-refused" }];
}

function compareSection(
  section: string,
  found: ConfigSection,
  javascript: Keys | undefined,
): ReaderDifference[] {
  const awsCli = flattenKeys(found);
  if (javascript === undefined) {
    const isEmpty = [...awsCli.values()].every(({ value }) => value === "");
    const kind = isEmpty ? "empty-section" : "section";
    return [{ section, line: found.line, awsCli: PRESENT, javascript: null, kind }];
  }
  return [...new Set([...awsCli.keys(), ...javascript.keys()])].flatMap((key) => {
    const [one, other] = [awsCli.get(key), javascript.get(key)];
    if (one?.value === other?.value) return [];
    return {
      section,
      key,
      line: (one ?? other ?? found).line,
      awsCli: maskSecret(key, one),
      javascript: maskSecret(key, other),
      kind: classifyDifference(key, awsCli, javascript),
    };
  });
}

/** Each key with its value; a nested block's keys as `block.key`, which is how JavaScript names them. */
function flattenKeys({ entries }: ConfigSection): Keys {
  const keys = new Map<string, Statement>();
  for (const entry of entries) {
    const nested = parseNestedValues(entry);
    if (nested === undefined) keys.set(entry.key, entry);
    else
      for (const [key, value] of Object.entries(nested))
        keys.set(`${entry.key}.${key}`, { value, line: entry.line });
  }
  return keys;
}

function classifyDifference(key: string, awsCli: Keys, javascript: Keys): DifferenceKind {
  const [one, other] = [awsCli.get(key), javascript.get(key)];
  if (one !== undefined && other !== undefined) return compareValues(one.value, other.value);
  if (other !== undefined) {
    const lowerCase = key.toLowerCase();
    return key !== lowerCase && awsCli.has(lowerCase) ? "key-case" : "key";
  }
  if (one?.value === "") return "empty-value";
  if (one !== undefined && /^[;#]/.test(one.value)) return "comment";
  const isOtherCase = [...javascript.keys()].some(
    (candidate) => candidate !== key && candidate.toLowerCase() === key,
  );
  return isOtherCase ? "key-case" : "key";
}

function compareValues(awsCli: string, javascript: string): DifferenceKind {
  if (awsCli.includes("\n")) return "continuation";
  const isCut = awsCli.startsWith(javascript) && /^\s+[;#]/.test(awsCli.slice(javascript.length));
  return isCut ? "comment" : "value";
}

/** A secret is said to be there, but not what it is. */
function maskSecret(key: string, statement: Statement | undefined): string | null {
  if (statement === undefined) return null;
  return isSecretKey(key) ? "********" : statement.value;
}

/** JavaScript's name of a section as a header has it. */
function formatSectionName(section: string): string {
  if (section === "default") return section;
  const kind = ["sso-session", "services"].find((prefix) => section.startsWith(`${prefix}.`));
  return kind === undefined ? `profile ${section}` : `${kind} ${section.slice(kind.length + 1)}`;
}

function findFirstLine(keys: Keys): number {
  return [...keys.values()].reduce((first, { line }) => Math.min(first, line), Infinity);
}

/**
 * An AWS config as the SDK for JavaScript reads it (`@smithy/core` 3.41, shared-ini-file-loader): another grammar than
 * the AWS CLI's. It never refuses a line, takes ` #` and ` ;` for comments, and knows sections by their names alone.
 */
export interface JavascriptReading {
  /** Profiles by their names; other sections as `sso-session.NAME` and `services.NAME`. */
  readonly sections: ReadonlyMap<string, Keys>;
  /** The line of a header over which the whole file is given up. */
  readonly refusedAt: number | undefined;
}

const KINDS = ["profile", "sso-session", "services"];
const PREFIXED = /^([\w-]+)\s(["']?)([\w\-@+.%:/]+)\2$/;
const NEVER = new Set(["__proto__", "profile __proto__"]);

export function readAsJavascript(text: string): JavascriptReading {
  const read = new Map<string, Map<string, Statement>>();
  let section: string | undefined;
  let block: string | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const statement = line.replace(/(^|\s)[;#].*/s, "").trim();
    if (statement.startsWith("[") && statement.endsWith("]")) {
      const header = statement.slice(1, -1);
      if (NEVER.has(header)) return { sections: new Map(), refusedAt: index + 1 };
      section = parseSectionName(header);
      block = undefined;
      continue;
    }
    const equals = statement.indexOf("=");
    if (section === undefined || equals < 1) continue;
    const [name, value] = [statement.slice(0, equals).trim(), statement.slice(equals + 1).trim()];
    if (value === "") block = name;
    else {
      if (line.trimStart() === line) block = undefined;
      const key = block === undefined ? name : `${block}.${name}`;
      const keys = read.get(section) ?? new Map<string, Statement>();
      if (key !== "__proto__") read.set(section, keys.set(key, { value, line: index + 1 }));
    }
  }
  return { sections: selectVisible(read), refusedAt: undefined };
}

/** What a header opens; undefined where its keys are dropped. */
function parseSectionName(header: string): string | undefined {
  const [, kind, , name] = PREFIXED.exec(header) ?? [];
  if (kind !== undefined && name !== undefined)
    return KINDS.includes(kind) ? `${kind}.${name}` : undefined;
  return header === "" ? undefined : header;
}

/** `[default]` and the sections of the three kinds; `[profile default]` replaces `[default]`. */
function selectVisible(read: ReadonlyMap<string, Keys>): Map<string, Keys> {
  const seen = new Map<string, Keys>();
  const plain = read.get("default");
  if (plain !== undefined) seen.set("default", plain);
  for (const [section, keys] of read) {
    const name = section.replace(/^profile\./, "");
    const isKnown = KINDS.some((kind) => section.startsWith(`${kind}.`));
    if (isKnown && name !== "__proto__") seen.set(name, keys);
  }
  return seen;
}
