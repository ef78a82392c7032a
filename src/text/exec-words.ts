/** Which words of `exec` are latchkey's, and which are the command's. */

/** A flag as oclif and its manifest describe it. */
interface FlagShape {
  readonly type: "boolean" | "option";
  readonly char?: string | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly allowNo?: boolean | undefined;
}

/** By their long names, the common ones included. */
type FlagShapes = Readonly<Record<string, FlagShape>>;

/** The two halves of `exec`'s arguments. */
interface ExecWords {
  readonly own: readonly string[];
  /** undefined: none was given, nor a `--` that announces one. */
  readonly command: readonly string[] | undefined;
  /** The first flag among ours that `exec` does not have; without what may have been given to it. */
  readonly unknownFlag: string | undefined;
}

/**
 * Ours are flags and the profile's name; from the first other word on everything is the command's, and behind the first
 * `--`. A profile or a role that is named by flags leaves no word to us.
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

/** @returns undefined for none of ours. */
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
  // `-pNAME` and `--profile=NAME` hold their value.
  const isAlone = long === undefined ? word.length === 2 : value === undefined;
  return { name, takesNext: type === "option" && isAlone };
}

/** The words behind a command that are latchkey's own: `exec` hands the rest to another program. */
export function takeOwnWords(id: string, words: readonly string[], flags: FlagShapes): string[] {
  if (id === "exec") return [...splitExecWords(words, flags).own];
  const separator = words.indexOf("--");
  return words.slice(0, separator === -1 ? undefined : separator);
}

/** As `exec` may be called. */
const EXEC: ReadonlySet<string | undefined> = new Set(["exec", "run", "run-as", "shell"]);

/** The same of a whole command line; flags may stand before `exec`. */
export function listOwnWords(argv: readonly string[], flags: FlagShapes): string[] {
  let index = 0;
  while (isFlag(argv[index] ?? "") && argv[index] !== "--")
    index += findFlag(argv[index] ?? "", flags)?.takesNext === true ? 2 : 1;
  const id = EXEC.has(argv[index]) ? "exec" : "";
  const words = argv.toSpliced(index, id === "exec" ? 1 : 0);
  return id === "exec" ? [id, ...takeOwnWords(id, words, flags)] : takeOwnWords(id, argv, flags);
}
