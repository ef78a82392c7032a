import type { Context } from "../context.ts";
import { findEnvironmentProfile } from "../model/aws-environment.ts";
import type { SsoSession } from "../model/sso-session.ts";
import { hasCode, usageError, type LatchkeyError } from "../errors.ts";
import { notice } from "../terminal/notice.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { containsWords } from "../text/terminal.ts";
import { trace } from "../trace.ts";
import { listNames, pickProfile, requireProfile, type PickedFrom } from "./pick.ts";
import { readSessions, type ConfigSource } from "./profile.ts";
import { createNotFoundError } from "./require-section.ts";
import { readConfig, selectSession, type SessionFlags } from "./select.ts";
import { createSeveralError, decideWord, type KnownNames, type WordDecision } from "./word.ts";

/** The words that a person typed, as the flags that they stand for: from there on every name is exact. */

interface TypedRule {
  /** Whether only a whole name will do: where a program asks, or where something ends. */
  readonly isExact?: boolean;
}

/**
 * The profile that is typed, by words or by `--profile`; undefined where neither is there. A session stands for those of
 * its profiles that a person then chooses from.
 * @throws LatchkeyError USAGE where words and flags contradict, or where several fit and nobody is there to choose.
 */
export async function nameProfile(
  context: Context,
  words: readonly string[],
  flags: Pick<SessionFlags, "profile" | "ssoSession">,
  { isExact = false }: TypedRule = {},
): Promise<string | undefined> {
  if (words.length === 0) return flags.profile;
  const source = readConfig(context);
  const names = listNames(context, source);
  const decision = decideWord(words, names, { wanted: "profile", isExact });
  const profile = await chooseProfile(context, source, words, decision);
  trace(() => `"${words.join(" ")}" means the profile ${profile}`);
  refuseOtherProfile(names, words, profile, flags);
  return profile;
}

async function chooseProfile(
  context: Context,
  source: ConfigSource,
  words: readonly string[],
  decision: WordDecision,
): Promise<string> {
  switch (decision.kind) {
    case "profile":
      sayMeant(context, words, decision);
      return decision.name;
    case "none":
      return requireProfile(context, source, words.join(" ")).name;
    default:
      if (decision.profiles.length === 0 || !context.terminal.interactive)
        throw createSeveralError(words, decision);
      return (await pickProfile(context, source, narrowPicker(words, decision))).name;
  }
}

/** As if the person had typed the words into the picker, where its rows show them. */
function narrowPicker(
  words: readonly string[],
  { kind, profiles }: Extract<WordDecision, { kind: "session" | "several" }>,
): PickedFrom {
  const isShown = kind === "several" && profiles.every((name) => containsWords(name, words));
  return isShown ? { filter: words.join(" ") } : { only: profiles };
}

/**
 * The flags that name the session that is typed, by words or by flags.
 * @throws LatchkeyError USAGE where words and flags contradict, or where several fit and nobody is there to choose.
 */
export async function nameSession(
  context: Context,
  words: readonly string[],
  flags: SessionFlags,
  { isExact = false }: TypedRule = {},
): Promise<SessionFlags> {
  if (words.length === 0) return flags;
  const source = readConfig(context);
  const names = listNames(context, source);
  const decision = decideWord(words, names, { wanted: "session", isExact });
  if (decision.kind === "none") return findByStartUrl(source, words, names, flags);
  const meant = await chooseSession(context, words, decision);
  const noun = meant.profile === undefined ? "session" : "profile";
  trace(() => `"${words.join(" ")}" means the ${noun} ${meant.profile ?? meant.ssoSession}`);
  refuseOtherSession(names, words, meant, flags);
  return meant;
}

/** By a start URL, as it is pasted: the one session that has it, else a session that the config does not know. */
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
  decision: Exclude<WordDecision, { kind: "none" }>,
): Promise<SessionFlags> {
  if (decision.kind !== "several") {
    sayMeant(context, words, decision);
    return toFlags(decision);
  }
  if (!context.terminal.interactive) throw createSeveralError(words, decision);
  return context.terminal.pick<SessionFlags>("SSO session", [
    ...decision.sessions.map((name) => ({ cells: [name], value: { ssoSession: name } })),
    ...decision.profiles.map((name) => ({ cells: [name], value: { profile: name } })),
  ]);
}

function toFlags({ kind, name }: { readonly kind: "profile" | "session"; readonly name: string }) {
  return kind === "session" ? { ssoSession: name } : { profile: name };
}

/** What a list is asked for: words name a session, or look for something in the list. */
interface ListRequest {
  readonly words: readonly string[];
  readonly flags: SessionFlags;
  /** Whether the name of a session, or of a profile, is taken before the list is looked through. */
  readonly isSessionFirst: boolean;
}

interface SessionList<L> {
  readonly session: SsoSession;
  readonly listing: L;
}

/**
 * Lists what the words look for; where nothing fits, all of the session that they name.
 * @param list throws NOT_FOUND where nothing fits its words.
 * @throws LatchkeyError USAGE where words and flags contradict.
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
    // The session that the environment says may be another than the one that is typed.
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
  const decision = decideWord(words, names, { wanted: "session", isExact });
  return decision.kind === "session" || decision.kind === "profile" ? toFlags(decision) : undefined;
}

/** The profile that words mean by themselves, for whoever looks for the reason of a failure. */
export function findTypedProfile(context: Context, words: readonly string[]): string | undefined {
  const names = listNames(context, readConfig(context));
  const decision = decideWord(words, names, { wanted: "profile", isExact: false });
  return decision.kind === "profile" ? decision.name : undefined;
}

/** A part of a name was enough: which one is said, before anything is done with it. */
function sayMeant(
  context: Context,
  words: readonly string[],
  { kind, name, isPart }: Extract<WordDecision, { isPart: boolean }>,
): void {
  const noun = kind === "session" ? "SSO session" : "profile";
  if (isPart) notice(context, `"${words.join(" ")}" means the ${noun} ${name}`);
}

/** The flag behind each name that can be given beside words. */
const FLAG_NAMES = {
  profile: "--profile",
  ssoSession: "--sso-session",
  startUrl: "--start-url",
  ssoRegion: "--sso-region",
} as const satisfies Record<keyof SessionFlags, string>;

function listGiven(flags: SessionFlags): Array<readonly [flag: string, value: string]> {
  return Object.entries(FLAG_NAMES).flatMap(([key, flag]) => {
    const value = flags[key as keyof SessionFlags];
    return value === undefined ? [] : [[flag, value] as const];
  });
}

/** A flag may say the same once more. */
function refuseOtherProfile(
  names: KnownNames,
  words: readonly string[],
  name: string,
  flags: Pick<SessionFlags, "profile" | "ssoSession">,
): void {
  const { profile = name, ssoSession } = flags;
  const isOnSession =
    ssoSession === undefined || ssoSession === findLabel(names, { profile: name });
  if (profile !== name || !isOnSession) throw createContradiction(words, flags);
}

/** A flag may say the same once more, or name another profile of that session. */
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

/** What the session is called that the flags name. */
function findLabel({ profiles }: KnownNames, flags: SessionFlags): string | undefined {
  const { profile, ssoSession, startUrl } = flags;
  if (profile === undefined) return ssoSession ?? startUrl;
  return profiles.find((row) => row.profile === profile)?.session;
}

function createContradiction(words: readonly string[], flags: SessionFlags): LatchkeyError {
  const given = listGiven(flags).map(([flag, value]) => `${flag} ${quoteShellWord(value)}`);
  return usageError(
    `"${words.join(" ")}" and ${given.join(" ")} do not name the same.`,
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
