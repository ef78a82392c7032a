import type { AccountRole } from "../../model/account.ts";
import { hasCome, type HeldSpan, type Timeline } from "./history.ts";

/** Finds the accounts and roles that a user gained and lost since a given time, newest first. Pure. */

export interface SeenAccount {
  readonly accountId: string;
  readonly accountName: string | undefined;
}

export type Came<Item> = Item & {
  /** The time of the first complete listing that contains the account or role. */
  readonly at: Date;
};

type Went<Item> = Item & {
  /** The time of the first complete listing that no longer contains the account or role. */
  readonly at: Date;
  readonly lastSeenAt: Date;
};

interface Changes<Item> {
  readonly came: ReadonlyArray<Came<Item>>;
  readonly went: ReadonlyArray<Went<Item>>;
}

export interface HistoryChanges {
  readonly accounts: Changes<SeenAccount>;
  readonly roles: Changes<SeenAccount & AccountRole>;
}

/** A period in which the user held an account or role without a gap. */
type Stretch = Pick<HeldSpan, "firstSeen" | "lastSeen" | "goneAt">;

/**
 * Returns the changes since a time. Entries of the first listing do not count as new. An account counts as held
 * while one of its roles is.
 */
export function findHistoryChanges(timeline: Timeline, since: Date): HistoryChanges {
  const { spans } = timeline;
  const accounts = Map.groupBy(spans, ({ accountId }) => accountId);
  const stretches = [...accounts].flatMap(([accountId, ofOne]) =>
    joinStretches(ofOne).map((stretch) => ({
      item: { accountId, accountName: ofOne[0]?.accountName },
      stretch,
    })),
  );
  const held = spans.map(({ accountId, accountName, roleName, ...stretch }) => ({
    item: { accountId, accountName, roleName },
    stretch,
  }));
  return {
    accounts: collectChanges(stretches, timeline, since),
    roles: collectChanges(held, timeline, since),
  };
}

function collectChanges<Item extends SeenAccount>(
  all: ReadonlyArray<{ readonly item: Item; readonly stretch: Stretch }>,
  { beganAt }: Timeline,
  since: Date,
): Changes<Item> {
  const came = all
    .filter(({ stretch }) => hasCome(stretch, beganAt) && stretch.firstSeen >= since)
    .map(({ item, stretch }) => ({ ...item, at: stretch.firstSeen }));
  const went = all.flatMap(({ item, stretch: { goneAt, lastSeen } }) =>
    goneAt !== undefined && goneAt >= since ? { ...item, at: goneAt, lastSeenAt: lastSeen } : [],
  );
  return { came: came.sort(compareChanges), went: went.sort(compareChanges) };
}

/**
 * Joins two periods if the first ends at the same listing at which the second begins: there was no gap between them.
 */
function joinStretches(stretches: readonly Stretch[]): Stretch[] {
  const joined: Stretch[] = [];
  const inOrder = [...stretches].sort((a, b) => a.firstSeen.getTime() - b.firstSeen.getTime());
  for (const next of inOrder) {
    const last = joined.at(-1);
    const isApart = last?.goneAt !== undefined && next.firstSeen > last.goneAt;
    if (last === undefined || isApart) joined.push(next);
    else joined[joined.length - 1] = joinTwo(last, next);
  }
  return joined;
}

function joinTwo(first: Stretch, second: Stretch): Stretch {
  const isHeld = first.goneAt === undefined || second.goneAt === undefined;
  const pickLatest = (a: Date, b: Date): Date => (a > b ? a : b);
  return {
    firstSeen: first.firstSeen,
    lastSeen: pickLatest(first.lastSeen, second.lastSeen),
    goneAt: isHeld ? undefined : pickLatest(first.goneAt, second.goneAt),
  };
}

type Dated = Came<SeenAccount & { readonly roleName?: string }>;

/** Orders changes newest first. Changes found by the same listing are sorted by account, then by role. */
export function compareChanges(a: Dated, b: Dated): number {
  return b.at.getTime() - a.at.getTime() || compareText(sortKey(a), sortKey(b));
}

function sortKey({ accountId, accountName = "", roleName = "" }: Dated): string {
  return [accountName.toLowerCase(), accountId, roleName.toLowerCase()].join("\u0000");
}

/** Compares by code unit, so that the order is the same on every machine. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
