import type { Look } from "./text/paint.ts";
import type { Surface } from "./text/table.ts";

/** All that the work needs from the process around it, and that a test cannot have cheaply otherwise. */
export interface Context {
  readonly env: Environment;
  readonly home: string;
  readonly hostname: string;
  readonly platform: string;
  /** The command that is run, as a person types it, without arguments: "profiles sync". */
  readonly command: string;
  /** How this program is started again: the standalone executable, else Node and bin/run.js, by their absolute paths. */
  readonly program: readonly string[];
  readonly terminal: Terminal;
  readonly now: () => Date;
  /** Milliseconds since the process began, which only ever grow: for deadlines, which a changed clock must not move. */
  readonly monotonic: () => number;
  readonly silence: Silence;
  /** Aborted, with CANCELLED as its reason, when the process is asked to end. */
  readonly interruption: AbortSignal;
  /** Rejects with CANCELLED as soon as the process is asked to end. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** @param command the program to use instead of the desktop's own. */
  readonly openBrowser: (url: string, command: string | undefined) => Promise<boolean>;
  /** The key in the OS keychain, which one run asks for once; undefined where there is none, and `read` does not make one. */
  readonly keychainKey: (act: KeychainAct) => Promise<Uint8Array | undefined>;
}

/**
 * How long services may stay silent: `--timeout`, else what a person bears. Any response restarts it, a 429 too; one for
 * the whole run, so that one host after the other does not take the time again.
 */
export interface Silence {
  /** undefined: nobody waits, and the budgets of the calls hold alone. */
  readonly limitMilliseconds: number | undefined;
  begin(): SilentWait;
  noteAnswer(): void;
}

interface SilentWait {
  /** Milliseconds of `monotonic()` at which silence ends the call; later after every answer. */
  deadline(): number;
  end(): void;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export type KeychainAct = "read" | "create";

/**
 * Questions to the person at the terminal. Each rejects with CANCELLED on Esc, Ctrl-C and Ctrl-D, and when stdin ends; nothing
 * has been changed then.
 */
export interface Prompts {
  confirm(question: string, options?: ConfirmOptions): Promise<boolean>;
  /** One of several, filtered by typing: every word must fit, in any order. */
  pick<T, R = never>(
    question: string,
    choices: ReadonlyArray<Choice<T>>,
    options?: PickOptions<T, R>,
  ): Promise<T | R>;
  /** A line of text; an empty answer is `initial`. */
  ask<R = never>(question: string, options: TextQuestion<R>): Promise<string | R>;
  /** Several lines, typed or pasted, which an empty line or Ctrl-D ends. */
  askLines(question: string): Promise<string>;
  /** A line that is not shown while it is typed or pasted; never resolves once `signal` is aborted, and tidies up then. */
  askHidden(question: string, options: HiddenQuestion): Promise<string>;
}

export interface Choice<T> {
  /** Its row, a cell for each column. */
  readonly cells: readonly string[];
  readonly value: T;
  /** One column wide, shown before the row: a favourite's star. */
  readonly mark?: string | undefined;
}

interface ConfirmOptions {
  /** What Enter alone answers; no where it is not given. */
  readonly initial?: boolean | undefined;
}

interface Returnable<R> {
  /** What the question resolves to when the person goes back; where it is not given, nobody can. */
  readonly onBack?: (() => R | Promise<R>) | undefined;
}

export interface PickOptions<T, R = never> extends Returnable<R> {
  /** What the filter holds at first, as if it had been typed. */
  readonly filter?: string | undefined;
  /** The value that is in force now; its row is marked. */
  readonly current?: T | undefined;
  /** The columns from the one that tells most to the one that is the first to go where a terminal is narrow. */
  readonly telling?: readonly number[] | undefined;
  /** What Enter does, for the last line: "uses". */
  readonly enter?: string | undefined;
  /** Keys that end the question with something else. */
  readonly acts?: ReadonlyArray<PickAct<T, R>> | undefined;
  readonly marking?: PickMarking<T> | undefined;
  /** The last words of the last line: how old the list is. */
  readonly note?: string | undefined;
}

/** Keys that edit the line or move through the list keep their meaning. */
interface PickKey {
  /** As `nameKey` names it: "ctrl-o". */
  readonly key: string;
  /** What it does, for the last line: "console". */
  readonly label: string;
}

export interface PickAct<T, R> extends PickKey {
  /** Whether the key does nothing where no row fits; it does not unless this is false. */
  readonly needsRow?: boolean | undefined;
  /** @param value the chosen row's; where none fits and none is needed, undefined. @param typed what the filter holds. */
  readonly run: (value: T, typed: string) => R | Promise<R>;
}

/** A key that marks the chosen row, or takes its mark away; the question stays. */
export interface PickMarking<T> extends PickKey {
  /** @returns the row's mark from now on, "" for none. @throws LatchkeyError whose message the last line shows; nothing ends. */
  readonly toggle: (value: T) => Promise<string>;
}

export interface TextQuestion<R = never> extends Returnable<R> {
  /** Shown in brackets. */
  readonly initial?: string | undefined;
  /** true, or what is wrong with the answer. */
  readonly validate?: ((answer: string) => true | string) | undefined;
  /** What the text stands for, shown behind it while it is typed. */
  readonly meaning?: ((typed: string) => string | undefined) | undefined;
  /** The known values that fit what was typed, best first: Tab completes it, and once more takes the next. */
  readonly complete?: ((typed: string) => readonly string[]) | undefined;
}

interface HiddenQuestion {
  readonly validate: (answer: string) => true | string;
  readonly signal: AbortSignal;
}

/** A line for people, or several. */
export type Words = string | readonly string[];

/** Where output goes, and whether a person is there to see it and to answer. */
export interface Terminal extends Prompts {
  /** Questions can be asked: stdin and stderr are both a terminal, and neither a coding agent nor a CI job runs this. */
  readonly interactive: boolean;
  /** Width of stderr's terminal, for questions, pictures and progress; 80 where there is none. */
  readonly columns: number;
  /** Height of the terminal in rows; Infinity where there is none. */
  readonly rows: number;
  /** Where data goes: the width of stdout's terminal, Infinity where it is none; and its colours. */
  readonly stdout: Surface;
  /**
   * Data as text, on stdout, all of it or an error; whatever a server or a file put into it can't move the cursor, and nothing
   * that this run has sent as a secret is in it. Names in it are escaped already, since a line break would be one of ours.
   * @param look what its lines are: the levels or signs in them get colours. None by default.
   */
  write(text: string, look?: Look): void;
  /** The same for a value, as JSON. @param indent 0 for one line; by default 2. */
  writeJson(value: unknown, indent?: number): void;
  /** Credentials, and lines for a shell: every byte as it is where no terminal shows them. */
  writeExact(text: string): void;
  /**
   * Words for people, on stderr; whatever a server or a file put into them can't move the cursor or forge a line.
   * @param words one line, or several: a line break inside of one is a name's, and shown.
   * @param look what the lines are: the signs in them get colours. Notices by default.
   */
  say(words: Words, look?: Look): void;
  /** The same, where a long random word is no secret but the point: a sign-in URL. Nothing is masked in it. */
  sayWhole(words: Words): void;
  /** Lines of block characters on stderr, light on dark whatever the terminal's colours are. */
  picture(lines: readonly string[]): void;
  /** One line that is replaced by the next, on stderr; nothing where stderr is no terminal. */
  showProgress(line: string): void;
  clearProgress(): void;
  /** Waits for something without a question; keys that are typed meanwhile are not shown. */
  waitUnechoed<T>(wait: () => Promise<T>): Promise<T>;
  /**
   * Into the clipboard of the person at this terminal, in 2 s at most.
   * @param text a command line, no secret. @returns false where nothing can take it.
   */
  copy(text: string): Promise<boolean>;
  /** Such a line of what is waited for, where it takes over 2 s. @returns what ends it. */
  showWaiting(what: string): () => void;
}
