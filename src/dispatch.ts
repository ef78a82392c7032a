import { Config } from "@oclif/core/config";
import { CLIError, ExitError } from "@oclif/core/errors";
import { normalizeArgv } from "@oclif/core/help";
import { helpAddition } from "@oclif/core/run";
import { Judged } from "./command.ts";
import { LatchkeyError } from "./errors.ts";
import { rootPlugin, type Package } from "./root-plugin.ts";

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
  const plugin = rootPlugin(program);
  const config = await Config.load({ root: plugin.root, plugins: new Map([[plugin.name, plugin]]) });
  const showHelp = async (words: string[]): Promise<void> => {
    const { default: LatchkeyHelp } = await import("./help.ts");
    await new LatchkeyHelp(config).showHelp(words);
  };
  if (helpAddition(argv, config)) return showHelp(argv);
  const [id = "", ...words] = normalizeArgv(config, argv);
  const command = config.findCommand(id);
  if (command !== undefined) {
    await config.runCommand(id, words, command);
    return;
  }
  if (config.findTopic(id) !== undefined) return showHelp([id]);
  const { unknownCommand } = await import("./help.ts");
  throw unknownCommand(id, config);
}

/** oclif's complaints about flags and arguments become ours: USAGE, one sentence, no advertisement for --help. */
function usageError(thrown: CLIError): LatchkeyError {
  const message = thrown.message.replace(/\n?See more help with --help\s*$/, "").replace(/\s*\n\s*/g, " ").trim();
  return new LatchkeyError("USAGE", /[.!?]$/.test(message) ? message : `${message}.`, { hint: "Add --help to see what this command takes.", cause: thrown });
}
