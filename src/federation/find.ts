import { LatchkeyError, hasCode, usageError } from "../errors.ts";
import { isAccountId } from "../model/role.ts";
import { closestMatches } from "../text/terminal.ts";
import type { Instance, OrganizationAccount, Principal } from "./aws/identity-center.ts";
import type { Administrator } from "./aws/send.ts";
import { collect } from "./aws/sequences.ts";
import { createStoreSource } from "./directory-source.ts";

/** Finds the region's instance of IAM Identity Center, and its users, groups, permission sets and accounts by name. */

/**
 * Returns the organization's instance; undefined if none exists. If there are several, returns the management account's.
 */
export async function findOrganizationInstance(
  admin: Administrator,
): Promise<Instance | undefined> {
  const { listInstances } = await import("./aws/instance.ts");
  const instances = await listInstances(admin);
  const [first, ...others] = instances;
  if (others.length === 0) return first;
  // If AWS does not allow reading the management account, the first instance is used.
  const { fetchManagementAccountId } = await import("./aws/organization.ts");
  const owner = await unlessDenied(() => fetchManagementAccountId(admin));
  return instances.find(({ ownerAccountId }) => ownerAccountId === owner) ?? first;
}

/** Returns undefined on ACCESS_DENIED or BAD_RESPONSE; throws every other failure. */
export async function unlessDenied<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    if (hasCode(thrown, "ACCESS_DENIED", "BAD_RESPONSE")) return undefined;
    throw thrown;
  }
}

/** Returns the active instance. @throws LatchkeyError NOT_FOUND, CHECK_FAILED */
export async function requireInstance(admin: Administrator): Promise<Instance> {
  const instance = await findOrganizationInstance(admin);
  if (instance === undefined)
    throw new LatchkeyError(
      "NOT_FOUND",
      `There is no Identity Center instance in ${admin.region}.`,
      { hint: "Name the instance's home region with --region." },
    );
  const { id, status, statusReason } = instance;
  if (status === "ACTIVE") return instance;
  const reason = statusReason === undefined ? "" : `: ${statusReason}`;
  throw new LatchkeyError("CHECK_FAILED", `The instance ${id} is not active (${status}${reason}).`);
}

/** @throws LatchkeyError NOT_FOUND with similar names. */
export async function requirePrincipal(
  instance: Instance,
  type: Principal["type"],
  name: string,
): Promise<Principal> {
  const directory = await createStoreSource(instance);
  const isGroup = type === "GROUP";
  const found = await (isGroup ? directory.findGroup(name) : directory.findUser(name));
  if (found !== undefined) return { type, id: found.id };
  const names = await (isGroup ? directory.listGroupNames() : directory.listUserNames());
  throw notFoundError(isGroup ? "group" : "user", name, closestMatches(name, names));
}

type PermissionSetSearch =
  | { readonly kind: "found"; readonly arn: string }
  | { readonly kind: "missing"; readonly near: readonly string[] };

/** Finds a permission set by name. Reads the sets in use on the account first: they are few and usually include it. */
export async function findPermissionSet(
  instance: Instance,
  wanted: string,
  accountId: string | undefined,
): Promise<PermissionSetSearch> {
  const { fetchPermissionSetName, fetchPermissionSetPages, listProvisionedPermissionSets } =
    await import("./aws/instance.ts");
  async function* listPages() {
    if (accountId !== undefined)
      yield (await unlessDenied(() => listProvisionedPermissionSets(instance, accountId))) ?? [];
    yield* fetchPermissionSetPages(instance);
  }

  const names = new Map<string, string>();
  for await (const page of listPages()) {
    for (const arn of page) {
      if (names.has(arn)) continue;
      const name = await fetchPermissionSetName(instance, arn);
      if (name === wanted) return { kind: "found", arn };
      names.set(arn, name ?? "");
    }
  }
  return { kind: "missing", near: closestMatches(wanted, [...names.values()]) };
}

/** @throws LatchkeyError NOT_FOUND with similar names. */
export async function requirePermissionSet(
  instance: Instance,
  wanted: string,
  accountId: string | undefined,
): Promise<string> {
  const search = await findPermissionSet(instance, wanted, accountId);
  if (search.kind === "found") return search.arn;
  throw notFoundError("permission set", wanted, search.near);
}

function notFoundError(kind: string, wanted: string, near: readonly string[]): LatchkeyError {
  return new LatchkeyError("NOT_FOUND", `There is no ${kind} "${wanted}".`, {
    hint:
      near.length > 0
        ? `The nearest: ${near.join(", ")}`
        : `Names are compared exactly: check the ${kind} in the console.`,
  });
}

/** Returns the similar names in the form that is appended to a message, or "". */
export function formatNear(names: readonly string[]): string {
  return names.length > 0 ? ` (near: ${names.join(", ")})` : "";
}

type AccountSearch =
  | { readonly kind: "found"; readonly account: OrganizationAccount }
  | { readonly kind: "missing"; readonly error: LatchkeyError };

/** Like `requireAccount`, but returns the failures NOT_FOUND and USAGE instead of throwing them. */
export async function findAccount(admin: Administrator, wanted: string): Promise<AccountSearch> {
  try {
    return { kind: "found", account: await requireAccount(admin, wanted) };
  } catch (thrown) {
    if (hasCode(thrown, "NOT_FOUND", "USAGE")) return { kind: "missing", error: thrown };
    throw thrown;
  }
}

/**
 * Returns an account by its id or name. If an id is given, permission to read the account is not required.
 * @throws LatchkeyError NOT_FOUND, or USAGE if several accounts match.
 */
export async function requireAccount(
  admin: Administrator,
  wanted: string,
): Promise<OrganizationAccount> {
  if (isAccountId(wanted)) return requireAccountById(admin, wanted);
  const { fetchAccountPages } = await import("./aws/organization.ts");
  return chooseByName(await collect(fetchAccountPages(admin)), wanted);
}

async function requireAccountById(
  admin: Administrator,
  accountId: string,
): Promise<OrganizationAccount> {
  const { describeAccount } = await import("./aws/organization.ts");
  const search = await unlessDenied(async () => ({
    account: await describeAccount(admin, accountId),
  }));
  if (search === undefined) return { accountId, accountName: undefined, state: "UNKNOWN" };
  if (search.account === undefined) throw notFoundError("account", accountId, []);
  return search.account;
}

/** Prefers the account with exactly this name, else the only account whose name contains the text. */
function chooseByName(
  accounts: readonly OrganizationAccount[],
  wanted: string,
): OrganizationAccount {
  const exact = accounts.filter(({ accountName }) => accountName === wanted);
  const part = wanted.toLowerCase();
  const matches =
    exact.length > 0
      ? exact
      : accounts.filter(({ accountName }) => accountName?.toLowerCase().includes(part));
  const [first, ...others] = matches;
  if (first === undefined) {
    const names = accounts.flatMap(({ accountName }) => accountName ?? []);
    throw notFoundError("account", wanted, closestMatches(wanted, names));
  }
  if (others.length === 0) return first;
  const listed = matches
    .slice(0, 5)
    .map(({ accountId, accountName }) => `${accountName} (${accountId})`)
    .join("; ");
  throw usageError(
    `"${wanted}" fits ${matches.length} accounts: ${listed}.`,
    "Name one by its 12-digit id.",
  );
}
