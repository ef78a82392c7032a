import { Readable, Writable } from "node:stream";
import { createSilence } from "../../src/aws/call/silence.ts";
import type { Context } from "../../src/context.ts";
import { leavePlain } from "../../src/text/paint.ts";
import { createTerminal } from "../../src/terminal/terminal.ts";
import { ENTRY } from "./checkout.ts";
import type { EmulatedHome } from "./emulated-home.ts";

/**
 * Returns a context for features that run in process: a real home, the real clock, no person at the terminal, and no
 * waiting.
 */
export function createContext(
  home: EmulatedHome,
  env: Readonly<Record<string, string>> = {},
): Context {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  return {
    env: { ...home.env, ...env },
    home: home.path,
    hostname: "test",
    platform: process.platform,
    command: "test",
    program: [process.execPath, ENTRY],
    terminal: createTerminal({
      streams: () => ({ input: Readable.from([]), output: silent }),
      interruption: new AbortController().signal,
      interactive: false,
      stderrIsTerminal: false,
      colours: false,
      columns: 80,
      stdout: { columns: 80, paint: leavePlain },
      rows: 24,
      stopEcho: () => Promise.resolve(() => undefined),
      copy: () => Promise.resolve(false),
      monotonic: () => performance.now(),
      writeOut: () => undefined,
      writeError: () => undefined,
    }),
    now: () => new Date(),
    monotonic: () => performance.now(),
    silence: createSilence(() => performance.now(), undefined),
    interruption: new AbortController().signal,
    sleep: () => Promise.resolve(),
    openBrowser: () => Promise.resolve(false),
    keychainKey: () => Promise.resolve(undefined),
  };
}
