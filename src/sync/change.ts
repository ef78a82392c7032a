import type { ConfigDocument } from "../aws-config/document.ts";
import { editConfig, type EditResult } from "../aws-config/edit.ts";
import type { ManagedMemory } from "../profiles/change/memory.ts";
import { joinEdits, removeProfiles, renameProfiles } from "../aws-config/sections.ts";
import { profileEdits } from "../profiles/change/edits.ts";
import { MANAGED_KEY } from "./managed-profiles.ts";
import { isRoleName } from "../model/role.ts";
import type { Collision } from "./collisions.ts";
import { planNames, type WantedName } from "./names.ts";
import { planAdditions, planSync, syncEdits, type SyncOrder, type SyncPlan } from "./plan.ts";
import type { WantedProfileKeys } from "./reconcile.ts";
import type { SyncTarget } from "./target.ts";

/** The values for a sync that do not depend on the config. */
export interface SyncRequest extends SyncOrder {
  readonly target: SyncTarget;
  /** The path of the config, for messages. */
  readonly file: string;
  /** The words that start this program in a credential_process. */
  readonly program: readonly string[];
}

/** A plan, and the config after the plan is applied. */
export interface PlannedSync extends EditResult {
  readonly plan: SyncPlan;
}

export function planChange(
  document: ConfigDocument,
  request: SyncRequest,
  memory: ManagedMemory,
): PlannedSync {
  const { target, held } = request;
  const named = planNames(held, target.isWanted, target.naming);
  const wanted = named
    .filter(({ roleName }) => isRoleName(roleName))
    .map((name) => toProfileKeys(name, request));
  const planned = planSync(document, { ...request, session: target.session.name, wanted, memory });
  const unusable = named
    .filter(({ roleName }) => !isRoleName(roleName))
    .map((name): Collision => ({ wanted: name, reason: "not-a-role" }));
  const plan = { ...planned, collisions: [...unusable, ...planned.collisions] };
  return { ...applyPlan(document, plan, request), plan };
}

/** The session and form of new profiles, and the names that they can't have. */
export type AdditionRequest = Pick<SyncRequest, "file" | "program" | "credentials" | "force"> & {
  readonly target: Pick<SyncTarget, "session" | "sessionEdit" | "form" | "output" | "extras">;
};

/**
 * Plans new profiles with the given names and the keys that `profiles sync` writes. If at least one profile is added,
 * also adds the session.
 */
export function planNewProfiles(
  document: ConfigDocument,
  named: readonly WantedName[],
  request: AdditionRequest,
  memory: ManagedMemory,
): PlannedSync {
  const { target, credentials } = request;
  const wanted = named.map((name) => toProfileKeys(name, request));
  const plan = planAdditions(
    document,
    { session: target.session.name, credentials, memory },
    wanted,
  );
  const sessionEdit = plan.add.length === 0 ? undefined : target.sessionEdit;
  return { ...applyPlan(document, plan, { ...request, target: { sessionEdit } }), plan };
}

function toProfileKeys(
  wanted: WantedName,
  { target, program }: Pick<AdditionRequest, "target" | "program">,
): WantedProfileKeys {
  const { session, form, extras } = target;
  const { accountId } = wanted.account;
  const { output = target.output } = wanted;
  const [edit] = profileEdits({ ...wanted, accountId, form, session, output, program });
  const set = [...(edit?.set ?? []), ...extras, [MANAGED_KEY, session.name] as const];
  const keys = new Set(set.map(([key]) => key));
  const remove = edit?.remove?.filter((key) => !keys.has(key)) ?? [];
  return { ...wanted, keys: { set, remove } };
}

/** Removes profiles first, so that new profiles get the same position as if the removed ones had never existed. */
function applyPlan(
  document: ConfigDocument,
  plan: SyncPlan,
  {
    target: { sessionEdit },
    force,
    file,
  }: Pick<SyncRequest, "force" | "file"> & { readonly target: Pick<SyncTarget, "sessionEdit"> },
): EditResult {
  const names = plan.remove.map(({ name }) => name);
  const removed = removeProfiles(document, names, force, file);
  const newNames = new Map(
    plan.change.filter(({ from, name }) => from !== name).map(({ from, name }) => [from, name]),
  );
  const renamed = renameProfiles(removed.document, newNames, force, file);
  const edits = syncEdits(plan, force);
  if (sessionEdit !== undefined) edits.push({ ...sessionEdit, force });
  const edited =
    edits.length === 0
      ? { document: renamed.document, changes: [], removed: [] }
      : editConfig(renamed.document, edits, file);
  return joinEdits([removed, renamed, edited], edited.document);
}
