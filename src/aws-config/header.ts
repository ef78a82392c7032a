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
  const words = type === undefined ? undefined : shellWords(text);
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
export function shellWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote === "'") {
      if (character === "'") quote = undefined;
      else word += character;
    } else if (quote === '"') {
      if (character === '"') quote = undefined;
      else if (character === "\\" && /["\\]/.test(text.charAt(index + 1)))
        word += text.charAt((index += 1));
      else word += character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (character === "\\") {
      if (index + 1 === text.length) return undefined;
      word = (word ?? "") + text.charAt((index += 1));
    } else if (/[ \t\r\n]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (quote !== undefined) return undefined;
  if (word !== undefined) words.push(word);
  return words;
}
