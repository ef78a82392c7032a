import { findSection, type ConfigDocument, type ConfigSection } from "../aws-config/document.ts";
import { headerText } from "../aws-config/header.ts";
import { isSecretKey } from "../text/redact.ts";
import { readAsJavascript } from "./javascript.ts";
import { flattenKeys } from "./readers.ts";
import type { Statement, Statements } from "./reading.ts";

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

const PRESENT = "present";

/** In the order of the AWS CLI's sections, then JavaScript's own. Where the AWS CLI refuses the file, as if it were mended. */
export function compareReaders(document: ConfigDocument): ReaderDifference[] {
  const { sections, refused } = readAsJavascript("config", document.text.toWellFormed());
  const refusedAt = refused?.line;
  const differences = [compareWholeFile(document, refusedAt)];
  if (refusedAt !== undefined) return differences.flat();
  const names = new Set<string>();
  for (const { type, name } of document.sections) {
    const section = headerText({ type, name });
    if (type === "other" || names.has(section)) continue;
    names.add(section);
    const javascript = sections.get(`${type} ${name}`)?.keys;
    const awsCli = findSection(document, type, name);
    if (awsCli !== undefined) differences.push(compareSection(section, awsCli, javascript));
  }
  for (const [id, { keys }] of sections) {
    const seen = { section: id === "profile default" ? "default" : id, line: findFirstLine(keys) };
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
  javascript: Statements | undefined,
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

function classifyDifference(
  key: string,
  awsCli: Statements,
  javascript: Statements,
): DifferenceKind {
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

function findFirstLine(keys: Statements): number {
  return [...keys.values()].reduce((first, { line }) => Math.min(first, line), Infinity);
}
