/**
 * The hook of PowerShell. A function around the program would take part of what people type for itself: `--`, `-x:y`, quotes,
 * stdin's bytes, `$?`. So there is none: PowerShell starts the program as any other, and the hook does two things beside it.
 *
 * - Before: PowerShell tells each command that it has found (PostCommandLookupAction). For latchkey the hook makes the file
 *   for changes, and names it in the environment, for that statement alone.
 * - After: PowerShell sets `$LASTEXITCODE` where a program ends. Until then that variable has an attribute which would judge
 *   the value: it accepts any, and evaluates the file. So the changes are there before the next statement of the same line.
 *
 * `$hook.file` is empty where no latchkey runs. `$hook.end` takes the attribute away by making the variable anew, since the
 * attributes can't change while one judges. Where another program in front of latchkey in a pipeline has ended first, the file
 * is still empty: it waits. What is left (no such program, Ctrl-C) ends with the next statement. A script that asks by .NET does
 * not run what it finds: completion does that.
 *
 * PowerShell takes apart what stands together behind `--` (`-p:A=B`) and at a dot (`-Dx.y=1`), for every program: the hook
 * names such words, as the syntax tree has them, and `exec` puts them together again (exec-arguments.ts). A word is two
 * lines: how many of the next arguments belong to it, and its text.
 *
 * Only .NET and the language itself are used: commands may be shadowed by functions and aliases of the person. Windows
 * PowerShell 5.1 must parse it, and has an older .NET.
 */
export const POWERSHELL_HOOK = `& {
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
        $program = if ($found -is [System.Management.Automation.AliasInfo]) { $found.Definition } else { $name }
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
 * As one line: PowerShell hands what a program prints to `Invoke-Expression` line by line, and a text of several lines as an
 * array, which it refuses.
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
