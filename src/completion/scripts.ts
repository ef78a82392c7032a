/**
 * What makes a shell ask latchkey while one types. The scripts hand over the words as they stand and take lines of
 * `VALUE<TAB>DESCRIPTION` back; nothing of either is ever evaluated. `command` keeps a shell function of the same name
 * (`latchkey shell-init` defines one) out of it.
 */
/** bash 3.2, which macOS has, knows no `mapfile`. */
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

/** No blank behind `ACCOUNT/`, which has its role still to come. */
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

/** Words as they are, and what is inserted quoted: PowerShell inserts a completion as its own text. */
const POWERSHELL = `# Completion of latchkey for PowerShell: latchkey completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName latchkey -ScriptBlock {
    param($current, $line, $cursor)
    $program = (Get-Command -CommandType Application -Name latchkey | Select-Object -First 1).Source
    $words = @($line.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -le $cursor } | ForEach-Object { if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text } })
    $typed = ''
    if ($current -ne '' -and $words.Count -gt 0) {
        $typed = $words[-1]
        $words = @($words | Select-Object -SkipLast 1)
    }
    & $program __complete powershell @words "$typed" 2>$null | ForEach-Object {
        $value, $description = $_ -split "\t", 2
        if (-not $value.StartsWith($typed, [System.StringComparison]::Ordinal)) { return }
        $text = if ($value -match '^[A-Za-z0-9_.+%:/=-]+$') { $value } else { "'" + ($value -replace "['\u2018-\u201b]", '$0$0') + "'" }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $(if ($description) { $description } else { $value }))
    }
}
`;

const SCRIPTS = new Map([
  ["bash", BASH],
  ["zsh", ZSH],
  ["fish", FISH],
  ["powershell", POWERSHELL],
]);

export const COMPLETION_SHELLS: readonly string[] = [...SCRIPTS.keys()];

/** @param shell one of COMPLETION_SHELLS. */
export function completionScript(shell: string): string {
  return SCRIPTS.get(shell) ?? "";
}
