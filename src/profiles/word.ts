import { usageError, type LatchkeyError } from "../errors.ts";
import { containsWords } from "../text/terminal.ts";
import type { ProfileSummary } from "./profile.ts";

/** Which session a person means by the words of a command line. */

/** The names that there are. */
export interface KnownNames {
  /** Of the `[sso-session NAME]` sections. */
  readonly sessions: readonly string[];
  readonly profiles: ReadonlyArray<
    Pick<ProfileSummary, "profile" | "session" | "accountId" | "roleName">
  >;
  /** What else a picker shows of a profile: its account, role and region. */
  readonly describe: (profile: string) => string;
}

export interface WordRule {
  /** Whether only a whole name will do: where a program asks, or where something ends. */
  readonly isExact?: boolean;
}

export type SessionDecision =
  | { readonly kind: "session" | "profile"; readonly name: string; readonly isPart: boolean }
  /** All that the words fit. A profile stands for a session without a name. */
  | {
      readonly kind: "several";
      readonly sessions: readonly string[];
      readonly profiles: readonly string[];
    }
  | { readonly kind: "none" };

/** How a name is compared. */
export type Comparison = (name: string) => boolean;

/** A whole name in any case, or parts of one: all must occur, in any order. */
export function compareLoosely(
  words: readonly string[],
): Readonly<Record<"isSame" | "isPart", Comparison>> {
  const lower = words.join(" ").toLowerCase();
  return {
    isSame: (name) => name.toLowerCase() === lower,
    isPart: (name) => containsWords(name, words),
  };
}

/** @param words at least one. Several narrow together. */
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

/** Sessions without a name are called by their start URL, which is no name to type a part of. */
export function listStartUrls({ sessions, profiles }: KnownNames): string[] {
  const labels = profiles.flatMap(({ session }) => session ?? []);
  return [...new Set(labels)].filter((label) => !sessions.includes(label));
}

/** The session of that name, else the one that every fitting profile stands on. */
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

/** @param what how many of what: "3 profiles". @returns USAGE with the names to choose from. */
export function createSeveralError(
  words: readonly string[],
  what: string,
  names: readonly string[],
  cure = "Type more of the name that you mean.",
): LatchkeyError {
  return usageError(`"${words.join(" ")}" fits ${what}: ${formatNames(names)}.`, cure);
}

/** More than anybody reads in an error. */
const MOST_NAMES = 40;

export function formatNames(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
