import type { Account } from "../model/account.ts";
import { OUTPUT_FORMATS } from "../model/values.ts";
import { listRegionsLike } from "../model/start-url.ts";
import { SETTING_KEYS, SETTINGS } from "../settings/settings.ts";
import { SERVICE_NAMES } from "../console/services.ts";
import { listRoleWords, type AccountInSession } from "./role-words.ts";

/** Returns the possible values of a flag or argument, by its name. */

export interface Candidate {
  readonly value: string;
  /** Shown beside the value if the shell has room; may be empty. */
  readonly description: string;
}

type KnownAccount = Pick<Account, "accountId" | "accountName">;

/** Local names, read only when needed. */
export interface CandidateSource {
  listProfiles(): readonly Candidate[];
  listSessions(): readonly Candidate[];
  listStartUrls(): readonly Candidate[];
  /** The accounts of the session that the line names, or of all sessions. */
  listAccounts(typed: TypedFlags): readonly KnownAccount[];
  listRoles(typed: TypedFlags): readonly Candidate[];
  /** The accounts with their roles and their session. */
  listAccountsInSessions(typed: TypedFlags): readonly AccountInSession[];
}

/** Flags on the line, by their long names. */
export type TypedFlags = ReadonlyMap<string, string>;

/** The word at the cursor, and the parts of its line that matter. */
export interface WordInLine {
  /** The part typed so far; for `--flag=value` only the value. */
  readonly text: string;
  readonly typed: TypedFlags;
  /** Whether the command accepts ACCOUNT/ROLE in place of a profile. */
  readonly takesRole: boolean;
}

/** A flag or an argument from the manifest. */
interface Named {
  readonly name: string;
  readonly options?: readonly string[];
}

export function listFlagValues(flag: Named, names: CandidateSource, word: WordInLine) {
  return listValues(FLAG_VALUES, flag, names, word);
}

export function listArgValues(arg: Named, names: CandidateSource, word: WordInLine) {
  return listValues(ARG_VALUES, arg, names, word);
}

function listValues(
  table: ReadonlyMap<string, FindValues>,
  { name, options }: Named,
  names: CandidateSource,
  word: WordInLine,
): readonly Candidate[] {
  if (options !== undefined) return options.map((option) => toCandidate(option));
  return table.get(name)?.(names, word) ?? [];
}

type FindValues = (names: CandidateSource, word: WordInLine) => readonly Candidate[];

/** The function that finds the values of a flag, by the flag's name. */
const FLAG_VALUES: ReadonlyMap<string, FindValues> = new Map<string, FindValues>([
  ["profile", listProfiles],
  ["sso-session", (names) => names.listSessions()],
  ["start-url", (names) => names.listStartUrls()],
  ["account-id", (names, { typed }) => names.listAccounts(typed).map(toIdCandidate)],
  ["role-name", (names, { typed }) => names.listRoles(typed)],
  ["region", listRegions],
  ["sso-region", listRegions],
  ["service", () => SERVICE_NAMES.map((name) => toCandidate(name))],
  ["output", () => OUTPUT_FORMATS.map((format) => toCandidate(format))],
]);

/** The function that finds the values of an argument, by the argument's name. */
const ARG_VALUES: ReadonlyMap<string, FindValues> = new Map<string, FindValues>([
  ["profile", listProfiles],
  ["session", (names) => [...names.listSessions(), ...names.listProfiles()]],
  [
    "account",
    // Both ID and name, so that either can be completed.
    (names, { typed }) =>
      names
        .listAccounts(typed)
        .flatMap((account) => [
          toCandidate(account.accountName, account.accountId),
          toIdCandidate(account),
        ]),
  ],
  ["key", () => SETTING_KEYS.map((key) => toCandidate(key, SETTINGS[key].meaning))],
  ["service", () => SERVICE_NAMES.map((name) => toCandidate(name))],
]);

function listProfiles(
  names: CandidateSource,
  { text, typed, takesRole }: WordInLine,
): readonly Candidate[] {
  if (!takesRole) return names.listProfiles();
  return [
    ...names.listProfiles(),
    ...listRoleWords(names.listAccountsInSessions(typed), text).map(({ word, meaning }) =>
      toCandidate(word, meaning),
    ),
  ];
}

function listRegions(): readonly Candidate[] {
  return listRegionsLike("").map((region) => toCandidate(region));
}

/** Words that are valid for at least one setting. */
const SETTING_WORDS = [
  ...[
    "device",
    "pkce",
    "auto",
    "file",
    "keychain",
    "ask",
    "never",
    "refuse",
    "allow",
    "24h",
    "12h",
  ],
  ...OUTPUT_FORMATS,
  ...listRegionsLike(""),
];

/** Returns the words that are valid for this setting; none if it accepts any text. */
export function listSettingValues(key: string): readonly Candidate[] {
  const known = SETTING_KEYS.find((name) => name === key);
  if (known === undefined || SETTINGS[known].isValid("no such value")) return [];
  return SETTING_WORDS.filter((word) => SETTINGS[known].isValid(word)).map((word) =>
    toCandidate(word),
  );
}

function toIdCandidate({ accountId, accountName }: KnownAccount): Candidate {
  return toCandidate(accountId, accountName);
}

export function toCandidate(value = "", description = ""): Candidate {
  return { value, description };
}
