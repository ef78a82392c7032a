import { isAccountId, isRoleName } from "../model/role.ts";
import { isPortableName } from "../aws-config/header.ts";
import { findRegionInStartUrl, isRegion, isStartUrl } from "../model/start-url.ts";
import { describeFault, type ValueName } from "../model/values.ts";
import { quoteShellWord } from "../text/shell-words.ts";

/**
 * A role of another tool, reduced to what a latchkey profile needs. Values are never shown, because they may be
 * secrets.
 */

export interface ImportedRole {
  /** The name of the tool's profile; undefined if the tool has no profile for the role, or its name is unknown. */
  readonly name: string | undefined;
  /** The start URL as the tool stores it. */
  readonly startUrl: string;
  readonly ssoRegion: string;
  /** The tool's name for the sign-in. */
  readonly sessionName: string | undefined;
  /** Distinguishes the sign-ins of several people to the same access portal. */
  readonly signIn: string | undefined;
  readonly scopes: string | undefined;
  readonly accountId: string;
  readonly accountName: string | undefined;
  readonly emailAddress: string | undefined;
  readonly roleName: string;
  readonly region: string | undefined;
  readonly output: string | undefined;
}

/** An entry that can't be imported: its file, section and line, and the reason. */
export interface LeftOut {
  readonly place: string;
  readonly reason: string;
}

export interface ToolReading {
  readonly roles: readonly ImportedRole[];
  readonly left: readonly LeftOut[];
  /** Whether there is any sign that the tool is used. */
  readonly isFound: boolean;
}

/** A role as it was found. Values may be missing or invalid. */
export type FoundRole = {
  readonly [Member in keyof ImportedRole]?: string | undefined;
};

/** The role, if the values that it needs are valid, and the values that were left out. */
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

/** @param place the role's file, section and line, to report what is left out. */
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
 * Restores the leading zeros of an account ID. Tools store it as a number, and YAML writes a large number as 1.2e+11.
 * @returns the unchanged text if it is not an account ID.
 */
export function normalizeAccountId(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const plain = /^\d\.\d+e\+1[01]$/i.test(text) ? String(Number(text)) : text;
  const digits = /^0*(\d{1,12})$/.exec(plain)?.[1];
  return digits === undefined ? text : digits.padStart(12, "0");
}

/** Parses `arn:aws:iam::111122223333:role/NAME` in any partition, or aws-sso-cli's `111122223333:NAME`. */
export function parseRoleArn(
  text: string,
): { readonly accountId: string; readonly roleName: string } | undefined {
  const [, id, role = ""] =
    /^(?:arn:[a-z-]+:iam::)?(\d{1,12}):(?:role\/)?([^:]+)$/.exec(text) ?? [];
  const accountId = normalizeAccountId(id) ?? "";
  return isAccountId(accountId) && isRoleName(role) ? { accountId, roleName: role } : undefined;
}

/** Returns the advice for a sign-in whose roles have not been listed on this machine. */
export function adviseListing(name: string, startUrl = "", ssoRegion = ""): string {
  const isUsable = isStartUrl(startUrl) && isRegion(ssoRegion) && isPortableName(name);
  if (!isUsable) return "no roles of it are known here";
  const flags = `--sso-session ${name} --start-url ${quoteShellWord(startUrl)} --sso-region ${ssoRegion}`;
  return `no roles of it are known here. List them: latchkey profiles sync ${flags}`;
}

/** Separators that tools use between account and role in profile names. */
const SEPARATORS = ["/", ":", ".", "-", "_", "@"];

/** Returns the part of the profile's name before the role's name, which is the account's name in most tools. */
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
