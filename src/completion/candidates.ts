import { isRecord, readText } from "../text/json.ts";
import { SETTING_KEYS } from "../settings/settings.ts";

/** What could stand where the cursor is, of commands, flags, and names that this machine knows. */

export interface Candidate {
  readonly value: string;
  /** Shown beside it where the shell has room for that; empty where there is nothing to say. */
  readonly description: string;
}

interface CommandGrammar {
  /** As typed, one word each. */
  readonly words: readonly string[];
  /** Not under its own name: offered only once a letter is typed. */
  readonly isAlias: boolean;
  readonly summary: string;
  readonly flags: readonly FlagGrammar[];
  readonly args: ReadonlyArray<{ readonly name: string; readonly options: readonly string[] }>;
}

interface FlagGrammar {
  readonly name: string;
  readonly char: string | undefined;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly multiple: boolean;
  readonly options: readonly string[];
}

/** Names of this machine, read only where they are asked for. */
export interface CandidateSource {
  listProfiles(): readonly Candidate[];
  listSessions(): readonly Candidate[];
  listStartUrls(): readonly Candidate[];
  /** Of one session where one is named, by its name. */
  listAccounts(
    typed: TypedFlags,
  ): ReadonlyArray<{ readonly accountId: string; readonly accountName: string | undefined }>;
  listRoles(typed: TypedFlags): readonly Candidate[];
}

/** Flags that stand on the line, by their long names. */
export type TypedFlags = ReadonlyMap<string, string>;

/** @param words what stands after the program's name, unquoted; the last is being typed, and may be empty. */
export function findCompletions(
  commands: readonly CommandGrammar[],
  words: readonly string[],
  names: CandidateSource,
): Candidate[] {
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  // What follows is another program's.
  if (before.includes("--")) return [];
  const command = findLongestMatch(commands, before);
  const rest = command === undefined ? before : before.slice(command.words.length);
  const below =
    rest.length === 0 || command === undefined ? listNextWords(commands, before, current) : [];
  if (command === undefined) return current.startsWith("-") ? [] : below;
  return filterUsable([...below, ...completeCommand(command, rest, current, names)]);
}

function findLongestMatch(
  commands: readonly CommandGrammar[],
  words: readonly string[],
): CommandGrammar | undefined {
  return commands
    .filter((command) => command.words.every((word, index) => words[index] === word))
    .toSorted((a, b) => b.words.length - a.words.length)[0];
}

/** The next word of every command that begins with these. */
function listNextWords(
  commands: readonly CommandGrammar[],
  before: readonly string[],
  current: string,
): Candidate[] {
  const next = new Map<string, Candidate>();
  for (const { words, isAlias, summary } of commands) {
    const value = words[before.length];
    if (
      value === undefined ||
      (isAlias && current === "") ||
      !before.every((word, index) => words[index] === word)
    )
      continue;
    const isWhole = words.length === before.length + 1;
    if (isWhole || !next.has(value))
      next.set(value, { value, description: isWhole ? summary : "" });
  }
  return [...next.values()].toSorted((a, b) => (a.value < b.value ? -1 : 1));
}

function completeCommand(
  command: CommandGrammar,
  rest: readonly string[],
  current: string,
  names: CandidateSource,
): readonly Candidate[] {
  const { typed, positional, pending } = parseLine(command, rest);
  if (pending !== undefined) return listFlagValues(pending, typed, names);
  const [, name, equals] = /^--([^=]+)(=)?/.exec(current) ?? [];
  const flag =
    equals === undefined
      ? undefined
      : command.flags.find(
          (candidate) =>
            candidate.takesValue &&
            (candidate.name === name || candidate.aliases.includes(name ?? "")),
        );
  if (flag !== undefined)
    return listFlagValues(flag, typed, names).map(({ value, description }) => ({
      value: `--${name ?? ""}=${value}`,
      description,
    }));
  if (current.startsWith("-"))
    return command.flags
      .filter((candidate) => candidate.multiple || !typed.has(candidate.name))
      .map((candidate) => ({ value: `--${candidate.name}`, description: candidate.description }));
  const arg = command.args[positional];
  return arg === undefined ? [] : listArgValues(arg, typed, names);
}

interface ParsedLine {
  readonly typed: Map<string, string>;
  /** How many arguments are complete. */
  readonly positional: number;
  /** The flag whose value is being typed. */
  readonly pending: FlagGrammar | undefined;
}

function parseLine({ flags }: CommandGrammar, rest: readonly string[]): ParsedLine {
  const typed = new Map<string, string>();
  let positional = 0;
  let pending: FlagGrammar | undefined;
  for (const word of rest) {
    const [, long, value] = /^--([^=]+)(?:=(.*))?$/.exec(word) ?? [];
    const flag: FlagGrammar | undefined =
      pending === undefined
        ? flags.find(({ name, char, aliases }) =>
            long === undefined
              ? char !== undefined && word === `-${char}`
              : name === long || aliases.includes(long),
          )
        : undefined;
    if (pending !== undefined) {
      typed.set(pending.name, word);
      pending = undefined;
    } else if (flag === undefined) {
      if (!word.startsWith("-")) positional += 1;
    } else if (flag.takesValue && value === undefined) {
      pending = flag;
    } else {
      typed.set(flag.name, value ?? "");
    }
  }
  return { typed, positional, pending };
}

const OUTPUTS = ["json", "text", "table", "yaml", "yaml-stream", "off"];

function listFlagValues(
  flag: FlagGrammar,
  typed: TypedFlags,
  names: CandidateSource,
): readonly Candidate[] {
  if (flag.options.length > 0) return flag.options.map(toCandidate);
  switch (flag.name) {
    case "profile":
      return names.listProfiles();
    case "sso-session":
      return names.listSessions();
    case "start-url":
      return names.listStartUrls();
    case "account-id":
      return names.listAccounts(typed).map(({ accountId, accountName }) => ({
        value: accountId,
        description: accountName ?? "",
      }));
    case "role-name":
      return names.listRoles(typed);
    case "output":
      return OUTPUTS.map(toCandidate);
    default:
      return [];
  }
}

function listArgValues(
  { name, options }: CommandGrammar["args"][number],
  typed: TypedFlags,
  names: CandidateSource,
): readonly Candidate[] {
  if (options.length > 0) return options.map(toCandidate);
  switch (name) {
    case "profile":
      return names.listProfiles();
    case "account":
      // By its id or by its name, whichever is begun.
      return names
        .listAccounts(typed)
        .flatMap(({ accountId, accountName }) => [
          ...(accountName === undefined ? [] : [{ value: accountName, description: accountId }]),
          { value: accountId, description: accountName ?? "" },
        ]);
    case "key":
      return SETTING_KEYS.map(toCandidate);
    default:
      return [];
  }
}

function toCandidate(value: string): Candidate {
  return { value, description: "" };
}

/** Each once. A name with a control character could end its line, or move the cursor: it is not offered. */
function filterUsable(candidates: readonly Candidate[]): Candidate[] {
  const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
  const once = new Map(candidates.map((candidate) => [candidate.value, candidate]));
  return [...once.values()]
    .filter(({ value }) => value !== "" && !control.test(value))
    .map(({ value, description }) => ({
      value,
      description: control.test(description) ? "" : description,
    }));
}

/** The commands of `oclif.manifest.json`, hidden ones left out. */
export function parseGrammar(manifest: unknown): CommandGrammar[] {
  const commands =
    isRecord(manifest) && isRecord(manifest["commands"])
      ? Object.values(manifest["commands"]).filter(isRecord)
      : [];
  return commands
    .filter((command) => command["hidden"] !== true)
    .flatMap((command) => {
      const id = readText(command["id"]);
      if (id === undefined) return [];
      const common = {
        summary: readText(command["summary"]) ?? "",
        flags: toRecords(command["flags"]).map(parseFlagGrammar),
        args: toRecords(command["args"]).map((arg) => ({
          name: readText(arg["name"]) ?? "",
          options: toTexts(arg["options"]),
        })),
      };
      return [
        { words: id.split(":"), isAlias: false, ...common },
        ...toTexts(command["aliases"]).map((alias) => ({
          words: alias.split(":"),
          isAlias: true,
          ...common,
        })),
      ];
    });
}

function parseFlagGrammar(flag: Record<string, unknown>): FlagGrammar {
  return {
    name: readText(flag["name"]) ?? "",
    char: readText(flag["char"]),
    aliases: toTexts(flag["aliases"]),
    description: readText(flag["description"]) ?? "",
    takesValue: flag["type"] === "option",
    multiple: flag["multiple"] === true,
    options: toTexts(flag["options"]),
  };
}

function toRecords(value: unknown): Array<Record<string, unknown>> {
  return isRecord(value)
    ? Object.values(value)
        .filter(isRecord)
        .filter((member) => member["hidden"] !== true)
    : [];
}

function toTexts(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((member): member is string => typeof member === "string")
    : [];
}
