import { execFileSync } from "node:child_process";
import { expect, onTestFinished } from "vitest";
import type { Home } from "./home.ts";
import { patience } from "./patience.ts";
import { installProgram } from "./shell.ts";

/** A real bash inside of a real tmux, with latchkey on its PATH: keys go in one at a time, and the screen is read. */
export interface TmuxShell {
  /** How many keys were pressed, and characters typed, since the last line was run. */
  readonly keys: number;
  /** The screen in one line, its lines joined by blanks: at 40 columns questions go on in the next. */
  read(): string;
  /** The screen as it stands, without blanks at the ends and without empty lines. */
  readLines(): readonly string[];
  /** Waits for words on the screen. */
  see(words: string | RegExp): Promise<void>;
  /** Keys by tmux's names: "Enter", "Down", "C-s". */
  press(...keys: readonly string[]): void;
  /** A key for each character. */
  type(text: string): void;
  /** Types a line on a clear screen and runs it; the keys are counted from here. */
  run(line: string): void;
  /** A command of tmux's own: `show-buffer`. @returns what it prints. */
  tmux(...argv: readonly string[]): string;
}

interface TmuxOptions {
  readonly columns?: number;
  readonly rows?: number;
  /** Whether the shell has latchkey's hook, so that `use` switches it. */
  readonly hook?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

let started = 0;

/** Its `.bashrc` is written here. The server ends with the test. */
export function startTmuxShell(home: Home, options: TmuxOptions = {}): TmuxShell {
  const { columns = 80, rows = 24, hook = false, env = {} } = options;
  home.write(".bashrc", `PS1="$ "\n${hook ? 'eval "$(latchkey shell-init bash)"\n' : ""}`);
  const shellEnv = { ...home.env, PATH: installProgram(home), SHELL: "/bin/bash", TERM: "xterm" };
  started += 1;
  const server = ["-L", `latchkey-${process.pid}-${started}`, "-f", "/dev/null"];
  const tmux = (...argv: readonly string[]): string =>
    execFileSync("tmux", [...server, ...argv], {
      env: { ...shellEnv, ...env },
      encoding: "utf8",
    });
  onTestFinished(() => void tmux("kill-server"));
  const size = ["-x", String(columns), "-y", String(rows)];
  tmux("new-session", "-d", "-s", "shell", "-c", home.path, ...size, "bash --rcfile ~/.bashrc -i");
  return createShell(tmux);
}

function createShell(tmux: TmuxShell["tmux"]): TmuxShell {
  let keys = 0;
  const send = (...words: readonly string[]): void =>
    void tmux("send-keys", "-t", "shell", ...words);
  const capture = (...flags: readonly string[]): string =>
    tmux("capture-pane", "-p", ...flags, "-t", "shell");
  const read = (): string => capture("-J").replaceAll(/ *\n/g, " ").replaceAll(/ +/g, " ");
  const press = (...names: readonly string[]): void => {
    keys += names.length;
    for (const name of names) send(name);
  };
  return {
    get keys() {
      return keys;
    },
    tmux,
    read,
    readLines: () =>
      capture()
        .split("\n")
        .map((line) => line.trimEnd())
        .filter((line) => line !== ""),
    async see(words) {
      const wanted =
        typeof words === "string" ? expect.stringContaining(words) : expect.stringMatching(words);
      await expect.poll(read, { timeout: patience(20_000), interval: 100 }).toEqual(wanted);
    },
    press,
    type(text) {
      for (const character of text) {
        send("-l", "--", character);
        keys += 1;
      }
    },
    run(line) {
      send("C-l");
      send("-l", "--", line);
      send("Enter");
      keys = 0;
    },
  };
}
