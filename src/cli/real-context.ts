import { hostname } from "node:os";
import { EXIT, LatchkeyError } from "../errors.ts";
import { writeChecked, writeIfPossible } from "../fs/write.ts";
import { isTerminal } from "../fs/descriptor.ts";
import { describeObstacle, settleOwnState } from "../fs/directories/own-state.ts";
import { homeDirectory } from "../fs/paths.ts";
import { findAutomationMark } from "../model/login-method.ts";
import { createSilence, PERSON_MILLISECONDS } from "../aws/call/silence.ts";
import { notice } from "../terminal/notice.ts";
import { programCommand } from "../terminal/program.ts";
import { createPaint, hasColours } from "../text/paint.ts";
import type { Present } from "../text/terminal.ts";
import { onSettingsDoubt } from "../settings/file.ts";
import { readClockStyle } from "../settings/in-force.ts";
import { createTerminal } from "../terminal/terminal.ts";

export { toUnattended } from "../terminal/terminal.ts";
import type { Context, Environment, KeychainAct, Terminal } from "../context.ts";

interface ContextOptions {
  /** No colours, even if the environment and the terminal allow them: `--no-color`. */
  readonly isPlain?: boolean;
  /** How long services may stay silent, if --timeout was given. */
  readonly timeoutSeconds?: number | undefined;
}

export function createRealContext(
  command: string,
  { isPlain = false, timeoutSeconds }: ContextOptions = {},
): Context {
  const env = process.env;
  const home = homeDirectory(env);
  const interruption = listenForInterruption();
  const terminal = createRealTerminal(env, { interruption, isPlain });
  settleOwnState(home, env, (obstacle, place) => {
    const { what, cure } = describeObstacle(obstacle);
    notice({ terminal }, `${what}: latchkey keeps its own state in ${place}. Cure: ${cure}`);
  });
  onSettingsDoubt(({ path, what, cure }) =>
    notice({ terminal }, `${path} ${what}: latchkey ignores it. Cure: ${cure}`),
  );
  return {
    env,
    home,
    hostname: hostname(),
    platform: process.platform,
    command,
    program: programCommand(),
    terminal,
    now: createNow(() => readClockStyle({ home, env })),
    monotonic,
    silence: createSilence(monotonic, findSilenceLimit(terminal, timeoutSeconds)),
    interruption,
    sleep: (milliseconds) => sleepUnlessInterrupted(milliseconds, interruption),
    openBrowser: async (url, command) => {
      const { openInBrowser } = await import("../terminal/desktop/browser.ts");
      return openInBrowser(url, command, env);
    },
    keychainKey: askOnce(env, interruption),
  };
}

const monotonic = (): number => process.uptime() * 1000;

function findSilenceLimit(
  { interactive }: Terminal,
  timeoutSeconds: number | undefined,
): number | undefined {
  if (timeoutSeconds !== undefined) return timeoutSeconds * 1000;
  return interactive ? PERSON_MILLISECONDS : undefined;
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

/** Adds the clock style to each date. The setting is read once, when a time of day is first shown. */
function createNow(readStyle: () => Present["clock"]): () => Present {
  let style: Present["clock"];
  const clock = { get: () => (style ??= readStyle()) };
  return () => Object.defineProperty(new Date(), "clock", clock);
}

function createRealTerminal(
  env: Environment,
  { interruption, isPlain }: { readonly interruption: AbortSignal; readonly isPlain: boolean },
): Terminal {
  const [stdoutIsTerminal, stderrIsTerminal] = [isTerminal(1), isTerminal(2)];
  // A dumb terminal can't move its cursor, which prompts and progress lines need.
  const isDumb = env["TERM"] === "dumb";
  const isColoured = (stream: boolean): boolean =>
    hasColours(env, { isTerminal: stream, isRefused: isPlain });
  return createTerminal({
    streams: () => ({ input: process.stdin, output: process.stderr }),
    interruption,
    interactive:
      stderrIsTerminal && isTerminal(0) && !isDumb && findAutomationMark(env) === undefined,
    stderrIsTerminal: stderrIsTerminal && !isDumb,
    // A terminal that reports no width has 0 columns.
    columns: (stderrIsTerminal && process.stderr.columns) || 80,
    stdout: {
      columns: stdoutIsTerminal ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY,
      paint: createPaint(isColoured(stdoutIsTerminal)),
    },
    colours: isColoured(stderrIsTerminal),
    rows: (stderrIsTerminal ? process.stderr.rows : 0) || Infinity,
    stopEcho: async () => {
      if (!isTerminal(0)) return () => undefined;
      const { stopEcho } = await import("../terminal/echo.ts");
      return stopEcho(env);
    },
    copy: async (text) => {
      const { copyText } = await import("../terminal/desktop/clipboard.ts");
      const writeTerminal = stderrIsTerminal ? writeToStderr : undefined;
      return copyText(text, { env, platform: process.platform, writeTerminal });
    },
    monotonic,
    writeOut: (text) => writeChecked(1, text),
    writeError: writeToStderr,
  });
}

const writeToStderr = (text: string): void => writeIfPossible(2, text);

const EXIT_BY_SIGNAL = {
  SIGINT: EXIT.INTERRUPTED,
  SIGTERM: EXIT.TERMINATED,
  SIGHUP: EXIT.TERMINATED,
} as const;

/**
 * On the first signal, waiting operations reject. A write that follows a service's answer still completes, because it
 * is synchronous. The second signal ends the process at once.
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

/** Waits. If the process is asked to end meanwhile, throws the reason of the interruption. */
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
