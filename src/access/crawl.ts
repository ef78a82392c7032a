import type { Context } from "../context.ts";
import type { Account } from "../model/account.ts";
import type { Narrowed } from "../text/answer.ts";
import { isRecent, type AccountRoles, type KeptListing, type ListedRoles } from "./kept-format.ts";
import { interruptionText, resumeText } from "./text.ts";
import type { Shelf } from "./kept.ts";
import { openParts, readParts, type PartsWriter } from "./parts.ts";
import { notice } from "../terminal/notice.ts";
import { AT_ONCE } from "./rate.ts";

/** Lists the roles of every account, with at least one request per account, and resumes an interrupted listing. */

/**
 * Called as a listing grows: the number of entries so far, the total if it is known, and how many came from an
 * interrupted listing.
 */
export type Progress = (done: number, total: number | undefined, resumed?: number) => void;

interface Crawl {
  readonly shelf: Shelf;
  readonly progress: Progress;
  /** All accounts, sorted. */
  readonly fetchAccounts: () => Promise<Narrowed<Account>>;
  /** The names of the roles in one account, sorted. */
  readonly fetchRoleNames: (accountId: string) => Promise<Narrowed<string>>;
}

/** The state of a crawl, in memory and on disk. */
interface Collection {
  readonly accounts: readonly Account[];
  readonly listed: Map<string, ListedRoles>;
  readonly writer: PartsWriter;
  /** How many entries of the service's answers could not be used. Answers with such an entry are not stored on disk. */
  leftOut: number;
}

export async function crawlRoles(
  context: Context,
  crawl: Crawl,
): Promise<KeptListing<AccountRoles> & { readonly leftOut: number }> {
  const { now } = context;
  const parts = readParts(crawl.shelf, now());
  const isResumed = parts !== undefined && isRecent(parts.accounts.listedAt, now());
  const kept = isResumed ? { ...parts.accounts, leftOut: 0 } : await fetchAccounts(context, crawl);
  const { accounts } = kept;
  const ids = new Set(accounts.map(({ accountId }) => accountId));
  const listed = new Map([...(parts?.roles ?? [])].filter(([accountId]) => ids.has(accountId)));
  const findListedAt = (): Date => findOldest([kept, ...listed.values()]);
  if (listed.size > 0)
    notice(context, resumeText(listed.size, accounts.length, findListedAt(), now()));
  const shelf = kept.leftOut === 0 ? crawl.shelf : { ...crawl.shelf, claim: () => false };
  const writer = openParts(shelf, { accounts: kept, roles: listed });
  const collection: Collection = { accounts, listed, writer, leftOut: kept.leftOut };
  try {
    await fetchRemaining(context, crawl, collection);
  } catch (thrown) {
    if (listed.size > 0 && writer.works)
      notice(context, interruptionText(listed.size, accounts.length));
    throw thrown;
  } finally {
    writer.close();
  }
  return {
    listedAt: findListedAt(),
    leftOut: collection.leftOut,
    accounts: accounts.map((account) => ({
      ...account,
      roleNames: listed.get(account.accountId)?.roleNames ?? [],
    })),
  };
}

async function fetchAccounts({ now }: Context, crawl: Crawl) {
  const listedAt = now();
  const { items: accounts, leftOut } = await crawl.fetchAccounts();
  return { listedAt, accounts, leftOut };
}

async function fetchRemaining(
  context: Context,
  { fetchRoleNames, progress }: Crawl,
  collection: Collection,
): Promise<void> {
  const { accounts, listed, writer } = collection;
  const resumed = listed.size;
  const queue = accounts.filter(({ accountId }) => !listed.has(accountId));
  const runWorker = async (): Promise<void> => {
    for (let account = queue.shift(); account !== undefined; account = queue.shift()) {
      const { accountId } = account;
      const listedAt = context.now();
      const { items: roleNames, leftOut } = await fetchRoleNames(accountId);
      const answer = { listedAt, roleNames };
      collection.leftOut += leftOut;
      if (leftOut === 0) writer.add(accountId, answer);
      listed.set(accountId, answer);
      progress(listed.size, accounts.length, resumed);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, queue.length) }, runWorker));
  } finally {
    // If one worker has failed, the others start no new request.
    queue.length = 0;
  }
}

function findOldest(parts: ReadonlyArray<{ readonly listedAt: Date }>): Date {
  return new Date(Math.min(...parts.map(({ listedAt }) => listedAt.getTime())));
}
