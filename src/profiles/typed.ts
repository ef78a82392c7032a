import type { Context } from "../context.ts";
import { findEnvironmentProfile } from "../model/aws-environment.ts";
import type { SsoSession } from "../model/sso-session.ts";
import { hasCode, usageError, type LatchkeyError } from "../errors.ts";
import { notice } from "../terminal/notice.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { plural } from "../text/terminal.ts";
import { trace } from "../trace.ts";
import { listNames } from "./known.ts";
import { readSessions, type ConfigSource } from "./profile.ts";
import { createNotFoundError } from "./require-section.ts";
import { readConfig, selectSession, type RoleFlags, type SessionFlags } from "./select.ts";
import {
  createSeveralError,
  decideSession,
  type KnownNames,
  type SessionDecision,
  type WordRule,
} from "./word.ts";

/** Converts the words that a user typed to choose a session into flags with exact names. */

/**
 * Returns the flags that select the session given by words or by flags.
 * @throws LatchkeyError USAGE if words and flags contradict each other, or if several sessions match and there is no
 * terminal.
 */
export async function nameSession(
  context: Context,
  words: readonly string[],
  flags: SessionFlags,
  rule: WordRule = {},
): Promise<SessionFlags> {
  if (words.length === 0) return flags;
  const source = readConfig(context);
  const names = listNames(context, source);
  const decision = decideSession(words, names, rule);
  if (decision.kind === "none") return findByStartUrl(source, words, names, flags);
  const meant = await chooseSession(context, words, decision);
  const noun = meant.profile === undefined ? "session" : "profile";
  trace(() => `"${words.join(" ")}" means the ${noun} ${meant.profile ?? meant.ssoSession}`);
  refuseOtherSession(names, words, meant, flags);
  return meant;
}

/**
 * Finds the only session of the config with this pasted start URL. If there is not exactly one, returns the URL itself,
 * for a session that is not in the config.
 */
function findByStartUrl(
  source: ConfigSource,
  words: readonly string[],
  names: KnownNames,
  flags: SessionFlags,
): SessionFlags {
  const [startUrl = ""] = words;
  if (!/^https?:\/\//.test(startUrl)) throw createUnknownError(words, names, source);
  const [session, ...others] = readSessions(source).sessions.filter(
    ({ name, startUrl: url }) => name !== undefined && url === startUrl,
  );
  const meant = { ssoSession: session?.name };
  if (session === undefined || others.length > 0) return { ...flags, startUrl };
  refuseOtherSession(names, words, meant, flags);
  return meant;
}

async function chooseSession(
  context: Context,
  words: readonly string[],
  decision: Exclude<SessionDecision, { kind: "none" }>,
): Promise<SessionFlags> {
  if (decision.kind !== "several") {
    sayMeant(context, words, decision);
    return toFlags(decision);
  }
  const labels = [...decision.sessions, ...decision.profiles];
  if (!context.terminal.interactive)
    throw createSeveralError(words, plural(labels.length, "SSO session"), labels);
  return context.terminal.pick<SessionFlags>("SSO session", [
    ...decision.sessions.map((name) => ({ cells: [name], value: { ssoSession: name } })),
    ...decision.profiles.map((name) => ({ cells: [name], value: { profile: name } })),
  ]);
}

function toFlags({ kind, name }: { readonly kind: "profile" | "session"; readonly name: string }) {
  return kind === "session" ? { ssoSession: name } : { profile: name };
}

/** The words after a list command. They select a session, or search the list. */
interface ListRequest {
  readonly words: readonly string[];
  readonly flags: SessionFlags;
  /** Whether the first word is first compared with sessions and profiles. If not, it is first searched for in the list. */
  readonly isSessionFirst: boolean;
}

interface SessionList<L> {
  readonly session: SsoSession;
  readonly listing: L;
}

/**
 * Lists the entries that match the words. If none matches and the words select a session, lists all entries of that
 * session.
 * @param list throws NOT_FOUND if no entry matches its words.
 * @throws LatchkeyError USAGE if words and flags contradict each other.
 */
export async function listByWords<L>(
  context: Context,
  { words, flags, isSessionFirst }: ListRequest,
  list: (session: SsoSession, words: readonly string[]) => Promise<L>,
): Promise<SessionList<L>> {
  const listAll: ListAll<L> = async (named, searched) => {
    const session = await selectSession(context, named);
    return { session, listing: await list(session, searched) };
  };
  const [first] = words;
  if (first === undefined) return listAll(flags, words);

  const names = listNames(context, readConfig(context));
  const exact = findSessionFlags(names, [first], true);
  if (isSessionFirst && exact !== undefined) {
    refuseOtherSession(names, [first], exact, flags);
    return listAll(exact, words.slice(1));
  }
  const named = exact ?? findSessionFlags(names, words, false);
  if (named === undefined || listGiven(flags).length > 0) return listAll(flags, words);
  const isSaid = findEnvironmentProfile(context.env) !== undefined;
  try {
    return await listAll(isSaid ? flags : named, words);
  } catch (thrown) {
    // The environment may have selected another session than the typed one.
    const isOther = exact !== undefined && hasCode(thrown, "SIGN_IN_REQUIRED", "USAGE");
    if (!isOther && !hasCode(thrown, "NOT_FOUND")) throw thrown;
    return listAll(named, []);
  }
}

type ListAll<L> = (named: SessionFlags, searched: readonly string[]) => Promise<SessionList<L>>;

function findSessionFlags(
  names: KnownNames,
  words: readonly string[],
  isExact: boolean,
): SessionFlags | undefined {
  const decision = decideSession(words, names, { isExact });
  return decision.kind === "session" || decision.kind === "profile" ? toFlags(decision) : undefined;
}

/** Tells the user which name matched, if the words are only a part of it, before anything is done. */
function sayMeant(
  context: Context,
  words: readonly string[],
  { kind, name, isPart }: Extract<SessionDecision, { isPart: boolean }>,
): void {
  const noun = kind === "session" ? "SSO session" : "profile";
  if (isPart) notice(context, `"${words.join(" ")}" means the ${noun} ${name}`);
}

/** The flags that may be given together with words. */
const FLAG_NAMES = {
  profile: "--profile",
  ssoSession: "--sso-session",
  startUrl: "--start-url",
  ssoRegion: "--sso-region",
  accountId: "--account-id",
  roleName: "--role-name",
} as const satisfies Record<keyof RoleFlags, string>;

function listGiven(flags: RoleFlags): Array<readonly [flag: string, value: string]> {
  return Object.entries(FLAG_NAMES).flatMap(([key, flag]) => {
    const value = flags[key as keyof RoleFlags];
    return value === undefined ? [] : [[flag, value] as const];
  });
}

/** Refuses flags that select another session than the words. A flag for another profile of the same session is allowed. */
function refuseOtherSession(
  names: KnownNames,
  words: readonly string[],
  meant: SessionFlags,
  flags: SessionFlags,
): void {
  if (listGiven(flags).length === 0) return;
  const label = findLabel(names, meant);
  const isSameSession = label !== undefined && label === findLabel(names, flags);
  const isSameProfile = meant.profile !== undefined && meant.profile === flags.profile;
  if (!isSameSession && !isSameProfile) throw createContradiction(words, flags);
}

/** Returns the name or start URL of the session that the flags select. */
function findLabel({ profiles }: KnownNames, flags: SessionFlags): string | undefined {
  const { profile, ssoSession, startUrl } = flags;
  if (profile === undefined) return ssoSession ?? startUrl;
  return profiles.find((row) => row.profile === profile)?.session;
}

export function createContradiction(words: readonly string[], flags: RoleFlags): LatchkeyError {
  const given = listGiven(flags).map(([flag, value]) => `${flag} ${quoteShellWord(value)}`);
  return usageError(
    `"${words.join(" ")}" and ${given.join(" ")} contradict each other.`,
    "Give one of the two.",
  );
}

function createUnknownError(
  words: readonly string[],
  { sessions, profiles }: KnownNames,
  { file }: ConfigSource,
): LatchkeyError {
  return createNotFoundError({
    kind: "SSO session or profile",
    name: words.join(" "),
    known: [...sessions, ...profiles.map(({ profile }) => profile)],
    file,
    cure: "latchkey configure",
  });
}
