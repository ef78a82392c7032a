import type { Account } from "../model/account.ts";
import { OUTPUT_FORMATS } from "../model/values.ts";
import { listRegionsLike } from "../model/start-url.ts";
import { SETTING_KEYS, SETTINGS } from "../settings/settings.ts";
import { SERVICE_NAMES } from "../console/services.ts";
import { splitExecWords } from "../text/exec-words.ts";

/** What could stand where the cursor is, of commands, flags, and names that this machine knows. */

export interface Candidate {
  readonly value: string;
  /** Shown beside it where the shell has room for that; empty where there is nothing to say. */
  readonly description: string;
}

/** `oclif.manifest.json`, as far as it is read here. */
export interface Manifest {
  readonly commands: Readonly<Record<string, ManifestCommand>>;
}

interface ManifestCommand {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly hidden?: boolean;
  readonly summary: string;
  readonly flags: Readonly<Record<string, Flag>>;
  readonly args: Readonly<Record<string, Arg>>;
}

interface Flag {
  readonly name: string;
  readonly char?: string;
  readonly aliases?: readonly string[];
  readonly hidden?: boolean;
  readonly description: string;
  readonly type: "boolean" | "option";
  readonly multiple?: boolean;
  readonly options?: readonly string[];
}

interface Arg {
  readonly name: string;
  readonly options?: readonly string[];
}

/** A command under one of its names. */
interface Command {
  /** As typed, one word each. */
  readonly words: readonly string[];
  /** Not under its own name: offered only once a letter is typed. */
  readonly isAlias: boolean;
  readonly summary: string;
  readonly flags: readonly Flag[];
  readonly args: readonly Arg[];
}

type KnownAccount = Pick<Account, "accountId" | "accountName">;

/** Names of this machine, read only where they are asked for. */
export interface CandidateSource {
  listProfiles(): readonly Candidate[];
  listSessions(): readonly Candidate[];
  listStartUrls(): readonly Candidate[];
  /** Of one session where one is named, by its name. */
  listAccounts(typed: TypedFlags): readonly KnownAccount[];
  listRoles(typed: TypedFlags): readonly Candidate[];
}

/** Flags that stand on the line, by their long names. */
export type TypedFlags = ReadonlyMap<string, string>;

/** @param words what stands after the program's name, unquoted; the last is being typed, and may be empty. */
export function findCompletions(
  manifest: Manifest,
  words: readonly string[],
  names: CandidateSource,
): Candidate[] {
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  // What follows is another program's.
  if (before.includes("--") || isInCommand(before, manifest.commands["exec"]?.flags)) return [];
  const commands = listCommands(manifest);
  const command = findLongestMatch(commands, before);
  if (command === undefined)
    return current.startsWith("-") ? [] : listNextWords(commands, before, current);
  const rest = before.slice(command.words.length);
  const below = rest.length === 0 ? listNextWords(commands, before, current) : [];
  return filterUsable([...below, ...completeCommand(command, rest, current, names)]);
}

function isInCommand(
  [first, ...words]: readonly string[],
  flags: ManifestCommand["flags"] = {},
): boolean {
  return first === "exec" && splitExecWords(words, flags).command !== undefined;
}

function listCommands(manifest: Manifest): Command[] {
  return Object.values(manifest.commands)
    .filter(({ hidden }) => hidden !== true)
    .flatMap(({ id, aliases, summary, flags, args }) =>
      [id, ...aliases].map((name) => ({
        words: name.split(":"),
        isAlias: name !== id,
        summary,
        flags: Object.values(flags).filter(({ hidden }) => hidden !== true),
        args: Object.values(args),
      })),
    );
}

function findLongestMatch(
  commands: readonly Command[],
  words: readonly string[],
): Command | undefined {
  return commands
    .filter((command) => command.words.every((word, index) => words[index] === word))
    .toSorted((a, b) => b.words.length - a.words.length)[0];
}

/** The next word of every command that begins with these. */
function listNextWords(
  commands: readonly Command[],
  before: readonly string[],
  current: string,
): Candidate[] {
  const next = new Map<string, Candidate>();
  for (const { words, isAlias, summary } of commands) {
    const value = words[before.length];
    const isBegun = before.every((word, index) => words[index] === word);
    if (value === undefined || !isBegun || (isAlias && current === "")) continue;
    const isWhole = words.length === before.length + 1;
    if (isWhole || !next.has(value))
      next.set(value, { value, description: isWhole ? summary : "" });
  }
  return [...next.values()].toSorted((a, b) => (a.value < b.value ? -1 : 1));
}

function completeCommand(
  { flags, args }: Command,
  rest: readonly string[],
  current: string,
  names: CandidateSource,
): readonly Candidate[] {
  const { typed, words, pending } = parseLine(flags, rest);
  if (pending !== undefined) return listValues(FLAG_VALUES, pending, names, typed);

  const [, name = ""] = /^--([^=]+)=/.exec(current) ?? [];
  const begun = flags.find((flag) => flag.type === "option" && isLongName(flag, name));
  if (begun !== undefined)
    return listValues(FLAG_VALUES, begun, names, typed)
      .filter(({ value }) => value !== "")
      .map(({ value, description }) => toCandidate(`--${name}=${value}`, description));

  if (current.startsWith("-"))
    return flags
      .filter((flag) => flag.multiple === true || !typed.has(flag.name))
      .map((flag) => toCandidate(`--${flag.name}`, flag.description));

  const arg = args[words.length];
  if (arg?.name === "value") return listSettingValues(words.at(-1) ?? "");
  return arg === undefined ? [] : listValues(ARG_VALUES, arg, names, typed);
}

function isLongName({ name, aliases = [] }: Flag, typed: string): boolean {
  return name === typed || aliases.includes(typed);
}

function isShortName({ char }: Flag, typed: string): boolean {
  return char !== undefined && typed === `-${char}`;
}

interface ParsedLine {
  readonly typed: Map<string, string>;
  /** The arguments that are complete. */
  readonly words: readonly string[];
  /** The flag whose value is being typed. */
  readonly pending: Flag | undefined;
}

function parseLine(flags: readonly Flag[], rest: readonly string[]): ParsedLine {
  const typed = new Map<string, string>();
  const words: string[] = [];
  let pending: Flag | undefined;
  for (const word of rest) {
    if (pending !== undefined) {
      typed.set(pending.name, word);
      pending = undefined;
      continue;
    }
    const [, long, value] = /^--([^=]+)(?:=(.*))?$/.exec(word) ?? [];
    const flag = flags.find((candidate) =>
      long === undefined ? isShortName(candidate, word) : isLongName(candidate, long),
    );
    if (flag === undefined) {
      if (!word.startsWith("-")) words.push(word);
    } else if (flag.type === "option" && value === undefined) {
      pending = flag;
    } else {
      typed.set(flag.name, value ?? "");
    }
  }
  return { typed, words, pending };
}

type FindValues = (names: CandidateSource, typed: TypedFlags) => readonly Candidate[];

function listRegions(): readonly Candidate[] {
  return listRegionsLike("").map((region) => toCandidate(region));
}

/** Words that some setting takes. */
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

/** Those of them that this one takes; none for a setting that takes any text. */
function listSettingValues(key: string): readonly Candidate[] {
  const known = SETTING_KEYS.find((name) => name === key);
  if (known === undefined || SETTINGS[known].isValid("no such value")) return [];
  return SETTING_WORDS.filter((word) => SETTINGS[known].isValid(word)).map((word) =>
    toCandidate(word),
  );
}

/** By the name of a flag. */
const FLAG_VALUES: ReadonlyMap<string, FindValues> = new Map<string, FindValues>([
  ["profile", (names) => names.listProfiles()],
  ["sso-session", (names) => names.listSessions()],
  ["start-url", (names) => names.listStartUrls()],
  ["account-id", (names, typed) => names.listAccounts(typed).map(toIdCandidate)],
  ["role-name", (names, typed) => names.listRoles(typed)],
  ["region", listRegions],
  ["sso-region", listRegions],
  ["service", () => SERVICE_NAMES.map((name) => toCandidate(name))],
  ["output", () => OUTPUT_FORMATS.map((format) => toCandidate(format))],
]);

/** By the name of an argument. */
const ARG_VALUES: ReadonlyMap<string, FindValues> = new Map<string, FindValues>([
  ["profile", (names) => names.listProfiles()],
  ["session", (names) => [...names.listSessions(), ...names.listProfiles()]],
  [
    "account",
    // By its id or by its name, whichever is begun.
    (names, typed) =>
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

function toIdCandidate({ accountId, accountName }: KnownAccount): Candidate {
  return toCandidate(accountId, accountName);
}

function listValues(
  table: ReadonlyMap<string, FindValues>,
  { name, options }: Flag | Arg,
  names: CandidateSource,
  typed: TypedFlags,
): readonly Candidate[] {
  if (options !== undefined) return options.map((option) => toCandidate(option));
  return table.get(name)?.(names, typed) ?? [];
}

export function toCandidate(value = "", description = ""): Candidate {
  return { value, description };
}

/** Each once. A name with a control character could end its line, or move the cursor: it is not offered. */
function filterUsable(candidates: readonly Candidate[]): Candidate[] {
  const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
  const once = new Map(candidates.map((candidate) => [candidate.value, candidate]));
  return [...once.values()]
    .filter(({ value }) => value !== "" && !control.test(value))
    .map(({ value, description }) =>
      toCandidate(value, control.test(description) ? "" : description),
    );
}
