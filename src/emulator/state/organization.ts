import { createHash } from "node:crypto";
import * as v from "../schema.ts";

/** One account of a test; an absent name or e-mail address is absent in the answer. */
const accountInput = v.object({
  accountId: v.string,
  roles: v.listOf(v.string),
  accountName: v.optional(v.string),
  emailAddress: v.optional(v.string),
});

export const orgInput = v.patch({
  /** The number of accounts, or a list of accounts. */
  accounts: v.either(
    v.integer(0, 100_000),
    v.listOf(accountInput),
    (input) => typeof input === "number",
  ),
  /** Roles per account. */
  roles: v.integer(0, 1000),
  seed: v.string,
});

/** `roles` are assigned to the user. An account without roles is not listed. */
type Account = v.InferOutput<typeof accountInput>;

export interface Org {
  seed: string;
  accounts: Map<string, Account>;
  /** `account/role` pairs that are listed but refused, like a stale assignment. */
  denied: Set<string>;
}

const ROLE_NAMES = [
  "ViewOnlyAccess",
  "AdministratorAccess",
  "PowerUserAccess",
  "Billing",
  "ReadOnlyAccess",
  "SecurityAudit",
  "DatabaseAdministrator",
  "NetworkAdministrator",
  "DataScientist",
  "SupportUser",
] as const;
const AREAS = [
  "payments",
  "search",
  "ledger",
  "identity",
  "media",
  "orders",
  "billing",
  "data",
  "mobile",
  "risk",
];
const STAGES = ["prod", "staging", "dev", "sandbox"];

export function hexDigest(...parts: string[]): string {
  return createHash("sha256").update(parts.join("\u0000")).digest("hex");
}

function roleName(position: number): string {
  return (
    ROLE_NAMES[position] ?? `Team${String(position - ROLE_NAMES.length + 1).padStart(3, "0")}Access`
  );
}

function accountName(seed: string, position: number): string {
  const area =
    AREAS[(Number.parseInt(hexDigest(seed).slice(0, 6), 16) + position) % AREAS.length] ?? "area";
  const stage = STAGES[Math.floor(position / AREAS.length) % STAGES.length] ?? "prod";
  const round = Math.floor(position / (AREAS.length * STAGES.length));
  return round === 0 ? `${area}-${stage}` : `${area}-${stage}-${round + 1}`;
}

export function createOrg(input: v.InferOutput<typeof orgInput> = {}): Org {
  const { seed = "latchkey", accounts = 3, roles = 2 } = input;
  const listed = typeof accounts === "number" ? generateAccounts(seed, accounts, roles) : accounts;
  const org: Org = { seed, accounts: new Map(), denied: new Set() };
  for (const account of structuredClone(listed)) org.accounts.set(account.accountId, account);
  return org;
}

function generateAccounts(seed: string, accounts: number, roles: number): Account[] {
  return Array.from({ length: accounts }, (_, position) => {
    const name = accountName(seed, position);
    return {
      accountId: String(100_000_000_001 + position),
      accountName: name,
      emailAddress: `aws+${name}@example.com`,
      roles: Array.from({ length: roles }, (__, role) => roleName(role)),
    };
  });
}

/** Returns the items in a stable but arbitrary order, since the service guarantees no order. */
function shuffle<T>(items: T[], key: (item: T) => string): T[] {
  return items
    .map((item) => ({ item, rank: hexDigest(key(item)) }))
    .toSorted((left, right) => (left.rank < right.rank ? -1 : 1))
    .map(({ item }) => item);
}

export function listOrgAccounts(org: Org): Account[] {
  const assigned = [...org.accounts.values()].filter((account) => account.roles.length > 0);
  return shuffle(assigned, (account) => `${org.seed}/${account.accountId}`);
}

export function listOrgRoles(org: Org, accountId: string): string[] {
  const roles = org.accounts.get(accountId)?.roles ?? [];
  return shuffle(roles, (role) => `${org.seed}/${accountId}/${role}`);
}

export function canUse(org: Org, accountId: string, role: string): boolean {
  return (
    (org.accounts.get(accountId)?.roles.includes(role) ?? false) &&
    !org.denied.has(`${accountId}/${role}`)
  );
}

export function assign(org: Org, accountId: string, role: string, accountName?: string): void {
  const account = org.accounts.get(accountId);
  if (account === undefined) {
    const named = accountName === undefined ? {} : { accountName };
    org.accounts.set(accountId, { accountId, ...named, roles: [role] });
  } else if (!account.roles.includes(role)) {
    account.roles.push(role);
  }
}

export function unassign(org: Org, accountId: string, role: string): void {
  const account = org.accounts.get(accountId);
  if (account !== undefined) account.roles = account.roles.filter((name) => name !== role);
}

/** A role in an account, and its user. */
export interface RoleUse {
  accountId: string;
  roleName: string;
  username: string;
}

export function formatRoleArn(
  partition: string,
  { accountId, roleName, username }: RoleUse,
): string {
  const suffix = hexDigest("permission-set", roleName, accountId).slice(0, 16);
  return `arn:${partition}:sts::${accountId}:assumed-role/AWSReservedSSO_${roleName}_${suffix}/${username}`;
}

export function formatRoleId({ accountId, roleName, username }: RoleUse): string {
  const id = hexDigest("role-id", roleName, accountId).slice(0, 17).toUpperCase();
  return `AROA${id}:${username}`;
}
