import type { FileKind, FileReading, ReadSection, Statement } from "./reading.ts";
import { numberLines, refuseFile } from "./reading.ts";

const KINDS = ["profile", "sso-session", "services"];
const PREFIXED = /^([\w-]+)\s(["']?)([\w\-@+.%:/]+)\2$/;
const NEVER = new Set(["__proto__", "profile __proto__"]);

/** A section with the keys that were read so far. */
interface OpenSection extends ReadSection {
  readonly keys: Map<string, Statement>;
}

/**
 * Reads a file like the SDK for JavaScript (`@smithy/core` 3.41, shared-ini-file-loader): it refuses no line, reads ` #`
 * and ` ;` as comments, keeps the case of keys, and ignores a section without a value.
 */
export function readAsJavascript(kind: FileKind, text: string): FileReading {
  const progress: Progress = { read: new Map(), opened: undefined, block: undefined };
  for (const [line, number] of numberLines(text, "\n")) {
    const statement = line.replace(/(^|\s)[;#].*/s, "").trim();
    if (!statement.startsWith("[") || !statement.endsWith("]")) {
      readKey(progress, { statement, line: number, isIndented: line.trimStart() !== line });
      continue;
    }
    const header = statement.slice(1, -1);
    if (NEVER.has(header)) return refuseFile(number, "a section is named __proto__");
    progress.opened = { name: parseSectionName(header), line: number };
    progress.block = undefined;
  }
  return { sections: selectVisible(kind, progress.read), refused: undefined };
}

interface Progress {
  readonly read: Map<string, OpenSection>;
  opened: { readonly name: string | undefined; readonly line: number } | undefined;
  /** The last key without a value. */
  block: string | undefined;
}

interface Line {
  readonly statement: string;
  readonly line: number;
  readonly isIndented: boolean;
}

function readKey(progress: Progress, { statement, line, isIndented }: Line): void {
  const { read, opened } = progress;
  const equals = statement.indexOf("=");
  if (opened?.name === undefined || equals < 1) return;
  const [name, value] = [statement.slice(0, equals).trim(), statement.slice(equals + 1).trim()];
  if (value === "") {
    progress.block = name;
    return;
  }
  if (!isIndented) progress.block = undefined;
  const key = progress.block === undefined ? name : `${progress.block}.${name}`;
  if (key === "__proto__") return;
  const section = read.get(opened.name) ?? { line: opened.line, keys: new Map() };
  section.keys.set(key, { value, line });
  read.set(opened.name, section);
}

/** Returns the section's name; undefined if its keys are ignored. */
function parseSectionName(header: string): string | undefined {
  const [, kind, , name] = PREFIXED.exec(header) ?? [];
  if (kind !== undefined && name !== undefined)
    return KINDS.includes(kind) ? `${kind}.${name}` : undefined;
  return header === "" ? undefined : header;
}

/** Selects the sections: in the config, those of the three kinds and `[default]`, which `[profile default]` replaces. */
function selectVisible(
  kind: FileKind,
  read: ReadonlyMap<string, ReadSection>,
): Map<string, ReadSection> {
  if (kind === "credentials")
    return new Map([...read].map(([name, section]) => [`profile ${name}`, section]));
  const seen = new Map<string, ReadSection>();
  const plain = read.get("default");
  if (plain !== undefined) seen.set("profile default", plain);
  for (const [name, section] of read) {
    const known = KINDS.find((one) => name.startsWith(`${one}.`));
    if (known !== undefined && name !== `${known}.__proto__`)
      seen.set(`${known} ${name.slice(known.length + 1)}`, section);
  }
  return seen;
}
