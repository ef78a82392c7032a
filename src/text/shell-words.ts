import { trimEndOf } from "./json.ts";

/** Quotes and splits the words of command lines, for shells and for `credential_process`. */

export const SHELLS = ["bash", "zsh", "fish", "powershell", "nushell"] as const;
export type Shell = (typeof SHELLS)[number];

export function isShell(text: string | undefined): text is Shell {
  return SHELLS.some((shell) => shell === text);
}

/** For each variable, its new value; undefined removes the variable. */
export type EnvironmentChanges = ReadonlyMap<string, string | undefined>;

/** The syntax of one shell for words and variables. */
interface ShellSyntax {
  /** Formats all changes as one text. Only for a shell that does not use one line for each change. */
  readonly format?: (changes: EnvironmentChanges) => string;
  readonly quote: (text: string) => string;
  readonly set: (name: string, word: string) => string;
  readonly unset: (name: string) => string;
  /** The shell's start file, and the line that the user adds to it. */
  readonly file: string;
  readonly line: string;
}

/** Between single quotes, only the closing quote is special. */
const POSIX = {
  quote: (text: string) => `'${text.replaceAll("'", `'\\''`)}'`,
  set: (name: string, word: string) => `export ${name}=${word}`,
  unset: (name: string) => `unset ${name}`,
};

/** The syntax of each shell. The output for bash is valid in every POSIX shell. */
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
    // PowerShell also reads typographic quotes (U+2018 to U+201B) as single quotes, so each one is doubled.
    quote: (text) => `'${text.replace(/['\u2018-\u201b]/g, "$&$&")}'`,
    set: (name, word) => `$Env:${name} = ${word}`,
    unset: (name) => `$Env:${name} = $null`,
    file: "$PROFILE",
    line: "latchkey shell-init powershell | Invoke-Expression",
  },
  // Nushell can't evaluate text at run time. It loads variables from a record, in which null removes a variable.
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

/** Formats the changes, usually as one line per variable. */
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

/**
 * Returns `text` as one literal word of the shell.
 * @throws RangeError for a NUL, which no environment variable can contain.
 */
export function quote(shell: Shell, text: string): string {
  if (text.includes("\0")) throw new RangeError("no environment variable can hold a NUL");
  return SYNTAX[shell].quote(text);
}

/** Returns `text` as one word of a POSIX shell, for users to copy. It is quoted only if that is necessary. */
export function quoteShellWord(text: string): string {
  return /^[A-Za-z0-9_.@+%:/=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

/** Splits a text into POSIX words like Python's shlex.split; undefined if a quote or an escape is not closed. */
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

/** A part of a word: one quotation, one escape or one plain character. */
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

/** Words of characters that have no special meaning in any client or shell. */
const PLAIN_ON_POSIX = /^[\p{L}\p{M}\p{N}_.@+:/=,-]+$/u;
const PLAIN_ON_WINDOWS = /^[\p{L}\p{M}\p{N}_.@+:/\\=,~-]+$/u;

/**
 * Returns a `credential_process` line that every client reads in the same way. botocore splits the line without a shell
 * (like shlex; on Windows like C programs); the SDKs pass it to sh or cmd. On POSIX a quote is placed inside its word,
 * because the SDK for Go v1 removes a pair of quotes at the start of a value. A blank is never escaped, because the SDK
 * for .NET loses a backslash.
 * @param words each must pass `isProcessWord`.
 */
export function joinProcessWords(words: readonly string[], platform: string): string {
  return words.map(platform === "win32" ? quoteWindowsWord : quoteProcessWord).join(" ");
}

/**
 * Returns whether every client on Windows reads the word in the same way without quotes. Clients that use `cmd /c` lose
 * quotes.
 */
export function isPlainOnWindows(word: string): boolean {
  return PLAIN_ON_WINDOWS.test(word);
}

/**
 * Returns a Windows path that needs no quotes: parts that would need quotes are replaced by their short name (8.3), which
 * has no blanks or special characters. If the volume has no short names, returns the path unchanged.
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

/**
 * Quotes a part of a word. The SDK for JavaScript reads a # or ; after a blank as a comment, even inside quotes. So the
 * quote is closed and opened again after the blank.
 */
function quoteProcessPart(part: string): string {
  const quotes = part.includes("'") ? '"' : "'";
  return quotes + part.replace(/\s(?=[#;])/g, `$&${quotes}${quotes}`) + quotes;
}

/**
 * Returns whether every client reads the word in a `credential_process` in the same way. For example, the SDK for .NET
 * doubles a backslash.
 */
export function isProcessWord(word: string, platform: string): boolean {
  const isPlatformSafe = platform === "win32" ? !/\s[#;]/.test(word) : !word.includes("\\");
  return isPlatformSafe && !/["$`%\p{Cc}\u2028\u2029]/u.test(word);
}

/** Returns whether a line or its first word is for Windows: it starts with a path with a drive or on a network share. */
export function isWindowsLine(line: string): boolean {
  return /^"?([A-Za-z]:[\\/]|\\\\)/.test(line);
}

/**
 * Returns whether a program is in a temporary cache of npx, pnpm dlx, yarn dlx or bunx, or in one of Yarn's archives, which
 * only Yarn can read.
 */
export function isInPackageCache(path: string): boolean {
  return /[/\\](_npx|_cacache|dlx|dlx-[^/\\]+|bunx-[^/\\]+|[^/\\]+\.zip[/\\]node_modules)[/\\]/.test(
    path,
  );
}

/** Splits a `credential_process` line into words like botocore; undefined if a quote or an escape is not closed. */
export function splitProcessWords(line: string, platform: string): string[] | undefined {
  return platform === "win32" ? splitWindowsWords(line) : splitShellWords(line);
}

/** Splits a line like the C runtime of Windows: a backslash escapes only a quote, and backslashes before a quote. */
function splitWindowsWords(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let isQuoted = false;
  // Several backslashes in a row are one match. One match for each backslash would take quadratic time.
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

/** Checks the name of a variable. All names are latchkey's own; the check keeps any other text from reaching a shell. */
function checkName(name: string): string {
  if (!/^[A-Z_][A-Z0-9_]*$/.test(name)) throw new RangeError("not a variable's name");
  return name;
}

/**
 * Returns the shell that started this process, as far as the environment shows it. PowerShell sets PSModulePath for the
 * programs that it starts; on Windows every process has this variable. Otherwise returns the login shell (SHELL). If it
 * is not known, returns PowerShell on Windows and bash elsewhere.
 */
export function guessShell(
  { SHELL, PSModulePath }: Readonly<Record<string, string | undefined>>,
  platform: string,
): Shell {
  if (platform !== "win32" && PSModulePath !== undefined) return "powershell";
  const program = nameProgramFile(SHELL);
  const name = { nu: "nushell", pwsh: "powershell" }[program] ?? program;
  if (isShell(name)) return name;
  return platform === "win32" ? "powershell" : "bash";
}

/** Returns `bash` for `/bin/bash` and, as in Git Bash, for `C:\Program Files\Git\usr\bin\bash.exe`. */
export function nameProgramFile(path = ""): string {
  return (path.split(/[/\\]/).at(-1) ?? "").replace(/\.exe$/i, "").toLowerCase();
}
