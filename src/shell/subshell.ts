import { join } from "node:path";
import type { Context, Environment } from "../context.ts";
import { findProgram } from "../fs/programs.ts";
import { createTemporaryFiles, removeTemporaryHome } from "../fs/temporary.ts";
import { ignoreExpected } from "../fs/read.ts";
import { HOOK_SHELL } from "../model/aws-environment.ts";
import { nameProgramFile } from "../text/shell-words.ts";
import { shellHook } from "./hook.ts";

/** The shell that `exec` opens if no command was given. */
interface Subshell {
  readonly command: readonly string[];
  /** Variables in addition to those that every child process of `exec` gets. */
  readonly variables: Readonly<Record<string, string>>;
  readonly close: () => void;
}

/**
 * Prepares the user's own shell. At a terminal, its prompt starts with latchkey's segment, unless the user's prompt
 * already contains it.
 */
export function prepareSubshell({ env, platform, terminal }: Context): Subshell {
  const program = findShell(env, platform);
  const plain = { command: [program], variables: {}, close: () => undefined };
  const start = STARTS.get(nameProgramFile(program));
  if (start === undefined || !terminal.interactive) return plain;
  const { files } = start;
  if (files === undefined) return { ...plain, command: [program, ...start.args("")] };
  const folder = ignoreExpected(() => createTemporaryFiles(files));
  // Without these files the shell works too, but its prompt has no segment.
  if (folder === undefined) return plain;
  return {
    command: [program, ...start.args(folder)],
    variables: start.variables?.(folder, env) ?? {},
    close: () => removeTemporaryHome(folder),
  };
}

/**
 * Returns SHELL. If SHELL is not set, returns on Windows PowerShell if its hook started this process, else the command
 * interpreter. SHELL is ignored if it can't be a shell here: in a container it may be a path of the host, on Windows a
 * path of Cygwin, and for a service `nologin`.
 */
function findShell(env: Environment, platform: string): string {
  const { SHELL = "", PATH, ComSpec, COMSPEC = ComSpec } = env;
  const isShell = SHELL !== "" && !/^(nologin|false|true)$/.test(nameProgramFile(SHELL));
  if (isShell && findProgram(SHELL, PATH) !== undefined) return SHELL;
  if (platform !== "win32") return "/bin/sh";
  if (env[HOOK_SHELL] !== "powershell") return COMSPEC ?? "cmd.exe";
  return findProgram("pwsh", PATH) ?? "powershell.exe";
}

/** How to start a shell so that it reads additions to its start files. */
interface Start {
  /** Files for a temporary directory. `args` and `variables` get the path of that directory. */
  readonly files?: Readonly<Record<string, string>>;
  readonly args: (folder: string) => readonly string[];
  readonly variables?: (folder: string, env: Environment) => Record<string, string>;
}

const POWERSHELL: Start = {
  args: () => ["-NoLogo", "-NoExit", "-EncodedCommand", encodeForPowershell(POWERSHELL_START)],
};

const POWERSHELL_START = `${shellHook("powershell")}
if ("$function:prompt" -notmatch 'latchkey_prompt') {
    $function:latchkey_inner_prompt = $function:prompt
    function prompt { "$(latchkey_prompt) $(latchkey_inner_prompt)" }
}
`;

/** Encodes a script as base64 of UTF-16, which PowerShell accepts as one argument. */
function encodeForPowershell(text: string): string {
  return Buffer.from(text, "utf16le").toString("base64");
}

/** By the program's name. bash and zsh read the additions from a file; the other shells get them as an argument. */
const STARTS: ReadonlyMap<string, Start> = new Map<string, Start>([
  [
    "bash",
    {
      files: {
        bashrc: `[ -f ~/.bashrc ] && . ~/.bashrc
${shellHook("bash")}case $PS1 in *latchkey_prompt*) ;; *) PS1='$(latchkey_prompt) '$PS1 ;; esac
`,
      },
      args: (folder) => ["--rcfile", join(folder, "bashrc")],
    },
  ],
  [
    "zsh",
    {
      // zsh looks for its start files in ZDOTDIR. Then the user's own files are read and ZDOTDIR is restored.
      files: {
        ".zshenv": `latchkey_folder=$ZDOTDIR
if [[ -n $LATCHKEY_ZDOTDIR ]]; then ZDOTDIR=$LATCHKEY_ZDOTDIR; else unset ZDOTDIR; fi
unset LATCHKEY_ZDOTDIR
[[ -f \${ZDOTDIR:-$HOME}/.zshenv ]] && . \${ZDOTDIR:-$HOME}/.zshenv
latchkey_theirs=\${ZDOTDIR-}
ZDOTDIR=$latchkey_folder
`,
        ".zshrc": `if [[ -n $latchkey_theirs ]]; then ZDOTDIR=$latchkey_theirs; else unset ZDOTDIR; fi
[[ \${HISTFILE-} == $latchkey_folder/* ]] && HISTFILE=\${ZDOTDIR:-$HOME}/.zsh_history
unset latchkey_folder latchkey_theirs
[[ -f \${ZDOTDIR:-$HOME}/.zshrc ]] && . \${ZDOTDIR:-$HOME}/.zshrc
${shellHook("zsh")}if [[ $PROMPT != *latchkey_prompt* ]]; then setopt prompt_subst; PROMPT='$(latchkey_prompt) '$PROMPT; fi
`,
      },
      args: () => [],
      variables: (folder, { ZDOTDIR = "" }) => ({ ZDOTDIR: folder, LATCHKEY_ZDOTDIR: ZDOTDIR }),
    },
  ],
  [
    "fish",
    {
      args: () => [
        "--init-command",
        `${shellHook("fish")}if not functions fish_prompt | string match -q '*latchkey_prompt*'
    functions -c fish_prompt latchkey_inner_prompt
    function fish_prompt
        printf '%s ' (latchkey_prompt)
        latchkey_inner_prompt
    end
end
`,
      ],
    },
  ],
  ["pwsh", POWERSHELL],
  ["powershell", POWERSHELL],
]);
