import { joinPowershellLines } from "../shell/powershell-hook.ts";
import { COMPLETED_WORDS } from "./entry.ts";

/**
 * The scripts that make a shell call latchkey for completion. They pass the words unchanged and read lines of
 * `VALUE<TAB>DESCRIPTION`; neither is ever evaluated. `command` skips a shell function of the same name, such as the
 * one that `latchkey shell-init` defines.
 */
/** bash 3.2, the version of macOS, has no `mapfile`. */
const BASH = `# Completion of latchkey for bash: eval "$(latchkey completion bash)"
_latchkey() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY[\${#COMPREPLY[@]}]=$line
  done < <(command latchkey __complete bash "$COMP_WORDBREAKS" "\${COMP_LINE:0:$COMP_POINT}" 2>/dev/null)
}
complete -o default -F _latchkey latchkey
`;

/** Adds no space after `ACCOUNT/`, because its role follows. */
const ZSH = `#compdef latchkey
# Completion of latchkey for zsh: eval "$(latchkey completion zsh)", or this text as _latchkey in a directory of fpath.
_latchkey() {
  local -a lines values descriptions layout whole wholeDisplays begun begunDisplays
  local line value description
  integer width=0 index none=1
  lines=("\${(@f)$(command latchkey __complete zsh "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  for line in "\${lines[@]}"; do
    value=\${line%%$'\\t'*}
    description=\${line#*$'\\t'}
    [[ -n $value ]] || continue
    values+=("$value")
    descriptions+=("$description")
    (( \${(m)#value} > width && \${(m)#value} <= 40 )) && width=\${(m)#value}
    [[ -n $description ]] && layout=(-l)
  done
  for (( index = 1; index <= \${#values}; index++ )); do
    value=\${values[index]}
    while (( \${(m)#value} < width )); do value+=' '; done
    value+=\${descriptions[index]:+  -- \${descriptions[index]}}
    if [[ \${values[index]} == */ ]]; then
      begun+=("\${values[index]}") begunDisplays+=("$value")
    else
      whole+=("\${values[index]}") wholeDisplays+=("$value")
    fi
  done
  if (( \${#values} == 0 )); then
    _files
    return
  fi
  compadd "\${layout[@]}" -d wholeDisplays -- "\${whole[@]}" && none=0
  compadd "\${layout[@]}" -S '' -d begunDisplays -- "\${begun[@]}" && none=0
  return none
}
if [[ \${funcstack[1]} == _latchkey ]]; then
  _latchkey "$@"
else
  (( \${+functions[compdef]} )) || { autoload -Uz compinit && compinit }
  compdef _latchkey latchkey
fi
`;

const FISH = `# Completion of latchkey for fish: latchkey completion fish | source
function __latchkey_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    test (count $current) -eq 1; or set current ''
    set -l answers (command latchkey __complete fish $words[2..-1] $current 2>/dev/null)
    if test -n "$answers"
        printf '%s\\n' $answers
    else
        __fish_complete_path $current
    end
end
function __latchkey_after_separator
    contains -- -- (commandline -opc)
end
complete -c latchkey -f
complete -c latchkey -n 'not __latchkey_after_separator' -f -a '(__latchkey_complete)'
complete -c latchkey -n __latchkey_after_separator -F
`;

/**
 * PowerShell inserts a completion as it is, so the script quotes it. The words are passed in a variable, because
 * Windows PowerShell drops quotes from arguments. .NET starts the program, so that $LASTEXITCODE stays unchanged and
 * the output is read as UTF-8.
 */
const POWERSHELL =
  joinPowershellLines(`Microsoft.PowerShell.Core\\Register-ArgumentCompleter -Native -CommandName latchkey, latchkey.exe, latchkey.cmd, latchkey.ps1 -ScriptBlock {
    param($current, $line, $cursor)
    if ("$($ExecutionContext.SessionState.LanguageMode)" -ne 'FullLanguage') { return }
    $program = $ExecutionContext.InvokeCommand.GetCommand('latchkey', 'Application')
    if ($null -eq $program) { return }
    $words = [System.Collections.Generic.List[string]]::new()
    $typed = ''
    for ($i = 1; $i -lt $line.CommandElements.Count; $i++) {
        $element = $line.CommandElements[$i]
        if ($element.Extent.StartOffset -ge $cursor) { break }
        $word = if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $element.Value } else { $element.Extent.Text }
        if ($element.Extent.EndOffset -lt $cursor) {
            $words.Add($word)
        } elseif ($element.Extent.EndOffset -gt $cursor) {
            $typed = $element.Extent.Text.Substring(0, $cursor - $element.Extent.StartOffset).TrimStart("'", '"')
        } else {
            $typed = $word
        }
    }
    $words.Add($typed)
    $start = [System.Diagnostics.ProcessStartInfo]::new($program.Path, '__complete powershell')
    $start.EnvironmentVariables['${COMPLETED_WORDS}'] = [string]::Join([string][char]10, $words)
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $start.StandardOutputEncoding = [System.Text.UTF8Encoding]::new($false)
    $process = [System.Diagnostics.Process]::Start($start)
    $process.StandardInput.Close()
    $answers = $process.StandardOutput.ReadToEnd()
    $process.Dispose()
    foreach ($answer in $answers.Split([char]10)) {
        $value, $description = $answer.Split([char]9)
        if (-not $value -or -not $value.StartsWith($typed, [System.StringComparison]::OrdinalIgnoreCase)) { continue }
        $text = $value
        if ($text -notmatch '^[A-Za-z0-9_.+%:/=-]+$') { $text = "'" + ($text -replace "['\\u2018-\\u201b]", '$0$0') + "'" }
        if (-not $description) { $description = $value }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $description)
    }
}
`);

const SCRIPTS = new Map([
  ["bash", BASH],
  ["zsh", ZSH],
  ["fish", FISH],
  ["powershell", `${POWERSHELL}\n`],
]);

export const COMPLETION_SHELLS: readonly string[] = [...SCRIPTS.keys()];

/** @param shell One of COMPLETION_SHELLS. */
export function completionScript(shell: string): string {
  return SCRIPTS.get(shell) ?? "";
}
