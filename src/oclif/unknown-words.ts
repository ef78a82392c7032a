import { createRealContext } from "../cli/real-context.ts";
import { usageError, type LatchkeyError } from "../errors.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { closestMatches } from "../text/terminal.ts";
import { findSynonym, listSynonyms } from "./synonyms.ts";
import type { KnownCommands, UnknownWords } from "./request.ts";

/** Suggested commands, the best first, and how many of the typed words they replace. */
interface Suggestion {
  /** The words of each command, as a user types them. */
  readonly commands: readonly string[];
  readonly length: number;
}

/**
 * Asks whether to run the suggested command instead of words that are not a command.
 * @returns the words to run.
 * @throws LatchkeyError USAGE with the suggestion, if there is no terminal, --json was given, or the user declines.
 */
export async function offerInstead(
  unknown: UnknownWords,
  known: KnownCommands,
  { json }: { readonly json: boolean },
): Promise<readonly string[]> {
  const { words, error } = describeUnknown(unknown, known);
  if (words === undefined || json) throw error;
  const { terminal } = createRealContext("");
  if (!terminal.interactive) throw error;
  const line = ["latchkey", ...words.map(quoteShellWord)].join(" ");
  terminal.say(error.message);
  const isAgreed = await terminal.confirm(`Run "${line}" instead?`, {
    initial: !isCareful(words),
  });
  if (!isAgreed) throw error;
  return words;
}

/** Returns the error with its suggestion, and the words to run instead, if there are any. */
export function describeUnknown(
  unknown: UnknownWords,
  known: KnownCommands,
): { readonly error: LatchkeyError; readonly words: readonly string[] | undefined } {
  const { typed, rest, synonym } = unknown;
  if (synonym !== undefined)
    return {
      error: toError(typed, synonym.hint),
      words: synonym.words && [...synonym.words, ...rest],
    };
  const { commands, length } = suggest(typed, known);
  const [best] = commands;
  if (best === undefined) return { error: describeGroup(typed, known), words: undefined };
  const hint = `The nearest: ${commands.map((words) => `latchkey ${words}`).join(", ")}`;
  return {
    error: toError(typed.slice(0, length), hint),
    words: [...best.split(" "), ...typed.slice(length), ...rest],
  };
}

/**
 * Returns the error for words without a suggestion. If they begin with a group, lists its commands; else refers to the
 * list of all commands.
 */
function describeGroup(typed: readonly string[], known: KnownCommands): LatchkeyError {
  const [group = ""] = typed;
  const below = listBelow(group, known).map((words) => `latchkey ${words}`);
  if (below.length === 0) return toError([group], "See them all: latchkey --help");
  const hint = `There are: ${below.join(", ")}`;
  return typed.length > 1
    ? toError(typed.slice(0, 2), hint)
    : usageError(`"${group}" is not a complete command.`, hint);
}

function toError(typed: readonly string[], hint: string): LatchkeyError {
  const name = typed.join(" ");
  return usageError(
    name.startsWith("-") ? `latchkey has no flag ${name}.` : `There is no command "${name}".`,
    hint,
  );
}

/** Commands that remove or restore something: pressing Enter alone must not run them. */
const CAREFUL = /^(logout|profiles (undo|rm|rename)|sessions rm)\b/;

function isCareful(words: readonly string[]): boolean {
  return (
    CAREFUL.test(words.join(" ")) || words.some((word) => ["--yes", "-y", "--force"].includes(word))
  );
}

/**
 * Returns commands that are similar to as many of the words as possible. If the first word is a group, only commands of
 * that group.
 */
function suggest(typed: readonly string[], known: KnownCommands): Suggestion {
  const [first = "", second = ""] = typed;
  const below = listBelow(first, known);
  if (below.length > 0) {
    const lastWords = new Map(below.map((words) => [words.slice(first.length + 1), words]));
    const close = second === "" ? [] : closestMatches(second, [...lastWords.keys()]);
    return { commands: close.map((word) => lastWords.get(word) ?? word), length: 2 };
  }
  const names = listNames(known);
  for (let length = Math.min(typed.length, 3); length > 0; length -= 1) {
    const candidates = [...names.keys()].filter((name) => name.split(" ").length >= length);
    const words = typed.slice(0, length).join(" ");
    // A word of two letters is similar to every short word.
    const close = closestMatches(words, words.length > 2 ? candidates : []);
    const commands = [...new Set(close.map((name) => names.get(name) ?? name))];
    if (commands.length > 0) return { commands, length };
  }
  return { commands: [], length: 1 };
}

/** Returns the command's words for every name of a command. */
function listNames(known: KnownCommands): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const synonym of listSynonyms()) {
    const { words } = findSynonym(synonym.split(" "))?.synonym ?? {};
    if (words !== undefined) names.set(synonym, words.join(" "));
  }
  for (const { id } of known.commands) names.set(id.replaceAll(":", " "), id.replaceAll(":", " "));
  return names;
}

/** Returns the commands of a group. Empty if the group is also a command, because further words are then its arguments. */
function listBelow(group: string, known: KnownCommands): string[] {
  if (known.findCommand(group) !== undefined) return [];
  const ids = known.commands.map(({ id }) => id).filter((id) => id.startsWith(`${group}:`));
  return [...new Set(ids)].sort().map((id) => id.replaceAll(":", " "));
}
