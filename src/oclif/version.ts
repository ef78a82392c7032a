import { writeChecked } from "../fs/write.ts";
import { runtimeName } from "../terminal/program.ts";
import { formatJson } from "../text/terminal.ts";
import type { Package } from "./config.ts";

export interface VersionJson {
  readonly name: string;
  readonly version: string;
  /** The platform in Node's words, such as `linux-x64`. */
  readonly platform: string;
  /** The runtime and its version. */
  readonly runtime: string;
}

const VERSION_WORDS: ReadonlySet<string | undefined> = new Set([
  "--version",
  "-v",
  "-V",
  "version",
]);
const OTHER_FLAGS: ReadonlySet<string> = new Set(["--json", "--debug", "--no-color"]);

/**
 * Returns whether the version is requested. The version is printed without loading oclif, because scripts ask for it at
 * every start.
 */
export function isVersionRequest(argv: readonly string[]): boolean {
  return VERSION_WORDS.has(argv.find((word) => !OTHER_FLAGS.has(word)));
}

export function printVersion({ packageJson }: Package, json: boolean): void {
  const value: VersionJson = {
    name: packageJson.name,
    version: packageJson.version,
    platform: `${process.platform}-${process.arch}`,
    runtime: runtimeName(),
  };
  const { name, version, platform, runtime } = value;
  const text = `${name}/${version} ${platform} ${runtime}`;
  writeChecked(1, json ? formatJson(value) : `${text}\n`);
}
