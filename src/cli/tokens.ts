import type { Environment } from "../context.ts";
import type { ArgDefinition, FlagDefinition } from "./flag-synonyms.ts";

/** The typed words, and the flags and arguments that the command has. */
export interface Typed {
  /** The command as typed. */
  readonly command: string;
  /** The words after the command. */
  readonly argv: readonly string[];
  readonly flags: Readonly<Record<string, FlagDefinition>>;
  readonly args: Readonly<Record<string, ArgDefinition>>;
  readonly env: Environment;
}

interface Token {
  /** undefined for an argument. */
  readonly flag: string | undefined;
  readonly value: string | undefined;
}

/** Returns the flags and arguments in order, as oclif's parser reads them. */
export function listTokens(typed: Typed): Token[] {
  const separator = typed.argv.indexOf("--");
  const waiting = separator === -1 ? [...typed.argv] : typed.argv.slice(0, separator);
  const tokens: Token[] = [];
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    const { name, attached } = splitFlag(word);
    const flag = findFlag(name, typed);
    if (flag === undefined) tokens.push({ flag, value: word });
    else if (typed.flags[flag]?.type === "boolean") tokens.push({ flag, value: undefined });
    else tokens.push({ flag, value: attached ?? takeValue(waiting, typed) });
  }
  return tokens;
}

/** Splits `--region=x` and `-px` into flag and value. */
function splitFlag(word: string): { readonly name: string; readonly attached: string | undefined } {
  const isLong = word.startsWith("--");
  const at = isLong ? word.indexOf("=") : 2;
  if (at === -1 || word.length <= at) return { name: word, attached: undefined };
  const attached = word.slice(isLong || word[at] === "=" ? at + 1 : at);
  return { name: word.slice(0, at), attached };
}

/** Removes and returns the next word, unless it is a flag of the command. */
function takeValue(waiting: string[], typed: Typed): string | undefined {
  const isFlag = findFlag(splitFlag(waiting[0] ?? "").name, typed) !== undefined;
  return isFlag ? undefined : waiting.shift();
}

export function listWords(typed: Typed): string[] {
  return listTokens(typed).flatMap(({ flag, value }) =>
    flag === undefined && value !== undefined && (!value.startsWith("-") || value === "-")
      ? [value]
      : [],
  );
}

function findFlag(name: string, { flags }: Typed): string | undefined {
  if (!name.startsWith("-")) return undefined;
  const bare = name.replace(/^--?/, "");
  const [found] =
    Object.entries(flags).find(([flag, { char, aliases = [], allowNo = false }]) =>
      name.startsWith("--")
        ? [flag, ...aliases, ...(allowNo ? [`no-${flag}`] : [])].includes(bare)
        : char === bare,
    ) ?? [];
  return found;
}
