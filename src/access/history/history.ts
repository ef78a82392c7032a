import type { AccountRole } from "../../model/account.ts";

/** What a person's whole listings of roles have shown over time. Pure: time is an argument. */

/** A role that was held without a break, as far as listings show. */
export interface HeldSpan extends AccountRole {
  /** As it was last listed: a renamed account is the same. */
  readonly accountName?: string | undefined;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  /** The first whole listing without it; undefined while it is held. */
  readonly goneAt?: Date | undefined;
}

/** Spans, from the first listing to the last; both are undefined before there was one. */
export interface Timeline {
  readonly beganAt: Date | undefined;
  readonly listedAt: Date | undefined;
  readonly spans: readonly HeldSpan[];
}

export interface AccessHistory extends Timeline {
  /** As STS gave it. */
  readonly userName: string;
  readonly favourites: readonly AccountRole[];
}

/** A whole listing of all roles. */
export interface SeenRoles {
  readonly listedAt: Date;
  readonly roles: readonly SeenRole[];
}

type SeenRole = Pick<HeldSpan, "accountId" | "accountName" | "roleName">;

export const EMPTY_TIMELINE: Timeline = { beganAt: undefined, listedAt: undefined, spans: [] };

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
/** What has been gone for longer is forgotten. */
const KEPT_DAYS = 400;
/** For so long a role is new. */
const NEW_DAYS = 7;

/** What tells one role from the other. */
export function roleKey({ accountId, roleName }: AccountRole): string {
  return `${accountId}/${roleName}`;
}

/** Those that only look first: whoever reads the trail wonders least about them. */
export function putReadersFirst<Role extends AccountRole>(roles: readonly Role[]): Role[] {
  const isReader = ({ roleName }: Role): boolean => /read-?only|view-?only/i.test(roleName);
  return [...roles.filter(isReader), ...roles.filter((role) => !isReader(role))];
}

/** The timeline with one more listing. One that is older than the last, as two at once may be, says nothing new. */
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

/** The clock of this machine was wrong when that was written. */
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

/** The timeline with all listings of another one, which was kept apart. */
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

/** The roles that came within the last 7 days; those of the very first listing did not come. */
export function findNewRoles({ beganAt, spans }: Timeline, now: Date): HeldSpan[] {
  const since = new Date(now.getTime() - NEW_DAYS * DAY_MILLISECONDS);
  return spans.filter(
    (span) => span.goneAt === undefined && hasCome(span, beganAt) && span.firstSeen >= since,
  );
}

export function hasCome({ firstSeen }: Pick<HeldSpan, "firstSeen">, beganAt?: Date): boolean {
  return beganAt !== undefined && firstSeen > beganAt;
}

/** When a role was last seen among those that are held; undefined where it never was. */
export function findLastSeen({ spans }: Timeline, role: AccountRole): Date | undefined {
  const times = spans
    .filter((span) => roleKey(span) === roleKey(role))
    .map(({ lastSeen }) => lastSeen.getTime());
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}
