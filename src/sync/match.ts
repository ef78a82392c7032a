import { findValue, type ManagedProfile } from "./managed-profiles.ts";
import type { WantedProfileKeys } from "./reconcile.ts";

/** Which profile of ours is which of the wanted ones: by its role and region, so that it is found under any name. */

export interface Match {
  readonly profile: ManagedProfile;
  readonly wanted: WantedProfileKeys;
}

interface MatchResult {
  readonly matches: readonly Match[];
  /** Wanted, and not there yet. */
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

/** One role's profiles: those of the wanted name first, then those of the wanted region, then the only one that there is. */
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

/** The region that it was made for, also where the user has changed it since. */
function findRegion({ section, written }: ManagedProfile): string | undefined {
  return written === undefined ? findValue(section, "region") : written.get("region");
}
