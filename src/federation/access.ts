import type {
  Assignment,
  Instance,
  OrganizationAccount,
  Principal,
} from "./aws/identity-center.ts";
import { hasCode } from "../errors.ts";
import type { Administrator } from "./administrator.ts";
import { mapInOrder } from "./aws/map-in-order.ts";
import { requireAccount, requireInstance, requirePermissionSet, unlessDenied } from "./find.ts";
import {
  openDirectory,
  principalKey,
  requireGroup,
  requireUser,
  type Directory,
} from "./principals.ts";

/** Who reaches which account with which permission set, and through which group: rows as they are found. */

export interface AccessRow {
  /** null: an assignment that leads nobody anywhere; `note` says why. */
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

/** Within a list any of them, across lists all of them. Empty lists ask for everything. */
interface AccessFilters {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly accounts: readonly string[];
  readonly permissionSets: readonly string[];
}

interface Search {
  readonly admin: Administrator;
  readonly instance: Instance;
  readonly directory: Directory;
  /** undefined: any. */
  readonly userIds: ReadonlySet<string> | undefined;
  readonly groupIds: ReadonlySet<string> | undefined;
  readonly accounts: ReadonlyMap<string, OrganizationAccount> | undefined;
  readonly permissionSetArns: ReadonlySet<string> | undefined;
}

export async function* listAccess(
  admin: Administrator,
  filters: AccessFilters,
): AsyncGenerator<AccessRow> {
  const search = await searchFor(admin, filters);
  const names = createPermissionSetLookup(search);
  for await (const { assignment, account } of findAssignments(search)) {
    if (!isWanted(search, assignment)) continue;
    yield* toRows(search, assignment, {
      accountId: assignment.accountId,
      accountName: account?.accountName ?? null,
      permissionSet: await names(assignment.permissionSetArn),
    });
  }
}

async function searchFor(
  admin: Administrator,
  { users, groups, accounts, permissionSets }: AccessFilters,
): Promise<Search> {
  const instance = await requireInstance(admin);
  const userIds: string[] = [];
  for (const name of users) userIds.push((await requireUser(admin, instance, name)).id);
  const groupIds: string[] = [];
  for (const name of groups) groupIds.push((await requireGroup(admin, instance, name)).id);
  const found = new Map<string, OrganizationAccount>();
  for (const wanted of accounts) {
    const account = await requireAccount(admin, wanted);
    found.set(account.accountId, account);
  }
  const arns: string[] = [];
  for (const name of permissionSets)
    arns.push(await requirePermissionSet(admin, instance, name, [...found.keys()][0]));
  return {
    admin,
    instance,
    directory: await openDirectory(admin, instance),
    userIds: users.length === 0 ? undefined : new Set(userIds),
    groupIds: groups.length === 0 ? undefined : new Set(groupIds),
    accounts: accounts.length === 0 ? undefined : found,
    permissionSetArns: permissionSets.length === 0 ? undefined : new Set(arns),
  };
}

interface FoundAssignment {
  readonly assignment: Assignment;
  readonly account: OrganizationAccount | undefined;
}

/** By principal where some are named: that takes few questions, but only the management account may ask them. */
async function* findAssignments(search: Search): AsyncGenerator<FoundAssignment> {
  if (search.userIds === undefined && search.groupIds === undefined) {
    yield* scanAccounts(search);
    return;
  }
  const principals = await resolvePrincipals(search);
  const { listAssignmentsFor } = await import("./aws/instance.ts");
  const connection = search.admin.connect("SSO_ADMIN");
  const lists: Assignment[] = [];
  try {
    for (const principal of principals)
      lists.push(...(await listAssignmentsFor(connection, search.instance.arn, principal)));
  } catch (thrown) {
    if (!hasCode(thrown, "ACCESS_DENIED")) throw thrown;
    const wanted = new Set(principals.map(principalKey));
    for await (const found of scanAccounts(search))
      if (wanted.has(principalKey(found.assignment.principal))) yield found;
    return;
  }
  const nameOf = createAccountLookup(search);
  for (const assignment of removeDuplicates(lists))
    yield { assignment, account: await nameOf(assignment.accountId) };
}

/** A user's assignments are those of the user and of each group: whether AWS expands groups by itself is not documented. */
async function resolvePrincipals({
  admin,
  instance,
  userIds,
  groupIds,
}: Search): Promise<Principal[]> {
  const { listGroupsOfUser } = await import("./aws/directory.ts");
  if (userIds === undefined) return [...(groupIds ?? [])].map((id) => ({ type: "GROUP", id }));
  const principals: Principal[] = [];
  for (const userId of userIds) {
    const groups = await listGroupsOfUser(
      admin.connect("IDENTITYSTORE"),
      instance.identityStoreId,
      userId,
    );
    principals.push(
      ...(groupIds === undefined ? [{ type: "USER" as const, id: userId }] : []),
      ...groups
        .filter((id) => groupIds?.has(id) ?? true)
        .map((id) => ({ type: "GROUP" as const, id })),
    );
  }
  return [...new Map(principals.map((principal) => [principalKey(principal), principal])).values()];
}

function removeDuplicates(assignments: readonly Assignment[]): Assignment[] {
  return [
    ...new Map(assignments.map((assignment) => [JSON.stringify(assignment), assignment])).values(),
  ];
}

/** Accounts looked into at once; the pace of the requests is the administrator's own. */
const AT_ONCE = 4;

/** Account by account, so that a delegated administrator may ask, and deleted principals are seen. */
async function* scanAccounts(search: Search): AsyncGenerator<FoundAssignment> {
  const { listAssignments, listProvisionedPermissionSets } = await import("./aws/instance.ts");
  const connection = search.admin.connect("SSO_ADMIN");
  const { instance, permissionSetArns } = search;
  const lookInto = async (account: OrganizationAccount): Promise<FoundAssignment[]> => {
    const provisioned = await listProvisionedPermissionSets(
      connection,
      instance.arn,
      account.accountId,
    );
    const found: FoundAssignment[] = [];
    for (const arn of provisioned.filter((one) => permissionSetArns?.has(one) ?? true)) {
      const assignments = await listAssignments(connection, instance.arn, account.accountId, arn);
      found.push(...assignments.map((assignment) => ({ assignment, account })));
    }
    return found;
  };
  for await (const found of mapInOrder(listAccounts(search), AT_ONCE, lookInto)) yield* found;
}

async function* listAccounts({ admin, accounts }: Search): AsyncGenerator<OrganizationAccount> {
  if (accounts !== undefined) {
    yield* accounts.values();
    return;
  }
  const { fetchAccountPages } = await import("./aws/organization.ts");
  for await (const page of fetchAccountPages(admin.connect("ORGANIZATIONS"))) yield* page;
}

function isWanted(
  { accounts, permissionSetArns }: Search,
  { accountId, permissionSetArn }: Assignment,
): boolean {
  return (accounts?.has(accountId) ?? true) && (permissionSetArns?.has(permissionSetArn) ?? true);
}

type AccountPermission = Pick<AccessRow, "accountId" | "accountName" | "permissionSet">;

/** Who has an assignment; without a user where nobody has it. */
type Holder = Pick<AccessRow, "userName" | "userId" | "via" | "note">;

async function* toRows(
  search: Search,
  { principal }: Assignment,
  place: AccountPermission,
): AsyncGenerator<AccessRow> {
  const holders =
    principal.type === "USER" ? findUser(search, principal.id) : findMembers(search, principal.id);
  for await (const { userName, userId, via, note } of holders)
    yield { userName, userId, ...place, via, principalId: principal.id, note };
}

async function* findUser(
  { directory, userIds, groupIds }: Search,
  userId: string,
): AsyncGenerator<Holder> {
  if (groupIds !== undefined || userIds?.has(userId) === false) return;
  const name = await directory.findUserName(userId);
  const note = name === undefined ? "deleted" : null;
  yield { userName: name ?? null, userId, via: null, note };
}

async function* findMembers(
  { directory, userIds, groupIds }: Search,
  groupId: string,
): AsyncGenerator<Holder> {
  if (groupIds?.has(groupId) === false) return;
  const group = await directory.findGroupName(groupId);
  const via = group ?? null;
  const members = group === undefined ? [] : await directory.listMembers(groupId);
  if (members.length === 0 && userIds === undefined)
    yield { userName: null, userId: null, via, note: group === undefined ? "deleted" : "empty" };
  const wanted = members.filter((userId) => userIds?.has(userId) ?? true);
  for (const userId of wanted)
    yield { userName: (await directory.findUserName(userId)) ?? null, userId, via, note: null };
}

function createPermissionSetLookup({ admin, instance }: Search): (arn: string) => Promise<string> {
  const known = new Map<string, string>();
  return async (arn) => {
    const { fetchPermissionSetName } = await import("./aws/instance.ts");
    const name =
      known.get(arn) ??
      (await fetchPermissionSetName(admin.connect("SSO_ADMIN"), instance.arn, arn)) ??
      arn;
    known.set(arn, name);
    return name;
  };
}

function createAccountLookup({
  admin,
  accounts,
}: Search): (accountId: string) => Promise<OrganizationAccount | undefined> {
  const known = new Map<string, OrganizationAccount | undefined>(accounts);
  return async (accountId) => {
    if (!known.has(accountId)) {
      const { describeAccount } = await import("./aws/organization.ts");
      known.set(
        accountId,
        await unlessDenied(() => describeAccount(admin.connect("ORGANIZATIONS"), accountId)),
      );
    }
    return known.get(accountId);
  };
}
