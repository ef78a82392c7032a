import { createHash } from "node:crypto";

/** One account as a test may spell it out; an absent name or e-mail address is absent on the wire. */
interface AccountInput {
  accountId: string;
  accountName?: string;
  emailAddress?: string;
  roles: string[];
}

interface Account {
  accountId: string;
  accountName: string | undefined;
  emailAddress: string | undefined;
  /** Roles assigned to the user. An account without any is not listed. */
  roles: string[];
}

export interface Org {
  seed: string;
  accounts: Map<string, Account>;
  /** `account/role` pairs that are listed but refused: a stale assignment. */
  denied: Set<string>;
}

interface OrgInput {
  /** How many accounts, or exactly which. */
  accounts?: number | AccountInput[];
  /** Roles per account. */
  roles?: number;
  seed?: string;
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

export function createOrg(input: OrgInput = {}): Org {
  const seed = input.seed ?? "latchkey";
  const accounts = input.accounts ?? 3;
  const listed =
    typeof accounts === "number" ? generateAccounts(seed, accounts, input.roles ?? 2) : accounts;
  const org: Org = { seed, accounts: new Map(), denied: new Set() };
  for (const account of listed) {
    org.accounts.set(account.accountId, {
      accountId: account.accountId,
      accountName: account.accountName,
      emailAddress: account.emailAddress,
      roles: [...account.roles],
    });
  }
  return org;
}

function generateAccounts(seed: string, accounts: number, roles: number): AccountInput[] {
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

/** Stable, but in no order that a client could lean on: the service promises none. */
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
    org.accounts.set(accountId, { accountId, accountName, emailAddress: undefined, roles: [role] });
  } else if (!account.roles.includes(role)) {
    account.roles.push(role);
  }
}

export function unassign(org: Org, accountId: string, role: string): void {
  const account = org.accounts.get(accountId);
  if (account !== undefined) account.roles = account.roles.filter((name) => name !== role);
}

export function roleArn(
  partition: string,
  accountId: string,
  role: string,
  username: string,
): string {
  const suffix = hexDigest("permission-set", role, accountId).slice(0, 16);
  return `arn:${partition}:sts::${accountId}:assumed-role/AWSReservedSSO_${role}_${suffix}/${username}`;
}

export function roleId(accountId: string, role: string): string {
  return `AROA${hexDigest("role-id", role, accountId).slice(0, 17).toUpperCase()}`;
}
