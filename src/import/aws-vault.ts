import type { ConfigSection } from "../aws-config/document.ts";
import { findValue } from "../profiles/profile.ts";
import {
  findKey,
  findProcess,
  findProfile,
  readCommonKeys,
  readProfiles,
  readSignInKeys,
  type ConfigText,
  type Judged,
  type ProfileView,
} from "./config-profiles.ts";
import type { FoundRole, ToolReading } from "./entry.ts";

/**
 * Reads the profiles of the AWS config by the rules of aws-vault, which stores no roles. A profile includes the keys of
 * another profile (`include_profile`, formerly `parent_profile`). The last profile of such a chain gets the keys of
 * `[default]`.
 * Source: vault/config.go of ByteNess/aws-vault of 2026 and of 99designs/aws-vault 7.
 */

const PROGRAM = /^aws-vault$/;

export function readAwsVault(config: ConfigText): ToolReading {
  const reading = readProfiles(config, (view) => judgeProfile(config, view));
  // aws-vault also uses native SSO profiles, which do not show that it is installed.
  return { ...reading, isFound: reading.isFound || reading.roles.length > 0 };
}

function judgeProfile(config: ConfigText, view: ProfileView): Judged {
  const process = findProcess(view, PROGRAM);
  const target = process === undefined ? view : findTarget(config, view, process.words);
  const chain = listIncluded(config, target);
  if (chain === undefined)
    return { kind: "left", reason: "its include_profile leads back to itself" };
  const find = (key: string): string | undefined =>
    [...chain.named, ...chain.fallback]
      .map((section) => findValue(section, key))
      .find((value) => value !== undefined);
  const isOfVault = process !== undefined || findIncluded(view.section) !== undefined;
  const another = ["role_arn", "web_identity_token_file"].find((key) => find(key) !== undefined);
  if (
    chain.named.some(hasSsoKey) &&
    another === undefined &&
    !isForeign(view, process !== undefined)
  )
    return { kind: "role", found: toFound(config, view, find), isTrace: isOfVault };
  if (!isOfVault) return { kind: "other" };
  const reason =
    another === undefined
      ? "it has no role of IAM Identity Center: keys in aws-vault's keychain are not read"
      : `it assumes a further role (${another})`;
  return { kind: "left", reason };
}

const SSO_KEYS = ["sso_session", "sso_start_url", "sso_account_id", "sso_role_name"];

/**
 * Returns whether a profile has its own SSO keys. A profile of long-term keys has none, even if `[default]` has SSO keys.
 */
function hasSsoKey(section: ConfigSection): boolean {
  return findKey(section, ...SSO_KEYS) !== undefined;
}

/**
 * Returns whether a profile belongs to another program: its credential_process does not run aws-vault, even if it has
 * SSO keys.
 */
function isForeign({ section }: ProfileView, isOfVault: boolean): boolean {
  return !isOfVault && findValue(section, "credential_process") !== undefined;
}

function toFound(
  config: ConfigText,
  view: ProfileView,
  find: (key: string) => string | undefined,
): FoundRole {
  const [accountId, roleName] = [find("sso_account_id"), find("sso_role_name")];
  const { accountName, name } = readCommonKeys(view, roleName);
  const region = findValue(view.section, "region") ?? find("region");
  const output = findValue(view.section, "output") ?? find("output");
  const found = { ...readSignInKeys(config, find), accountId, roleName };
  return { ...found, name, accountName, region, output };
}

/**
 * Returns the profile in `aws-vault exec NAME --json` or `aws-vault export --format=json NAME`: the first word that is
 * a profile's name. If there is none, returns the profile with this process line.
 */
function findTarget(config: ConfigText, view: ProfileView, words: readonly string[]): ProfileView {
  const end = words.indexOf("--");
  const own = end === -1 ? words : words.slice(0, end);
  const at = own.findIndex((word) => word === "exec" || word === "export");
  const named = own.slice(at + 1).filter((word) => !word.startsWith("-"));
  return (
    named.map((word) => findProfile(config, word)).find((found) => found !== undefined) ?? view
  );
}

function findIncluded(section: ConfigSection): string | undefined {
  return findKey(section, "include_profile", "parent_profile");
}

/** The sections whose keys a profile uses, the nearest first. */
interface IncludedSections {
  /** The profile's own section, and the sections that it includes by name. */
  readonly named: readonly ConfigSection[];
  /** `[default]`, whose keys come after those of all included sections. */
  readonly fallback: readonly ConfigSection[];
}

/** @returns undefined if the includes form a circle. */
function listIncluded(config: ConfigText, view: ProfileView): IncludedSections | undefined {
  const named = new Map<string, ConfigSection>();
  let next: ProfileView | undefined = view;
  while (next !== undefined) {
    if (named.has(next.name)) return undefined;
    named.set(next.name, next.section);
    const included: string | undefined = findIncluded(next.section);
    next = included === undefined ? undefined : findProfile(config, included);
  }
  const fallback = named.has("default") ? undefined : findProfile(config, "default");
  return { named: [...named.values()], fallback: fallback === undefined ? [] : [fallback.section] };
}
