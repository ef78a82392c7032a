import type { Context } from "../context.ts";
import type { Account } from "../model/account.ts";
import {
  isRecent,
  type AccountRoles,
  type KeptListing,
  type ListedRoles,
  type ListingParts,
} from "./kept-format.ts";
import { interruptionText, resumeText } from "./text.ts";
import { openParts, readParts, type PartsWriter, type Shelf } from "./kept-files.ts";
import { notice } from "../terminal/notice.ts";
import { AT_ONCE } from "./rate.ts";

/** The roles of every account, one request or more for each: taken up where an interrupted listing stopped. */

/**
 * Called as a listing grows: how many are there, of how many where that is known, and how many of them an interrupted
 * listing had left.
 */
export type Progress = (done: number, total: number | undefined, resumed?: number) => void;

interface CrawlRequests {
  /** All accounts, sorted. */
  readonly fetchAccounts: () => Promise<readonly Account[]>;
  /** The names of the roles in one account, sorted. */
  readonly fetchRoleNames: (accountId: string) => Promise<readonly string[]>;
}

interface Crawl {
  readonly shelf: Shelf;
  readonly questions: CrawlRequests;
  readonly progress: Progress;
}

/** What a crawl knows so far, in memory and on disk. */
interface Collection {
  readonly accounts: readonly Account[];
  readonly listed: Map<string, ListedRoles>;
  readonly writer: PartsWriter;
}

export async function crawlRoles(
  context: Context,
  crawl: Crawl,
): Promise<KeptListing<AccountRoles>> {
  const { now } = context;
  const { shelf, questions } = crawl;
  const parts = readParts(shelf, now());
  const accounts =
    parts !== undefined && isRecent(parts.accounts.listedAt, now())
      ? parts.accounts
      : { listedAt: now(), accounts: await questions.fetchAccounts() };
  const listed = new Map(accounts.accounts.flatMap(({ accountId }) => mapEntry(parts, accountId)));
  if (listed.size > 0)
    notice(
      context,
      resumeText(
        listed.size,
        accounts.accounts.length,
        findOldest(accounts.listedAt, listed),
        now(),
      ),
    );
  const writer = openParts(shelf, { accounts, roles: listed });
  try {
    await fetchRemaining(context, crawl, { accounts: accounts.accounts, listed, writer });
  } catch (thrown) {
    if (listed.size > 0 && writer.works)
      notice(context, interruptionText(listed.size, accounts.accounts.length));
    throw thrown;
  } finally {
    writer.close();
  }
  return {
    listedAt: findOldest(accounts.listedAt, listed),
    accounts: accounts.accounts.map((account) => ({
      ...account,
      roleNames: listed.get(account.accountId)?.roleNames ?? [],
    })),
  };
}

function mapEntry(
  parts: ListingParts | undefined,
  accountId: string,
): Array<[string, ListedRoles]> {
  const known = parts?.roles.get(accountId);
  return known === undefined ? [] : [[accountId, known]];
}

async function fetchRemaining(
  context: Context,
  { questions, progress }: Crawl,
  { accounts, listed, writer }: Collection,
): Promise<void> {
  const resumed = listed.size;
  const queue = accounts.filter(({ accountId }) => !listed.has(accountId));
  const runWorker = async (): Promise<void> => {
    for (let account = queue.shift(); account !== undefined; account = queue.shift()) {
      const answer = {
        listedAt: context.now(),
        roleNames: await questions.fetchRoleNames(account.accountId),
      };
      writer.add(account.accountId, answer);
      listed.set(account.accountId, answer);
      progress(listed.size, accounts.length, resumed);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, queue.length) }, runWorker));
  } finally {
    // Where one has failed, the others begin nothing new.
    queue.length = 0;
  }
}

function findOldest(first: Date, listed: ReadonlyMap<string, ListedRoles>): Date {
  return [...listed.values()].reduce(
    (oldestSoFar, { listedAt }) => (listedAt < oldestSoFar ? listedAt : oldestSoFar),
    first,
  );
}
