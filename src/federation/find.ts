import type { Instance, OrganizationAccount } from "./aws/identity-center.ts";
import { isAccountId } from "../model/role.ts";
import { closestMatches } from "../text/terminal.ts";
import { LatchkeyError, hasCode, usageError } from "../errors.ts";
import type { Administrator } from "./administrator.ts";

/** The instance of the region, and permission sets and accounts of it by their names. */

/** The organization's instance; among several, the one that the management account owns. undefined: there is none here. */
export async function findOrganizationInstance(
  admin: Administrator,
): Promise<Instance | undefined> {
  const { listInstances } = await import("./aws/instance.ts");
  const instances = await listInstances(admin.connect("SSO_ADMIN"));
  const [first, ...others] = instances;
  if (others.length === 0) return first;
  const owner = await findManagementAccount(admin);
  return instances.find(({ ownerAccountId }) => ownerAccountId === owner) ?? first;
}

/** undefined also where this administrator may not know. */
async function findManagementAccount(admin: Administrator): Promise<string | undefined> {
  const { fetchManagementAccountId } = await import("./aws/organization.ts");
  return unlessDenied(() => fetchManagementAccountId(admin.connect("ORGANIZATIONS")));
}

/** What is not allowed is not known; every other failure stays one. */
export async function unlessDenied<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (thrown) {
    if (hasCode(thrown, "ACCESS_DENIED", "BAD_RESPONSE")) return undefined;
    throw thrown;
  }
}

/** @throws LatchkeyError NOT_FOUND, CHECK_FAILED: for commands that can do nothing without one. */
export async function requireInstance(admin: Administrator): Promise<Instance> {
  const instance = await findOrganizationInstance(admin);
  if (instance === undefined)
    throw new LatchkeyError(
      "NOT_FOUND",
      `There is no Identity Center instance in ${admin.region}.`,
      { hint: "It has one home region: try --region" },
    );
  if (instance.status !== "ACTIVE")
    throw new LatchkeyError(
      "CHECK_FAILED",
      `The instance ${instance.id} is not active (${instance.status}${instance.statusReason === undefined ? "" : `: ${instance.statusReason}`}).`,
    );
  return instance;
}

type PermissionSetSearch = { readonly arn: string } | { readonly near: readonly string[] };

/** Those in use on the account are asked first: there are fewer, and the wanted one is usually among them. */
export async function findPermissionSet(
  admin: Administrator,
  instance: Instance,
  wanted: string,
  accountId: string | undefined,
): Promise<PermissionSetSearch> {
  const { fetchPermissionSetName, fetchPermissionSetPages, listProvisionedPermissionSets } =
    await import("./aws/instance.ts");
  const connection = admin.connect("SSO_ADMIN");
  const names = new Map<string, string>();
  const search = async (arns: readonly string[]): Promise<string | undefined> => {
    for (const arn of arns) {
      if (names.has(arn)) continue;
      const name = await fetchPermissionSetName(connection, instance.arn, arn);
      if (name === wanted) return arn;
      names.set(arn, name ?? "");
    }
    return undefined;
  };
  if (accountId !== undefined) {
    const arn = await search(
      (await unlessDenied(() =>
        listProvisionedPermissionSets(connection, instance.arn, accountId),
      )) ?? [],
    );
    if (arn !== undefined) return { arn };
  }
  for await (const page of fetchPermissionSetPages(connection, instance.arn)) {
    const arn = await search(page);
    if (arn !== undefined) return { arn };
  }
  return { near: closestMatches(wanted, [...names.values()]) };
}

export async function requirePermissionSet(
  admin: Administrator,
  instance: Instance,
  wanted: string,
  accountId?: string,
): Promise<string> {
  const found = await findPermissionSet(admin, instance, wanted, accountId);
  if ("arn" in found) return found.arn;
  throw notFoundError("permission set", wanted, found.near);
}

export function notFoundError(
  kind: string,
  wanted: string,
  near: readonly string[],
): LatchkeyError {
  return new LatchkeyError("NOT_FOUND", `There is no ${kind} "${wanted}".`, {
    hint:
      near.length > 0
        ? `The nearest: ${near.join(", ")}`
        : `Names are compared exactly: check the ${kind} in the console.`,
  });
}

/** An account by its id or its name. By id it need not be allowed to look it up. */
export async function requireAccount(
  admin: Administrator,
  wanted: string,
): Promise<OrganizationAccount> {
  const { fetchAccountPages } = await import("./aws/organization.ts");
  if (isAccountId(wanted)) return requireAccountById(admin, wanted);

  const accounts: OrganizationAccount[] = [];
  for await (const page of fetchAccountPages(admin.connect("ORGANIZATIONS")))
    accounts.push(...page);
  return chooseByName(accounts, wanted);
}

async function requireAccountById(
  admin: Administrator,
  accountId: string,
): Promise<OrganizationAccount> {
  const { describeAccount } = await import("./aws/organization.ts");
  const connection = admin.connect("ORGANIZATIONS");
  const found = await unlessDenied(
    async () => (await describeAccount(connection, accountId)) ?? ("missing" as const),
  );
  if (found === "missing") throw notFoundError("account", accountId, []);
  return found ?? { accountId, accountName: undefined, state: "UNKNOWN" };
}

/** Of an exact name, else of a part that only one account has. */
function chooseByName(
  accounts: readonly OrganizationAccount[],
  wanted: string,
): OrganizationAccount {
  const exact = accounts.filter(({ accountName }) => accountName === wanted);
  const matches =
    exact.length > 0
      ? exact
      : accounts.filter(({ accountName }) =>
          accountName?.toLowerCase().includes(wanted.toLowerCase()),
        );
  const [first, ...others] = matches;
  if (first === undefined)
    throw notFoundError(
      "account",
      wanted,
      closestMatches(
        wanted,
        accounts.flatMap(({ accountName }) => accountName ?? []),
      ),
    );
  if (others.length > 0) {
    const listed = matches
      .slice(0, 5)
      .map(({ accountId, accountName }) => `${accountName} (${accountId})`)
      .join("; ");
    throw usageError(
      `"${wanted}" fits ${matches.length} accounts: ${listed}.`,
      "Name one by its 12-digit id.",
    );
  }
  return first;
}
