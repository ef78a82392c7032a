/** Separates the arguments of `exec`: latchkey's own words, and the words of the command to run. */

/** A flag as described by oclif and its manifest. */
interface FlagShape {
  readonly type: "boolean" | "option";
  readonly char?: string | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly allowNo?: boolean | undefined;
}

/** The flags of `exec` by their long names, including the flags that all commands have. */
type FlagShapes = Readonly<Record<string, FlagShape>>;

/** The arguments of `exec`, separated. */
interface ExecWords {
  readonly own: readonly string[];
  /** undefined if there is no command, and no `--` either. */
  readonly command: readonly string[] | undefined;
  /** The first flag before the command that `exec` does not have, without its value. */
  readonly unknownFlag: string | undefined;
}

/**
 * Splits the arguments of `exec`. latchkey's own words are flags and the profile's name. The command starts at the word
 * after these, or after the first `--`. If flags already select a profile or a role, the first word starts the command.
 */
export function splitExecWords(argv: readonly string[], flags: FlagShapes): ExecWords {
  let hasProfile = false;
  let unknownFlag: string | undefined;
  let index = 0;
  while (index < argv.length) {
    const word = argv[index] ?? "";
    if (word === "--")
      return { own: argv.slice(0, index), command: argv.slice(index + 1), unknownFlag };
    if (!isFlag(word)) {
      if (hasProfile) return { own: argv.slice(0, index), command: argv.slice(index), unknownFlag };
      hasProfile = true;
      index += 1;
      continue;
    }
    const found = findFlag(word, flags);
    if (found === undefined) unknownFlag ??= word.replace(/=.*$/s, "");
    if (NAMING.includes(found?.name)) hasProfile = true;
    index += found?.takesNext === true ? 2 : 1;
  }
  return { own: argv, command: undefined, unknownFlag };
}

const NAMING: ReadonlyArray<string | undefined> = ["profile", "account-id", "role-name"];

function isFlag(word: string): boolean {
  return word.startsWith("-") && word !== "-";
}

const HELP: readonly string[] = ["-h", "--help"];

/** @returns undefined if latchkey has no flag with this name. */
function findFlag(
  word: string,
  flags: FlagShapes,
): { readonly name: string; readonly takesNext: boolean } | undefined {
  if (HELP.includes(word)) return { name: "help", takesNext: false };
  const [, long, value] = /^--([^=]+)(=.*)?$/s.exec(word) ?? [];
  const found = Object.entries(flags).find(([name, { char, aliases = [], allowNo = false }]) =>
    long === undefined
      ? char !== undefined && word.startsWith(`-${char}`)
      : long === name || aliases.includes(long) || (allowNo && long === `no-${name}`),
  );
  if (found === undefined) return undefined;
  const [name, { type }] = found;
  // `-pNAME` and `--profile=NAME` contain the flag's value.
  const isAlone = long === undefined ? word.length === 2 : value === undefined;
  return { name, takesNext: type === "option" && isAlone };
}

/** Returns the words after a command that belong to latchkey. For `exec`, the other words belong to the command to run. */
export function takeOwnWords(id: string, words: readonly string[], flags: FlagShapes): string[] {
  if (id === "exec") return [...splitExecWords(words, flags).own];
  const separator = words.indexOf("--");
  return words.slice(0, separator === -1 ? undefined : separator);
}

/** The names of `exec` and its aliases. */
const EXEC: ReadonlySet<string | undefined> = new Set(["exec", "run", "run-as", "shell"]);

/** Returns the words of a whole command line that belong to latchkey. Flags may come before `exec`. */
export function listOwnWords(argv: readonly string[], flags: FlagShapes): string[] {
  let index = 0;
  while (isFlag(argv[index] ?? "") && argv[index] !== "--")
    index += findFlag(argv[index] ?? "", flags)?.takesNext === true ? 2 : 1;
  const id = EXEC.has(argv[index]) ? "exec" : "";
  const words = argv.toSpliced(index, id === "exec" ? 1 : 0);
  return id === "exec" ? [id, ...takeOwnWords(id, words, flags)] : takeOwnWords(id, argv, flags);
}
