import { isRecord, textOrUndefined } from "../text/json.ts";
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
export interface Names {
  profiles(): readonly Candidate[];
  sessions(): readonly Candidate[];
  startUrls(): readonly Candidate[];
  /** Of one session where one is named, by its name. */
  accounts(
    typed: TypedFlags,
  ): ReadonlyArray<{ readonly accountId: string; readonly accountName: string | undefined }>;
  roles(typed: TypedFlags): readonly Candidate[];
}

/** Flags that stand on the line, by their long names. */
export type TypedFlags = ReadonlyMap<string, string>;

/** @param words what stands after the program's name, unquoted; the last is being typed, and may be empty. */
export function completions(
  commands: readonly CommandGrammar[],
  words: readonly string[],
  names: Names,
): Candidate[] {
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  // What follows is another program's.
  if (before.includes("--")) return [];
  const command = longestMatch(commands, before);
  const rest = command === undefined ? before : before.slice(command.words.length);
  const below =
    rest.length === 0 || command === undefined ? nextWords(commands, before, current) : [];
  if (command === undefined) return current.startsWith("-") ? [] : below;
  return usable([...below, ...within(command, rest, current, names)]);
}

function longestMatch(
  commands: readonly CommandGrammar[],
  words: readonly string[],
): CommandGrammar | undefined {
  return commands
    .filter((command) => command.words.every((word, index) => words[index] === word))
    .toSorted((a, b) => b.words.length - a.words.length)[0];
}

/** The next word of every command that begins with these. */
function nextWords(
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

function within(
  command: CommandGrammar,
  rest: readonly string[],
  current: string,
  names: Names,
): readonly Candidate[] {
  const { typed, positional, pending } = readLine(command, rest);
  if (pending !== undefined) return flagValues(pending, typed, names);
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
    return flagValues(flag, typed, names).map(({ value, description }) => ({
      value: `--${name ?? ""}=${value}`,
      description,
    }));
  if (current.startsWith("-"))
    return command.flags
      .filter((candidate) => candidate.multiple || !typed.has(candidate.name))
      .map((candidate) => ({ value: `--${candidate.name}`, description: candidate.description }));
  const arg = command.args[positional];
  return arg === undefined ? [] : argValues(arg, typed, names);
}

interface ReadLine {
  readonly typed: Map<string, string>;
  /** How many arguments are complete. */
  readonly positional: number;
  /** The flag whose value is being typed. */
  readonly pending: FlagGrammar | undefined;
}

function readLine({ flags }: CommandGrammar, rest: readonly string[]): ReadLine {
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

function flagValues(flag: FlagGrammar, typed: TypedFlags, names: Names): readonly Candidate[] {
  if (flag.options.length > 0) return flag.options.map(plain);
  switch (flag.name) {
    case "profile":
      return names.profiles();
    case "sso-session":
      return names.sessions();
    case "start-url":
      return names.startUrls();
    case "account-id":
      return names.accounts(typed).map(({ accountId, accountName }) => ({
        value: accountId,
        description: accountName ?? "",
      }));
    case "role-name":
      return names.roles(typed);
    case "output":
      return OUTPUTS.map(plain);
    default:
      return [];
  }
}

function argValues(
  { name, options }: CommandGrammar["args"][number],
  typed: TypedFlags,
  names: Names,
): readonly Candidate[] {
  if (options.length > 0) return options.map(plain);
  switch (name) {
    case "profile":
      return names.profiles();
    case "account":
      // By its id or by its name, whichever is begun.
      return names
        .accounts(typed)
        .flatMap(({ accountId, accountName }) => [
          ...(accountName === undefined ? [] : [{ value: accountName, description: accountId }]),
          { value: accountId, description: accountName ?? "" },
        ]);
    case "key":
      return SETTING_KEYS.map(plain);
    default:
      return [];
  }
}

function plain(value: string): Candidate {
  return { value, description: "" };
}

/** Each once. A name with a control character could end its line, or move the cursor: it is not offered. */
function usable(candidates: readonly Candidate[]): Candidate[] {
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
export function readGrammar(manifest: unknown): CommandGrammar[] {
  const commands =
    isRecord(manifest) && isRecord(manifest["commands"])
      ? Object.values(manifest["commands"]).filter(isRecord)
      : [];
  return commands
    .filter((command) => command["hidden"] !== true)
    .flatMap((command) => {
      const id = textOrUndefined(command["id"]);
      if (id === undefined) return [];
      const common = {
        summary: textOrUndefined(command["summary"]) ?? "",
        flags: records(command["flags"]).map(flagGrammar),
        args: records(command["args"]).map((arg) => ({
          name: textOrUndefined(arg["name"]) ?? "",
          options: texts(arg["options"]),
        })),
      };
      return [
        { words: id.split(":"), isAlias: false, ...common },
        ...texts(command["aliases"]).map((alias) => ({
          words: alias.split(":"),
          isAlias: true,
          ...common,
        })),
      ];
    });
}

function flagGrammar(flag: Record<string, unknown>): FlagGrammar {
  return {
    name: textOrUndefined(flag["name"]) ?? "",
    char: textOrUndefined(flag["char"]),
    aliases: texts(flag["aliases"]),
    description: textOrUndefined(flag["description"]) ?? "",
    takesValue: flag["type"] === "option",
    multiple: flag["multiple"] === true,
    options: texts(flag["options"]),
  };
}

function records(value: unknown): Array<Record<string, unknown>> {
  return isRecord(value)
    ? Object.values(value)
        .filter(isRecord)
        .filter((member) => member["hidden"] !== true)
    : [];
}

function texts(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((member): member is string => typeof member === "string")
    : [];
}
