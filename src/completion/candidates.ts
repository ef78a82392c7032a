import { splitExecWords } from "../text/exec-words.ts";
import { hasControls } from "../text/terminal.ts";
import {
  listArgValues,
  listFlagValues,
  listSettingValues,
  toCandidate,
  type Candidate,
  type CandidateSource,
} from "./values.ts";

/** Finds commands, flags and local names that can be typed at the cursor. */

/** The parts of `oclif.manifest.json` that are used here. */
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
  readonly id: string;
  /** As typed, one element per word. */
  readonly words: readonly string[];
  /** Whether this is not the command's own name. Aliases are offered only after a letter is typed. */
  readonly isAlias: boolean;
  readonly summary: string;
  readonly flags: readonly Flag[];
  readonly args: readonly Arg[];
}

/**
 * Returns what can be typed at the cursor.
 * @param words The words after the program's name, unquoted. The last word is being typed and may be empty.
 */
export function findCompletions(
  manifest: Manifest,
  words: readonly string[],
  names: CandidateSource,
): Candidate[] {
  const current = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  // Everything after `--`, and the command of `exec`, belongs to another program.
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
        id,
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

/** Returns the next word of every command that begins with these words. */
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

/** The commands that accept ACCOUNT/ROLE in place of a profile. */
const TAKING_ROLES: ReadonlySet<string> = new Set([
  "use",
  "exec",
  "export",
  "console",
  "whoami",
  "credential-process",
  "favourite",
]);

function completeCommand(
  { id, flags, args }: Command,
  rest: readonly string[],
  current: string,
  names: CandidateSource,
): readonly Candidate[] {
  const { typed, words, pending } = parseLine(flags, rest);
  const takesRole = TAKING_ROLES.has(id);
  const word = { text: current, typed, takesRole };
  if (pending !== undefined) return listFlagValues(pending, names, word);

  const [, name = "", text = ""] = /^--([^=]+)=(.*)$/.exec(current) ?? [];
  const begun = flags.find((flag) => flag.type === "option" && isLongName(flag, name));
  if (begun !== undefined)
    return listFlagValues(begun, names, { ...word, text })
      .filter(({ value }) => value !== "")
      .map(({ value, description }) => toCandidate(`--${name}=${value}`, description));

  if (current.startsWith("-"))
    return flags
      .filter((flag) => flag.multiple === true || !typed.has(flag.name))
      .map((flag) => toCandidate(`--${flag.name}`, flag.description));

  const arg = args[words.length];
  if (arg?.name === "value") return listSettingValues(words.at(-1) ?? "");
  return arg === undefined ? [] : listArgValues(arg, names, word);
}

function isLongName({ name, aliases = [] }: Flag, typed: string): boolean {
  return name === typed || aliases.includes(typed);
}

function isShortName({ char }: Flag, typed: string): boolean {
  return char !== undefined && typed === `-${char}`;
}

interface ParsedLine {
  readonly typed: Map<string, string>;
  /** The complete arguments. */
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

/**
 * Removes duplicates, and names with control characters, which could end a line, move the cursor or imitate another
 * name.
 */
function filterUsable(candidates: readonly Candidate[]): Candidate[] {
  const once = new Map(candidates.map((candidate) => [candidate.value, candidate]));
  return [...once.values()]
    .filter(({ value }) => value !== "" && !hasControls(value))
    .map(({ value, description }) =>
      toCandidate(value, hasControls(description) ? "" : description),
    );
}
