import { usageError, type LatchkeyError } from "../errors.ts";
import { containsWords } from "../text/terminal.ts";
import type { ProfileSummary } from "./profile.ts";

/** Decides which session a user means by the words on a command line. */

/** The names in the config and the credentials file. */
export interface KnownNames {
  /** Names of the `[sso-session NAME]` sections. */
  readonly sessions: readonly string[];
  readonly profiles: ReadonlyArray<
    Pick<ProfileSummary, "profile" | "session" | "accountId" | "roleName">
  >;
  /** Returns the text that a picker shows beside the profile's name: its account, role and region. */
  readonly describe: (profile: string) => string;
}

export interface WordRule {
  /** Whether only a whole name matches. Used for calls by a program, and for commands that end a session. */
  readonly isExact?: boolean;
}

export type SessionDecision =
  | { readonly kind: "session" | "profile"; readonly name: string; readonly isPart: boolean }
  /** Several sessions match. For a session without a name, the list contains one of its profiles. */
  | {
      readonly kind: "several";
      readonly sessions: readonly string[];
      readonly profiles: readonly string[];
    }
  | { readonly kind: "none" };

/** Returns whether a name matches. */
export type Comparison = (name: string) => boolean;

/** Returns comparisons that ignore case: "isSame" with the whole name, "isPart" with parts of the name in any order. */
export function compareLoosely(
  words: readonly string[],
): Readonly<Record<"isSame" | "isPart", Comparison>> {
  const lower = words.join(" ").toLowerCase();
  return {
    isSame: (name) => name.toLowerCase() === lower,
    isPart: (name) => containsWords(name, words),
  };
}

/** @param words at least one word; the session must match all words. */
export function decideSession(
  words: readonly string[],
  names: KnownNames,
  { isExact = false }: WordRule,
): SessionDecision {
  const text = words.join(" ");
  const known = [...names.sessions, ...listStartUrls(names)];
  const exact = decide(names, (name) => name === text, { sessions: known, isPart: false });
  if (isExact || exact.kind !== "none") return exact;
  const { isSame, isPart } = compareLoosely(words);
  for (const comparison of [isSame, isPart]) {
    const found = decide(names, comparison, { sessions: names.sessions, isPart: true });
    if (found.kind !== "none") return found;
  }
  if (words.length === 1) return { kind: "none" };
  const isDescribed: Comparison = (name) => containsWords(`${name} ${names.describe(name)}`, words);
  return decide(names, isDescribed, { sessions: [], isPart: true });
}

/** Returns the start URLs of sessions without a name. Words must match a start URL as a whole. */
export function listStartUrls({ sessions, profiles }: KnownNames): string[] {
  const labels = profiles.flatMap(({ session }) => session ?? []);
  return [...new Set(labels)].filter((label) => !sessions.includes(label));
}

/**
 * Returns the session with a matching name. If there is none, returns the session of the matching profiles, if it is
 * only one.
 */
function decide(
  names: KnownNames,
  fits: Comparison,
  { sessions, isPart }: { readonly sessions: readonly string[]; readonly isPart: boolean },
): SessionDecision {
  const named = sessions.filter(fits);
  if (named.length > 0) return decideAmong(named, names, isPart);
  const fitting = names.profiles.filter(({ profile }) => fits(profile));
  const [first] = fitting;
  if (first === undefined) return { kind: "none" };
  if (fitting.length === 1) return { kind: "profile", name: first.profile, isPart };
  const labels = new Set(fitting.flatMap(({ session }) => session ?? []));
  return decideAmong([...labels], names, isPart);
}

function decideAmong(
  labels: readonly string[],
  { sessions, profiles }: KnownNames,
  isPart: boolean,
): SessionDecision {
  const named = labels.filter((label) => sessions.includes(label));
  const unnamed = labels
    .filter((label) => !sessions.includes(label))
    .flatMap((label) => profiles.find(({ session }) => session === label)?.profile ?? []);
  const [name] = named;
  const [profile] = unnamed;
  if (labels.length > 1) return { kind: "several", sessions: named, profiles: unnamed };
  if (name !== undefined) return { kind: "session", name, isPart };
  return profile === undefined ? { kind: "none" } : { kind: "profile", name: profile, isPart };
}

/** @param what the number and kind of the matches, such as "3 profiles". @returns USAGE with the names to choose from. */
export function createSeveralError(
  words: readonly string[],
  what: string,
  names: readonly string[],
  cure = "Type more of the name that you mean.",
): LatchkeyError {
  return usageError(`"${words.join(" ")}" fits ${what}: ${formatNames(names)}.`, cure);
}

/** The maximum number of names in an error. A longer list would not be read. */
const MOST_NAMES = 40;

export function formatNames(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
