import { execFileSync } from "node:child_process";
import { expect, onTestFinished } from "vitest";
import type { Home } from "./home.ts";
import { patience } from "./patience.ts";
import { installProgram } from "./shell.ts";

/** A real bash in a real tmux, with latchkey on its PATH: tests send single keys and read the screen. */
export interface TmuxShell {
  /** The number of pressed keys and typed characters since the last line was run. */
  readonly keys: number;
  /** Returns the screen as one line, joined by spaces, because questions are wrapped at 40 columns. */
  read(): string;
  /** Returns the lines of the screen without trailing spaces and without empty lines. */
  readLines(): readonly string[];
  /** Waits for words on the screen. */
  see(words: string | RegExp): Promise<void>;
  /** Presses keys, given by tmux's names: "Enter", "Down", "C-s". */
  press(...keys: readonly string[]): void;
  /** Presses a key for each character. */
  type(text: string): void;
  /** Clears the screen, types a line and runs it. The count of keys starts again. */
  run(line: string): void;
  /** Runs a command of tmux, such as `show-buffer`, and returns its output. */
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

/** Writes the home's `.bashrc` and starts the shell. The tmux server ends with the test. */
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
