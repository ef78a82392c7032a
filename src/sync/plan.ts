import type { ConfigDocument } from "../aws-config/document.ts";
import type { SectionEdit } from "../aws-config/edit.ts";
import type { HeldRole } from "../configure/filter.ts";
import { findCollision, type Collision, type TakenNames } from "./collisions.ts";
import {
  isWhollyOurs,
  findManagedProfiles,
  MANAGED_KEY,
  type ManagedProfile,
} from "./managed-profiles.ts";
import { matchProfiles, roleKey, type Match } from "./match.ts";
import { reconcileKeys, type KeyChange, type WantedProfileKeys } from "./reconcile.ts";
import type { ManagedMemory } from "../profiles/change/memory.ts";

/**
 * Plans a sync from the wanted profiles, the config and the recorded values: which profiles are added, changed, removed
 * or left unchanged.
 */

/** An existing managed profile that matches a wanted one. */
export interface ReconciledProfile {
  readonly wanted: WantedProfileKeys;
  /** The current name in the file. */
  readonly from: string;
  /** The name after the sync. */
  readonly name: string;
  readonly changes: readonly KeyChange[];
  readonly written: ReadonlyMap<string, string>;
}

interface GoneProfile {
  readonly profile: ManagedProfile;
  /** Whether the user has edited the profile. */
  readonly isEdited: boolean;
}

export interface SyncPlan {
  readonly add: readonly WantedProfileKeys[];
  readonly change: readonly ReconciledProfile[];
  readonly remove: readonly ManagedProfile[];
  /** The number of managed profiles that do not change. */
  readonly kept: number;
  readonly collisions: readonly Collision[];
  /**
   * Profiles of roles that are no longer assigned. They stay because the user edited them, or did not ask to remove them.
   */
  readonly gone: readonly GoneProfile[];
  /** Profiles whose name is not the one that the account or the template would give. They stay under that name. */
  readonly otherNames: readonly ReconciledProfile[];
  readonly memory: ManagedMemory;
}

/** The values for a sync that come from the user and AWS, not from the config. */
export interface SyncOrder {
  /** All assigned roles, including roles that a filter leaves out. Otherwise these would count as no longer assigned. */
  readonly held: readonly HeldRole[];
  /** Whether the list contains all roles. If not, no role counts as no longer assigned. */
  readonly isWhole: boolean;
  /** The names of the profiles in the credentials file. */
  readonly credentials: ReadonlySet<string>;
  readonly prune: boolean;
  readonly rename: boolean;
  /** Also remove profiles that the user has edited. */
  readonly force: boolean;
}

interface SyncInput extends SyncOrder {
  readonly session: string;
  readonly wanted: readonly WantedProfileKeys[];
  readonly memory: ManagedMemory;
}

export function planSync(document: ConfigDocument, input: SyncInput): SyncPlan {
  const managed = findManagedProfiles(document, input.session, input.memory);
  const { matches, added } = matchProfiles(input.wanted, managed);
  const gone = findGoneProfiles(input, managed);
  const going = new Map(
    gone
      .filter(({ isEdited }) => input.prune && (input.force || !isEdited))
      .map(({ profile }) => [profile.name, profile]),
  );
  const names: TakenNames = { document, session: input.session, credentials: input.credentials };
  const { add, taken, collisions } = resolveNames(added, names, going);
  const settled = reconcileProfiles(
    [...matches, ...taken],
    input.rename,
    names,
    new Set(add.map(({ name }) => name)),
  );
  const change = settled.filter(({ changes, from, name }) => changes.length > 0 || from !== name);
  const remove = [...going.values()].filter(
    (profile) => !taken.some((match) => match.profile === profile),
  );
  return {
    add,
    change,
    remove,
    collisions,
    kept: managed.length - change.length - remove.length,
    gone: gone.filter(({ profile }) => !going.has(profile.name)),
    otherNames: settled.filter(({ name, wanted }) => name !== wanted.name),
    memory: updateMemory(input, managed, { add, remove }, settled),
  };
}

/** Plans new profiles for roles without a profile. Does not change existing profiles. */
export function planAdditions(
  document: ConfigDocument,
  input: Pick<SyncInput, "session" | "credentials" | "memory">,
  wanted: readonly WantedProfileKeys[],
): SyncPlan {
  const managed = findManagedProfiles(document, input.session, input.memory);
  const { add, collisions } = resolveNames(wanted, { document, ...input }, new Map());
  const none = { change: [], remove: [], gone: [], otherNames: [] };
  const memory = updateMemory(input, managed, { add, remove: [] }, []);
  return { ...none, add, collisions, kept: managed.length, memory };
}

function findGoneProfiles(
  { held, isWhole }: SyncInput,
  managed: readonly ManagedProfile[],
): GoneProfile[] {
  if (!isWhole) return [];
  const roles = new Set(held.map(({ account, roleName }) => roleKey(account.accountId, roleName)));
  const gone = managed.filter(
    ({ accountId, roleName }) =>
      accountId !== undefined && roleName !== undefined && !roles.has(roleKey(accountId, roleName)),
  );
  return gone.map((profile) => ({ profile, isEdited: !isWhollyOurs(profile) }));
}

interface ResolvedNames {
  readonly add: readonly WantedProfileKeys[];
  /** New profiles whose name is that of a profile to remove. That profile is changed instead. */
  readonly taken: readonly Match[];
  readonly collisions: readonly Collision[];
}

function resolveNames(
  added: readonly WantedProfileKeys[],
  names: TakenNames,
  going: ReadonlyMap<string, ManagedProfile>,
): ResolvedNames {
  const counts = new Map<string, number>();
  for (const { name } of added) counts.set(name, (counts.get(name) ?? 0) + 1);
  const add: WantedProfileKeys[] = [];
  const taken: Match[] = [];
  const collisions: Collision[] = [];
  for (const wanted of added) {
    const reason = findCollision(wanted.name, names);
    const leaving = going.get(wanted.name);
    if (reason !== undefined && reason !== "taken") collisions.push({ wanted, reason });
    else if ((counts.get(wanted.name) ?? 0) > 1) collisions.push({ wanted, reason: "same-name" });
    else if (reason === undefined) add.push(wanted);
    else if (leaving !== undefined && isWhollyOurs(leaving))
      taken.push({ profile: leaving, wanted });
    else collisions.push({ wanted, reason });
  }
  return { add, taken, collisions };
}

/**
 * Plans the changes of the matched profiles. A profile is renamed only if the user asked for it and the new name is
 * free, because scripts and other profiles may use the old name.
 */
function reconcileProfiles(
  matches: readonly Match[],
  rename: boolean,
  names: TakenNames,
  added: ReadonlySet<string>,
): ReconciledProfile[] {
  const given = new Set(added);
  return matches.map(({ profile, wanted }) => {
    const isFree =
      profile.name === wanted.name ||
      (rename && !given.has(wanted.name) && findCollision(wanted.name, names) === undefined);
    const name = isFree ? wanted.name : profile.name;
    given.add(name);
    return { wanted, from: profile.name, name, ...reconcileKeys(profile, wanted.keys) };
  });
}

/**
 * Returns the values to record. The record of other sessions does not change; for this session, it has the profiles
 * after the sync.
 */
function updateMemory(
  { session, memory }: Pick<SyncInput, "session" | "memory">,
  managed: readonly ManagedProfile[],
  { add, remove }: Pick<SyncPlan, "add" | "remove">,
  settled: readonly ReconciledProfile[],
): ManagedMemory {
  const after = new Map([...memory].filter(([, written]) => written.get(MANAGED_KEY) !== session));
  for (const { name, written } of managed) if (written !== undefined) after.set(name, written);
  for (const { name } of remove) after.delete(name);
  for (const { from } of settled) after.delete(from);
  for (const { name, written } of settled) after.set(name, written);
  for (const { name, keys } of add) after.set(name, new Map(keys.set));
  return after;
}

/** Returns the edits to make after the removals and renames. */
export function syncEdits(
  { add, change }: Pick<SyncPlan, "add" | "change">,
  force: boolean,
): SectionEdit[] {
  const changed = change.map(({ name, changes }): SectionEdit => ({
    type: "profile",
    name,
    set: changes.flatMap(({ key, after }) => (after === null ? [] : [[key, after] as const])),
    remove: changes.flatMap(({ key, after }) => (after === null ? [key] : [])),
    force,
  }));
  return [
    ...changed,
    ...add.map(({ name, keys }): SectionEdit => ({ type: "profile", name, set: keys.set, force })),
  ];
}
