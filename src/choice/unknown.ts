import type { Context } from "../context.ts";
import { listAccounts } from "../access/list.ts";
import { readAccessHistory } from "../access/history/store.ts";
import { readKnownAccess } from "../access/known.ts";
import { isExpectedFailure, LatchkeyError, usageError } from "../errors.ts";
import type { Account } from "../model/account.ts";
import { isAccountId, isRoleName } from "../model/role.ts";
import { sessionCacheKey, sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { readSession, readSessions, type ConfigSource } from "../profiles/profile.ts";
import { createNoSessionError, type RoleFlags } from "../profiles/select.ts";
import type { WordRule } from "../profiles/word.ts";
import { isServiceable, sessionStatus } from "../sign-in/status.ts";
import { secondsUntil } from "../text/instant.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { closestMatches } from "../text/terminal.ts";
import { trace } from "../trace.ts";
import { parseTypedRole, type Choice, type ChoiceNames, type TypedRole } from "./decide.ts";
import { toRoleEntry } from "./entry.ts";
import { openUnread, type SessionListing } from "./known.ts";
import { lookForChoice } from "./look.ts";

/** Handles words that match nothing known: asks the service once, if that may help. */

/** What is known when the words are judged. */
export interface Known {
  readonly source: ConfigSource;
  readonly words: readonly string[];
  readonly flags: RoleFlags;
  readonly names: ChoiceNames;
  readonly listings: readonly SessionListing[];
}

const NONE: Choice = { kind: "none" };

export async function findUnknown(
  context: Context,
  known: Known,
  { isExact = false }: WordRule,
): Promise<Choice> {
  const { words, names, listings } = known;
  const typed = parseTypedRole(words.join(" "));
  if (typed === undefined) return isExact ? NONE : lookWhereItHelps(context, known);
  if (listings.length === 0) return explainNoSession(known);
  return isExact
    ? findExactRole(context, known, typed)
    : lookForChoice(context, { words, typed, names, listings });
}

/** @throws LatchkeyError about the session that a flag names, or about the sessions of the config */
function explainNoSession({ source, flags, names, words }: Known): Choice {
  if (flags.ssoSession !== undefined) readSession(source, flags.ssoSession);
  const profiles = names.profiles.map(({ profile }) => profile);
  if (closestMatches(words.join(" "), profiles).length > 0) return NONE;
  const [refused] = readSessions(source).refused;
  throw refused?.error ?? createNoSessionError(source);
}

/**
 * Lists all roles if several words match nothing and a listing is due. A single word is more often a misspelt profile
 * than a role.
 */
async function lookWhereItHelps(context: Context, known: Known): Promise<Choice> {
  const { words, names, listings } = known;
  const due = words.length === 1 ? [] : await listDue(context, listings);
  if (due.length === 0) return NONE;
  try {
    return await lookForChoice(context, { words, typed: undefined, names, listings: due });
  } catch (thrown) {
    if (!isExpectedFailure(thrown) || thrown.code === "CANCELLED") throw thrown;
    trace(() => `asking the service failed: ${thrown.message}`);
    return NONE;
  }
}

/** If a listing is older than this, the roles are listed again before words count as unknown. */
const DUE_SECONDS = 60 * 60;

/** Returns the sessions that are signed in and have no recent listing. */
async function listDue(
  context: Context,
  listings: readonly SessionListing[],
): Promise<readonly SessionListing[]> {
  const old = listings.filter(
    ({ listing }) =>
      listing === undefined || -secondsUntil(listing.listedAt, context.now()) > DUE_SECONDS,
  );
  const statuses = await Promise.all(
    old.map(({ session }) => sessionStatus(context, session, false)),
  );
  return old.filter((_, index) => isServiceable(statuses[index]?.state ?? "signed-out"));
}

/**
 * Returns the role in an account that is given by its ID, or by a name that only one account has. Whether the role
 * exists is decided by the portal when it is asked for credentials: the meaning of a line in an SDK's config must not
 * depend on a listing that changes.
 * @throws LatchkeyError USAGE if a session that can't be asked may have an account of that name too
 */
async function findExactRole(
  context: Context,
  { words, listings }: Known,
  { account, role }: TypedRole,
): Promise<Choice> {
  if (!isRoleName(role)) return NONE;
  const sessions = listings.map(({ session }) => session);
  const { places, unknown } = await findPlaces(context, sessions, account);
  const [place, ...others] = places;
  if (place === undefined) throw createUnknownAccountError(sessions, account);
  const roles = places.map(({ session, accountId, accountName }) => ({
    session: sessionLabel(session),
    accountId,
    accountName,
    roleName: role,
  }));
  if (others.length > 0) return { kind: "several", entries: roles.map(toRoleEntry) };
  if (unknown.length > 0 && !isAccountId(account))
    throw usageError(
      `"${words.join(" ")}" does not name a session, and ${unknown.map(sessionLabel).join(", ")} may have an account of that name too.`,
      `Name the session: --sso-session ${quoteShellWord(sessionLabel(place.session))}`,
    );
  return roles.map((each): Choice => ({ kind: "role", role: each, isPart: false }))[0] ?? NONE;
}

interface NamedAccount {
  readonly accountId: string;
  readonly accountName?: string | undefined;
}

interface Place extends NamedAccount {
  readonly session: SsoSession;
}

type AccountsBySession = ReadonlyMap<SsoSession, readonly NamedAccount[]>;

/**
 * Returns each session that has an account with this full ID or name, and the sessions whose accounts are unknown.
 * @throws LatchkeyError if no session is known to have the account and none can be asked; it has the reason
 */
async function findPlaces(
  context: Context,
  sessions: readonly SsoSession[],
  account: string,
): Promise<{ readonly places: readonly Place[]; readonly unknown: readonly SsoSession[] }> {
  const [only, ...others] = sessions;
  if (isAccountId(account) && only !== undefined && others.length === 0)
    return {
      places: [{ session: only, accountId: account }],
      unknown: [],
    };
  const known = new Map(
    sessions.map((session) => [session, readKnownAccounts(context, session)] as const),
  );
  const isFound = matchPlaces(known, account).length > 0;
  const toAsk = sessions.filter((session) => !isFound || known.get(session)?.length === 0);
  const isSure = isFound && isAccountId(account);
  const { listed, failures } = await askForAccounts(context, isSure ? [] : toAsk);
  const places = matchPlaces(new Map([...known, ...listed]), account);
  const [failure] = failures;
  if (places.length === 0 && listed.size === 0 && failure !== undefined) throw failure;
  return { places, unknown: toAsk.filter((session) => !listed.has(session)) };
}

/** A typed ID never matches another account's name. */
function matchPlaces(accounts: AccountsBySession, account: string): Place[] {
  return [...accounts].flatMap(([session, listed]) => {
    const fitting = listed.filter(({ accountId, accountName }) =>
      isAccountId(account) ? accountId === account : accountName === account,
    );
    const ids = new Map(fitting.map((each) => [each.accountId, each]));
    return [...ids.values()].map(({ accountId, accountName }) => ({
      session,
      accountId,
      accountName,
    }));
  });
}

/**
 * Includes accounts that the user has lost. If another account now has the name of a lost account, that name is
 * ambiguous.
 */
function readKnownAccounts(context: Context, session: SsoSession): readonly NamedAccount[] {
  const { accounts } = readKnownAccess(context.home, sessionCacheKey(session));
  const store = openUnread(context, session);
  const { spans = [] } = readAccessHistory(context.home, { session, store }) ?? {};
  const known = new Set(accounts.map(({ accountId }) => accountId));
  return accounts.length === 0
    ? []
    : [...accounts, ...spans.filter(({ accountId }) => !known.has(accountId))];
}

function createUnknownAccountError(
  sessions: readonly SsoSession[],
  account: string,
): LatchkeyError {
  return new LatchkeyError(
    "NOT_FOUND",
    `There is no profile of that name, and no account "${account}" in ${sessions.map(sessionLabel).join(", ")}.`,
    { hint: "Use the full name with the same upper and lower case. List them: latchkey accounts" },
  );
}

async function askForAccounts(
  context: Context,
  sessions: readonly SsoSession[],
): Promise<{ readonly listed: AccountsBySession; readonly failures: readonly LatchkeyError[] }> {
  const listed = new Map<SsoSession, readonly Account[]>();
  const failures: LatchkeyError[] = [];
  for (const session of sessions)
    try {
      listed.set(session, (await listAccounts(context, session, {})).items);
    } catch (thrown) {
      if (!isExpectedFailure(thrown)) throw thrown;
      failures.push(thrown);
    }
  return { listed, failures };
}
