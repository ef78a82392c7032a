import { expect } from "vitest";
import type { EmulatorOptions } from "../../src/emulator/emulator.ts";
import { runProgram, type RunOptions, type RunResult } from "./child.ts";
import { createEmulatedHome, signIn, type EmulatedHome } from "./emulated-home.ts";
import { PROGRAM } from "./program.ts";
import { recordRun } from "./record.ts";

export { createReturningBrowser } from "./browser.ts";
export { runProgram, type RunOptions, type RunResult } from "./child.ts";
export {
  CORP_TOKEN,
  expireTokenFile,
  listCachedRoleFiles,
  makeRenewalsDue,
  SESSION_CONFIG,
  type TokenFileJson,
} from "./emulated-home.ts";
export { testOnNodeOnly } from "./on-node-only.ts";
export { isOnWindows, leaveOutOnWindows, testOnPosixOnly } from "./windows.ts";
export { isStandalone, PROGRAM } from "./program.ts";
export { sessionConfig } from "./session-config.ts";

/** An emulated home in which the built program runs as a child process. */
export interface Home extends EmulatedHome {
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Runs with --json, expects exit 0, and returns the JSON value on stdout, with the type that the command exports. */
  runJson<Json>(argv: readonly string[], options?: RunOptions): Promise<Json>;
}

export async function createHome(options: EmulatorOptions = {}): Promise<Home> {
  return giveProgram(await createEmulatedHome(options));
}

/** Returns the same home with functions to run the built program. */
export function giveProgram(emulated: EmulatedHome): Home {
  const { path, emulator, env } = emulated;
  const home: Home = {
    ...emulated,
    async run(argv, runOptions = {}) {
      const result = await runProgram([...PROGRAM, ...argv], env, runOptions);
      recordRun({ argv, ...result, home: path, url: emulator.url });
      return result;
    },
    async runJson<Json>(argv: readonly string[], runOptions?: RunOptions) {
      const result = await home.run([...argv, "--json"], runOptions);
      expect(result, result.stderr).toMatchObject({ exitCode: 0 });
      return parseOutput<Json>(result);
    },
  };
  return home;
}

/** Returns the JSON value on stdout, with the type that the command exports. */
export function parseOutput<Json>({ stdout }: Pick<RunResult, "stdout">): Json {
  return JSON.parse(stdout) as Json;
}

/** Makes a home with the config of the session "corp", signed in: it has the files that `login` writes. */
export async function createSignedInHome(options: EmulatorOptions = {}): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 0 }, ...options });
  signIn(home);
  return home;
}
