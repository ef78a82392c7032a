import { usageError } from "../errors.ts";
import { splitExecWords } from "../text/exec-words.ts";
import { quoteShellWord } from "../text/shell-words.ts";

interface ExecArguments {
  /** With a flag that `exec` does not have, where one was given: the parser says it. */
  readonly own: readonly string[];
  /** undefined: a shell is meant. */
  readonly command: readonly string[] | undefined;
}

/** @throws LatchkeyError USAGE for a command without a name. */
export function parseExecArguments(
  argv: readonly string[],
  flags: Parameters<typeof splitExecWords>[1],
): ExecArguments {
  const { own, command, unknownFlag } = splitExecWords(argv, flags);
  const isNamed = command === undefined || (command[0] ?? "") !== "";
  if (isNamed || unknownFlag !== undefined) return { own, command };
  const words = own.length === 0 ? ["PROFILE"] : own.map(quoteShellWord);
  throw usageError(
    "There is no command after --.",
    `latchkey exec ${[...words, "--", "COMMAND"].join(" ")}`,
  );
}
