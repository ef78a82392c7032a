import type { Context } from "../context.ts";
import {
  createNoAccountError,
  listAccounts,
  listRoles,
  listRolesOfAccount,
} from "../access/list.ts";
import type { HeldSpan } from "../access/history/history.ts";
import { readAccessHistory } from "../access/history/store.ts";
import { settleHistory } from "../access/history/user-name.ts";
import { createListingProgress } from "../access/progress.ts";
import { accountLabel } from "../model/account.ts";
import { isAccountId, isRoleName } from "../model/role.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { LatchkeyError, isExpectedFailure, usageError } from "../errors.ts";
import { selectSession } from "../profiles/select.ts";
import { signInOnTheWay } from "../sign-in/on-the-way.ts";
import { isServiceable, sessionStatus } from "../sign-in/status.ts";
import { containsWords } from "../text/terminal.ts";
import { decideChoice, type Choice, type ChoiceNames, type TypedRole } from "./decide.ts";
import type { KnownRole } from "./entry.ts";
import { listKnownRoles, openUnread, type SessionListing } from "./known.ts";

/** Asks the service once for a role that is in no stored listing. */

interface LookRequest {
  readonly words: readonly string[];
  /** Undefined if the words are not `ACCOUNT/ROLE`; then all roles are listed. */
  readonly typed: TypedRole | undefined;
  readonly names: ChoiceNames;
  readonly listings: readonly SessionListing[];
}

/**
 * Returns what the words mean according to the service. The full name of a role in one account is accepted even if the
 * service does not list the role, since the portal's refusal explains more.
 * @throws LatchkeyError NOT_FOUND for an unknown account, SIGN_IN_REQUIRED, and errors of the listing
 */
export async function lookForChoice(context: Context, request: LookRequest): Promise<Choice> {
  const sessions = await listSessionsToAsk(context, request.listings);
  const failures: LatchkeyError[] = [];
  const found: Found[] = [];
  for (const session of sessions)
    try {
      found.push(
        await signInOnTheWay(context, session, (signedIn) => ask(context, signedIn, request)),
      );
    } catch (thrown) {
      if (!isExpectedFailure(thrown) || thrown.code === "CANCELLED") throw thrown;
      failures.push(thrown);
    }
  const choice = decideChoice(request.words, mergeFound(request, found), {});
  if (choice.kind !== "none") return choice;
  const [failure] = failures;
  if (failure !== undefined) throw failure;
  return takeUnlisted(context, request, found);
}

/** Returns the only session; else the sessions that are signed in; else the session that the person chooses. */
async function listSessionsToAsk(
  context: Context,
  listings: readonly SessionListing[],
): Promise<readonly SsoSession[]> {
  const sessions = listings.map(({ session }) => session);
  if (sessions.length < 2) return sessions;
  const statuses = await Promise.all(
    sessions.map((session) => sessionStatus(context, session, false)),
  );
  const signedIn = statuses.filter(({ state }) => isServiceable(state));
  if (signedIn.length > 0) return signedIn.map(({ session }) => session);
  return [await selectSession(context, {})];
}

interface Found {
  readonly session: SsoSession;
  /** The accounts whose roles were listed; undefined means all. */
  readonly accounts: readonly NamedAccount[] | undefined;
  readonly roles: readonly KnownRole[];
}

async function ask(context: Context, session: SsoSession, { typed }: LookRequest): Promise<Found> {
  if (typed === undefined) return askForAll(context, session);
  const accounts = await findAccounts(context, session, typed.account);
  const listed = await Promise.all(
    accounts.map(async ({ accountId, accountName }) => {
      const roles = await listRolesOfAccount(context, session, accountId);
      return roles.map(({ roleName }) => ({
        session: sessionLabel(session),
        accountId,
        accountName,
        roleName,
      }));
    }),
  );
  return { session, accounts, roles: listed.flat() };
}

async function askForAll(context: Context, session: SsoSession): Promise<Found> {
  try {
    const progress = createListingProgress(context);
    const { items } = await listRoles(context, session, { progress });
    await settleHistory(context, session);
    const roles = items.map(({ account: { accountId, accountName }, roleName }) => ({
      session: sessionLabel(session),
      accountId,
      accountName,
      roleName,
    }));
    return { session, accounts: undefined, roles };
  } finally {
    context.terminal.clearProgress();
  }
}

/** The most accounts that a part of a name may match, since each account takes one request. */
const MOST_ACCOUNTS = 10;

/**
 * Returns the user's accounts that match. If none does, returns the one matching account that the user had in the past,
 * so that the error shows until when the user had it.
 * @throws LatchkeyError NOT_FOUND, USAGE if too many match
 */
async function findAccounts(
  context: Context,
  session: SsoSession,
  typed: string,
): Promise<readonly NamedAccount[]> {
  const { items } = await listAccounts(context, session, {});
  const fitting = matchAccounts(items, typed);
  if (fitting.length === 0) {
    const spans = listFormerRoles(context, session);
    const former = new Map(matchAccounts(spans, typed).map((span) => [span.accountId, span]));
    if (former.size === 1) return [...former.values()];
    throw createNoAccountError(items, typed, session);
  }
  if (fitting.length <= MOST_ACCOUNTS) return fitting;
  const some = fitting.slice(0, MOST_ACCOUNTS).map(accountLabel).join("; ");
  throw usageError(
    `"${typed}" fits ${fitting.length} accounts: ${some}, and more.`,
    "Type more of the account's name, or its 12-digit id.",
  );
}

interface NamedAccount {
  readonly accountId: string;
  readonly accountName?: string | undefined;
}

/**
 * Matches an ID exactly. Matches a name exactly; if no account matches, ignoring case; if still none matches, by parts.
 */
function matchAccounts<T extends NamedAccount>(accounts: readonly T[], typed: string): T[] {
  if (isAccountId(typed)) return accounts.filter(({ accountId }) => accountId === typed);
  const lower = typed.toLowerCase();
  const comparisons: ReadonlyArray<(account: T) => boolean> = [
    ({ accountName }) => accountName === typed,
    ({ accountName }) => accountName?.toLowerCase() === lower,
    ({ accountId, accountName = "" }) =>
      containsWords(`${accountId} ${accountName}`, typed.split(" ")),
  ];
  return comparisons.map((fits) => accounts.filter(fits)).find(({ length }) => length > 0) ?? [];
}

/** Returns the user's past roles, from the history of listings. */
function listFormerRoles(context: Context, session: SsoSession): readonly HeldSpan[] {
  const store = openUnread(context, session);
  return readAccessHistory(context.home, { session, store })?.spans ?? [];
}

/** Replaces stored roles of the listed accounts with the new ones. */
function mergeFound({ names, listings }: LookRequest, found: readonly Found[]): ChoiceNames {
  const isReplaced = ({ session, accountId }: KnownRole): boolean =>
    found.some(
      ({ session: asked, accounts }) =>
        sessionLabel(asked) === session &&
        (accounts?.some((account) => account.accountId === accountId) ?? true),
    );
  const kept = listKnownRoles(listings).filter((role) => !isReplaced(role));
  return { ...names, roles: [...kept, ...found.flatMap(({ roles }) => roles)] };
}

/** Returns the typed role although it is not listed. The portal refuses it, and that refusal is explained. */
function takeUnlisted(context: Context, { typed }: LookRequest, found: readonly Found[]): Choice {
  if (typed === undefined) return { kind: "none" };
  const places = found.flatMap(({ session, accounts = [] }) =>
    accounts.map((account) => ({ session, account })),
  );
  const [place, ...others] = places;
  if (place === undefined) return { kind: "none" };
  const { account, session } = place;
  if (others.length === 0 && isRoleName(typed.role)) {
    const { accountId, accountName } = account;
    const roleName = findFormerRole(context, session, accountId, typed.role) ?? typed.role;
    const role = { session: sessionLabel(session), accountId, accountName, roleName };
    return { kind: "role", role, isPart: roleName !== typed.role };
  }
  const labels = places.map(({ account: { accountId, accountName } }) =>
    accountLabel({ accountId, accountName, emailAddress: undefined }),
  );
  const names = labels.join("; ");
  const where =
    others.length === 0
      ? names
      : `${places.length} accounts that "${typed.account}" fits: ${names}`;
  throw new LatchkeyError("NOT_FOUND", `You have no role "${typed.role}" in ${where}.`, {
    hint: "List your roles: latchkey roles",
  });
}

/** Returns the only past role in that account that matches the typed name. Undefined if none or several match. */
function findFormerRole(
  context: Context,
  session: SsoSession,
  accountId: string,
  typed: string,
): string | undefined {
  const there = listFormerRoles(context, session).filter((span) => span.accountId === accountId);
  const names = new Set(there.map(({ roleName }) => roleName));
  if (names.has(typed)) return typed;
  const [only, ...others] = [...names].filter((name) => containsWords(name, [typed]));
  return others.length === 0 ? only : undefined;
}
