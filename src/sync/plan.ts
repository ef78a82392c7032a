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

/** Wanted profiles × the config × what was written before → what is added, changed, removed, and what is left alone. */

/** A profile of ours that a wanted one was found to be. */
export interface ReconciledProfile {
  readonly wanted: WantedProfileKeys;
  /** Its name in the file. */
  readonly from: string;
  /** Its name from now on. */
  readonly name: string;
  readonly changes: readonly KeyChange[];
  readonly written: ReadonlyMap<string, string>;
}

interface GoneProfile {
  readonly profile: ManagedProfile;
  /** Whether the user has written in it. */
  readonly isEdited: boolean;
}

export interface SyncPlan {
  readonly add: readonly WantedProfileKeys[];
  readonly change: readonly ReconciledProfile[];
  readonly remove: readonly ManagedProfile[];
  /** How many of ours stay as they are. */
  readonly kept: number;
  readonly collisions: readonly Collision[];
  /** Of roles that are no longer held, and all the same not removed: nobody asked for it, or the user has written there. */
  readonly gone: readonly GoneProfile[];
  /** Those that keep a name that the account or the template no longer gives. */
  readonly otherNames: readonly ReconciledProfile[];
  readonly memory: ManagedMemory;
}

/** What is asked of a sync, whatever the config is like. */
export interface SyncOrder {
  /** All roles that are held, also those that a filter leaves out: none of these is ever "no longer assigned". */
  readonly held: readonly HeldRole[];
  /** Whether these are all: otherwise no role is known to be gone. */
  readonly isWhole: boolean;
  /** Profiles of the credentials file. */
  readonly credentials: ReadonlySet<string>;
  readonly prune: boolean;
  readonly rename: boolean;
  /** Also removes what the user has written in. */
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

/** The plan that adds profiles of roles that have none, and touches none that is there. */
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
  /** Under the name of a profile that goes, which becomes theirs. */
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

/** A profile keeps its name, unless renaming was asked for and the name is free: people, scripts and other profiles know it. */
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

/** Other sessions' profiles are remembered as they were; of this session's, those that the file has from now on. */
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

/** What is edited once profiles are removed and renamed. */
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
