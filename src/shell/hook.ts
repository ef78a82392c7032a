import { CHANGES_FILE, HOOK_SHELL } from "../model/aws-environment.ts";
import type { Shell } from "../text/shell-words.ts";
import { joinPowershellLines, POWERSHELL_HOOK } from "./powershell-hook.ts";
import { promptSegment } from "./prompt-segment.ts";

/**
 * Returns the output of `shell-init`: a shell function named like the program (for PowerShell, see powershell-hook.ts),
 * and a prompt segment.
 *
 * Only `use` has to change the shell. The function creates a file (mktemp: a new name, readable only by the user),
 * latchkey writes the changes into the file, and the shell evaluates only this file. So stdout, stderr, stdin and the
 * exit code are those of latchkey: `--help` and `--json` print, and the picker works. The file contains no secret.
 */
/**
 * PowerShell's hook passes this word instead of a path if it can't create the file. The other hooks report that error
 * themselves.
 */
export const NO_CHANGES_FILE = "none";

export function shellHook(shell: Shell): string {
  return HOOKS[shell];
}

export const NO_FILE = {
  message: "No temporary file could be made, neither in TMPDIR nor in /tmp.",
  hint: "Set TMPDIR to a directory that you can write to.",
} as const;

const NO_FILE_LINES = [
  `latchkey: error: ${NO_FILE.message}`,
  `latchkey: hint: ${NO_FILE.hint}`,
] as const;

/** `command` runs the program even if an alias or a function has the same name. dash can also run this script. */
function posixHook(shell: "bash" | "zsh"): string {
  return `latchkey() {
  case "\${1-}" in
    use | assume | switch | select) ;;
    *) ${HOOK_SHELL}=${shell} command latchkey "$@"; return $? ;;
  esac
  local changes code
  changes=$(command mktemp "\${TMPDIR:-/tmp}/latchkey.XXXXXXXXXX" 2>/dev/null) ||
    changes=$(command mktemp /tmp/latchkey.XXXXXXXXXX 2>/dev/null) ||
    { printf '%s\\n' '${NO_FILE_LINES.join("' '")}' >&2; return 8; }
  ${HOOK_SHELL}=${shell} ${CHANGES_FILE}="$changes" command latchkey "$@" && code=0 || code=$?
  . "$changes"
  command rm -f -- "$changes"
  return $code
}
${promptSegment(shell)}`;
}

const FISH = `function latchkey
    if not contains -- "$argv[1]" use assume switch select
        ${HOOK_SHELL}=fish command latchkey $argv
        return $status
    end
    set -l directory /tmp
    set -q TMPDIR; and test -n "$TMPDIR"; and set directory $TMPDIR
    set -l changes (command mktemp "$directory/latchkey.XXXXXXXXXX" 2>/dev/null; or command mktemp /tmp/latchkey.XXXXXXXXXX 2>/dev/null)
    if test -z "$changes"
        printf '%s\\n' '${NO_FILE_LINES.join("' '")}' >&2
        return 8
    end
    ${HOOK_SHELL}=fish ${CHANGES_FILE}=$changes command latchkey $argv
    set -l code $status
    source $changes
    command rm -f -- $changes
    return $code
end
${promptSegment("fish")}`;

const POWERSHELL = `${joinPowershellLines(POWERSHELL_HOOK + promptSegment("powershell"))}
`;

/**
 * In nushell, a command of two words takes precedence over the program. The file contains a record that nushell loads,
 * because nushell can't evaluate text. Nushell passes HOOK_SHELL on to every program; `latchkey exec` removes it from
 * the environment of the command.
 */
const NUSHELL = `$env.${HOOK_SHELL} = "nushell"
def --env --wrapped "latchkey use" [...words] { latchkey-switch use ...$words }
def --env --wrapped "latchkey assume" [...words] { latchkey-switch assume ...$words }
def --env --wrapped latchkey-switch [...words] {
    let changes = try { mktemp --tmpdir latchkey.XXXXXXXXXX } catch {
        try { mktemp --tmpdir-path /tmp latchkey.XXXXXXXXXX } catch { "" }
    }
    if $changes == "" {
        print --stderr ${NO_FILE_LINES.map((line) => `"${line}"`).join(" ")}
        latchkey-end 8
    } else {
        let code = try { with-env {${HOOK_SHELL}: nushell, ${CHANGES_FILE}: $changes} { ^latchkey ...$words }; 0 } catch {|failure| $failure.exit_code? | default 1 }
        let text = (open --raw $changes | decode utf-8)
        rm --force $changes
        if $text != "" {
            for change in ($text | from json | transpose name value) {
                if $change.value == null { hide-env --ignore-errors $change.name } else { load-env {$change.name: $change.value} }
            }
        }
        if $code != 0 { latchkey-end $code }
    }
}
def latchkey-end [code: int] {
    if $nu.os-info.family == windows { ^cmd /c exit $code } else { ^sh -c $"exit ($code)" }
}
${promptSegment("nushell")}`;

const HOOKS: Readonly<Record<Shell, string>> = {
  bash: posixHook("bash"),
  zsh: posixHook("zsh"),
  fish: FISH,
  powershell: POWERSHELL,
  nushell: NUSHELL,
};
