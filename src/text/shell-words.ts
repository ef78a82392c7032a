import { trimEndOf } from "./json.ts";

/** The words of a command line: quoted for shells and for `credential_process`, and split again. */

export const SHELLS = ["bash", "zsh", "fish", "powershell", "nushell"] as const;
export type Shell = (typeof SHELLS)[number];

export function isShell(text: string | undefined): text is Shell {
  return SHELLS.some((shell) => shell === text);
}

/** Variable → its new value, or undefined to take it away. */
export type EnvironmentChanges = ReadonlyMap<string, string | undefined>;

/** What a shell's own language makes of a word and of a variable. */
interface ShellSyntax {
  /** Instead of a line for each change: one text for all. */
  readonly format?: (changes: EnvironmentChanges) => string;
  readonly quote: (text: string) => string;
  readonly set: (name: string, word: string) => string;
  readonly unset: (name: string) => string;
  /** The shell's own start file, and the line that a person puts there. */
  readonly file: string;
  readonly line: string;
}

/** Nothing is special between single quotes but their end. */
const POSIX = {
  quote: (text: string) => `'${text.replaceAll("'", `'\\''`)}'`,
  set: (name: string, word: string) => `export ${name}=${word}`,
  unset: (name: string) => `unset ${name}`,
};

/** What is written for bash is understood by every POSIX shell. */
const SYNTAX: Readonly<Record<Shell, ShellSyntax>> = {
  bash: { ...POSIX, file: "~/.bashrc", line: 'eval "$(latchkey shell-init bash)"' },
  zsh: { ...POSIX, file: "~/.zshrc", line: 'eval "$(latchkey shell-init zsh)"' },
  fish: {
    // Between single quotes `\\` and `\'` are special.
    quote: (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`,
    set: (name, word) => `set -gx ${name} ${word}`,
    unset: (name) => `set -e ${name}`,
    file: "~/.config/fish/config.fish",
    line: "latchkey shell-init fish | source",
  },
  powershell: {
    // It takes the typographic quotes (U+2018 to U+201B) for single quotes, too; each is doubled.
    quote: (text) => `'${text.replace(/['\u2018-\u201b]/g, "$&$&")}'`,
    set: (name, word) => `$Env:${name} = ${word}`,
    unset: (name) => `$Env:${name} = $null`,
    file: "$PROFILE",
    line: "latchkey shell-init powershell | Invoke-Expression",
  },
  // It evaluates no text while it runs, and loads variables from a record: null takes one away.
  nushell: {
    format: (changes) =>
      `${JSON.stringify(Object.fromEntries([...changes].map(([name, value]) => [checkName(name), value ?? null])))}\n`,
    quote: (text) => JSON.stringify(text),
    set: (name, word) => `$env.${name} = ${word}`,
    unset: (name) => `hide-env ${name}`,
    file: "~/.config/nushell/config.nu",
    line: "mkdir $nu.user-autoload-dirs.0; latchkey shell-init nushell | save --force ($nu.user-autoload-dirs.0 | path join latchkey.nu)",
  },
};

export function installationLine(shell: Shell): Pick<ShellSyntax, "file" | "line"> {
  return SYNTAX[shell];
}

/** One line for each change. */
export function formatChanges(shell: Shell, changes: EnvironmentChanges): string {
  const { format, set, unset } = SYNTAX[shell];
  if (format !== undefined) return format(changes);
  return [...changes]
    .map(([name, value]) => {
      const checked = checkName(name);
      return `${value === undefined ? unset(checked) : set(checked, quote(shell, value))}\n`;
    })
    .join("");
}

/** `text` as one literal word of that shell. @throws RangeError for a NUL, which no environment can hold. */
export function quote(shell: Shell, text: string): string {
  if (text.includes("\0")) throw new RangeError("no environment variable can hold a NUL");
  return SYNTAX[shell].quote(text);
}

/** `text` as one word of a POSIX shell, for people to copy: quoted only where it must be. */
export function quoteShellWord(text: string): string {
  return /^[A-Za-z0-9_.@+%:/=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

/** POSIX words as Python's shlex.split makes them; undefined where a quote or an escape is not ended. */
export function splitShellWords(text: string): string[] | undefined {
  if (!/["'\\]/.test(text)) return text.split(/[ \t\r\n]+/).filter((word) => word !== "");
  const words: string[] = [];
  let word: string | undefined;
  let index = 0;
  while (index < text.length) {
    if (" \t\r\n".includes(text.charAt(index))) {
      if (word !== undefined) words.push(word);
      word = undefined;
      index += 1;
      continue;
    }
    const part = readWordPart(text, index);
    if (part === undefined) return undefined;
    word = (word ?? "") + part.text;
    index = part.end;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** What one quotation, escape or plain character adds to a word. */
interface WordPart {
  readonly text: string;
  readonly end: number;
}

function readWordPart(text: string, start: number): WordPart | undefined {
  const character = text.charAt(start);
  if (character === '"') return readDoubleQuoted(text, start + 1);
  if (character === "'") {
    const end = text.indexOf("'", start + 1);
    return end === -1 ? undefined : { text: text.slice(start + 1, end), end: end + 1 };
  }
  if (character === "\\") {
    if (start + 1 === text.length) return undefined;
    return { text: text.charAt(start + 1), end: start + 2 };
  }
  return { text: character, end: start + 1 };
}

/** Between double quotes a backslash escapes only itself and the quote. */
function readDoubleQuoted(text: string, start: number): WordPart | undefined {
  let content = "";
  for (let index = start; index < text.length; index += 1) {
    if (text.charAt(index) === '"') return { text: content, end: index + 1 };
    const isEscape = text.charAt(index) === "\\" && /["\\]/.test(text.charAt(index + 1));
    if (isEscape) index += 1;
    content += text.charAt(index);
  }
  return undefined;
}

/** Letters, digits and signs that no client and no shell reads as anything else. */
const PLAIN_ON_POSIX = /^[\p{L}\p{M}\p{N}_.@+:/=,-]+$/u;
const PLAIN_ON_WINDOWS = /^[\p{L}\p{M}\p{N}_.@+:/\\=,~-]+$/u;

/**
 * A `credential_process` line that every client reads alike. botocore splits it without a shell (as shlex does, on Windows
 * as C programs do); the SDKs give it to sh or cmd. On POSIX a quote stands inside its word, since the SDK for Go v1 strips
 * a pair of quotes at the start of a value, and a blank is never escaped, since the SDK for .NET loses a backslash.
 * @param words of which each `isProcessWord`.
 */
export function joinProcessWords(words: readonly string[], platform: string): string {
  return words.map(platform === "win32" ? quoteWindowsWord : quoteProcessWord).join(" ");
}

/** Whether every client on Windows reads the word alike: those that go through `cmd /c` lose the quotes of any other. */
export function isPlainOnWindows(word: string): boolean {
  return PLAIN_ON_WINDOWS.test(word);
}

/**
 * A path on Windows without quotes: each part that would need them is replaced by its short name (8.3), which has neither
 * blanks nor signs. The path itself where its volume keeps no short names.
 * @param short the same path with the short name of each part.
 */
export function shortenUnsafeParts(path: string, short: string): string {
  const parts = path.split("\\");
  const shortParts = short.split("\\");
  if (parts.length !== shortParts.length) return path;
  const shortened = parts
    .map((part, index) => (isPlainOnWindows(part) ? part : (shortParts[index] ?? part)))
    .join("\\");
  return isPlainOnWindows(shortened) ? shortened : path;
}

function quoteWindowsWord(word: string): string {
  // A backslash before the closing quote would escape it.
  return isPlainOnWindows(word) ? word : `"${word}${word.slice(trimEndOf(word, "\\").length)}"`;
}

function quoteProcessWord(word: string): string {
  if (word === "") return "''";
  return word
    .split(/(\/)/)
    .map((part) => (part === "" || PLAIN_ON_POSIX.test(part) ? part : quoteProcessPart(part)))
    .join("");
}

/** The SDK for JavaScript takes a # or ; after a blank for a comment, inside quotes, too: so the quote ends between them. */
function quoteProcessPart(part: string): string {
  const quotes = part.includes("'") ? '"' : "'";
  return quotes + part.replace(/\s(?=[#;])/g, `$&${quotes}${quotes}`) + quotes;
}

/** Whether a `credential_process` can name the word so that every client reads it alike. The SDK for .NET doubles a backslash. */
export function isProcessWord(word: string, platform: string): boolean {
  const isPlatformSafe = platform === "win32" ? !/\s[#;]/.test(word) : !word.includes("\\");
  return isPlatformSafe && !/["$`%\p{Cc}\u2028\u2029]/u.test(word);
}

/** Whether a line, or its first word, is one of Windows: its program is a path with a drive, or on a share. */
export function isWindowsLine(line: string): boolean {
  return /^"?([A-Za-z]:[\\/]|\\\\)/.test(line);
}

/** Whether a program is where npx, pnpm dlx, yarn dlx or bunx keep it for a while. */
export function isInPackageCache(path: string): boolean {
  return /[/\\](_npx|_cacache|dlx|dlx-[^/\\]+|bunx-[^/\\]+)[/\\]/.test(path);
}

/** The words of a `credential_process`, as botocore splits it; undefined where a quote or an escape is not ended. */
export function splitProcessWords(line: string, platform: string): string[] | undefined {
  return platform === "win32" ? splitWindowsWords(line) : splitShellWords(line);
}

/** As the C runtime of Windows does: a backslash escapes only a quote, and backslashes before one. */
function splitWindowsWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  // A run of backslashes is one match whatever comes behind it: looked at from each of them, it would take its square.
  for (const [part] of line.matchAll(/\\+"?|"|[ \t]+|[^ \t"\\]+/g)) {
    const isBlank = /^[ \t]/.test(part);
    if (isBlank && !isQuoted) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (part.endsWith('"')) {
      const slashes = part.length - 1;
      const isEscaped = slashes % 2 === 1;
      word = (word ?? "") + "\\".repeat(slashes / 2) + (isEscaped ? '"' : "");
      if (!isEscaped) isQuoted = !isQuoted;
    } else word = (word ?? "") + part;
  }
  if (isQuoted) return undefined;
  return word === undefined ? words : [...words, word];
}

/** Names are ours alone; one that is no name must never reach a shell. */
function checkName(name: string): string {
  if (!/^[A-Z_][A-Z0-9_]*$/.test(name)) throw new RangeError("not a variable's name");
  return name;
}

/** By the login shell's name (SHELL), else PowerShell on Windows, else bash. */
export function guessShell(shellVariable: string | undefined, platform: string): Shell {
  const program = shellVariable?.split("/").at(-1) ?? "";
  const name = { nu: "nushell", pwsh: "powershell" }[program] ?? program;
  if (isShell(name)) return name;
  return platform === "win32" ? "powershell" : "bash";
}
