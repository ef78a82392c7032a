import {
  findSection,
  findSections,
  listProfileNames,
  type ConfigDocument,
  type ConfigSection,
} from "../aws-config/document.ts";
import { headerText } from "../aws-config/header.ts";
import { parseOwnProcess } from "../clients/identity.ts";
import { FORMER_KEYS } from "../profiles/change/edits.ts";
import { findValue } from "../profiles/profile.ts";
import { isWindowsLine, splitProcessWords } from "../text/shell-words.ts";
import { checkRole, guessAccountName, type FoundRole, type ToolReading } from "./entry.ts";

/** Reads the profiles of an AWS config as other tools do: their keys, their sessions, and the programs that they run. */

export interface ConfigText {
  readonly document: ConfigDocument;
  /** The path of the config, for messages. */
  readonly file: string;
}

export interface ProfileView {
  readonly name: string;
  readonly section: ConfigSection;
  /** File, section and line. */
  readonly place: string;
}

/** Returns the profiles that latchkey did not write. */
export function listForeignProfiles(config: ConfigText): ProfileView[] {
  const { document } = config;
  const unread = document.sections.flatMap(({ type, place }) =>
    type === "other" ? (UNREAD_PROFILE.exec(place.header)?.[1] ?? []) : [],
  );
  return [...listProfileNames(document), ...new Set(unread)].flatMap((name) => {
    const view = findProfile(config, name);
    return view === undefined || isOwn(view.section) ? [] : [view];
  });
}

/**
 * A section header with an unquoted name that contains a space. Some tools use such a name, but no AWS client reads it
 * as a profile.
 */
const UNREAD_PROFILE = /^profile\s+(.*\S)\s*$/;

export function findProfile({ document, file }: ConfigText, name: string): ProfileView | undefined {
  const section =
    findSection(document, "profile", name) ??
    findSections(document, "other", `profile ${name}`).at(-1);
  if (section === undefined) return undefined;
  return { name, section, place: `${file}, [${headerText(section)}], line ${section.line}` };
}

function isOwn(section: ConfigSection): boolean {
  const process = findValue(section, "credential_process");
  return (
    findValue(section, "latchkey_managed") !== undefined || parseOwnProcess(process) !== undefined
  );
}

/** Returns the value of the first of these keys that is set. */
export function findKey(section: ConfigSection, ...keys: readonly string[]): string | undefined {
  return keys.map((key) => findValue(section, key)).find((value) => value !== undefined);
}

/** Returns the values of keys that every tool uses in the same way. */
export function readCommonKeys(
  { name, section }: ProfileView,
  roleName: string | undefined,
): FoundRole {
  return {
    name,
    region: findKey(section, "region"),
    output: findKey(section, "output"),
    accountName: findKey(section, "sso_account_name") ?? guessAccountName(name, roleName),
  };
}

/**
 * Returns start URL, region and scopes: from the `[sso-session]` that a key refers to, otherwise from the keys of the
 * profile.
 */
export function readSignInKeys(
  { document }: ConfigText,
  find: (key: string) => string | undefined,
): FoundRole {
  const named = find("sso_session");
  const section = named === undefined ? undefined : findSection(document, "sso-session", named);
  const read = (key: string): string | undefined =>
    (section === undefined ? undefined : findValue(section, key)) ?? find(key);
  return {
    startUrl: read("sso_start_url"),
    ssoRegion: read("sso_region"),
    scopes: read("sso_registration_scopes"),
    ...(section === undefined ? {} : { sessionName: named }),
  };
}

/** Returns a profile's native SSO keys as a role; undefined if it has no account and role. */
export function readNativeRole(config: ConfigText, view: ProfileView): FoundRole | undefined {
  const find = (key: string): string | undefined => findValue(view.section, key);
  const [accountId, roleName] = [find("sso_account_id"), find("sso_role_name")];
  if (accountId === undefined && roleName === undefined) return undefined;
  return {
    ...readCommonKeys(view, roleName),
    ...readSignInKeys(config, find),
    accountId,
    roleName,
  };
}

/** If a profile with SSO keys also has one of these keys, clients use different credentials for it. */
const CONTRADICTING_KEYS: readonly string[] = ["credential_process", ...FORMER_KEYS];

export function hasContradiction(section: ConfigSection): boolean {
  return CONTRADICTING_KEYS.some((key) => findValue(section, key) !== undefined);
}

/** The process line of a profile that runs the wanted program. */
export interface ProcessWords {
  readonly program: string;
  /** The words after the program. */
  readonly words: readonly string[];
}

const WRAPPERS = /^(?:sh|bash|zsh|dash|cmd|env)$/;

/** @param isProgram matches the program's name without its directory and `.exe`. */
export function findProcess({ section }: ProfileView, isProgram: RegExp): ProcessWords | undefined {
  const line = findValue(section, "credential_process");
  const words = line === undefined ? [] : splitWords(line);
  const at = words.findIndex((word) => isProgram.test(programName(word)));
  const program = words[at];
  return program === undefined ? undefined : { program, words: words.slice(at + 1) };
}

/** Splits a line into words. If the line runs a shell with a command line as its argument, splits that one. */
function splitWords(line: string): string[] {
  const words = splitProcessWords(line, isWindowsLine(line) ? "win32" : "posix") ?? [];
  if (!WRAPPERS.test(programName(words[0] ?? ""))) return words;
  return words.flatMap((word) =>
    /\s/.test(word) ? (splitProcessWords(word, "posix") ?? []) : [word],
  );
}

function programName(word: string): string {
  return (word.split(/[\\/]/).at(-1) ?? "").replace(/\.exe$/i, "");
}

/** Returns the value of an option, given as `--name VALUE` or `--name=VALUE`. */
export function findOption(
  words: readonly string[],
  ...names: readonly string[]
): string | undefined {
  for (const [index, word] of words.entries()) {
    if (names.includes(word)) return words[index + 1];
    const name = names.find((each) => each.startsWith("--") && word.startsWith(`${each}=`));
    if (name !== undefined) return word.slice(name.length + 1);
  }
  return undefined;
}

/** How a tool uses a profile. */
export type Judged =
  /**
   * isTrace: whether the profile proves that the user has the tool. Native SSO keys alone do not prove it, because
   * every tool reads them.
   */
  | { readonly kind: "role"; readonly found: FoundRole; readonly isTrace: boolean }
  | { readonly kind: "left"; readonly reason: string }
  /** The tool does not use the profile. */
  | { readonly kind: "other" };

/** Judges each profile of the config, and collects the roles. */
export function readProfiles(
  config: ConfigText,
  judge: (view: ProfileView) => Judged,
): ToolReading {
  const judged = listForeignProfiles(config).map((view) => ({ view, verdict: judge(view) }));
  const checked = judged.map(({ view: { place }, verdict }) => {
    if (verdict.kind === "left")
      return { role: undefined, left: [{ place, reason: verdict.reason }] };
    if (verdict.kind === "other") return { role: undefined, left: [] };
    const { role, left } = checkRole(verdict.found, place);
    // A mistake in a profile that the tool did not write is not reported as a mistake of the tool.
    return { role, left: verdict.isTrace ? left : [] };
  });
  return {
    roles: checked.flatMap(({ role }) => role ?? []),
    left: checked.flatMap(({ left }) => left),
    isFound: judged.some(
      ({ verdict }) => verdict.kind === "left" || (verdict.kind === "role" && verdict.isTrace),
    ),
  };
}
