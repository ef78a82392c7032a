import { hasCode } from "../errors.ts";
import type {
  Assignment,
  Instance,
  OrganizationAccount,
  Principal,
} from "./aws/identity-center.ts";
import type { Administrator } from "./aws/send.ts";
import { mapInOrder } from "./aws/sequences.ts";
import { askOnce, openDirectory, type Directory } from "./directory-source.ts";
import {
  requireAccount,
  requireInstance,
  requirePermissionSet,
  requirePrincipal,
  unlessDenied,
} from "./find.ts";

/** Lists who has access to which account, with which permission set and through which group. */

export interface AccessRow {
  /** null if no user has access through this assignment; `note` gives the reason. */
  readonly userName: string | null;
  readonly userId: string | null;
  readonly accountId: string;
  readonly accountName: string | null;
  readonly permissionSet: string;
  /** The group's name; null for an assignment to the user directly. */
  readonly via: string | null;
  readonly principalId: string;
  readonly note: "deleted" | "empty" | null;
}

/** undefined: any name. */
type Names = readonly string[] | undefined;

/** A row must match one name of every list that is given. */
interface AccessFilters {
  readonly users: Names;
  readonly groups: Names;
  readonly accounts: Names;
  readonly permissionSets: Names;
}

/** The filters as ids; undefined: no filter. */
interface Search {
  readonly instance: Instance;
  readonly directory: Directory;
  readonly userIds: ReadonlySet<string> | undefined;
  readonly groupIds: ReadonlySet<string> | undefined;
  readonly accounts: ReadonlyMap<string, OrganizationAccount> | undefined;
  readonly permissionSetArns: ReadonlySet<string> | undefined;
}

/**
 * Yields rows as they are found.
 * @throws LatchkeyError NOT_FOUND; USAGE if a filter matches nothing or several accounts.
 */
export async function* listAccess(
  admin: Administrator,
  filters: AccessFilters,
): AsyncGenerator<AccessRow> {
  const search = await openSearch(admin, filters);
  const { instance, accounts, permissionSetArns } = search;
  const findName = askOnce(async (arn) => {
    const { fetchPermissionSetName } = await import("./aws/instance.ts");
    return (await fetchPermissionSetName(instance, arn)) ?? arn;
  });
  for await (const found of findAssignments(search)) {
    const { accountId, permissionSetArn, principal, account } = found;
    if (accounts?.has(accountId) === false) continue;
    if (permissionSetArns?.has(permissionSetArn) === false) continue;
    const accountName = account?.accountName ?? null;
    const permissionSet = await findName(permissionSetArn);
    const find = principal.type === "USER" ? findUser : findMembers;
    for await (const holder of find(search, principal.id))
      yield { ...holder, accountId, accountName, permissionSet, principalId: principal.id };
  }
}

async function openSearch(admin: Administrator, filters: AccessFilters): Promise<Search> {
  const instance = await requireInstance(admin);
  const findIds = (type: Principal["type"], names: readonly string[]) =>
    Array.fromAsync(names, async (name) => (await requirePrincipal(instance, type, name)).id);
  const { users, groups, permissionSets } = filters;
  const userIds = users && new Set(await findIds("USER", users));
  const groupIds = groups && new Set(await findIds("GROUP", groups));
  const accounts =
    filters.accounts &&
    (await Array.fromAsync(filters.accounts, (name) => requireAccount(admin, name)));
  const firstAccount = accounts?.[0]?.accountId;
  const arns =
    permissionSets &&
    (await Array.fromAsync(permissionSets, (name) =>
      requirePermissionSet(instance, name, firstAccount),
    ));
  return {
    instance,
    directory: await openDirectory(instance),
    userIds,
    groupIds,
    accounts: accounts && new Map(accounts.map((account) => [account.accountId, account])),
    permissionSetArns: arns && new Set(arns),
  };
}

interface FoundAssignment extends Assignment {
  readonly account: OrganizationAccount | undefined;
}

/**
 * If users or groups are given, lists their assignments directly. That takes few requests, but only the management
 * account may make them. Otherwise, or if AWS refuses those requests, lists the assignments account by account.
 */
async function* findAssignments(search: Search): AsyncGenerator<FoundAssignment> {
  const { instance, accounts } = search;
  const principals = await listPrincipals(search);
  const assignments = principals && (await listAssignmentsOf(search, principals.values()));
  if (assignments === undefined) {
    for await (const found of scanAccounts(search))
      if (principals?.has(principalKey(found.principal)) ?? true) yield found;
    return;
  }
  const findAccount = askOnce(async (accountId) => {
    const { describeAccount } = await import("./aws/organization.ts");
    return unlessDenied(() => describeAccount(instance.admin, accountId));
  });
  for (const assignment of assignments) {
    const { accountId } = assignment;
    yield { ...assignment, account: accounts?.get(accountId) ?? (await findAccount(accountId)) };
  }
}

/**
 * Returns the given users and groups by key; undefined if none is given. The groups of a user are included, since AWS
 * does not document whether its listing includes assignments through groups.
 */
async function listPrincipals(search: Search): Promise<ReadonlyMap<string, Principal> | undefined> {
  const { instance, userIds, groupIds } = search;
  if (userIds === undefined && groupIds === undefined) return undefined;
  const principals = new Map<string, Principal>();
  const add = (principal: Principal) => principals.set(principalKey(principal), principal);
  if (userIds === undefined) groupIds?.forEach((id) => add({ type: "GROUP", id }));

  const { listGroupsOfUser } = await import("./aws/directory.ts");
  for (const userId of userIds ?? []) {
    const groups = await listGroupsOfUser(instance, userId);
    if (groupIds === undefined) add({ type: "USER", id: userId });
    for (const id of groups) if (groupIds?.has(id) ?? true) add({ type: "GROUP", id });
  }
  return principals;
}

function principalKey({ type, id }: Principal): string {
  return `${type} ${id}`;
}

/** Returns each assignment of these principals once; undefined if this administrator may not list them. */
async function listAssignmentsOf(
  { instance }: Search,
  principals: Iterable<Principal>,
): Promise<Iterable<Assignment> | undefined> {
  const { listAssignmentsFor } = await import("./aws/instance.ts");
  const found = new Map<string, Assignment>();
  try {
    for (const principal of principals)
      for (const assignment of await listAssignmentsFor(instance, principal))
        found.set(JSON.stringify(assignment), assignment);
  } catch (thrown) {
    if (hasCode(thrown, "ACCESS_DENIED")) return undefined;
    throw thrown;
  }
  return found.values();
}

/** The number of accounts that are read in parallel. The administrator's pace limits the requests. */
const AT_ONCE = 4;

/**
 * Lists the assignments account by account. A delegated administrator may do that, and it also finds deleted principals.
 */
async function* scanAccounts(search: Search): AsyncGenerator<FoundAssignment> {
  const { instance, permissionSetArns } = search;
  const { listAssignments, listProvisionedPermissionSets } = await import("./aws/instance.ts");
  const lookInto = async (account: OrganizationAccount): Promise<FoundAssignment[]> => {
    const { accountId } = account;
    const found: FoundAssignment[] = [];
    for (const arn of await listProvisionedPermissionSets(instance, accountId)) {
      if (permissionSetArns?.has(arn) === false) continue;
      const assignments = await listAssignments(instance, accountId, arn);
      for (const assignment of assignments) found.push({ ...assignment, account });
    }
    return found;
  };
  for await (const found of mapInOrder(listAccounts(search), AT_ONCE, lookInto)) yield* found;
}

async function* listAccounts({ instance, accounts }: Search): AsyncGenerator<OrganizationAccount> {
  if (accounts !== undefined) return yield* accounts.values();
  const { fetchAccountPages } = await import("./aws/organization.ts");
  for await (const page of fetchAccountPages(instance.admin)) yield* page;
}

/** The user who has an assignment, or a note why no user has it. */
type Holder = Pick<AccessRow, "userName" | "userId" | "via" | "note">;

async function* findUser(
  { directory, userIds, groupIds }: Search,
  userId: string,
): AsyncGenerator<Holder> {
  if (groupIds !== undefined || userIds?.has(userId) === false) return;
  const userName = (await directory.findUserName(userId)) ?? null;
  yield { userName, userId, via: null, note: userName === null ? "deleted" : null };
}

async function* findMembers(
  { directory, userIds, groupIds }: Search,
  groupId: string,
): AsyncGenerator<Holder> {
  if (groupIds?.has(groupId) === false) return;
  const via = (await directory.findGroupName(groupId)) ?? null;
  const members = via === null ? [] : await directory.listMembers(groupId);
  if (members.length === 0 && userIds === undefined)
    yield { userName: null, userId: null, via, note: via === null ? "deleted" : "empty" };
  for (const userId of members) {
    if (userIds?.has(userId) === false) continue;
    yield { userName: (await directory.findUserName(userId)) ?? null, userId, via, note: null };
  }
}
