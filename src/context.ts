import type { Look } from "./text/paint.ts";
import type { Surface } from "./text/table.ts";

/** What the code needs from the process and its environment, so that tests can replace it. */
export interface Context {
  readonly env: Environment;
  readonly home: string;
  readonly hostname: string;
  readonly platform: string;
  /** The running command as the user types it, without arguments: "profiles sync". */
  readonly command: string;
  /** The absolute paths that start this program again: the standalone executable, or Node and bin/run.js. */
  readonly program: readonly string[];
  readonly terminal: Terminal;
  readonly now: () => Date;
  /** Milliseconds since the process started. They only grow, so deadlines do not move with the clock. */
  readonly monotonic: () => number;
  readonly silence: Silence;
  /** Aborted, with CANCELLED as its reason, when the process is asked to end. */
  readonly interruption: AbortSignal;
  /** Rejects with CANCELLED as soon as the process is asked to end. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** @param command the program to use instead of the desktop's own. */
  readonly openBrowser: (url: string, command: string | undefined) => Promise<boolean>;
  /**
   * Returns the key in the OS keychain. A run asks the keychain only once. undefined if there is no key and `act` is
   * "read".
   */
  readonly keychainKey: (act: KeychainAct) => Promise<Uint8Array | undefined>;
}

/**
 * How long services may stay silent: `--timeout`, or a default. Any response restarts the limit, even a 429. There is one
 * limit for the whole run, so that several unreachable hosts do not each use it.
 */
export interface Silence {
  /** undefined: no person waits, and only the limits of the calls apply. */
  readonly limitMilliseconds: number | undefined;
  begin(): SilentWait;
  noteAnswer(): void;
}

interface SilentWait {
  /** The time in `monotonic()` at which silence ends the call. It moves with every answer. */
  deadline(): number;
  end(): void;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export type KeychainAct = "read" | "create";

/**
 * Asks questions at the terminal. Each rejects with CANCELLED on Esc, Ctrl-C and Ctrl-D, and if stdin ends; nothing has
 * been changed then.
 */
export interface Prompts {
  confirm(question: string, options?: ConfirmOptions): Promise<boolean>;
  /** Asks for one of several choices. Typing filters them: every word must match, in any order. */
  pick<T, R = never>(
    question: string,
    choices: ReadonlyArray<Choice<T>>,
    options?: PickOptions<T, R>,
  ): Promise<T | R>;
  /** Asks for a line of text. An empty answer means `initial`. */
  ask<R = never>(question: string, options: TextQuestion<R>): Promise<string | R>;
  /** Asks for several lines, typed or pasted, ended by an empty line or Ctrl-D. */
  askLines(question: string): Promise<string>;
  /** Asks for a line that is not shown. If `signal` is aborted, restores the terminal and never resolves. */
  askHidden(question: string, options: HiddenQuestion): Promise<string>;
}

export interface Choice<T> {
  /** The row, one cell per column. */
  readonly cells: readonly string[];
  readonly value: T;
  /** Shown before the row, one column wide, such as a favourite's star. */
  readonly mark?: string | undefined;
}

interface ConfirmOptions {
  /** The answer if the user presses only Enter; no by default. */
  readonly initial?: boolean | undefined;
}

interface Returnable<R> {
  /** Returns what the question resolves to if the user goes back. Without it, going back is not possible. */
  readonly onBack?: (() => R | Promise<R>) | undefined;
}

export interface PickOptions<T, R = never> extends Returnable<R> {
  /** The initial text of the filter, as if the user had typed it. */
  readonly filter?: string | undefined;
  /** The current value; its row is marked. */
  readonly current?: T | undefined;
  /** The columns in order of importance. On a narrow terminal the last ones are left out first. */
  readonly telling?: readonly number[] | undefined;
  /** What Enter does, for the last line: "uses". */
  readonly enter?: string | undefined;
  /** Keys that end the question with another result. */
  readonly acts?: ReadonlyArray<PickAct<T, R>> | undefined;
  readonly marking?: PickMarking<T> | undefined;
  /** Printed at the end of the last line: the age of the list. */
  readonly note?: string | undefined;
}

/** A key of a picker. It must not be a key that edits the line or moves through the list. */
interface PickKey {
  /** As returned by `nameKey`: "ctrl-o". */
  readonly key: string;
  /** What the key does, for the last line: "console". */
  readonly label: string;
}

export interface PickAct<T, R> extends PickKey {
  /** Whether the key does nothing if no row matches; true by default. */
  readonly needsRow?: boolean | undefined;
  /** @param value of the chosen row; undefined if no row matches. @param typed the text of the filter. */
  readonly run: (value: T, typed: string) => R | Promise<R>;
}

/** A key that adds or removes the mark of the chosen row. The question stays open. */
export interface PickMarking<T> extends PickKey {
  /**
   * @returns the new mark of the row, "" for none. @throws LatchkeyError whose message is shown in the last line; the
   * question stays.
   */
  readonly toggle: (value: T) => Promise<string>;
}

export interface TextQuestion<R = never> extends Returnable<R> {
  /** Shown in brackets. */
  readonly initial?: string | undefined;
  /** Returns true, or what is wrong with the answer. */
  readonly validate?: ((answer: string) => true | string) | undefined;
  /** Returns the meaning of the typed text, shown after it. */
  readonly meaning?: ((typed: string) => string | undefined) | undefined;
  /**
   * Returns known values that match the typed text, best first. Tab completes with the first, and then with the next one.
   */
  readonly complete?: ((typed: string) => readonly string[]) | undefined;
}

interface HiddenQuestion {
  readonly validate: (answer: string) => true | string;
  readonly signal: AbortSignal;
}

/** One or more lines for people. */
export type Words = string | readonly string[];

/** The outputs, and whether a user can see them and answer. */
export interface Terminal extends Prompts {
  /** Whether questions can be asked: stdin and stderr are terminals, and no coding agent or CI job runs the command. */
  readonly interactive: boolean;
  /** Width of stderr's terminal, for questions, pictures and progress; 80 if there is none. */
  readonly columns: number;
  /** Height of the terminal in rows; Infinity if there is none. */
  readonly rows: number;
  /** stdout: the width of its terminal (Infinity if there is none) and its colours. */
  readonly stdout: Surface;
  /**
   * Writes data as text to stdout, and throws unless all of it was written. Text from a server or a file can't move the
   * cursor, and secrets that this run has sent are masked. Names must already be escaped, because line breaks are kept.
   * @param look the kind of lines, which decides their colours. None by default.
   */
  write(text: string, look?: Look): void;
  /** Writes a value as JSON to stdout. @param indent 0 for one line; 2 by default. */
  writeJson(value: unknown, indent?: number): void;
  /** Writes credentials, or lines for a shell, to stdout. Unless stdout is a terminal, the text is unchanged. */
  writeExact(text: string): void;
  /**
   * Writes messages to stderr. Text from a server or a file can't move the cursor or fake a line.
   * @param words one line, or several. A line break inside a line is part of a name and is escaped.
   * @param look the kind of lines, which decides their colours. Notices by default.
   */
  say(words: Words, look?: Look): void;
  /** Like `say`, but without masking: for text with a long random word that is not a secret, such as a sign-in URL. */
  sayWhole(words: Words): void;
  /** Writes lines of block characters to stderr, light on dark whatever the terminal's colours are. */
  picture(lines: readonly string[]): void;
  /** Writes a line to stderr that the next one replaces; nothing if stderr is not a terminal. */
  showProgress(line: string): void;
  clearProgress(): void;
  /** Waits without a question. Keys that are typed meanwhile are not shown. */
  waitUnechoed<T>(wait: () => Promise<T>): Promise<T>;
  /**
   * Copies text to the clipboard of the user at this terminal, within 2 s.
   * @param text a command line, never a secret. @returns false if no clipboard is available.
   */
  copy(text: string): Promise<boolean>;
  /** Shows a progress line with what is waited for, if the wait takes over 2 s. @returns a function that ends it. */
  showWaiting(what: string): () => void;
}
