import { findValue, type ManagedProfile } from "./managed-profiles.ts";
import type { WantedProfileKeys } from "./reconcile.ts";

/**
 * Matches existing managed profiles with wanted ones by role and region, so that a profile is found even if it was renamed.
 */

export interface Match {
  readonly profile: ManagedProfile;
  readonly wanted: WantedProfileKeys;
}

interface MatchResult {
  readonly matches: readonly Match[];
  /** Wanted profiles for which no profile exists yet. */
  readonly added: readonly WantedProfileKeys[];
}

export function roleKey(accountId: string, roleName: string): string {
  return `${accountId}/${roleName}`;
}

export function matchProfiles(
  wanted: readonly WantedProfileKeys[],
  managed: readonly ManagedProfile[],
): MatchResult {
  const there = Map.groupBy(managed, ({ accountId = "", roleName = "" }) =>
    roleKey(accountId, roleName),
  );
  const groups = Map.groupBy(wanted, ({ account, roleName }) =>
    roleKey(account.accountId, roleName),
  );
  const all = [...groups].map(([key, some]) => matchRole(some, there.get(key) ?? []));
  return {
    matches: all.flatMap(({ matches }) => matches),
    added: all.flatMap(({ added }) => added),
  };
}

/**
 * Matches the profiles of one role: first by name, then by region. If the role has only one profile and only one is
 * wanted, matches these.
 */
function matchRole(
  wanted: readonly WantedProfileKeys[],
  there: readonly ManagedProfile[],
): MatchResult {
  const free = new Set(there);
  const matches: Match[] = [];
  let open = [...wanted];
  const pair = (fits: (profile: ManagedProfile, wanted: WantedProfileKeys) => boolean): void => {
    open = open.filter((each) => {
      const profile = [...free].find((candidate) => fits(candidate, each));
      if (profile === undefined) return true;
      free.delete(profile);
      matches.push({ profile, wanted: each });
      return false;
    });
  };
  pair((profile, each) => profile.name === each.name);
  pair((profile, each) => findRegion(profile) === each.region);
  if (wanted.length === 1 && there.length === 1) pair(() => true);
  return { matches, added: open };
}

/** Returns the region that the sync wrote, even if the user has changed it since. */
function findRegion({ section, written }: ManagedProfile): string | undefined {
  return written === undefined ? findValue(section, "region") : written.get("region");
}
