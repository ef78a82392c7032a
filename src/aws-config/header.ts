/**
 * Section headers of an AWS config: `[profile NAME]`, however it is written.
 * Source: botocore 1.43 `configloader.build_profile_map`: a name is what shlex makes of the header's second word.
 */

export interface SectionName {
  /** The header's kind: "profile" (also for `[default]`), "sso-session", "services", or "other". */
  readonly type: SectionType;
  /** For "other": the header's whole text. */
  readonly name: string;
}

export type SectionType = "profile" | "sso-session" | "services" | "other";

/** The kinds by the start of the header: botocore takes `[profiles a]` for a profile, too. */
const PREFIXES = ["profile", "sso-session", "services"] as const;

const PLAIN = /^(?:profile|sso-session|services) [A-Za-z0-9_.@+%:/-]+$/;

export function parseHeader(text: string): SectionName {
  if (PLAIN.test(text)) {
    const type = PREFIXES.find((prefix) => text.startsWith(prefix)) as SectionType;
    return { type, name: text.slice(type.length + 1) };
  }
  if (text === "default") return { type: "profile", name: "default" };
  const type = PREFIXES.find((prefix) => text.startsWith(prefix));
  const words = type === undefined ? undefined : splitShellWords(text);
  const name = words?.[1];
  if (type === undefined || name === undefined || words?.length !== 2)
    return { type: "other", name: text };
  return { type, name };
}

/** How people and messages name a section, and what a new one's header says: `profile okta`, `default`, `sso-session corp`. */
export function headerText({ type, name }: SectionName): string {
  if (type === "other") return name;
  return type === "profile" && name === "default" ? "default" : `${type} ${name}`;
}

/** Names that every SDK reads the same way, and that need no quotes anywhere. The SDK for JavaScript gives up a file over `__proto__`. */
export function isPortableName(name: string): boolean {
  return name.length <= 256 && name !== "__proto__" && /^[A-Za-z0-9_.@+%:/-]+$/.test(name);
}

/** POSIX words as Python's shlex.split makes them; undefined where a quote or an escape is not ended. */
export function splitShellWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let index = 0;
  while (index < text.length) {
    if (/[ \t\r\n]/.test(text.charAt(index))) {
      if (word !== undefined) words.push(word);
      word = undefined;
      index += 1;
      continue;
    }
    const part = readWordPart(text, index);
    if (part === undefined) return undefined;
    word = (word ?? "") + part.text;
    index = part.end;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** What one quotation, escape or plain character adds to a word. */
interface WordPart {
  readonly text: string;
  readonly end: number;
}

function readWordPart(text: string, start: number): WordPart | undefined {
  const character = text.charAt(start);
  if (character === '"') return readDoubleQuoted(text, start + 1);
  if (character === "'") {
    const end = text.indexOf("'", start + 1);
    return end === -1 ? undefined : { text: text.slice(start + 1, end), end: end + 1 };
  }
  if (character === "\\") {
    if (start + 1 === text.length) return undefined;
    return { text: text.charAt(start + 1), end: start + 2 };
  }
  return { text: character, end: start + 1 };
}

/** Between double quotes a backslash escapes only itself and the quote. */
function readDoubleQuoted(text: string, start: number): WordPart | undefined {
  let content = "";
  for (let index = start; index < text.length; index += 1) {
    if (text.charAt(index) === '"') return { text: content, end: index + 1 };
    const isEscape = text.charAt(index) === "\\" && /["\\]/.test(text.charAt(index + 1));
    if (isEscape) index += 1;
    content += text.charAt(index);
  }
  return undefined;
}
