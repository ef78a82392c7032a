import type { Command } from "@oclif/core";
import { takeOwnWords } from "../text/exec-words.ts";
import { findSynonym, type NamedSynonym } from "./synonyms.ts";

/** The meaning of a command line: what latchkey is asked to do. */
export type Request =
  | { readonly kind: "overview"; readonly json: boolean; readonly isPlain: boolean }
  /** Help for a command or a group of commands. If there is no ID, help for the program. */
  | { readonly kind: "help"; readonly id: string | undefined }
  | { readonly kind: "run"; readonly id: string; readonly words: readonly string[] }
  /** A group of commands, without one of its commands and with --json. */
  | { readonly kind: "group"; readonly id: string }
  | ({ readonly kind: "unknown" } & UnknownWords);

/** Words that are not a command, and the words after them. */
export interface UnknownWords {
  readonly typed: readonly string[];
  readonly rest: readonly string[];
  /** The meaning of the words in another tool, if it is known. */
  readonly synonym: NamedSynonym | undefined;
}

/** The commands of `ProgramConfig`, by their IDs and aliases. */
export interface KnownCommands {
  readonly commands: readonly Pick<Command.Loadable, "id" | "aliases" | "flags">[];
  findCommand(id: string): unknown;
}

export function readRequest(argv: readonly string[], known: KnownCommands): Request {
  const { leading, words } = splitLeadingFlags(argv, known);
  const [first] = words;
  const json = argv.includes("--json");
  if (first === "help") return readHelp(words.slice(1), known);
  if (first !== undefined) return readCommand(leading, words, known);
  if (leading.some((word) => HELP_FLAGS.has(word))) return { kind: "help", id: undefined };
  const stray = leading.find((word) => !OVERVIEW_FLAGS.has(word));
  return stray === undefined
    ? { kind: "overview", json, isPlain: argv.includes("--no-color") }
    : { kind: "unknown", typed: [stray], rest: [], synonym: undefined };
}

const HELP_FLAGS: ReadonlySet<string> = new Set(["--help", "-h"]);
const OVERVIEW_FLAGS: ReadonlySet<string> = new Set(["--json", "--debug", "--no-color"]);

/** Splits off flags before the command, as in `aws --profile okta sts …`. The command gets these flags. */
function splitLeadingFlags(argv: readonly string[], known: KnownCommands) {
  let end = 0;
  while (argv[end]?.startsWith("-") === true && argv[end] !== "--")
    end += takesNextWord(argv[end] ?? "", known) ? 2 : 1;
  return { leading: argv.slice(0, end), words: argv.slice(end) };
}

function takesNextWord(word: string, { commands }: KnownCommands): boolean {
  const name = word.replace(/^--?/, "");
  return commands.some(({ flags }) =>
    Object.values(flags).some(
      (flag) =>
        flag.type === "option" &&
        (word.startsWith("--")
          ? flag.name === name || (flag.aliases ?? []).includes(name)
          : flag.char === name),
    ),
  );
}

/** Reads `help ls`, `help sso login` or `help federation`. The words after `help` may be a synonym for a command. */
function readHelp(words: readonly string[], known: KnownCommands): Request {
  const names = words.filter((word) => !word.startsWith("-"));
  if (names.length === 0) return { kind: "help", id: undefined };
  const request = readCommand([], names, known);
  return request.kind === "run" || request.kind === "group"
    ? { kind: "help", id: request.id }
    : request;
}

function readCommand(
  leading: readonly string[],
  words: readonly string[],
  known: KnownCommands,
): Request {
  const names = takeNames(words);
  const own = findLongest(names, (id) => known.findCommand(id) !== undefined);
  const other = findSynonym(names);
  if (other !== undefined && other.length > (own?.length ?? 0)) {
    const rest = words.slice(other.length);
    if (other.synonym.kind === "run")
      return readCommand(leading, [...addPreset(other.synonym.words, rest), ...rest], known);
    const typed = words.slice(0, other.length);
    return { kind: "unknown", typed, rest: [...leading, ...rest], synonym: other.synonym };
  }
  if (own !== undefined) return readOwn(own.id, [...leading, ...words.slice(own.length)], known);
  const group = findLongest(names, (id) => hasOwnCommandBelow(id, known));
  if (group?.length !== names.length || group === undefined)
    return { kind: "unknown", typed: names, rest: words.slice(names.length), synonym: undefined };
  return words.includes("--json")
    ? { kind: "group", id: group.id }
    : { kind: "help", id: group.id };
}

/** Drops a synonym's preset flag if the user typed the same flag. */
function addPreset(words: readonly string[], rest: readonly string[]): readonly string[] {
  const flag = words.findIndex((word) => word.startsWith("--"));
  const isTyped = rest.some(
    (word) => word === "--json" || word.startsWith(words[flag] ?? "--json"),
  );
  return flag >= 0 && isTyped ? words.slice(0, flag) : words;
}

function readOwn(id: string, words: readonly string[], { commands }: KnownCommands): Request {
  const own = takeOwnWords(id, words, commands.find((command) => command.id === id)?.flags ?? {});
  return own.some((word) => HELP_FLAGS.has(word))
    ? { kind: "help", id }
    : { kind: "run", id, words };
}

/** Returns the words before the first flag. */
function takeNames(words: readonly string[]): string[] {
  const end = words.findIndex((word) => word.startsWith("-"));
  return end === -1 ? [...words] : words.slice(0, end);
}

function findLongest(names: readonly string[], fits: (id: string) => boolean) {
  for (let length = names.length; length > 0; length -= 1) {
    const id = names.slice(0, length).join(":");
    if (fits(id)) return { id, length };
  }
  return undefined;
}

/** Returns whether the group has commands that are not aliases. The group `sso` has only aliases. */
function hasOwnCommandBelow(id: string, { commands }: KnownCommands): boolean {
  return commands.some(
    (command) => command.id.startsWith(`${id}:`) && command.aliases?.includes(command.id) !== true,
  );
}
