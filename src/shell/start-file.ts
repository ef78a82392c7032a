import { dirname, isAbsolute, join } from "node:path";
import type { Context } from "../context.ts";
import { ensurePrivateDirectory } from "../fs/directories/private.ts";
import { readIfPresent } from "../fs/read.ts";
import { replaceFile } from "../fs/replace.ts";
import { installationLine, isShell, nameProgramFile, type Shell } from "../text/shell-words.ts";

/** A shell's start file, and the line that it must contain for `use`. */
export interface StartFile {
  /** The path as users write it: `~/.bashrc`. */
  readonly name: string;
  readonly line: string;
  readonly add: () => void;
}

const MOST_BYTES = 1024 * 1024;

/**
 * @returns undefined if the file already contains the line, or if the shell is not known or its file can't be written.
 */
export function findUnpreparedStartFile(context: Context): StartFile | undefined {
  const shell = nameProgramFile(context.env["SHELL"]);
  if (!isShell(shell) || shell === "powershell") return undefined;
  const { file, line } = installationLine(shell);
  const path = findPath(context, shell, file);
  const text = readIfPresent(path, MOST_BYTES)?.toString("utf8") ?? "";
  if (/latchkey\S* shell-init/.test(text)) return undefined;
  const isDefault = path === join(context.home, file.slice("~/".length));
  return {
    name: isDefault ? file : path,
    line,
    add() {
      const between = text === "" || text.endsWith("\n") ? "" : "\n";
      ensurePrivateDirectory(dirname(path));
      replaceFile(path, `${text}${between}${line}\n`, { mode: 0o644 });
    },
  };
}

/** Returns the path that zsh and fish use, with ZDOTDIR and XDG_CONFIG_HOME. */
function findPath({ env, home }: Context, shell: Shell, file: string): string {
  const { ZDOTDIR: zsh = "", XDG_CONFIG_HOME: fish = "" } = env;
  if (shell === "zsh" && isAbsolute(zsh)) return join(zsh, ".zshrc");
  if (shell === "fish" && isAbsolute(fish)) return join(fish, "fish", "config.fish");
  return join(home, file.slice("~/".length));
}
