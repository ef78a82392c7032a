import { hostname } from "node:os";
import { EXIT, LatchkeyError } from "../errors.ts";
import { writeChecked, writeIfPossible } from "../fs/write.ts";
import { isTerminal } from "../fs/descriptor.ts";
import { homeDirectory } from "../fs/paths.ts";
import { findAutomationMark } from "../model/login-method.ts";
import { programCommand } from "../terminal/program.ts";
import { createTerminal } from "../terminal/terminal.ts";
import type { Context, Environment, KeychainAct, Terminal } from "../context.ts";

export function createRealContext(command: string): Context {
  const env = process.env;
  const interruption = listenForInterruption();
  return {
    env,
    home: homeDirectory(env),
    hostname: hostname(),
    platform: process.platform,
    command,
    program: programCommand(),
    terminal: createRealTerminal(env, interruption),
    now: () => new Date(),
    monotonic: () => process.uptime() * 1000,
    interruption,
    sleep: (milliseconds) => sleepUnlessInterrupted(milliseconds, interruption),
    openBrowser: async (url, command) => {
      const { openInBrowser } = await import("../terminal/browser.ts");
      return openInBrowser(url, command);
    },
    keychainKey: askOnce(env, interruption),
  };
}

function askOnce(env: Environment, interruption: AbortSignal): Context["keychainKey"] {
  let answer: Promise<Uint8Array | undefined> | undefined;
  const ask = async (act: KeychainAct): Promise<Uint8Array | undefined> => {
    const { keychainKey } = await import("../terminal/keychain.ts");
    return keychainKey(env, act, interruption);
  };
  return (act) => {
    if (answer === undefined || act === "create") answer = ask(act);
    return answer;
  };
}

/** For what a program runs: nothing is ever asked, also where a terminal happens to be there. */
export function toUnattended(context: Context): Context {
  return { ...context, terminal: { ...context.terminal, interactive: false } };
}

function createRealTerminal(env: Environment, interruption: AbortSignal): Terminal {
  const [stdoutIsTerminal, stderrIsTerminal] = [isTerminal(1), isTerminal(2)];
  const stderrColumns = stderrIsTerminal ? process.stderr.columns : 0;
  return createTerminal({
    streams: () => ({ input: process.stdin, output: process.stderr }),
    interruption,
    interactive: stderrIsTerminal && isTerminal(0) && findAutomationMark(env) === undefined,
    stderrIsTerminal,
    columns: (stdoutIsTerminal ? process.stdout.columns : stderrColumns) || 80,
    // https://no-color.org: set and not empty.
    colours: stderrIsTerminal && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb",
    writeOut: (text) => writeChecked(1, text),
    writeError: (text) => writeIfPossible(2, text),
  });
}

const EXIT_BY_SIGNAL = {
  SIGINT: EXIT.INTERRUPTED,
  SIGTERM: EXIT.TERMINATED,
  SIGHUP: EXIT.TERMINATED,
} as const;

/**
 * The first signal asks: whatever waits rejects, and what is between a service's answer and the disk is finished
 * first, since that is synchronous. The second signal ends the process at once.
 */
function listenForInterruption(): AbortSignal {
  const controller = new AbortController();
  for (const [signal, exitCode] of Object.entries(EXIT_BY_SIGNAL)) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(exitCode);
      controller.abort(new LatchkeyError("CANCELLED", "Cancelled.", { exitCode }));
    });
  }
  return controller.signal;
}

/** @throws the interruption's reason. */
async function sleepUnlessInterrupted(
  milliseconds: number,
  interruption: AbortSignal,
): Promise<void> {
  const { setTimeout } = await import("node:timers/promises");
  try {
    await setTimeout(milliseconds, undefined, { signal: interruption });
  } catch (thrown) {
    interruption.throwIfAborted();
    throw thrown;
  }
}
