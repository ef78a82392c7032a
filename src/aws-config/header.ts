import { splitShellWords } from "../text/shell-words.ts";

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

export function parseHeader(text: string): SectionName {
  if (text === "default") return { type: "profile", name: "default" };
  const type = PREFIXES.find((prefix) => text.startsWith(prefix));
  const [, name, ...more] = (type === undefined ? undefined : splitShellWords(text)) ?? [];
  if (type === undefined || name === undefined || more.length > 0)
    return { type: "other", name: text };
  return { type, name };
}

/** How people and messages name a section, and what a new one's header says: `profile okta`, `default`, `sso-session corp`. */
export function headerText({ type, name }: SectionName): string {
  if (type === "other") return name;
  return type === "profile" && name === "default" ? "default" : `${type} ${name}`;
}

const MOST_NAME_CHARACTERS = 256;

/** Names that every SDK reads the same way, and that need no quotes anywhere. The SDK for JavaScript gives up a file over `__proto__`. */
export function isPortableName(name: string): boolean {
  return (
    name.length <= MOST_NAME_CHARACTERS &&
    name !== "__proto__" &&
    /^[A-Za-z0-9_.@+%:/-]+$/.test(name)
  );
}

/** What to do about a name that is not portable. */
export function describePortableName(name: string): string {
  if (name === "__proto__")
    return "Use another name: the SDK for JavaScript gives up a file with it.";
  return name.length > MOST_NAME_CHARACTERS
    ? `Use at most ${MOST_NAME_CHARACTERS} characters.`
    : "Use letters, digits and _ . @ + % : / - only.";
}
