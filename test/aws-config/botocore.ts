import { LatchkeyError } from "../../src/errors.ts";
import {
  type ConfigDocument,
  type ConfigSection,
  findSection,
  parseNestedValues,
  parseConfig,
} from "../support/config-editor.ts";

/** Shared by the tests of the config document: texts in and out, and a document in the form of botocore's result. */

export function toBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function parse(text: string): ConfigDocument {
  return parseConfig(toBytes(text));
}

export function print(document: ConfigDocument): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(document.bytes);
}

type Values = Record<string, string | Record<string, string>>;

export interface BotocoreReading {
  profiles: Record<string, Values>;
  sso_sessions: Record<string, Values>;
  services: Record<string, Values>;
  other: Record<string, Values>;
}

const GROUPS = {
  profile: "profiles",
  "sso-session": "sso_sessions",
  services: "services",
} as const;

/** Returns what `botocore.configloader.load_config` returns, from a ConfigDocument. */
export function readAsBotocore(document: ConfigDocument): BotocoreReading {
  const reading: BotocoreReading = { profiles: {}, sso_sessions: {}, services: {}, other: {} };
  const lent = document.sections
    .filter(({ place }) => place.header === "DEFAULT")
    .map(collectValues);
  for (const section of document.sections) {
    const { type, name, place } = section;
    if (type !== "other")
      reading[GROUPS[type]][name] = collectValues(findSection(document, type, name)!);
    // Headers that start like one of the kinds but contain no name are dropped.
    else if (place.header !== "DEFAULT" && !/^(profile|sso-session|services)/.test(name))
      reading.other[name] = Object.assign({}, ...lent, collectValues(section));
  }
  return reading;
}

function collectValues({ entries }: ConfigSection): Values {
  return Object.fromEntries(
    entries.map((entry) => [entry.key, parseNestedValues(entry) ?? entry.value]),
  );
}

/** Returns every section separately, in file order, by its header. */
export function groupStatements(
  document: ConfigDocument,
): Array<readonly [string, ReadonlyArray<readonly [string, string]>]> {
  return document.sections.map(({ place, entries }) => [
    place.header,
    entries.map(({ key, value }) => [key, value] as const),
  ]);
}

export function catchRefusal(act: () => unknown): LatchkeyError {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof LatchkeyError) return thrown;
    throw thrown;
  }
  throw new Error("It was not refused.");
}

/** Splits lines with their breaks, in another way than the parser does. A byte order mark is a line of its own. */
function splitLines(bytes: Uint8Array): string[] {
  return (
    Buffer.from(bytes)
      .toString("latin1")
      .match(/^\u00ef\u00bb\u00bf|[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? []
  );
}

/** Returns a line diff: the lines only in `before` and only in `after`; all others have the same order. */
export function diffLines(
  before: Uint8Array,
  after: Uint8Array,
): { gone: string[]; come: string[] } {
  const [a, b] = [splitLines(before), splitLines(after)];
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      common[i]![j] =
        a[i] === b[j]
          ? common[i + 1]![j + 1]! + 1
          : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  const diff = { gone: [] as string[], come: [] as string[] };
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && a[i] === b[j]) [i, j] = [i + 1, j + 1];
    else if (j >= b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!))
      diff.gone.push(a[i++]!);
    else diff.come.push(b[j++]!);
  }
  return diff;
}
