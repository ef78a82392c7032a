import { usageError } from "../errors.ts";
import { quoteShellWord } from "../text/shell-words.ts";

/** The two halves of `exec`'s arguments: ours before the first `--`, the command after it. */
interface ExecArguments {
  readonly own: readonly string[];
  readonly command: readonly string[];
}

/** @throws LatchkeyError USAGE without `--` or without a command, with the line to type. */
export function parseExecArguments(argv: readonly string[]): ExecArguments {
  const separator = argv.indexOf("--");
  const own = separator === -1 ? argv : argv.slice(0, separator);
  const command = separator === -1 ? [] : argv.slice(separator + 1);
  if (command.length > 0 && command[0] !== "") return { own, command };
  const message =
    separator === -1 ? "The command to run comes after --." : "There is no command after --.";
  throw usageError(message, `latchkey exec ${lineToType(own, separator === -1)}`);
}

const FLAGS_WITH_VALUE: readonly string[] = ["-p", "--profile", "--region"];

/** Our flags and the profile first; the rest was meant as the command. */
function lineToType(words: readonly string[], mayHoldCommand: boolean): string {
  let end = 0;
  let hasProfile = false;
  while (end < words.length) {
    const word = words[end] ?? "";
    if (!word.startsWith("-") && hasProfile && mayHoldCommand) break;
    if (!word.startsWith("-") || /^(-p|--profile\b)/.test(word)) hasProfile = true;
    end += FLAGS_WITH_VALUE.includes(word) ? 2 : 1;
  }
  const own = hasProfile ? words.slice(0, end) : [...words.slice(0, end), "PROFILE"];
  const command = end < words.length ? words.slice(end).map(quoteShellWord) : ["COMMAND"];
  return [...own.map(quoteShellWord), "--", ...command].join(" ");
}
