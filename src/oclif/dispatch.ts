import type { Interfaces } from "@oclif/core";
import { setLogger } from "@oclif/core/logger";
import { EXIT, usageError, type ExitCode } from "../errors.ts";
import { ProgramConfig, type Package } from "./config.ts";
import { readRequest } from "./request.ts";

/**
 * The part of a command class that oclif's static `run` would call after loading its own Config, which is not needed
 * here.
 */
type CommandClass = new (
  argv: string[],
  config: ProgramConfig,
) => { calledAs: string; _run(): Promise<ExitCode> };

/**
 * Runs the requested command through oclif, or prints help or the overview.
 * @returns the command's exit code.
 * @throws any error of the command; LatchkeyError USAGE if the words name no command.
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
 * oclif's own `run` would load the help class by its path. A single-file build without Node has no paths, so the class
 * is imported here (decision 4).
 */
async function showHelp(id: string | undefined, config: ProgramConfig): Promise<ExitCode> {
  const { default: LatchkeyHelp } = await import("./help.ts");
  await new LatchkeyHelp(config).showHelp(id === undefined ? ["--help"] : [id]);
  return EXIT.OK;
}

/** oclif logs every argument and flag to stderr if DEBUG is set, and many users set DEBUG for other programs. */
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
