import type { Interfaces } from "@oclif/core";
import { setLogger } from "@oclif/core/logger";
import { EXIT, usageError, type ExitCode } from "../errors.ts";
import { ProgramConfig, type Package } from "./config.ts";
import { readRequest } from "./request.ts";

/**
 * The constructor of a command class, which is called directly. oclif's static `run` would load its own Config first,
 * which is not needed.
 */
type CommandClass = new (
  argv: string[],
  config: ProgramConfig,
) => { calledAs: string; _run(): Promise<ExitCode> };

/**
 * Runs the requested command through oclif, or prints help or the overview.
 * @returns the command's exit code.
 * @throws any error of the command; LatchkeyError USAGE if no command matches the words.
 */
export async function dispatch(argv: readonly string[], program: Package): Promise<ExitCode> {
  silenceOclif(program.root);
  const config = new ProgramConfig(program);
  const request = readRequest(argv, config);
  switch (request.kind) {
    case "run":
      return runCommand(request.id, [...request.words], config);
    case "help":
      return showHelp(request.id, config);
    case "overview": {
      const { printOverview } = await import("./overview.ts");
      await printOverview(request);
      return EXIT.OK;
    }
    case "group":
      throw usageError(
        `latchkey ${request.id} takes a further word.`,
        `See which: latchkey ${request.id} --help`,
      );
    case "unknown": {
      const { offerInstead } = await import("./unknown-words.ts");
      const instead = await offerInstead(request, config, { json: argv.includes("--json") });
      return dispatch(instead, program);
    }
  }
}

async function runCommand(id: string, words: string[], config: ProgramConfig): Promise<ExitCode> {
  const CommandOfId = (await config
    .findCommand(id, { must: true })
    .load()) as unknown as CommandClass;
  const command = new CommandOfId(words, config);
  command.calledAs = id;
  return command._run();
}

/**
 * Prints help. oclif's own `run` would load the help class from a file. The standalone executable has no such file, so
 * the class is imported here (decision 4).
 */
async function showHelp(id: string | undefined, config: ProgramConfig): Promise<ExitCode> {
  const { default: LatchkeyHelp } = await import("./help.ts");
  await new LatchkeyHelp(config).showHelp(id === undefined ? ["--help"] : [id]);
  return EXIT.OK;
}

/**
 * Disables oclif's logger: if DEBUG is set, it prints every argument and flag to stderr, and many users set DEBUG for
 * other programs.
 */
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
