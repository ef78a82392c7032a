import type { Interfaces } from "@oclif/core";
import { CLIError } from "@oclif/core/errors";
import { normalizeArgv } from "@oclif/core/help";
import { setLogger } from "@oclif/core/logger";
import { helpAddition } from "@oclif/core/run";
import { toUsageError } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { ProgramConfig, type Package } from "./config.ts";

/** What oclif's static `run` calls once it has loaded its own view of the program, which ours need not. */
type CommandClass = new (argv: string[], config: ProgramConfig) => { _run(): Promise<ExitCode> };

/**
 * Runs the command that the words name, through oclif.
 * @returns what the command returned
 * @throws whatever the command threw; what oclif itself complains about as LatchkeyError USAGE
 */
export async function dispatch(argv: string[], program: Package): Promise<ExitCode> {
  try {
    // As git and gh have it.
    return await run(argv[0] === "help" ? [...argv.slice(1), "--help"] : argv, program);
  } catch (thrown) {
    throw thrown instanceof CLIError ? toUsageError(thrown) : thrown;
  }
}

/**
 * oclif's own `run` would load the help and the answer to an unknown command by their paths; in one file without Node
 * there are no paths, so both are imported here (decision 4).
 */
async function run(argv: string[], program: Package): Promise<ExitCode> {
  silenceOclif(program.root);
  const config = new ProgramConfig(program);
  const showHelp = async (words: string[]): Promise<ExitCode> => {
    const { default: LatchkeyHelp } = await import("./help.ts");
    await new LatchkeyHelp(config).showHelp(words);
    return EXIT.OK;
  };
  if (helpAddition(argv, config)) return showHelp(argv);
  const [id = "", ...words] = normalizeArgv(config, argv);
  const found = config.findCommand(id);
  if (found !== undefined) {
    const CommandOfId = (await found.load()) as unknown as CommandClass;
    return new CommandOfId(words, config)._run();
  }
  if (config.findTopic(id) !== undefined) return showHelp([id]);
  const { toUnknownCommandError } = await import("./help.ts");
  throw toUnknownCommandError(id, config);
}

/** oclif tells every argument and flag on stderr where DEBUG is set, as it is for some other program in many a shell. */
function silenceOclif(root: string): void {
  const doNothing = (): void => undefined;
  const silent: Interfaces.Logger = {
    namespace: "oclif",
    child: () => silent,
    debug: doNothing,
    error: doNothing,
    info: doNothing,
    trace: doNothing,
    warn: doNothing,
  };
  setLogger({ root, logger: silent });
}
