import type { Context } from "../context.ts";
import { listRoles } from "../access/list.ts";
import { findParts } from "../access/parts.ts";
import { settleHistory } from "../access/history/user-name.ts";
import { createListingProgress } from "../access/progress.ts";
import { isExpectedFailure, LatchkeyError } from "../errors.ts";
import { isServiceable, sessionStatus } from "../sign-in/status.ts";
import { openTokenRequest } from "../token/token.ts";
import { secondsUntil } from "../text/instant.ts";
import { duration } from "../text/terminal.ts";
import { notice } from "../terminal/notice.ts";
import { sessionLabel } from "../model/sso-session.ts";
import type { SessionListing } from "./known.ts";

/** The longest time that a person should wait for a list. An interrupted listing continues the next time. */
const PATIENCE_MILLISECONDS = 6_000;

/**
 * Lists the roles of sessions that are signed in and have no listing, within the time limit. If a listing fails, only a
 * notice is shown, since there are other rows to choose from.
 */
export async function listMissing(
  context: Context,
  listings: readonly SessionListing[],
): Promise<SessionListing[]> {
  const end = context.monotonic() + PATIENCE_MILLISECONDS;
  const all: SessionListing[] = [];
  for (const each of listings)
    all.push(each.listing === undefined ? await listUntil(context, each, end) : each);
  return all;
}

/** Lists again the roles of all sessions that are signed in. Without a time limit, because a person asked for it. */
export async function listAgain(
  context: Context,
  listings: readonly SessionListing[],
): Promise<SessionListing[]> {
  const all: SessionListing[] = [];
  for (const each of listings) all.push(await listUntil(context, each, Number.POSITIVE_INFINITY));
  return all;
}

/** Returns the age of the oldest listing, or undefined if it is recent. */
export function formatAge(listings: readonly SessionListing[], now: Date): string | undefined {
  const times = listings.flatMap(({ listing }) => listing?.listedAt.getTime() ?? []);
  const oldest = new Date(Math.min(...times));
  const ageSeconds = times.length === 0 ? 0 : -secondsUntil(oldest, now);
  return ageSeconds < WORTH_SAYING_SECONDS ? undefined : `listed ${duration(ageSeconds)} ago`;
}

const WORTH_SAYING_SECONDS = 60 * 60;

async function listUntil(
  context: Context,
  missing: SessionListing,
  end: number,
): Promise<SessionListing> {
  const { session } = missing;
  const { state } = await sessionStatus(context, session, false);
  if (!isServiceable(state) || context.monotonic() > end) return missing;
  const patience = limitPatience(context, end);
  const progress = createListingProgress(context);
  const listedAt = context.now();
  try {
    const { items } = await listRoles(patience.context, session, { progress });
    await settleHistory(context, session);
    const byAccount = Map.groupBy(items, ({ account }) => account);
    const accounts = [...byAccount].map(([account, roles]) => ({
      ...account,
      roleNames: roles.map(({ roleName }) => roleName),
    }));
    return { session, listing: { listedAt, accounts } };
  } catch (thrown) {
    if (!isExpectedFailure(thrown) || thrown.code === "CANCELLED") throw thrown;
    const parts = findParts(context, await openTokenRequest(context, session));
    // If there are parts, the listing itself has already shown a notice.
    const isSaid = parts?.accounts.some(({ roleNames }) => roleNames.length > 0) ?? false;
    if (!isSaid)
      notice(context, `the roles of ${sessionLabel(session)} are not listed: ${thrown.message}`);
    return { session, listing: missing.listing ?? parts };
  } finally {
    patience.end();
    context.terminal.clearProgress();
  }
}

/** Returns a context in which every wait ends at the limit. Work in progress then ends as if it were interrupted. */
function limitPatience(context: Context, end: number) {
  const { interruption, monotonic, sleep } = context;
  const over = new AbortController();
  const measureLeft = (): number => Math.max(0, end - monotonic());
  const reason = new LatchkeyError(
    "UNREACHABLE",
    `the service took longer than ${PATIENCE_MILLISECONDS / 1000} seconds.`,
  );
  const timer = Number.isFinite(end)
    ? setTimeout(() => over.abort(reason), measureLeft())
    : undefined;
  const limited: Context = {
    ...context,
    interruption: AbortSignal.any([interruption, over.signal]),
    sleep: (milliseconds) => sleep(Math.min(milliseconds, measureLeft())),
  };
  return { context: limited, end: () => clearTimeout(timer) };
}
