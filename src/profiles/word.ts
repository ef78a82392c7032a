import { configError, usageError, type LatchkeyError } from "../errors.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { containsWords, plural } from "../text/terminal.ts";
import type { ProfileSummary } from "./profile.ts";

/** Which profile or session a person means by the words of a command line. */

/** The names that there are. */
export interface KnownNames {
  /** Of the `[sso-session NAME]` sections. */
  readonly sessions: readonly string[];
  readonly profiles: ReadonlyArray<Pick<ProfileSummary, "profile" | "session">>;
  /** What else a picker shows of a profile: its account, role and region. */
  readonly describe: (profile: string) => string;
}

export interface WordRule {
  /** What the command acts on, and so what a word names first. */
  readonly wanted: "profile" | "session";
  /** Whether only a whole name will do. */
  readonly isExact: boolean;
}

export type WordDecision =
  | { readonly kind: "profile"; readonly name: string; readonly isPart: boolean }
  /** Where a profile is wanted: any of those on that session. */
  | {
      readonly kind: "session";
      readonly name: string;
      readonly isPart: boolean;
      readonly profiles: readonly string[];
    }
  /** All that the words fit. A profile stands for a session without a name, where a session is wanted. */
  | {
      readonly kind: "several";
      readonly sessions: readonly string[];
      readonly profiles: readonly string[];
    }
  | { readonly kind: "none" };

/** How names are compared, from whole to part. */
type Comparison = (name: string) => boolean;

/** @param words at least one. Several narrow together: all must occur, in any order. */
export function decideWord(
  words: readonly string[],
  names: KnownNames,
  { wanted, isExact }: WordRule,
): WordDecision {
  const decide = wanted === "profile" ? decideForProfile : decideForSession;
  const text = words.join(" ");
  const exact = decide(names, (name) => name === text, {
    sessions: [...names.sessions, ...listStartUrls(names)],
    isPart: false,
  });
  if (isExact || exact.kind !== "none") return exact;

  const lower = text.toLowerCase();
  const looser: readonly Comparison[] = [
    (name) => name.toLowerCase() === lower,
    (name) => containsWords(name, words),
  ];
  for (const comparison of looser) {
    const found = decide(names, comparison, { sessions: names.sessions, isPart: true });
    if (found.kind !== "none") return found;
  }
  if (words.length === 1) return { kind: "none" };
  return decide(names, (name) => containsWords(`${name} ${names.describe(name)}`, words), {
    sessions: [],
    isPart: true,
  });
}

/** Sessions without a name are called by their start URL, which is no name to type a part of. */
function listStartUrls({ sessions, profiles }: KnownNames): string[] {
  const labels = profiles.flatMap(({ session }) => session ?? []);
  return [...new Set(labels)].filter((label) => !sessions.includes(label));
}

interface Compared {
  readonly sessions: readonly string[];
  readonly isPart: boolean;
}

/** The profile, else a session. */
function decideForProfile(
  { profiles }: KnownNames,
  fits: Comparison,
  { sessions, isPart }: Compared,
): WordDecision {
  const fitting = profiles.map(({ profile }) => profile).filter(fits);
  const [name, ...others] = fitting;
  if (name !== undefined)
    return others.length === 0
      ? { kind: "profile", name, isPart }
      : { kind: "several", sessions: [], profiles: fitting };
  const [session, ...more] = sessions.filter(fits);
  if (session === undefined) return { kind: "none" };
  const below = profiles
    .filter((profile) => [session, ...more].includes(profile.session ?? ""))
    .map(({ profile }) => profile);
  return more.length === 0
    ? { kind: "session", name: session, isPart, profiles: below }
    : { kind: "several", sessions: [], profiles: below };
}

/** The session of that name, else the one that every fitting profile stands on. */
function decideForSession(
  names: KnownNames,
  fits: Comparison,
  { sessions, isPart }: Compared,
): WordDecision {
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
): WordDecision {
  const named = labels.filter((label) => sessions.includes(label));
  const unnamed = labels
    .filter((label) => !sessions.includes(label))
    .flatMap((label) => profiles.find(({ session }) => session === label)?.profile ?? []);
  const [name] = named;
  const [profile] = unnamed;
  if (labels.length > 1) return { kind: "several", sessions: named, profiles: unnamed };
  if (name !== undefined) return { kind: "session", name, isPart, profiles: [] };
  return profile === undefined ? { kind: "none" } : { kind: "profile", name: profile, isPart };
}

/** @returns USAGE with the names to choose from; CONFIG_INVALID where there is nothing to choose from. */
export function createSeveralError(
  words: readonly string[],
  decision: Extract<WordDecision, { kind: "session" | "several" }>,
): LatchkeyError {
  const text = words.join(" ");
  const { profiles } = decision;
  if (decision.kind === "several") {
    const names = [...decision.sessions, ...profiles];
    const noun = decision.sessions.length > 0 ? "SSO session" : "profile";
    return usageError(
      `"${text}" fits ${plural(names.length, noun)}: ${formatNames(names)}.`,
      "Type more of the name that you mean.",
    );
  }
  const session = `"${text}" is the SSO session ${decision.name}`;
  if (profiles.length === 0)
    return configError(
      `${session}, and no profile uses it.`,
      `latchkey profiles sync --sso-session ${quoteShellWord(decision.name)}`,
    );
  return usageError(
    `${session}, with ${plural(profiles.length, "profile")}: ${formatNames(profiles)}.`,
    "Name one of its profiles.",
  );
}

/** More than anybody reads in an error. */
const MOST_NAMES = 40;

function formatNames(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
