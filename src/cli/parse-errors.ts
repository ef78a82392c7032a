import type { CLIError } from "@oclif/core/errors";
import { LatchkeyError } from "../errors.ts";
import { toRecord } from "../text/json.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { closestMatches } from "../text/terminal.ts";
import { guessFlag, findMeantFlag, type FlagDefinition } from "./flag-synonyms.ts";
import { listTokens, listWords, type Typed } from "./tokens.ts";

/**
 * Rewrites the errors of oclif's parser. Its messages contain escape codes and change with its version, so they are not
 * used. The members of the error show its kind (@oclif/core 5.1.9, lib/parser/errors.js); missing details are found by
 * parsing the typed words again.
 */

interface Complaint {
  readonly message: string;
  readonly hint: string;
}

/** Converts an error of oclif's parser to a LatchkeyError USAGE. */
export async function toParseError(thrown: CLIError, typed: Typed): Promise<LatchkeyError> {
  const { message, hint } = describeByMembers(thrown, typed) ??
    describeTokens(typed) ??
    (await describeRefusedValue(typed)) ?? {
      message: `latchkey ${typed.command} does not take these words.`,
      hint: helpHint(typed),
    };
  return new LatchkeyError("USAGE", message, { hint, cause: thrown });
}

function describeByMembers(thrown: CLIError, typed: Typed): Complaint | undefined {
  const members = toRecord(thrown);
  if (isTexts(members["flags"])) return describeUnknownFlag(members["flags"][0] ?? "", typed);
  if (isTexts(members["args"])) return describeFurtherWord(members["args"][0] ?? "", typed);
  if (Array.isArray(members["args"])) return describeMissingWord(typed);
  return describeConstraint(readGivenFlags(members["parse"]), typed);
}

function isTexts(value: unknown): value is string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string")
  );
}

/** Describes an unknown flag by its name, without its value. */
function describeUnknownFlag(given: string, typed: Typed): Complaint {
  const name = given.replace(/=.*$/s, "");
  const bare = name.replace(/^-+/, "");
  const message = `latchkey ${typed.command} has no flag ${name}.`;
  const meant = findMeantFlag(name, typed);
  if (meant !== undefined) return { message, hint: meant };
  const turnedOff = bare.replace(/^no-/, "");
  if (turnedOff !== bare && turnedOff in typed.flags)
    return { message, hint: `Leave --${turnedOff} out: it is off unless it is given.` };
  const close = bare.length > 1 ? closestMatches(bare, listFlagNames(typed)) : [];
  return {
    message,
    hint:
      close.length > 0
        ? `The nearest: ${close.map((flag) => `--${flag}`).join(", ")}`
        : flagHint(typed),
  };
}

/** For `exec`, the flag may belong to the command that it runs. */
function flagHint(typed: Typed): string {
  if (typed.command !== "exec") return helpHint(typed);
  const [name = "PROFILE"] = listWords(typed);
  return `Flags of the command come after its name, or after --: latchkey exec ${quoteShellWord(name)} -- COMMAND`;
}

function listFlagNames({ flags }: Typed): string[] {
  return [
    "help",
    ...Object.entries(flags)
      .filter(([, { hidden }]) => hidden !== true)
      .flatMap(([name, { aliases = [], allowNo = false }]) => [
        name,
        ...aliases,
        ...(allowNo ? [`no-${name}`] : []),
      ]),
  ];
}

function describeFurtherWord(word: string, typed: Typed): Complaint {
  const valued = typed.argv.find((each) => isValuedSwitch(each, typed));
  if (valued !== undefined) {
    const [name = ""] = valued.split("=");
    return { message: `${name} takes no value.`, hint: `Write it without: ${name}` };
  }
  const names = Object.keys(typed.args).map((name) => name.toUpperCase());
  const message =
    names.length === 0
      ? `latchkey ${typed.command} takes no further word: "${word}".`
      : `latchkey ${typed.command} takes no word after ${names.join(" ")}: "${word}".`;
  const flag = guessFlag(word, typed);
  if (flag === undefined) return { message, hint: helpHint(typed) };
  const at = typed.argv.lastIndexOf(word);
  const line = typed.argv.toSpliced(at, 1, flag, word).map(quoteShellWord).join(" ");
  return { message, hint: `latchkey ${typed.command} ${line}` };
}

/** Returns whether the word is like `--json=true`, which oclif reads as the flag and a further word. */
function isValuedSwitch(word: string, typed: Typed): boolean {
  const [name = "", value] = word.split("=");
  const flag = name.startsWith("--") ? typed.flags[name.slice(2)] : undefined;
  return value !== undefined && flag?.type === "boolean";
}

function describeMissingWord(typed: Typed): Complaint | undefined {
  const words = listWords(typed);
  const [name, arg] =
    Object.entries(typed.args).filter(([, { required }]) => required === true)[words.length] ?? [];
  if (name === undefined) return undefined;
  const [first] = arg?.options ?? [];
  const kind = arg?.options === undefined ? "" : `: ${formatOptions(arg.options)}`;
  return {
    message: `latchkey ${typed.command} needs ${name.toUpperCase()}${kind}.`,
    hint: first === undefined ? helpHint(typed) : `Such as: latchkey ${typed.command} ${first}`,
  };
}

/** Returns the flags that had a value when oclif checked the relations of flags; undefined if parsing ended earlier. */
function readGivenFlags(parse: unknown): ReadonlySet<string> | undefined {
  const { output } = (parse ?? {}) as {
    output?: { flags: object; metadata?: { flags?: Record<string, { setFromDefault?: boolean }> } };
  };
  if (output === undefined) return undefined;
  const given = Object.entries(output.flags).filter(
    ([name, value]) =>
      value !== undefined && output.metadata?.flags?.[name]?.setFromDefault !== true,
  );
  return new Set(given.map(([name]) => name));
}

/** Describes flags that can't be used together, or that need another flag. */
function describeConstraint(
  given: ReadonlySet<string> | undefined,
  typed: Typed,
): Complaint | undefined {
  for (const [name, flag] of given === undefined ? [] : Object.entries(typed.flags)) {
    const complaint = given?.has(name)
      ? describeCompany(name, flag, { given, typed })
      : describeAbsence(name, flag, given ?? new Set());
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}

function describeCompany(
  name: string,
  flag: FlagDefinition,
  { given, typed }: { readonly given: ReadonlySet<string>; readonly typed: Typed },
): Complaint | undefined {
  const own = nameOfFlag(name, typed);
  const rival = [...toNames(flag.exclusive), ...toNames(flag.exactlyOne)].find(
    (other) => other !== name && given.has(other),
  );
  if (rival !== undefined) {
    const other = nameOfFlag(rival, typed);
    return {
      message: `${own} and ${other} can't be used together.`,
      hint: `Give ${own} or ${other}.`,
    };
  }
  const missing = toNames(flag.dependsOn).find((other) => !given.has(other));
  return missing === undefined
    ? undefined
    : { message: `${own} needs --${missing}.`, hint: `Add --${missing}, or leave ${own} out.` };
}

function describeAbsence(
  name: string,
  flag: FlagDefinition,
  given: ReadonlySet<string>,
): Complaint | undefined {
  if (flag.required === true)
    return { message: `--${name} is missing.`, hint: `Add --${name} ${formatValue(flag)}.` };
  const choice = flag.exactlyOne ?? flag.atLeastOne ?? [];
  if (choice.length === 0 || choice.some((other) => given.has(other))) return undefined;
  const names = formatOptions([...new Set(choice)].map((other) => `--${other}`));
  return { message: `One of these flags is missing: ${names}.`, hint: `Give ${names}.` };
}

function toNames(relations: readonly unknown[] = []): string[] {
  return relations.flatMap((each) => (typeof each === "string" ? [each] : []));
}

/** Returns the flag's name, or the name of the variable that was set instead of the flag. */
function nameOfFlag(name: string, typed: Typed): string {
  const variable = typed.flags[name]?.env;
  const isTyped = listTokens(typed).some((token) => token.flag === name);
  return isTyped || variable === undefined ? `--${name}` : variable;
}

/** Describes a single wrong flag or word. */
function describeTokens(typed: Typed): Complaint | undefined {
  const seen = new Set<string>();
  for (const { flag: name, value } of listTokens(typed)) {
    const flag = name === undefined ? undefined : typed.flags[name];
    if (name === undefined || flag?.type !== "option") continue;
    if (seen.has(name) && flag.multiple !== true)
      return { message: `--${name} was given twice.`, hint: `Give --${name} once.` };
    seen.add(name);
    if (value === undefined)
      return {
        message: `--${name} needs a value.`,
        hint: `Write: --${name} ${formatValue(flag)}`,
      };
    if (flag.options?.includes(value) === false) return describeOption(`--${name}`, value, flag);
  }
  return describeWrongWord(typed) ?? describeWrongVariable(typed, seen);
}

function describeWrongWord(typed: Typed): Complaint | undefined {
  const words = listWords(typed);
  const [name, arg, word] =
    Object.entries(typed.args)
      .map(([each, definition], index) => [each, definition, words[index]] as const)
      .find(
        ([, { options }, given]) => given !== undefined && options?.includes(given) === false,
      ) ?? [];
  return name === undefined || word === undefined
    ? undefined
    : describeOption(name.toUpperCase(), word, arg ?? {});
}

function describeWrongVariable(
  { flags, env }: Typed,
  seen: ReadonlySet<string>,
): Complaint | undefined {
  for (const [name, flag] of Object.entries(flags)) {
    const value = flag.env === undefined ? undefined : env[flag.env];
    if (value && !seen.has(name) && flag.options?.includes(value) === false)
      return describeOption(flag.env ?? "", value, flag);
  }
  return undefined;
}

function describeOption(
  name: string,
  value: string,
  { options = [] }: Pick<FlagDefinition, "options">,
): Complaint {
  const [nearest] = closestMatches(value, options);
  const all = `It can be ${formatOptions(options)}.`;
  return {
    message: `${name} can't be "${value}".`,
    hint: nearest === undefined ? all : `Did you mean ${nearest}? ${all}`,
  };
}

/** Describes a value that the flag's own parser refuses, such as a number out of range or an invalid URL. */
async function describeRefusedValue(typed: Typed): Promise<Complaint | undefined> {
  for (const { flag: name, value } of listTokens(typed)) {
    const flag = name === undefined ? undefined : typed.flags[name];
    if (value === undefined || flag?.type !== "option" || flag.parse === undefined) continue;
    try {
      await flag.parse(value as never, {} as never, flag as never);
    } catch {
      return { message: `--${name} can't be "${value}".`, hint: describeRange(flag, typed) };
    }
  }
  return undefined;
}

function describeRange(flag: FlagDefinition, typed: Typed): string {
  const { min, max } = flag;
  if (min === undefined) return helpHint(typed);
  return `Give a whole number, ${max === undefined ? `${min} or more` : `${min} to ${max}`}.`;
}

function formatValue({ options, helpValue }: FlagDefinition): string {
  if (options !== undefined) return options.join("|");
  return typeof helpValue === "string" ? helpValue : "VALUE";
}

/** Returns a list like `a, b or c`. */
function formatOptions(options: readonly string[]): string {
  const last = options.at(-1) ?? "";
  return options.length < 2 ? last : `${options.slice(0, -1).join(", ")} or ${last}`;
}

function helpHint({ command }: Typed): string {
  return `See what it takes: latchkey ${command} --help`;
}
