import type { Interfaces } from "@oclif/core";
import { setLogger } from "@oclif/core/logger";
import { EXIT, usageError, type ExitCode } from "../errors.ts";
import { ProgramConfig, type Package } from "./config.ts";
import { readRequest } from "./request.ts";

/** What oclif's static `run` calls once it has loaded its own view of the program, which ours need not. */
type CommandClass = new (
  argv: string[],
  config: ProgramConfig,
) => { calledAs: string; _run(): Promise<ExitCode> };

/**
 * Does what the words ask for: a command through oclif, its help, or what there is besides.
 * @returns what the command returned
 * @throws whatever the command threw; LatchkeyError USAGE where no command is named
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
 * oclif's own `run` would load the help by its path; in one file without Node there are no paths, so it is imported here
 * (decision 4).
 */
async function showHelp(id: string | undefined, config: ProgramConfig): Promise<ExitCode> {
  const { default: LatchkeyHelp } = await import("./help.ts");
  await new LatchkeyHelp(config).showHelp(id === undefined ? ["--help"] : [id]);
  return EXIT.OK;
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
