import { splitShellWords } from "../text/shell-words.ts";

/**
 * Parses section headers of an AWS config: `[profile NAME]` in all its spellings.
 * Source: botocore 1.43 `configloader.build_profile_map`: the name is the second word of the header as shlex splits it.
 */

export interface SectionName {
  /** The header's kind: "profile" (also for `[default]`), "sso-session", "services", or "other". */
  readonly type: SectionType;
  /** For "other": the whole header text. */
  readonly name: string;
}

export type SectionType = "profile" | "sso-session" | "services" | "other";

/** Botocore checks only the start of the header, so `[profiles a]` is a profile too. */
const PREFIXES = ["profile", "sso-session", "services"] as const;

export function parseHeader(text: string): SectionName {
  if (text === "default") return { type: "profile", name: "default" };
  const type = PREFIXES.find((prefix) => text.startsWith(prefix));
  const [, name, ...more] = (type === undefined ? undefined : splitShellWords(text)) ?? [];
  if (type === undefined || name === undefined || more.length > 0)
    return { type: "other", name: text };
  return { type, name };
}

/**
 * Returns the text of a section's header, as latchkey writes it and as messages show it: `profile okta`, `default`,
 * `sso-session corp`.
 */
export function headerText({ type, name }: SectionName): string {
  if (type === "other") return name;
  return type === "profile" && name === "default" ? "default" : `${type} ${name}`;
}

const MOST_NAME_CHARACTERS = 256;

/**
 * Returns whether all SDKs read a name the same way, without quotes. The SDK for JavaScript rejects a file with
 * `__proto__`.
 */
export function isPortableName(name: string): boolean {
  return (
    name.length <= MOST_NAME_CHARACTERS &&
    name !== "__proto__" &&
    /^[A-Za-z0-9_.@+%:/-]+$/.test(name)
  );
}

/** Returns how to fix a name that is not portable. */
export function describePortableName(name: string): string {
  if (name === "__proto__")
    return "Use another name: the SDK for JavaScript rejects a file with this one.";
  return name.length > MOST_NAME_CHARACTERS
    ? `Use at most ${MOST_NAME_CHARACTERS} characters.`
    : "Use letters, digits and _ . @ + % : / - only.";
}
