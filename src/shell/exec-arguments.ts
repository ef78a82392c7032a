import { usageError } from "../errors.ts";
import { splitExecWords } from "../text/exec-words.ts";
import { quoteShellWord } from "../text/shell-words.ts";

interface ExecArguments {
  /** With a flag that `exec` does not have, where one was given: the parser says it. */
  readonly own: readonly string[];
  /** undefined: a shell is meant. */
  readonly command: readonly string[] | undefined;
  /** The first word, where it could be the command itself, typed without a name: no `--` tells. */
  readonly doubtful: string | undefined;
}

/**
 * Puts together what PowerShell took apart: `-p:A=B` behind `--`, `-Dx.y=1` anywhere.
 * @param split as powershell-hook.ts writes it: for each word that begins with -, how many of the next arguments belong to it,
 * and its text. What does not stand among the arguments as it was typed (a pattern, a variable) is passed over.
 */
export function rejoinWords(argv: readonly string[], split = ""): readonly string[] {
  const typed = split
    .split("\n")
    .flatMap((count, index, lines) =>
      index % 2 === 0 ? [{ count: Number(count) || 0, word: lines[index + 1] }] : [],
    );
  const joined: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const at = typed.findIndex(({ word }) => word === argv[index]);
    const [found] = at === -1 ? [] : typed.splice(0, at + 1).slice(-1);
    const count = found?.count ?? 0;
    joined.push(argv.slice(index, index + count + 1).join(""));
    index += count;
  }
  return joined;
}

/** @throws LatchkeyError USAGE for a command without a name. */
export function parseExecArguments(
  argv: readonly string[],
  flags: Parameters<typeof splitExecWords>[1],
): ExecArguments {
  const { own, command, unknownFlag } = splitExecWords(argv, flags);
  const isNamed = command === undefined || (command[0] ?? "") !== "";
  const [first = "-"] = own;
  const hasMore = command !== undefined || unknownFlag !== undefined;
  const isTold = argv[own.length] === "--" || first.startsWith("-") || first.includes("/");
  const doubtful = hasMore && !isTold ? first : undefined;
  if (isNamed || unknownFlag !== undefined) return { own, command, doubtful };
  const words = own.length === 0 ? ["PROFILE"] : own.map(quoteShellWord);
  throw usageError(
    "There is no command after --.",
    `latchkey exec ${[...words, "--", "COMMAND"].join(" ")}`,
  );
}
