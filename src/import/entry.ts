import { isAccountId, isRoleName } from "../model/role.ts";
import { isPortableName } from "../aws-config/header.ts";
import { findRegionInStartUrl, isRegion, isStartUrl } from "../model/start-url.ts";
import { describeFault, type ValueName } from "../model/values.ts";
import { quoteShellWord } from "../text/shell-words.ts";

/** What another tool keeps of a role, narrowed to what a profile of ours is made of. Values are never shown: they can be secrets. */

export interface ImportedRole {
  /** Of the tool's own profile; undefined where it has none, or where it can't be told. */
  readonly name: string | undefined;
  /** As the tool has it. */
  readonly startUrl: string;
  readonly ssoRegion: string;
  /** The tool's name of the sign-in. */
  readonly sessionName: string | undefined;
  /** Tells the sign-ins of several people to one access portal apart. */
  readonly signIn: string | undefined;
  readonly scopes: string | undefined;
  readonly accountId: string;
  readonly accountName: string | undefined;
  readonly emailAddress: string | undefined;
  readonly roleName: string;
  readonly region: string | undefined;
  readonly output: string | undefined;
}

/** What could not be taken, where it is (file, section and line), and why. */
export interface LeftOut {
  readonly place: string;
  readonly reason: string;
}

export interface ToolReading {
  readonly roles: readonly ImportedRole[];
  readonly left: readonly LeftOut[];
  /** Whether there is any trace of the tool. */
  readonly isFound: boolean;
}

/** A role as it was found: any part of it may be missing, or be none of its kind. */
export type FoundRole = {
  readonly [Member in keyof ImportedRole]?: string | undefined;
};

/** The role where it is whole, and what of it was left out. */
export interface CheckedRole {
  readonly role: ImportedRole | undefined;
  readonly left: readonly LeftOut[];
}

const NEEDED = [
  ["startUrl", "startUrl", "start URL"],
  ["ssoRegion", "ssoRegion", "SSO region"],
  ["accountId", "accountId", "account id"],
  ["roleName", "roleName", "role name"],
] as const satisfies ReadonlyArray<readonly [keyof ImportedRole, ValueName, string]>;

const OPTIONAL = [
  ["scopes", "scopes", "registration scopes"],
  ["region", "region", "region"],
  ["output", "output", "output"],
] as const satisfies ReadonlyArray<readonly [keyof ImportedRole, ValueName, string]>;

/** @param place of it, for what is left out. */
export function checkRole(found: FoundRole, place: string): CheckedRole {
  const completed = {
    ...found,
    accountId: normalizeAccountId(found.accountId),
    ssoRegion: found.ssoRegion ?? findRegionInStartUrl(found.startUrl ?? ""),
  };
  const missing = NEEDED.flatMap(([member, kind, words]) => {
    const value = completed[member];
    if (value === undefined) return [`it has no ${words}`];
    const fault = describeFault(kind, value);
    return fault === undefined ? [] : [`its ${words} ${fault}`];
  });
  const [reason] = missing;
  if (reason !== undefined) return { role: undefined, left: [{ place, reason }] };
  const odd = OPTIONAL.flatMap(([member, kind, words]) => {
    const fault = describeFault(kind, completed[member] ?? "");
    const isOdd = completed[member] !== undefined && fault !== undefined;
    return isOdd ? [{ member, reason: `its ${words} ${fault}, and is left out` }] : [];
  });
  const dropped = Object.fromEntries(odd.map(({ member }) => [member, undefined]));
  const { startUrl = "", ssoRegion = "", accountId = "", roleName = "" } = completed;
  const optional = { ...toOptional(completed), ...dropped };
  const role = { ...optional, startUrl, ssoRegion, accountId, roleName };
  return { role, left: odd.map(({ reason: why }) => ({ place, reason: why })) };
}

type NeededMember = (typeof NEEDED)[number][0];

function toOptional(found: FoundRole): Omit<ImportedRole, NeededMember> {
  const { name, sessionName, signIn, scopes, accountName, emailAddress, region, output } = found;
  return { name, sessionName, signIn, scopes, accountName, emailAddress, region, output };
}

/**
 * An account's id with the leading zeros that a number loses: tools keep it as one, and YAML writes a large one as 1.2e+11.
 * @returns the text itself where it is none.
 */
export function normalizeAccountId(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const plain = /^\d\.\d+e\+1[01]$/i.test(text) ? String(Number(text)) : text;
  const digits = /^0*(\d{1,12})$/.exec(plain)?.[1];
  return digits === undefined ? text : digits.padStart(12, "0");
}

/** `arn:aws:iam::111122223333:role/NAME`, in any partition, or aws-sso-cli's `111122223333:NAME`. */
export function parseRoleArn(
  text: string,
): { readonly accountId: string; readonly roleName: string } | undefined {
  const [, id, role = ""] =
    /^(?:arn:[a-z-]+:iam::)?(\d{1,12}):(?:role\/)?([^:]+)$/.exec(text) ?? [];
  const accountId = normalizeAccountId(id) ?? "";
  return isAccountId(accountId) && isRoleName(role) ? { accountId, roleName: role } : undefined;
}

/** What to do about a sign-in whose roles nobody has listed here. */
export function adviseListing(name: string, startUrl = "", ssoRegion = ""): string {
  const isUsable = isStartUrl(startUrl) && isRegion(ssoRegion) && isPortableName(name);
  if (!isUsable) return "no roles of it are known here";
  const flags = `--sso-session ${name} --start-url ${quoteShellWord(startUrl)} --sso-region ${ssoRegion}`;
  return `no roles of it are known here. List them: latchkey profiles sync ${flags}`;
}

/** What tools put between an account's name and a role's in the name of a profile. */
const SEPARATORS = ["/", ":", ".", "-", "_", "@"];

/** The account's name where the name of a profile ends with the role's, as most tools make it. */
export function guessAccountName(
  name: string | undefined,
  roleName: string | undefined,
): string | undefined {
  if (name === undefined || roleName === undefined || roleName === "") return undefined;
  const separator = SEPARATORS.find((each) => name.endsWith(`${each}${roleName}`));
  if (separator === undefined) return undefined;
  const account = name.slice(0, -roleName.length - 1);
  return account === "" || /^\d+$/.test(account) ? undefined : account;
}
