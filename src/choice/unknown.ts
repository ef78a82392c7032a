import type { Context } from "../context.ts";
import { listAccounts } from "../access/list.ts";
import { readKnownAccess } from "../access/known.ts";
import { isExpectedFailure, LatchkeyError, usageError } from "../errors.ts";
import type { Account } from "../model/account.ts";
import { isAccountId, isRoleName } from "../model/role.ts";
import { sessionCacheKey, sessionLabel, type SsoSession } from "../model/sso-session.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import type { RoleFlags } from "../profiles/select.ts";
import type { WordRule } from "../profiles/word.ts";
import { isServiceable, sessionStatus } from "../sign-in/status.ts";
import { secondsUntil } from "../text/instant.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { closestMatches } from "../text/terminal.ts";
import { trace } from "../trace.ts";
import { parseTypedRole, type Choice, type ChoiceNames, type TypedRole } from "./decide.ts";
import type { SessionListing } from "./known.ts";
import { lookForChoice } from "./look.ts";

/** What is done about words that nothing fits which this machine knows: the service is looked at once, where that may help. */

/** What is known when words are judged. */
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
  if (listings.length === 0) return NONE;
  return isExact
    ? findExactRole(context, known, typed)
    : lookForChoice(context, { words, typed, names, listings });
}

/** Words without a slash are a profile's misspelt name more often than a role: a whole listing must be due for them anyway. */
async function lookWhereItHelps(context: Context, known: Known): Promise<Choice> {
  const { words, names, listings } = known;
  const profiles = names.profiles.map(({ profile }) => profile);
  const isSlip = words.length === 1 && closestMatches(words.join(" "), profiles).length > 0;
  const due = isSlip ? [] : await listDue(context, listings);
  if (due.length === 0) return NONE;
  try {
    return await lookForChoice(context, { words, typed: undefined, names, listings: due });
  } catch (thrown) {
    if (!isExpectedFailure(thrown) || thrown.code === "CANCELLED") throw thrown;
    trace(() => `a look at the service failed: ${thrown.message}`);
    return NONE;
  }
}

/** How old a listing may be before words that it does not have are looked for anew. */
const DUE_SECONDS = 60 * 60;

/** Those that are signed in and have listed nothing of late. */
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
 * The role in an account by its id, or by the name that one account alone has. Whether the role is there, the portal says
 * where it is asked for credentials: no listing that changes takes part in what an SDK's line means.
 */
async function findExactRole(
  context: Context,
  { words, listings }: Known,
  { account, role }: TypedRole,
): Promise<Choice> {
  if (!isRoleName(role)) return NONE;
  const sessions = listings.map(({ session }) => session);
  const known = findPlaces(sessions, account, (session) => readKnownAccounts(context, session));
  const places = known.length > 0 ? known : await askForPlaces(context, sessions, account);
  const [place, ...others] = places;
  if (place === undefined) throw createUnknownAccountError(sessions, account);
  const session = sessionLabel(place.session);
  if (others.length === 0)
    return { kind: "role", role: { ...place, session, roleName: role }, isPart: false };
  const labels = places.map((each) => `${each.accountId} (${sessionLabel(each.session)})`);
  throw usageError(
    `"${words.join(" ")}" may be in ${labels.join(", ")}.`,
    `Name the account by its id, and the session: --sso-session ${quoteShellWord(session)}`,
  );
}

interface Place extends Pick<Account, "accountId" | "accountName"> {
  readonly session: SsoSession;
}

type FindAccounts = (session: SsoSession) => readonly Account[];

/** Where an account is that is named by its whole id or name. With one session, an id needs no listing. */
function findPlaces(
  sessions: readonly SsoSession[],
  account: string,
  findAccounts: FindAccounts,
): Place[] {
  const [only, ...others] = sessions;
  if (isAccountId(account) && only !== undefined && others.length === 0)
    return [{ session: only, accountId: account, accountName: undefined }];
  return sessions.flatMap((session) =>
    findAccounts(session)
      .filter(({ accountId, accountName }) => accountId === account || accountName === account)
      .map(({ accountId, accountName }) => ({ session, accountId, accountName })),
  );
}

function readKnownAccounts({ home }: Context, session: SsoSession): readonly Account[] {
  return readKnownAccess(home, sessionCacheKey(session)).accounts;
}

function createUnknownAccountError(
  sessions: readonly SsoSession[],
  account: string,
): LatchkeyError {
  return new LatchkeyError(
    "NOT_FOUND",
    `No profile is called so, and no account "${account}" is among those of ${sessions.map(sessionLabel).join(", ")}.`,
    { hint: "See the accounts that you may use: latchkey accounts" },
  );
}

/** @throws LatchkeyError what the listing of the only session throws. */
async function askForPlaces(
  context: Context,
  sessions: readonly SsoSession[],
  account: string,
): Promise<Place[]> {
  const listed = new Map<SsoSession, readonly Account[]>();
  for (const session of sessions)
    try {
      listed.set(session, (await listAccounts(context, session, {})).items);
    } catch (thrown) {
      if (!isExpectedFailure(thrown) || sessions.length === 1) throw thrown;
    }
  return findPlaces(sessions, account, (session) => listed.get(session) ?? []);
}
