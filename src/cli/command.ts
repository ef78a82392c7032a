import { Command, Flags, type Interfaces } from "@oclif/core";
import { CLIError } from "@oclif/core/errors";
import type { Context, Words } from "../context.ts";
import { createRealContext } from "./real-context.ts";
import { hasCode, isExpectedFailure, type LatchkeyError, type ExitCode } from "../errors.ts";
import { trace } from "../trace.ts";
import { readText, toRecord } from "../text/json.ts";
import { takeOwnWords } from "../text/exec-words.ts";
import type { Look } from "../text/paint.ts";
import {
  formatCsv,
  formatTable,
  isAwsName,
  planPrint,
  toJsonRows,
  type AwsOutput,
  type ColumnsOf,
  type FormatFlags,
  type ListFlags,
  type RowJson,
} from "./output.ts";

const streamFlags = {
  debug: Flags.boolean({
    description: "explain each step on stderr (or LATCHKEY_DEBUG=1)",
    helpGroup: "GLOBAL",
  }),
  "no-color": Flags.boolean({
    description: "print no colours (as NO_COLOR=1)",
    helpGroup: "GLOBAL",
  }),
  timeout: Flags.integer({
    description: "give up after this long without an answer (terminal: 10)",
    helpValue: "SECONDS",
    helpGroup: "GLOBAL",
    min: 1,
    max: 3600,
  }),
};

/**
 * The base of every command: it adds --debug and a context, and converts oclif's errors. Used directly for commands
 * whose stdout goes to another program.
 */
export abstract class StreamCommand extends Command {
  static override baseFlags = streamFlags;

  /** The id under which the command was called: the command's own id or an alias. */
  calledAs: string = this.id ?? "";

  private made: Context | undefined;
  private timeoutSeconds: number | undefined;

  protected get context(): Context {
    const { id = "", timeoutSeconds } = this;
    const isPlain = this.listOwnWords().includes("--no-color");
    this.made ??= createRealContext(toTypedWords(id), { isPlain, timeoutSeconds });
    return this.made;
  }

  /** Returns the words of the command line, without those of the program that `exec` starts. */
  private listOwnWords(): string[] {
    return takeOwnWords(this.id ?? "", this.argv, { ...this.ctor.baseFlags, ...this.ctor.flags });
  }

  /** Parsing also sets the timeout of the context. */
  protected override async parse<F extends Values, B extends Values, A extends Values>(
    options?: Interfaces.Input<F, B, A>,
    argv?: string[],
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv);
    const { timeout } = toRecord(parsed.flags);
    if (typeof timeout === "number") this.timeoutSeconds = timeout;
    trace(
      () =>
        `command ${toTypedWords(this.id ?? "")}, flags: ${Object.keys(parsed.flags).join(", ")}`,
    );
    return parsed;
  }

  /**
   * @returns the exit code of the process. A command that worked returns a code other than 0 if its result is negative.
   */
  abstract override run(): Promise<ExitCode>;

  /**
   * oclif would read a missing argument from stdin, which belongs to the child of `exec`, or to the shell loop that
   * reads a list.
   */
  protected override async init(): Promise<void> {
    await super.init();
    for (const arg of Object.values(this.ctor.args)) arg.ignoreStdin = true;
  }

  /** Errors are printed only in src/main.ts; oclif would print them differently. */
  protected override async catch(thrown: Interfaces.CommandError): Promise<never> {
    this.made?.terminal.clearProgress();
    if (thrown instanceof CLIError) throw await this.toParseError(thrown);
    if (isExpectedFailure(thrown)) thrown.message = dropParserWords(thrown.message);
    throw await this.explain(thrown);
  }

  private async toParseError(thrown: CLIError): Promise<LatchkeyError> {
    const { toParseError } = await import("./parse-errors.ts");
    return toParseError(thrown, {
      command: toTypedWords(this.id ?? ""),
      argv: this.argv,
      flags: { ...this.ctor.baseFlags, ...this.ctor.flags },
      args: this.ctor.args,
      env: this.context.env,
    });
  }

  /** If the local files show the reason of a failure about a profile, adds the reason to the error. */
  private async explain(thrown: unknown): Promise<unknown> {
    if (this.made === undefined || !isExpectedFailure(thrown)) return thrown;
    if (!hasCode(thrown, "CONFIG_INVALID", "ACCESS_DENIED", "UNREACHABLE")) return thrown;
    const profile = WRITES_PROFILES.test(this.id ?? "") ? undefined : await this.findProfile();
    if (profile === undefined) return thrown;
    const { explainFailure } = await import("../doctor/explain.ts");
    return explainFailure(this.made, thrown, profile);
  }

  /** Returns the profile that the command line or the environment selects. */
  private async findProfile(): Promise<string | undefined> {
    const { args: known, flags: knownFlags } = this.ctor;
    if (!("profile" in known) && !("profile" in knownFlags)) return undefined;
    const { args, flags } = await this.parse(this.ctor, this.listOwnWords());
    const words = [args["profile"] ?? args["session"] ?? []].flat().map(String);
    if (words.length > 0) {
      const { findTypedProfile } = await import("../choice/words.ts");
      return findTypedProfile(this.context, words);
    }
    const typed = readText(toRecord(flags)["profile"]);
    if (typed !== undefined) return typed;
    const { env } = this.context;
    const { findEnvironmentCredentials, findEnvironmentProfile } =
      await import("../model/aws-environment.ts");
    return findEnvironmentCredentials(env) === undefined ? findEnvironmentProfile(env) : undefined;
  }
}

/**
 * A command with --json, and output through the checked writer. `Output` is the type of the value printed with --json;
 * `never` for a command without one.
 */
export abstract class LatchkeyCommand<Output = never> extends StreamCommand {
  static override baseFlags = {
    json: Flags.boolean({
      description: "print one JSON value on stdout, also on failure",
      helpGroup: "GLOBAL",
    }),
    ...streamFlags,
  };

  /** Prints the result: the JSON value with --json, otherwise the text. */
  protected print(json: boolean, value: Output, text: () => string, look?: Look): void {
    if (json) this.printJson(value);
    else this.context.terminal.write(text(), look);
  }

  /** Like print, but the text goes to stderr because it reports what was done. */
  protected report(json: boolean, value: Output, text: () => Words): void {
    if (json) this.printJson(value);
    else this.context.terminal.say(text());
  }

  protected printJson(value: Output): void {
    this.context.terminal.writeJson(value);
  }

  /** Like print, with --output and --query. */
  protected async printFormatted(
    flags: FormatFlags,
    value: Output,
    text: () => string,
    aws?: AwsOutput,
  ): Promise<void> {
    const shape = !flags.json && isAwsName(this.calledAs) ? aws : undefined;
    const plan = planPrint(flags, shape);
    if (plan.kind !== "format") return this.print(plan.kind === "json", value, plan.text ?? text);
    const { formatValue } = await import("./formats.ts");
    const { terminal } = this.context;
    const printed = shape === undefined ? value : shape.value;
    terminal.write(await formatValue(printed, { ...plan, surface: terminal.stdout }));
  }

  /** Prints a list as CSV, as JSON or another format, or as a table. */
  protected async printRows<Row, C extends ColumnsOf<Row>>(
    this: LatchkeyCommand<RowJson<C>[]>,
    columns: C,
    rows: readonly Row[],
    { flags, aws }: { readonly flags: ListFlags; readonly aws?: AwsOutput },
  ): Promise<void> {
    const { terminal } = this.context;
    if (flags.csv) terminal.write(formatCsv(columns, rows, terminal.stdout));
    else
      await this.printFormatted(
        flags,
        toJsonRows(columns, rows),
        () => formatTable(columns, rows, terminal.stdout),
        aws,
      );
  }

  /** Returns whether the output is for a person and not a script. */
  protected isForPeople({ json, output = "table", query }: FormatFlags): boolean {
    return !json && output === "table" && query === undefined && !isAwsName(this.calledAs);
  }

  /** Prints below a list the number of rows, and what has changed since the last listing. */
  protected saySummary(flags: ListFlags, length: string, changes?: Words): void {
    if (!this.isForPeople(flags)) return;
    if (!flags.csv) this.context.terminal.say(length);
    if (changes !== undefined) this.context.terminal.say(changes, "plan");
  }
}

/** oclif's type for the values of flags and arguments. */
type Values = Interfaces.OutputFlags<Interfaces.FlagInput>;

/** Commands whose --profile is the profile to write, or an administrator's. */
const WRITES_PROFILES = /^(configure|profiles|federation)\b/;

/** Returns examples of a command, given as the words after its name; a pair starts with a description. */
export function examples(
  ...all: readonly (string | readonly [description: string, words: string])[]
): Command.Example[] {
  return all.map((example) =>
    typeof example === "string"
      ? formatExample(example)
      : { description: example[0], command: formatExample(example[1]) },
  );
}

/**
 * Returns the text of a description without its indentation. The lines of a paragraph are joined, since the help wraps
 * them; a line that is indented further is not joined.
 */
export function prose(text: string): string {
  return text
    .trim()
    .replace(/^ {4}/gm, "")
    .replace(/(?<!\n)\n(?! {2}|\n)/g, " ");
}

function formatExample(words: string): string {
  return `<%= config.bin %> <%= command.id %> ${words}`.trimEnd();
}

/** Removes the text that oclif adds around an error in a flag's value. */
function dropParserWords(message: string): string {
  return message.replace(/^Parsing --\S+ \n\t/, "").replace(/\n?See more help with --help\s*$/, "");
}

/** Returns a command's id as users type it: `profiles:sync` is `profiles sync`. */
function toTypedWords(id: string): string {
  return id.replaceAll(":", " ");
}
