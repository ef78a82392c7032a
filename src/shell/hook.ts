import type { Shell } from "../text/shell-words.ts";

/**
 * What `shell-init` prints: a function around the program, and a prompt segment.
 *
 * Only `use` needs the shell itself. The program writes what is to be evaluated into a file that the function has made
 * (mktemp: a fresh name, readable by the user alone), so that its stdout, stderr, stdin and exit code stay what they are:
 * `--help` and `--json` print, the picker draws, and nothing but that file is ever evaluated. It holds no secret.
 */
export const SHELL_VARIABLE = "LATCHKEY_SHELL";
export const CHANGES_FILE_VARIABLE = "LATCHKEY_SHELL_FILE";

export function shellHook(shell: Shell): string {
  switch (shell) {
    case "bash":
      return posixHook(
        "bash",
        "  printf '%s' \"aws:${AWS_PROFILE//[[:cntrl:]]/?}${AWS_REGION:+@${AWS_REGION//[[:cntrl:]]/?}}\"",
      );
    case "zsh":
      // zsh expands % in what a prompt's command substitution yields; a doubled one is itself.
      return posixHook(
        "zsh",
        '  local segment="aws:${AWS_PROFILE//[[:cntrl:]]/?}${AWS_REGION:+@${AWS_REGION//[[:cntrl:]]/?}}"\n  print -rn -- "${segment//\\%/%%}"',
      );
    case "fish":
      return FISH;
    case "powershell":
      return POWERSHELL;
  }
}

/** `command` goes past aliases and functions of the same name; nothing here needs more than POSIX but the segment. */
function posixHook(shell: "bash" | "zsh", segment: string): string {
  return `latchkey() {
  case "\${1-}" in
    use | assume) ;;
    *) command latchkey "$@"; return $? ;;
  esac
  local changes code
  changes=$(command mktemp "\${TMPDIR:-/tmp}/latchkey.XXXXXXXXXX") || return 8
  ${SHELL_VARIABLE}=${shell} ${CHANGES_FILE_VARIABLE}="$changes" command latchkey "$@" && code=0 || code=$?
  . "$changes"
  command rm -f -- "$changes"
  return $code
}
latchkey_prompt() {
  [ -n "\${AWS_PROFILE-}" ] || return 0
${segment}
}
`;
}

const FISH = `function latchkey
    if not contains -- "$argv[1]" use assume
        command latchkey $argv
        return $status
    end
    set -l directory /tmp
    set -q TMPDIR; and test -n "$TMPDIR"; and set directory $TMPDIR
    set -l changes (command mktemp "$directory/latchkey.XXXXXXXXXX"); or return 8
    ${SHELL_VARIABLE}=fish ${CHANGES_FILE_VARIABLE}=$changes command latchkey $argv
    set -l code $status
    source $changes
    command rm -f -- $changes
    return $code
end
function latchkey_prompt
    set -q AWS_PROFILE; and test -n "$AWS_PROFILE"; or return 0
    set -l segment "aws:$AWS_PROFILE"
    set -q AWS_REGION; and test -n "$AWS_REGION"; and set segment "$segment@$AWS_REGION"
    printf '%s' (string replace -ra '[[:cntrl:]]' '?' -- $segment | string collect)
end
`;

const POWERSHELL = `function latchkey {
    $program = (Get-Command -CommandType Application -Name latchkey | Select-Object -First 1).Source
    if ($args.Count -eq 0 -or $args[0] -notin 'use', 'assume') { & $program @args; return }
    $changes = [System.IO.Path]::GetTempFileName()
    try {
        $Env:${SHELL_VARIABLE} = 'powershell'
        $Env:${CHANGES_FILE_VARIABLE} = $changes
        & $program @args
        $text = Get-Content -Raw -Encoding UTF8 -LiteralPath $changes
        if ($text) { Invoke-Expression $text }
    } finally {
        Remove-Item -ErrorAction SilentlyContinue Env:${SHELL_VARIABLE}, Env:${CHANGES_FILE_VARIABLE}
        Remove-Item -ErrorAction SilentlyContinue -LiteralPath $changes
    }
}
function latchkey_prompt {
    if ($Env:AWS_PROFILE) { "aws:$Env:AWS_PROFILE" + $(if ($Env:AWS_REGION) { "@$Env:AWS_REGION" }) -replace '[\\x00-\\x1f\\x7f]', '?' }
}
`;
