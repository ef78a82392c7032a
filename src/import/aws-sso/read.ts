import type { Environment } from "../../context.ts";
import { parseJson, readText, toRecord } from "../../text/json.ts";
import {
  findKey,
  findOption,
  findProcess,
  listForeignProfiles,
  type ConfigText,
  type ProfileView,
} from "../config-profiles.ts";
import { normalizeAccountId, parseRoleArn, type LeftOut, type ToolReading } from "../entry.ts";
import { addAccount, addRole, noteFormat, takeRoles, type Defaults, type SignIn } from "./known.ts";
import { findEntry, findText, parseYamlMap, type YamlEntry } from "./yaml-map.ts";

/**
 * Reads the files of aws-sso-cli: the sign-ins and role settings in config.yaml, the last listing of roles in
 * cache.json, and its profiles in the AWS config.
 * Source: synfinatic/aws-sso-cli 2, internal/config and docs/config.md.
 */

export interface ToolFile {
  readonly path: string;
  readonly text: string;
}

interface AwsSsoFiles {
  /** config.yaml; undefined if it does not exist. */
  readonly config: ToolFile | undefined;
  /** cache.json; undefined if it does not exist. */
  readonly cache: ToolFile | undefined;
}

/** The sign-ins and skipped entries found so far. */
interface Reading {
  readonly signIns: Map<string, SignIn>;
  readonly left: LeftOut[];
}

/** @throws LatchkeyError CONFIG_INVALID if config.yaml is not valid YAML. */
export async function readAwsSso(
  aws: ConfigText,
  { config, cache }: AwsSsoFiles,
  env: Environment,
): Promise<ToolReading> {
  const root = config === undefined ? [] : await parseYamlMap(config.text, config.path);
  const reading: Reading = { signIns: new Map(), left: [] };
  if (cache !== undefined) readCache(reading, cache);
  if (config !== undefined) readConfig(reading, root, config.path);
  const profiles = listForeignProfiles(aws).filter((view) => findWords(view) !== undefined);
  const usual = readText(env["AWS_SSO"]) ?? findUsualSignIn(root);
  for (const view of profiles) readProfile(reading, view, usual);

  const all = [...reading.signIns.values()];
  const defaults = readDefaults(root, config?.path ?? "");
  const taken = all.map((signIn) => takeRoles(signIn, defaults, all));
  const checked = taken.flatMap((each) => each.checked);
  return {
    roles: checked.flatMap(({ role }) => role ?? []),
    left: [
      ...reading.left,
      ...[...taken, ...checked].flatMap(({ left }) => left),
      ...noteFormat(all, defaults),
    ],
    isFound: config !== undefined || cache !== undefined || profiles.length > 0,
  };
}

/** The default ProfileFormat of aws-sso-cli (docs/wizard.md). */
const USUAL_FORMAT = "{{ .AccountIdPad }}:{{ .RoleName }}";

function readDefaults(root: readonly YamlEntry[], path: string): Defaults {
  const format = findEntry(root, "ProfileFormat");
  return {
    region: findText(root, "DefaultRegion"),
    output: findText(findEntry(root, "ConfigVariables")?.entries ?? [], "output"),
    profileFormat: format === undefined ? USUAL_FORMAT : format.text,
    formatPlace: `${path}, ProfileFormat, line ${format?.line ?? 1}`,
  };
}

/** Returns the sign-in that a process line without `-S` uses. */
function findUsualSignIn(root: readonly YamlEntry[]): string {
  const [only, ...others] = findEntry(root, "SSOConfig")?.entries ?? [];
  const named = findText(root, "DefaultSSO");
  return named ?? (only !== undefined && others.length === 0 ? only.key : "Default");
}

/** Adds or updates a sign-in. Its accounts and roles from the cache stay. */
function addSignIn({ signIns }: Reading, found: Omit<SignIn, "accounts" | "roles">): SignIn {
  const known = signIns.get(found.name);
  const { accounts = new Map(), roles = new Map() } = known ?? {};
  const signIn = { ...found, accounts, roles };
  signIns.set(found.name, signIn);
  return signIn;
}

function readConfig(reading: Reading, root: readonly YamlEntry[], path: string): void {
  const section = findEntry(root, "SSOConfig");
  const at = `${path}, SSOConfig`;
  if (section === undefined || section.entries.length === 0)
    reading.left.push({
      place: `${at}, line ${section?.line ?? 1}`,
      reason: "it has no sign-ins",
    });
  for (const entry of section?.entries ?? []) {
    const signIn = addSignIn(reading, {
      name: entry.key,
      place: `${at}.${entry.key}, line ${entry.line}`,
      startUrl: findText(entry.entries, "StartUrl"),
      ssoRegion: findText(entry.entries, "SSORegion"),
      region: findText(entry.entries, "DefaultRegion"),
    });
    for (const account of listMembers(reading, entry, "Accounts", `${at}.${entry.key}`))
      readAccount(reading, signIn, account, `${at}.${entry.key}.Accounts.${account.key}`);
  }
}

/** Reads an account, which may have only a name and tags, and no roles. */
function readAccount(reading: Reading, signIn: SignIn, account: YamlEntry, at: string): void {
  const accountId = normalizeAccountId(account.key) ?? "";
  addAccount(signIn, accountId, {
    name: findText(account.entries, "Name"),
    region: findText(account.entries, "DefaultRegion"),
  });
  for (const { key: roleName, line, entries } of listMembers(reading, account, "Roles", at))
    addRole(signIn, {
      place: `${at}.Roles.${roleName}, line ${line}`,
      accountId,
      roleName,
      profile: findText(entries, "Profile"),
      region: findText(entries, "DefaultRegion"),
      via: findText(entries, "Via"),
    });
}

function listMembers(
  { left }: Reading,
  { entries }: YamlEntry,
  name: string,
  at: string,
): readonly YamlEntry[] {
  const members = findEntry(entries, name);
  if (members?.isOther === true)
    left.push({ place: `${at}.${name}, line ${members.line}`, reason: "it is not a map" });
  return members?.entries ?? [];
}

/** Skips invalid entries of the cache, and reads the rest. */
function readCache(reading: Reading, { path, text }: ToolFile): void {
  const stored = parseJson(text);
  if (stored === undefined) reading.left.push({ place: path, reason: "it is not JSON" });
  for (const [name, sso] of Object.entries(toRecord(toRecord(stored)["SSO"]))) {
    const listed = toRecord(toRecord(sso)["Roles"]);
    const signIn = addSignIn(reading, {
      name,
      place: `${path}, SSO.${name}`,
      startUrl: readText(listed["StartUrl"]),
      ssoRegion: readText(listed["SSORegion"]),
      region: readText(listed["DefaultRegion"]),
    });
    for (const [id, account] of Object.entries(toRecord(listed["Accounts"])))
      readCachedAccount(signIn, normalizeAccountId(id) ?? "", toRecord(account), path);
  }
}

function readCachedAccount(
  signIn: SignIn,
  accountId: string,
  account: Readonly<Record<string, unknown>>,
  path: string,
): void {
  const { Alias: alias, EmailAddress: email } = account;
  addAccount(signIn, accountId, {
    name: readText(account["Name"]),
    alias: typeof alias === "string" ? alias : "",
    email: typeof email === "string" ? email : "",
    region: readText(account["DefaultRegion"]),
  });
  for (const [roleName, stored] of Object.entries(toRecord(account["Roles"]))) {
    const role = toRecord(stored);
    addRole(signIn, {
      place: `${path}, ${accountId} ${roleName}`,
      accountId,
      roleName,
      profile: readText(role["Profile"]),
      region: readText(role["DefaultRegion"]),
      via: readText(role["Via"]),
    });
  }
}

const PROGRAM = /^aws-sso(?:-cli)?$/;

/**
 * Finds the process line of aws-sso-cli. If its binary has another name (ConfigProfilesBinaryPath), recognizes the
 * arguments.
 */
function findWords(view: ProfileView): readonly string[] | undefined {
  const own = findProcess(view, PROGRAM);
  if (own !== undefined) return own.words;
  const words = findProcess(view, /./)?.words ?? [];
  return words.includes("process") && words.includes("--arn") ? words : undefined;
}

/** Reads a profile of the block: `aws-sso -u open -S "Default" process --arn ARN`, with the options in any order. */
function readProfile(reading: Reading, view: ProfileView, usual: string): void {
  const { section, place, name: profile } = view;
  const words = findWords(view) ?? [];
  const account = findOption(words, "--account", "-A");
  const arn =
    findOption(words, "--arn", "-a") ??
    `${account ?? ""}:${findOption(words, "--role", "-R") ?? ""}`;
  const role = parseRoleArn(arn);
  const name = findOption(words, "--sso", "-S") ?? usual;
  const signIn = reading.signIns.get(name);
  if (role === undefined || signIn === undefined) {
    const reason =
      role === undefined
        ? "its line names no account and role"
        : "no file of aws-sso describes its sign-in";
    reading.left.push({ place, reason });
    return;
  }
  addRole(signIn, {
    ...role,
    place,
    profile,
    region: findKey(section, "region"),
    output: findKey(section, "output"),
  });
}
