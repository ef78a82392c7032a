/** The words of a command line: quoted for shells and for `credential_process`, and split again. */

export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;
export type Shell = (typeof SHELLS)[number];

export function isShell(text: string | undefined): text is Shell {
  return SHELLS.some((shell) => shell === text);
}

/** Variable → its new value, or undefined to take it away. */
export type EnvironmentChanges = ReadonlyMap<string, string | undefined>;

/** What a shell's own language makes of a word and of a variable. */
interface ShellSyntax {
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
    unset: (name) => `Remove-Item -ErrorAction SilentlyContinue Env:${name}`,
    file: "$PROFILE",
    line: "latchkey shell-init powershell | Out-String | Invoke-Expression",
  },
};

export function installationLine(shell: Shell): Pick<ShellSyntax, "file" | "line"> {
  return SYNTAX[shell];
}

/** One line for each change. */
export function formatChanges(shell: Shell, changes: EnvironmentChanges): string {
  const { set, unset } = SYNTAX[shell];
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

/**
 * A `credential_process` line. botocore splits it without a shell, the SDK for JavaScript gives it to sh or cmd: so words
 * are quoted with double quotes, only where there is a blank.
 * @param words of which each `isProcessWord`.
 */
export function joinProcessWords(words: readonly string[]): string {
  return words.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(" ");
}

/** Whether botocore, sh and cmd read the word alike. */
export function isProcessWord(word: string): boolean {
  return !/["$`%\u0000-\u001f]/.test(word);
}

/** The words of a line that `joinProcessWords` made: a backslash of a Windows path is no escape. */
export function splitProcessWords(line: string): string[] {
  const words = line.match(/"[^"]*"|\S+/g) ?? [];
  return words.map((word) => word.replace(/^"(.*)"$/, "$1"));
}

/** Names are ours alone; one that is no name must never reach a shell. */
function checkName(name: string): string {
  if (!/^[A-Z_][A-Z0-9_]*$/.test(name)) throw new RangeError("not a variable's name");
  return name;
}

/** By the login shell's name (SHELL), else PowerShell on Windows, else bash. */
export function guessShell(shellVariable: string | undefined, platform: string): Shell {
  const name = shellVariable?.split("/").at(-1);
  if (isShell(name)) return name;
  return platform === "win32" ? "powershell" : "bash";
}
