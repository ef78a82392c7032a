/**
 * The hook of PowerShell. A function around the program would change `--`, `-x:y`, quotes, the bytes of stdin and `$?`.
 * So PowerShell starts latchkey like any other program, and the hook only acts before and after it.
 *
 * - Before: PowerShell reports each command that it has found (PostCommandLookupAction). If it is
 *   latchkey, the hook creates the file for changes and puts its path into the environment, only for that statement.
 * - After: PowerShell sets `$LASTEXITCODE` when a program ends. Until then that variable has a validation attribute,
 *   which accepts every value and evaluates the file. So the changes apply before the next statement of the same line.
 *
 * `$hook.file` is empty while latchkey does not run. `$hook.end` removes the attribute by creating the variable again,
 * because attributes can't change during validation. If an earlier program of the same pipeline ends first, the file is
 * still empty, and the hook waits. If latchkey did not start or was stopped with Ctrl-C, the next statement cleans up.
 * Lookups by `.GetCommand(` are skipped, because completion looks up the program that way without running it.
 *
 * PowerShell splits words after `--` (`-p:A=B`) and at a dot (`-Dx.y=1`) for every program. The hook passes such words
 * as they are in the syntax tree, and `exec` joins them again (exec-arguments.ts). Each word is two lines: the number
 * of following arguments that belong to it, and its text.
 *
 * The constrained language mode of company machines (AppLocker, WDAC) allows none of this.
 *
 * The hook uses only .NET and the language itself, because functions and aliases of the user may replace commands. It
 * must also work in Windows PowerShell 5.1, which has an older .NET.
 */
export const POWERSHELL_HOOK = `& {
    if ("$($ExecutionContext.SessionState.LanguageMode)" -ne 'FullLanguage') {
        Microsoft.PowerShell.Utility\\Write-Warning 'latchkey: the language mode of this PowerShell does not allow the hook, so "use" does not work. Set $Env:AWS_PROFILE yourself, or run commands with "exec".'
        return
    }
    $old = $ExecutionContext.SessionState.PSVariable.GetValue('global:latchkey_hook')
    $hook = @{ file = $null; spot = $null; waits = $false; watch = $null; action = $null; previous = $ExecutionContext.InvokeCommand.PostCommandLookupAction }
    if ($old -is [hashtable] -and [object]::ReferenceEquals($old.action, $hook.previous)) { $hook.previous = $old.previous }
    $hook.clear = {
        $Env:LATCHKEY_SHELL = $null
        $Env:LATCHKEY_SHELL_FILE = $null
        $Env:LATCHKEY_SHELL_WORDS = $null
    }
    $hook.end = {
        param($code)
        $file = $hook.file
        $text = try { [System.IO.File]::ReadAllText($file) } catch { '' }
        if ($hook.waits -and -not $text -and $null -ne $code) { return }
        $hook.file = $null
        & $hook.clear
        try { [System.IO.File]::Delete($file) } catch { }
        $variables = $ExecutionContext.SessionState.PSVariable
        if ($null -eq $code) { $code = $variables.GetValue('global:LASTEXITCODE') }
        $variables.Remove('global:LASTEXITCODE')
        $variables.Set('global:LASTEXITCODE', $code)
        if ($text) { $null = [scriptblock]::Create($text).Invoke() }
    }.GetNewClosure()
    $hook.watch = [System.Management.Automation.ValidateScriptAttribute]::new({
        if ($hook.file) { $null = try { & $hook.end $_ } catch { } }
        $true
    }.GetNewClosure())
    $hook.words = {
        param($name, $text)
        if ($text -notmatch '\\s-[^\\s:.]*[:.]\\S') { return }
        $tree = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref]$null, [ref]$null)
        foreach ($command in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
            $called = $command.GetCommandName()
            if ($called -and $called -ne $name) { continue }
            $elements = $command.CommandElements
            for ($i = 1; $i -lt $elements.Count; $i++) {
                $word = $elements[$i].Extent.Text
                if (-not $word.StartsWith('-')) { continue }
                $count = 0
                while ($i + 1 -lt $elements.Count -and $elements[$i].Extent.EndOffset -eq $elements[$i + 1].Extent.StartOffset) {
                    $i++
                    $count++
                }
                "$count"
                $word
            }
        }
    }
    $hook.start = {
        param($name, $spots, $position)
        $text = $position.Text
        $at = $text.LastIndexOf($name, [System.StringComparison]::OrdinalIgnoreCase)
        if ($text.Contains('.GetCommand(')) { return }
        if ($at -lt 0) { $text = $position.StartScriptPosition.GetFullScript() }
        $hook.waits = $at -lt 0 -or $text.LastIndexOf('|', $at) -ge 0
        $hook.spot = $spots[1]
        $words = [string]::Join([string][char]10, @(& $hook.words $name $text))
        if ($words) { $Env:LATCHKEY_SHELL_WORDS = $words }
        $Env:LATCHKEY_SHELL = 'powershell'
        $file = try { [System.IO.Path]::GetTempFileName() } catch {
            $directory = $Env:TMPDIR
            $Env:TMPDIR = $null
            try { [System.IO.Path]::GetTempFileName() } catch { 'none' }
            $Env:TMPDIR = $directory
        }
        $Env:LATCHKEY_SHELL_FILE = $file
        $variables = $ExecutionContext.SessionState.PSVariable
        if ($null -eq $variables.GetValue('global:LASTEXITCODE')) { $variables.Set('global:LASTEXITCODE', 0) }
        $variables.Get('global:LASTEXITCODE').Attributes.Add($hook.watch)
        $hook.file = $file
    }.GetNewClosure()
    $hook.action = [System.EventHandler[System.Management.Automation.CommandLookupEventArgs]]{
        param($name, $lookup)
        $found = $lookup.Command
        $program = $name
        if ($found -is [System.Management.Automation.AliasInfo]) {
            $found = $found.ResolvedCommand
            $program = "$found"
        }
        $isOurs = $program -match '(^|[\\\\/])latchkey(\\.exe|\\.cmd|\\.ps1)?$'
        if ($isOurs -or $hook.file) {
            try {
                $frames = @([System.Management.Automation.Runspaces.Runspace]::DefaultRunspace.Debugger.GetCallStack())
                $spots = @(foreach ($frame in $frames) { "$($frame.Position.File) $($frame.Position.StartOffset) $($frame.Position.Text)" })
                if ($hook.file -and $spots -notcontains $hook.spot) { & $hook.end }
                if ($isOurs -and -not $hook.file) { & $hook.start $name $spots $frames[1].Position }
                if ($isOurs -and $found -is [System.Management.Automation.ExternalScriptInfo]) {
                    $beside = [System.IO.Path]::ChangeExtension($found.Path, 'cmd')
                    if ([System.IO.File]::Exists($beside)) { $lookup.Command = $ExecutionContext.InvokeCommand.GetCommand($beside, 'Application') }
                }
            } catch { }
        }
        if ($hook.previous) { $hook.previous.Invoke($name, $lookup) }
    }.GetNewClosure()
    & $hook.clear
    $global:latchkey_hook = $hook
    $ExecutionContext.InvokeCommand.PostCommandLookupAction = $hook.action
}
`;

/**
 * Joins the lines of the script. A program's output reaches `Invoke-Expression` as an array of lines, and it refuses an
 * array of several lines.
 */
export function joinPowershellLines(text: string): string {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines
    .map((line, index) => {
      const goesOn = /[{(]$/.test(line) || /^(else|elseif|catch)\b/.test(lines[index + 1] ?? "");
      return index + 1 === lines.length ? line : `${line}${goesOn ? "" : ";"} `;
    })
    .join("");
}
