import { decode } from "./text.ts";

/**
 * An AWS config as the SDK for JavaScript reads it (`@smithy/core` 3.41, shared-ini-file-loader): another grammar than
 * the AWS CLI's. It never refuses a line, takes ` #` and ` ;` for comments, and knows sections by their names alone.
 */
export interface JavascriptReading {
  /** Profiles by their names; other sections as `sso-session.NAME` and `services.NAME`. */
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, JavascriptValue>>;
  /** The line of a header over which the whole file is given up. */
  readonly refusedAt: number | undefined;
}

export interface JavascriptValue {
  readonly value: string;
  readonly line: number;
}

const KINDS = ["profile", "sso-session", "services"];
const PREFIXED = /^([\w-]+)\s(["']?)([\w\-@+.%:/]+)\2$/;
const NEVER = new Set(["__proto__", "profile __proto__"]);

export function readAsJavascript(latin1: string): JavascriptReading {
  const read = new Map<string, Map<string, JavascriptValue>>();
  let section: string | undefined;
  let block: string | undefined;
  let number = 0;
  for (const line of decode(latin1).split("\n")) {
    number += 1;
    const comment = line.search(/(^|\s)[;#]/);
    const text = (comment === -1 ? line : line.slice(0, comment)).trim();
    if (text.startsWith("[") && text.endsWith("]")) {
      const header = text.slice(1, -1);
      if (NEVER.has(header)) return { sections: new Map(), refusedAt: number };
      section = parseSectionName(header);
      block = undefined;
      continue;
    }
    const equals = text.indexOf("=");
    if (section === undefined || equals < 1) continue;
    const [name, value] = [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
    if (value === "") {
      block = name;
      continue;
    }
    if (line.trimStart() === line) block = undefined;
    addValue(read, section, block === undefined ? name : `${block}.${name}`, {
      value,
      line: number,
    });
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

function addValue(
  read: Map<string, Map<string, JavascriptValue>>,
  section: string,
  key: string,
  value: JavascriptValue,
): void {
  if (key === "__proto__") return;
  const keys = read.get(section);
  if (keys === undefined) read.set(section, new Map([[key, value]]));
  else keys.set(key, value);
}

/** `[default]` and the sections of the three kinds; `[profile default]` replaces `[default]`. */
function selectVisible(
  read: ReadonlyMap<string, Map<string, JavascriptValue>>,
): Map<string, Map<string, JavascriptValue>> {
  const seen = new Map<string, Map<string, JavascriptValue>>();
  const plain = read.get("default");
  if (plain !== undefined) seen.set("default", plain);
  for (const [section, keys] of read) {
    const dot = section.indexOf(".");
    const kind = section.slice(0, Math.max(dot, 0));
    const name = kind === "profile" ? section.slice(dot + 1) : section;
    if (KINDS.includes(kind) && name !== "__proto__") seen.set(name, keys);
  }
  return seen;
}
