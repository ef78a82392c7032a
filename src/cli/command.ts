import { Command, Errors, Flags, type Interfaces } from "@oclif/core";
import { type Context } from "../context.ts";
import { realContext, withoutPerson } from "./real-context.ts";

/** What every door has: --json, --debug, a context, and output through the one checked writer. */
export abstract class LatchkeyCommand extends Command {
  static override baseFlags = {
    json: Flags.boolean({
      description: "print one JSON value on stdout, also on failure",
      helpGroup: "GLOBAL",
    }),
    debug: Flags.boolean({
      description: "show the stack of an unexpected error",
      helpGroup: "GLOBAL",
    }),
  };

  private made: Context | undefined;

  protected get context(): Context {
    this.made ??= realContext();
    return this.made;
  }

  /** Runs it. oclif's static `run` would load its own view of the program first. */
  async start(): Promise<void> {
    await this._run();
  }

  /** The context of a command that a program runs: nothing is ever asked. */
  protected get unattended(): Context {
    return withoutPerson(this.context);
  }

  /**
   * Arguments come from the command line alone. oclif would take one that is missing from stdin, which belongs to the
   * child of `exec`, or to the loop around us that is reading a list.
   */
  protected override async parse<
    F extends Interfaces.OutputFlags<F>,
    B extends Interfaces.OutputFlags<B>,
    A extends Interfaces.OutputArgs<A>,
  >(
    options: Interfaces.Input<F, B, A>,
    argv?: string[],
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const args = Object.fromEntries(
      Object.entries<object>(options.args ?? {}).map(([name, arg]) => [
        name,
        { ...arg, ignoreStdin: true },
      ]),
    );
    const { baseFlags = {} as Interfaces.FlagInput<B> } = options; // inherited: a copy of a class has only its own
    return super.parse({ ...options, baseFlags, args: args as Interfaces.ArgInput<A> }, argv);
  }

  /** Prints the result: the JSON value where it was asked for, else what a person reads. */
  protected print(json: boolean, value: unknown, text: () => string): void {
    this.context.terminal.write(json ? `${JSON.stringify(value, undefined, 2)}\n` : text());
  }

  /** Ends with an exit code although the command did what it should: it judged. */
  protected exitWith(code: number): void {
    if (code !== 0) throw new Judged(code);
  }

  /** Errors are rendered in one place, src/main.ts, on a line of their own; oclif would print them its own way. */
  protected override async catch(thrown: Interfaces.CommandError): Promise<never> {
    this.made?.terminal.progress("");
    if (!(thrown instanceof Errors.CLIError)) throw thrown;
    const { unknownFlag } = await import("../oclif/help.ts");
    throw (
      unknownFlag(thrown, this.id ?? "", { ...this.ctor.baseFlags, ...this.ctor.flags }) ?? thrown
    );
  }
}

/** Not an error: a command that printed its result and whose exit code says what the result is. */
export class Judged extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super("judged");
    this.exitCode = exitCode;
  }
}
