import type { AccountRole } from "../../model/account.ts";

/** The history of a user's roles, made from complete listings. Pure: time is an argument. */

/** A period in which a role was held without a gap, as far as listings show. */
export interface HeldSpan extends AccountRole {
  /** The name in the last listing. A renamed account is the same account. */
  readonly accountName?: string | undefined;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  /** The first complete listing without the role. Undefined while it is held. */
  readonly goneAt?: Date | undefined;
}

/**
 * The spans from the first listing (`beganAt`) to the last (`listedAt`). Both are undefined if there is no listing yet.
 */
export interface Timeline {
  readonly beganAt: Date | undefined;
  readonly listedAt: Date | undefined;
  readonly spans: readonly HeldSpan[];
}

export interface AccessHistory extends Timeline {
  /** The name that STS returned. */
  readonly userName: string;
  readonly favourites: readonly AccountRole[];
}

/** A complete listing of all roles. */
export interface SeenRoles {
  readonly listedAt: Date;
  readonly roles: readonly SeenRole[];
}

type SeenRole = Pick<HeldSpan, "accountId" | "accountName" | "roleName">;

export const EMPTY_TIMELINE: Timeline = { beganAt: undefined, listedAt: undefined, spans: [] };

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
/** A role that has been gone for more than this many days is removed from the history. */
const KEPT_DAYS = 400;
/** A role counts as new for this many days. */
const NEW_DAYS = 7;

/** Returns a key that identifies the role. */
export function roleKey({ accountId, roleName }: AccountRole): string {
  return `${accountId}/${roleName}`;
}

/** Puts read-only roles first: their use draws the least attention in an audit trail. */
export function putReadersFirst<Role extends AccountRole>(roles: readonly Role[]): Role[] {
  const isReader = ({ roleName }: Role): boolean => /read-?only|view-?only/i.test(roleName);
  return [...roles.filter(isReader), ...roles.filter((role) => !isReader(role))];
}

/**
 * Returns the timeline with one more listing. A listing older than the last one is ignored, because two listings that
 * run at the same time may finish in the wrong order.
 */
export function recordListing(before: Timeline, seen: SeenRoles, now: Date): Timeline {
  const { listedAt, roles } = seen;
  const known = isAhead(before, now) ? endBy(before, listedAt) : before;
  if (known.listedAt !== undefined && listedAt < known.listedAt) return known;

  const held = new Map(roles.map((role) => [roleKey(role), role]));
  const names = new Map(roles.map(({ accountId, accountName }) => [accountId, accountName]));
  const open = new Set<string>();
  const spans = forgetOld(known.spans, now).map((span) => {
    const accountName = names.get(span.accountId) ?? span.accountName;
    if (span.goneAt !== undefined) return { ...span, accountName };
    if (!held.has(roleKey(span))) return { ...span, accountName, goneAt: listedAt };
    open.add(roleKey(span));
    return { ...span, accountName, lastSeen: listedAt };
  });
  const fresh = [...held]
    .filter(([key]) => !open.has(key))
    .map(([, role]) => ({ ...toSeenRole(role), firstSeen: listedAt, lastSeen: listedAt }));
  return { beganAt: known.beganAt ?? listedAt, listedAt, spans: [...spans, ...fresh] };
}

function toSeenRole({ accountId, accountName, roleName }: SeenRole): SeenRole {
  return { accountId, accountName, roleName };
}

function forgetOld(spans: readonly HeldSpan[], now: Date): HeldSpan[] {
  const oldest = now.getTime() - KEPT_DAYS * DAY_MILLISECONDS;
  return spans.filter(({ goneAt }) => goneAt === undefined || goneAt.getTime() >= oldest);
}

/** Returns whether the last listing is dated in the future, because this machine's clock was wrong at that time. */
function isAhead({ listedAt }: Timeline, now: Date): boolean {
  return listedAt !== undefined && listedAt > now;
}

function endBy({ beganAt, listedAt, spans }: Timeline, end: Date): Timeline {
  const limit = <I extends Date | undefined>(instant: I): I | Date =>
    instant !== undefined && instant > end ? end : instant;
  return {
    beganAt: limit(beganAt),
    listedAt: limit(listedAt),
    spans: spans.map((span) => ({
      ...span,
      firstSeen: limit(span.firstSeen),
      lastSeen: limit(span.lastSeen),
      goneAt: limit(span.goneAt),
    })),
  };
}

/** Returns the timeline with all listings of another timeline, which was stored separately. */
export function joinTimelines(base: Timeline, later: Timeline, now: Date): Timeline {
  const instants = later.spans.flatMap(({ firstSeen, goneAt }) => [firstSeen, goneAt]);
  const times = new Set([...instants, later.listedAt].flatMap((at) => at?.getTime() ?? []));
  return [...times]
    .sort((a, b) => a - b)
    .reduce((joined, time) => recordListing(joined, readSeenAt(later, time), now), base);
}

function readSeenAt({ spans }: Timeline, time: number): SeenRoles {
  const roles = spans.filter(
    ({ firstSeen, goneAt }) =>
      firstSeen.getTime() <= time && (goneAt === undefined || goneAt.getTime() > time),
  );
  return { listedAt: new Date(time), roles };
}

/** Returns the roles gained within the last 7 days. Roles of the first listing do not count. */
export function findNewRoles({ beganAt, spans }: Timeline, now: Date): HeldSpan[] {
  const since = new Date(now.getTime() - NEW_DAYS * DAY_MILLISECONDS);
  return spans.filter(
    (span) => span.goneAt === undefined && hasCome(span, beganAt) && span.firstSeen >= since,
  );
}

export function hasCome({ firstSeen }: Pick<HeldSpan, "firstSeen">, beganAt?: Date): boolean {
  return beganAt !== undefined && firstSeen > beganAt;
}

/** Returns when a role was last seen as held, or undefined if it never was. */
export function findLastSeen({ spans }: Timeline, role: AccountRole): Date | undefined {
  const times = spans
    .filter((span) => roleKey(span) === roleKey(role))
    .map(({ lastSeen }) => lastSeen.getTime());
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}
