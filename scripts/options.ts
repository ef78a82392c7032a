// Reads the command line of every script, prints its help, and refuses unknown options.
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";

interface Usage<Options extends ParseArgsOptionsConfig> {
  /** The text that `--help` prints. */
  readonly help: string;
  readonly options: Options;
  /** The maximum number of positional arguments. */
  readonly words?: number;
}

/**
 * Returns the options and positional arguments of this run. `--help` prints the help and ends the process. An unknown
 * option, or too many arguments, ends the process with exit code 2.
 */
export function readOptions<const Options extends ParseArgsOptionsConfig>(usage: Usage<Options>) {
  const { values, positionals } = parseOrRefuse(usage.options);
  if ("help" in values) {
    console.log(usage.help.trim());
    process.exit(0);
  }
  if (positionals.length > (usage.words ?? 0)) refuse(`Unexpected: ${positionals.join(" ")}`);
  return { values, words: positionals };
}

function parseOrRefuse<const Options extends ParseArgsOptionsConfig>(options: Options) {
  try {
    return parseArgs({
      options: { ...options, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
  } catch (thrown) {
    refuse(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** Prints what is wrong with the command line, and ends the process. */
export function refuse(message: string): never {
  console.error(`${message}\nSee --help.`);
  process.exit(2);
}
