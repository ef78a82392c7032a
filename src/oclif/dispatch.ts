import type { Interfaces } from "@oclif/core";
import { CLIError, ExitError } from "@oclif/core/errors";
import { normalizeArgv } from "@oclif/core/help";
import { setLogger } from "@oclif/core/logger";
import { helpAddition } from "@oclif/core/run";
import { Judged, type LatchkeyCommand } from "../cli/command.ts";
import { LatchkeyError } from "../errors.ts";
import { ProgramConfig, type Package } from "./config.ts";

type CommandClass = new (argv: string[], config: ProgramConfig) => LatchkeyCommand;

/**
 * Runs the command that the words name, through oclif.
 * @returns the exit code of a command that did what it should
 * @throws whatever the command threw; what oclif itself complains about as LatchkeyError USAGE
 */
export async function dispatch(argv: string[], program: Package): Promise<number> {
  try {
    // As git and gh have it.
    await run(argv[0] === "help" ? [...argv.slice(1), "--help"] : argv, program);
    return 0;
  } catch (thrown) {
    if (thrown instanceof Judged) return thrown.exitCode;
    if (thrown instanceof ExitError) return thrown.oclif.exit ?? 0;
    throw thrown instanceof CLIError ? usageError(thrown) : thrown;
  }
}

/**
 * oclif's own `run` would load the help and the answer to an unknown command by their paths; in one file without Node
 * there are no paths, so both are imported here (decision 4).
 */
async function run(argv: string[], program: Package): Promise<void> {
  silenceOclif(program.root);
  const config = new ProgramConfig(program);
  const showHelp = async (words: string[]): Promise<void> => {
    const { default: LatchkeyHelp } = await import("./help.ts");
    await new LatchkeyHelp(config).showHelp(words);
  };
  if (helpAddition(argv, config)) return showHelp(argv);
  const [id = "", ...words] = normalizeArgv(config, argv);
  const found = config.findCommand(id);
  if (found !== undefined) {
    const Door = (await found.load()) as unknown as CommandClass;
    return new Door(words, config).start();
  }
  if (config.findTopic(id) !== undefined) return showHelp([id]);
  const { unknownCommand } = await import("./help.ts");
  throw unknownCommand(id, config);
}

/** oclif tells every argument and flag on stderr where DEBUG is set, as it is for some other program in many a shell. */
function silenceOclif(root: string): void {
  const nothing = (): void => undefined;
  const silent: Interfaces.Logger = {
    namespace: "oclif",
    child: () => silent,
    debug: nothing,
    error: nothing,
    info: nothing,
    trace: nothing,
    warn: nothing,
  };
  setLogger({ root, logger: silent });
}

/** oclif's complaints about flags and arguments become ours: USAGE, one sentence, no advertisement for --help. */
function usageError(thrown: CLIError): LatchkeyError {
  const message = thrown.message
    .replace(/\n?See more help with --help\s*$/, "")
    .replace(/\s*\n\s*/g, " ")
    .trim();
  return new LatchkeyError("USAGE", /[.!?]$/.test(message) ? message : `${message}.`, {
    hint: "Add --help to see what this command takes.",
    cause: thrown,
  });
}
