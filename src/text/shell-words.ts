/** Text for shells to evaluate: changes of the environment, with values that stay values whatever is in them. */

export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;
export type Shell = (typeof SHELLS)[number];

export function isShell(text: string | undefined): text is Shell {
  return SHELLS.some((shell) => shell === text);
}

/** Variable → its new value, or undefined to take it away. */
export type EnvironmentChanges = ReadonlyMap<string, string | undefined>;

/** One line for each change. What is written for bash is understood by every POSIX shell. */
export function formatChanges(shell: Shell, changes: EnvironmentChanges): string {
  return [...changes]
    .map(
      ([name, value]) =>
        `${value === undefined ? UNSET[shell](checkName(name)) : SET[shell](checkName(name), quote(shell, value))}\n`,
    )
    .join("");
}

/**
 * `text` as one literal word of that shell.
 *
 * POSIX shells and zsh: nothing is special between single quotes but their end. fish: `\\` and `\'` are. PowerShell: a
 * single quote is doubled, and it takes the typographic ones (U+2018 to U+201B) for single quotes, too.
 * @throws RangeError for a NUL, which no environment can hold.
 */
export function quote(shell: Shell, text: string): string {
  if (text.includes("\0")) throw new RangeError("no environment variable can hold a NUL");
  switch (shell) {
    case "bash":
    case "zsh":
      return `'${text.replaceAll("'", `'\\''`)}'`;
    case "fish":
      return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
    case "powershell":
      return `'${text.replace(/['\u2018-\u201b]/g, "$&$&")}'`;
  }
}

const posixSet = (name: string, value: string): string => `export ${name}=${value}`;
const posixUnset = (name: string): string => `unset ${name}`;

const SET: Readonly<Record<Shell, (name: string, value: string) => string>> = {
  bash: posixSet,
  zsh: posixSet,
  fish: (name, value) => `set -gx ${name} ${value}`,
  powershell: (name, value) => `$Env:${name} = ${value}`,
};

const UNSET: Readonly<Record<Shell, (name: string) => string>> = {
  bash: posixUnset,
  zsh: posixUnset,
  fish: (name) => `set -e ${name}`,
  powershell: (name) => `Remove-Item -ErrorAction SilentlyContinue Env:${name}`,
};

/** Names are ours alone; one that is no name must never reach a shell. */
function checkName(name: string): string {
  if (!/^[A-Z_][A-Z0-9_]*$/.test(name)) throw new RangeError("not a variable's name");
  return name;
}

/** The line that a person puts into the shell's own start file, and which file that is. */
export function installationLine(shell: Shell): { readonly file: string; readonly line: string } {
  switch (shell) {
    case "bash":
      return { file: "~/.bashrc", line: 'eval "$(latchkey shell-init bash)"' };
    case "zsh":
      return { file: "~/.zshrc", line: 'eval "$(latchkey shell-init zsh)"' };
    case "fish":
      return { file: "~/.config/fish/config.fish", line: "latchkey shell-init fish | source" };
    case "powershell":
      return {
        file: "$PROFILE",
        line: "latchkey shell-init powershell | Out-String | Invoke-Expression",
      };
  }
}

/** By the login shell's name (SHELL), else PowerShell on Windows, else bash. */
export function guessShell(shellVariable: string | undefined, platform: string): Shell {
  const name = shellVariable?.split("/").at(-1);
  if (isShell(name)) return name;
  return platform === "win32" ? "powershell" : "bash";
}
