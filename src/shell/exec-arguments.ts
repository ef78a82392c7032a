import { usageError } from "../errors.ts";
import { splitExecWords } from "../text/exec-words.ts";
import { quoteShellWord } from "../text/shell-words.ts";

interface ExecArguments {
  /** The arguments of exec itself. They include an unknown flag, which the parser reports. */
  readonly own: readonly string[];
  /** undefined: exec opens a shell. */
  readonly command: readonly string[] | undefined;
  /** The first word, if the user may have meant it as the command because no `--` follows it. */
  readonly doubtful: string | undefined;
}

/**
 * Joins arguments that PowerShell split: `-p:A=B` after `--`, `-Dx.y=1` anywhere.
 * @param split from powershell-hook.ts: for each typed word that begins with -, the number of further arguments that it
 * was split into, and its first argument. Entries that do not match an argument (a pattern, a variable) are skipped.
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

/** @throws LatchkeyError USAGE if there is no command after `--`. */
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
