import type { ConfigDocument } from "../aws-config/document.ts";
import { joinEdits } from "../aws-config/sections.ts";
import type { HeldRole } from "../configure/filter.ts";
import type { Account } from "../model/account.ts";
import { hasField, type NameTemplate } from "../model/name-template.ts";
import { sessionEdit, type WantedSession, type WritableForm } from "../profiles/change/edits.ts";
import type { ManagedMemory } from "../profiles/change/memory.ts";
import { planNewProfiles, type PlannedSync } from "../sync/change.ts";
import { findCollision, type Collision } from "../sync/collisions.ts";
import { planNames, type WantedName } from "../sync/names.ts";
import type { SyncPlan } from "../sync/plan.ts";
import type { ImportedRole } from "./entry.ts";
import { listPresentProfiles, portalKey, type PresentProfile } from "./present.ts";
import { chooseSessions, type ChosenSession } from "./sessions.ts";

/** Plans an import: adds profiles for another tool's roles as `profiles sync` would, one session at a time. */

/** The naming and defaults that `profiles sync` would use for a session. */
export interface SessionDefaults {
  readonly template: NameTemplate | undefined;
  readonly region: string | undefined;
  readonly output: string | undefined;
  /** The roles of the session's last listing. Their number also affects the names. */
  readonly listed: readonly HeldRole[];
  /** Listed accounts by ID, for the names that the tool does not store. */
  readonly accounts: ReadonlyMap<string, Account>;
}

export interface ImportOrder {
  readonly roles: readonly ImportedRole[];
  /** Name for a session that is not in the config yet. */
  readonly ssoSession: string | undefined;
  readonly form: WritableForm;
  readonly region: string | undefined;
  readonly output: string | undefined;
  readonly force: boolean;
  readonly file: string;
  readonly program: readonly string[];
  /** Profiles of the credentials file. */
  readonly credentials: ReadonlySet<string>;
  readonly findDefaults: (session: string) => SessionDefaults;
}

interface PlannedSession {
  readonly session: WantedSession;
  readonly isNew: boolean;
  readonly plan: SyncPlan;
  /** Number of roles that already have a profile. */
  readonly present: number;
}

/** The plans of all sessions combined, and the config that results. */
export interface PlannedImport extends PlannedSync {
  readonly sessions: readonly PlannedSession[];
}

export function planImport(
  document: ConfigDocument,
  memory: ManagedMemory,
  order: ImportOrder,
): PlannedImport {
  const signIns = chooseSessions(document, order);
  const steps: PlannedSync[] = [];
  const sessions: PlannedSession[] = [];
  let [current, remembered] = [document, memory];
  for (const signIn of signIns) {
    const { step, present } = planSession(current, signIn, { ...order, memory: remembered });
    steps.push(step);
    sessions.push({ session: signIn.session, isNew: signIn.isNew, plan: step.plan, present });
    current = step.document;
    remembered = step.plan.memory;
  }
  const plan = {
    ...{ add: sessions.flatMap((each) => each.plan.add), change: [], remove: [] },
    ...{ collisions: sessions.flatMap((each) => each.plan.collisions), gone: [], otherNames: [] },
    ...{ kept: sessions.reduce((sum, { present }) => sum + present, 0), memory: remembered },
  };
  return { ...joinEdits(steps, current), plan, sessions };
}

function planSession(
  document: ConfigDocument,
  { roles, session, isNew, isShared }: ChosenSession,
  order: ImportOrder & { readonly memory: ManagedMemory },
): { readonly step: PlannedSync; readonly present: number } {
  const defaults = order.findDefaults(session.name);
  const { wanted, doubles } = splitDoubles(listWanted(roles, session, { order, defaults }));
  const portal = portalKey(session.startUrl, session.region);
  const there = listPresentProfiles(document, order.credentials).filter(
    (profile) => profile.portal === portal && (!isShared || profile.session === session.name),
  );
  const added = dropPresent(wanted, there);
  const { named, collisions } = chooseNames(added, document, {
    session: session.name,
    credentials: order.credentials,
  });
  const { form } = order;
  const target = { form, session, output: undefined, extras: [] };
  const sessionChange = isNew ? sessionEdit(session) : undefined;
  const request = { ...order, target: { ...target, sessionEdit: sessionChange } };
  const step = planNewProfiles(document, named, request, order.memory);
  const more = findDoubles(doubles, named);
  const plan = { ...step.plan, collisions: [...more, ...collisions, ...step.plan.collisions] };
  return { step: { ...step, plan }, present: wanted.length - added.length };
}

/** A wanted profile with the name that `profiles sync` would give, and the tool's own name. */
interface WantedImport extends WantedName {
  readonly ownName: string | undefined;
}

/** Separates the first profile of each role and region from further profiles with other names. */
function splitDoubles(all: readonly WantedImport[]): {
  readonly wanted: readonly WantedImport[];
  readonly doubles: readonly WantedImport[];
} {
  const first = new Map<string, WantedImport>();
  for (const each of all) if (!first.has(keyWanted(each))) first.set(keyWanted(each), each);
  return {
    wanted: [...first.values()],
    doubles: all.filter((each) => first.get(keyWanted(each)) !== each),
  };
}

function keyWanted(wanted: WantedName): string {
  return `${keyHeld(wanted)} ${wanted.region ?? ""}`;
}

/** Returns the further names of roles that get a profile. A role that already has a profile needs no second name. */
function findDoubles(
  doubles: readonly WantedImport[],
  named: readonly WantedName[],
): readonly Collision[] {
  const added = new Set(named.map(keyWanted));
  return doubles
    .filter((each) => each.ownName !== undefined && added.has(keyWanted(each)))
    .map(({ ownName = "", ...wanted }) => ({
      wanted: { ...wanted, name: ownName },
      reason: "double",
    }));
}

/** Returns the roles in the tool's order, with the names that they may get. */
function listWanted(
  roles: readonly ImportedRole[],
  session: WantedSession,
  { order, defaults }: { readonly order: ImportOrder; readonly defaults: SessionDefaults },
): WantedImport[] {
  const resolved = roles.map((role) => ({
    ...role,
    region: order.region ?? role.region ?? defaults.region,
    output: order.output ?? role.output ?? defaults.output,
  }));
  const groups = Map.groupBy(resolved, roleKey);
  const held = new Map(
    [...defaults.listed, ...[...groups.values()].map((some) => toHeld(some, defaults))].map(
      (each) => [keyHeld(each), each] as const,
    ),
  );
  const names = nameRoles(groups, held, { template: defaults.template, session: session.name });
  return resolved.flatMap((role) => {
    const { name: ownName, region, output, roleName } = role;
    const key = `${roleKey(role)} ${region ?? ""}`;
    const account = held.get(roleKey(role))?.account;
    if (account === undefined) return [];
    return [{ account, roleName, region, output, ownName, name: names.get(key) ?? "" }];
  });
}

function roleKey({ accountId, roleName }: Pick<ImportedRole, "accountId" | "roleName">): string {
  return `${accountId}/${roleName}`;
}

function keyHeld({ account, roleName }: HeldRole): string {
  return roleKey({ accountId: account.accountId, roleName });
}

/** Returns the listed account. If it was not listed, returns the account as the tool describes it. */
function toHeld(roles: readonly ImportedRole[], { accounts }: SessionDefaults): HeldRole {
  const [{ accountId, roleName } = { accountId: "", roleName: "" }] = roles;
  const accountName = roles.map((role) => role.accountName).find((name) => name !== undefined);
  const emailAddress = roles.map((role) => role.emailAddress).find((email) => email !== undefined);
  const account = accounts.get(accountId) ?? { accountId, accountName, emailAddress };
  return { account, roleName };
}

/** Returns the names that `profiles sync` would give these roles, by role and region. */
function nameRoles(
  groups: ReadonlyMap<string, readonly Pick<ImportedRole, "region">[]>,
  held: ReadonlyMap<string, HeldRole>,
  { template, session }: { readonly template: NameTemplate | undefined; readonly session: string },
): Map<string, string> {
  const byRegions = Map.groupBy(groups, ([, some]) =>
    [...new Set(some.map(({ region }) => region ?? ""))].join(" "),
  );
  const named = [...byRegions].flatMap(([text, some]) => {
    const keys = new Set(some.map(([key]) => key));
    const regions = text.split(" ").filter((region) => region !== "");
    const isMissing =
      regions.length === 0 && template !== undefined && hasField(template, "region");
    const naming = { template: isMissing ? undefined : template, session, regions };
    return planNames([...held.values()], (role) => keys.has(keyHeld(role)), naming);
  });
  return new Map(named.map((each) => [`${keyHeld(each)} ${each.region ?? ""}`, each.name]));
}

/**
 * Leaves out roles that already have a profile. If the tool has several regions for a role, leaves out only those
 * regions that have a profile.
 */
function dropPresent(
  wanted: readonly WantedImport[],
  there: readonly PresentProfile[],
): readonly WantedImport[] {
  const present = Map.groupBy(there, roleKey);
  return [...Map.groupBy(wanted, keyHeld)].flatMap(([key, some]) => {
    const regions = present.get(key)?.map(({ region }) => region);
    if (regions === undefined) return some;
    if (some.length === 1) return [];
    return some.filter(({ region }) => region !== undefined && !regions.includes(region));
  });
}

interface ChosenNames {
  readonly named: readonly WantedName[];
  readonly collisions: readonly Collision[];
}

/** Uses the tool's name if it is free and the name of only one role, otherwise the name that `profiles sync` would give. */
function chooseNames(
  added: readonly WantedImport[],
  document: ConfigDocument,
  taken: { readonly session: string; readonly credentials: ReadonlySet<string> },
): ChosenNames {
  const counts = new Map<string, number>();
  for (const { ownName = "" } of added) counts.set(ownName, (counts.get(ownName) ?? 0) + 1);
  const isFree = (name: string): boolean =>
    counts.get(name) === 1 && findCollision(name, { document, ...taken }) === undefined;
  const own = new Set<string>();
  const chosen = added.map(({ ownName, ...wanted }) => {
    const isOwn = ownName !== undefined && isFree(ownName);
    if (isOwn) own.add(ownName);
    return {
      isOwn,
      wanted: isOwn ? { ...wanted, name: ownName } : { ...wanted, formerName: ownName },
    };
  });
  const isClash = ({ isOwn, wanted }: (typeof chosen)[number]): boolean =>
    !isOwn && own.has(wanted.name);
  return {
    named: chosen.filter((each) => !isClash(each)).map(({ wanted }) => wanted),
    collisions: chosen.filter(isClash).map(({ wanted }) => ({ wanted, reason: "imported" })),
  };
}
