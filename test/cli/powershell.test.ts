/** @module-tag long */
import { chmodSync } from "node:fs";
import { describe, expect } from "vitest";
import { createSignedInHome, runProgram, type Home, type RunResult } from "../support/home.ts";
import { testWithProgram } from "../support/on-node-only.ts";
import { patience } from "../support/patience.ts";
import { HOSTILE_NAMES, writeListing } from "../support/shell-completion.ts";
import { formatChanges, quoteShellWord } from "../../src/text/shell-words.ts";
import { installProgram, listHostileTexts } from "../support/shell.ts";

/** Commands typed in PowerShell, with the real program. PowerShell starts slowly, so each start runs many lines. */

const LOAD = "latchkey shell-init powershell | Invoke-Expression";

interface Row {
  readonly typed: string;
  /** The expected output, one line per line. */
  readonly printed: string;
}

function toRows(rows: ReadonlyArray<readonly [typed: string, printed: string]>): readonly Row[] {
  return rows.map(([typed, printed]) => ({ typed, printed }));
}

async function createPowershellHome(): Promise<Home> {
  const home = await createSignedInHome();
  const show = home.write("bin/show", `#!/bin/sh\nprintf '<%s>' "$@"; echo\n`);
  const end = home.write("bin/end", '#!/bin/sh\nexit "$1"\n');
  for (const file of [show, end]) chmodSync(file, 0o755);
  return home;
}

function runPowershell(home: Home, script: string): Promise<RunResult> {
  const file = home.write("script.ps1", `\ufeff${script}\n`);
  const env = {
    ...home.env,
    PATH: installProgram(home),
    TMPDIR: home.write("tmp/.keep", "").slice(0, -6),
  };
  return runProgram(["pwsh", "-NoProfile", "-NoLogo", "-File", file], env, { cwd: home.path });
}

/** Runs all rows in one start, each after a marker line. */
async function expectRows(home: Home, before: string, rows: readonly Row[]): Promise<void> {
  const script = rows.map(({ typed }, index) => `'#${index}'\n${typed}\n`).join("");
  const { stdout, stderr } = await runPowershell(home, `${before}\n${script}`);
  const printed = stdout.split(/^#\d+\n/m).slice(1);
  expect(
    rows.map(({ typed }, index) => `${typed}\n${(printed[index] ?? "").trimEnd()}`),
    stderr,
  ).toEqual(rows.map(({ typed, printed: wanted }) => `${typed}\n${wanted}`));
}

const NOW = '"$? $LASTEXITCODE $(if ($Env:AWS_PROFILE) { $Env:AWS_PROFILE } else { "none" })"';

/** Arguments as typed, for a program after `exec`. */
const WORDS = toRows([
  ["latchkey exec okta -- node -p '1 + 1'", "2"],
  [
    "$x = 'v w'; latchkey exec okta -- show -p:A=B -p: C -p -Dx.y=1 -a:b.c -x:$x -z:(1+1) --exclude '*' '[a]' \"?\"",
    "<-p:A=B><-p:><C><-p><-Dx.y=1><-a:b.c><-x:v w><-z:2><--exclude><*><[a]><?>",
  ],
  [
    "latchkey exec okta show -p:A=B -y:'a b' -Verbose -ErrorAction Stop a,b '' 012 1e3 0x10 'it''s' 'q\"q' 'c:\\x\\' 'ü ☃' ~/x $(1; 2) @('a'; 'b c')",
    "<-p:A=B><-y:a b><-Verbose><-ErrorAction><Stop><a,b><><012><1e3><0x10><it's><q\"q><c:\\x\\><ü ☃></HOME/x><1><2><a><b c>",
  ],
  [
    "$w = 'exec', 'okta', 'show', 'a b'; latchkey @w @'\na\n b\n'@ --% $x 'a",
    "<a b><a\n b><$x><'a>",
  ],
  [
    '[IO.File]::WriteAllBytes("$HOME/in", [byte[]](0, 255, 13, 10, 200)); cat "$HOME/in" | latchkey exec okta -- cat > "$HOME/out"; [IO.File]::ReadAllBytes("$HOME/out") -join " "',
    "0 255 13 10 200",
  ],
  [
    `'text' | latchkey exec okta -- sh -c 'cat; echo \${LATCHKEY_SHELL_FILE-none} \${LATCHKEY_SHELL_WORDS-none}; exit 3' -a:b; ${NOW}`,
    "text\nnone none\nFalse 3 none",
  ],
]);

/** `use` takes effect at once. */
const SWITCHES = toRows([
  [`latchkey use okta; ${NOW}`, "True 0 okta"],
  [
    `latchkey use nope; ${NOW}; "[$Env:LATCHKEY_SHELL$Env:LATCHKEY_SHELL_FILE]"`,
    "False 7 okta\n[]",
  ],
  [`latchkey use a,b && "and $Env:AWS_PROFILE"`, "and a,b"],
  [`latchkey use 'it''s $(x) \`y\`'; ${NOW}`, "True 0 it's $(x) `y`"],
  [`end 3 | latchkey use $('x'; 'okta')[-1] || ${NOW}`, "False 0 okta"],
  [`latchkey use --unset | Out-Null; ${NOW}; Test-Path Env:AWS_PROFILE`, "True 0 none\nFalse"],
  [`function f { latchkey use - }; f; ${NOW}`, "True 0 okta"],
  [
    `$m = New-Module { function g { $w = 'use', 'a,b'; latchkey @w; ${NOW} }; function lk { latchkey @args } }; g; lk use okta; ${NOW}`,
    "True 0 a,b\nTrue 0 okta",
  ],
  [
    `Set-Alias k latchkey; & { k use a,b }; ${NOW}; $c = 'latchkey'; & $c use okta; ${NOW}`,
    "True 0 a,b\nTrue 0 okta",
  ],
  [
    `Set-Alias lk latchkey; Set-Alias lkk lk; lkk use a,b; ${NOW}; lkk exec okta -- show -p:A=B; Set-Alias l1 l2; Set-Alias l2 l1; try { l1 } catch { $Error.Clear() }; lkk use okta; ${NOW}`,
    "True 0 a,b\n<-p:A=B>\nTrue 0 okta",
  ],
  [
    'latchkey use nope | Out-Null; Get-Date | Out-Null; $global:LASTEXITCODE = $null; "[$Env:LATCHKEY_SHELL_FILE]"; $null -eq $LASTEXITCODE; (Get-Variable LASTEXITCODE -Scope Global).Attributes.Count; $Error.Count; @([IO.Directory]::GetFiles($Env:TMPDIR, "*.tmp")).Count',
    "[]\nTrue\n0\n0\n0",
  ],
]);

/** Every PowerShell command that the hook could use, as an alias of something else. */
const SHADOWS =
  "foreach ($c in [string[]](Get-Command -Module Microsoft.PowerShell.Core, Microsoft.PowerShell.Utility, Microsoft.PowerShell.Management)) { if ($c -notin 'Set-StrictMode', 'Invoke-Expression', 'Out-Default') { $null = $ExecutionContext.InvokeProvider.Item.Set(\"function:global:$c\", { throw 'shadowed' }) } }";

/** ^ is the cursor. */
const COMPLETIONS: ReadonlyArray<readonly [line: string, completed: string]> = [
  ["latchkey whoa^", "latchkey whoami"],
  ["latchkey use ok^", "latchkey use okta"],
  ["$x = 1; latchkey use OK^; aws s3 ls", "$x = 1; latchkey use okta; aws s3 ls"],
  ["latchkey use ok^zz", "latchkey use okta"],
  ["latchkey login --no-bro^", "latchkey login --no-browser"],
  ["latchkey credential-process --profile=ok^", "latchkey credential-process --profile=okta"],
  ["latchkey export -p ok^", "latchkey export -p okta"],
  ["latchkey login --sso-session ^", "latchkey login --sso-session corp"],
  ["latchkey roles Pay^", "latchkey roles 'Payments Prod'"],
  ["latchkey use 1111^", "latchkey use 111122223333/Billing"],
  ["latchkey settings login-flow p^", "latchkey settings login-flow pkce"],
  ["latchkey.exe exec okta --ser^", "latchkey.exe exec okta --server"],
  ["latchkey whoami --profile='ev3 ^", "latchkey whoami '--profile=ev3 ;touch canary'"],
  ["latchkey whoami 'ev3 ^", "latchkey whoami 'ev3 ;touch canary'"],
  ['latchkey whoami "ev3 ^', "latchkey whoami 'ev3 ;touch canary'"],
  ["latchkey exec okta -- in^", "latchkey exec okta -- ./in.txt"],
  ...HOSTILE_NAMES.map(
    (name) =>
      [
        `latchkey whoami ${name.slice(0, 3)}^`,
        `latchkey whoami '${name.replaceAll("'", "''")}'`,
      ] as const,
  ),
];

/** Prints the parts of a text that Windows PowerShell 5.1 does not support, or "-". */
const LIST_NEWS = `
$kinds = 'AndAnd', 'OrOr', 'QuestionQuestion', 'QuestionQuestionEquals', 'QuestionDot', 'QuestionLBracket', 'QuestionMark', 'Clean'
$nodes = 'PipelineChainAst', 'TernaryExpressionAst', 'UsingStatementAst'
$parameters = 'Parallel', 'ThrottleLimit', 'AsHashtable', 'AsByteStream', 'SkipCertificateCheck', 'LeafBase', 'Delimiter', 'SkipIndex', 'CommandWithArgs', 'ProgressAction'
$words = '(?i)utf8(No)?BOM|\\$(global:)?(IsWindows|IsLinux|IsMacOS|IsCoreCLR|PSStyle|PSNativeCommand\\w+|EnabledExperimentalFeatures)\\b|\\.ArgumentList\\b|\\.Environment\\[|\\u0060[eu]|Path\\]::Join|EnumerationOptions|OperatingSystem\\]|-AsHashtable|Get-Uptime|Test-Json|Join-String|Remove-Service|ConvertFrom-Markdown'
function list-news($text) {
  $tokens = $errors = $null
  $tree = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref]$tokens, [ref]$errors)
  $found = @(
    $errors | % ErrorId
    $tokens | ? { "$($_.Kind)" -in $kinds } | % Text
    $tree.FindAll({ $args[0].GetType().Name -in $nodes }, $true) | % { $_.GetType().Name }
    $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandParameterAst] }, $true) | ? ParameterName -in $parameters | % ParameterName
    [regex]::Matches($text, $words) | % Value
  )
  if ($found) { $found -join ' ' } else { '-' }
}`;

/** Sets a variable as `use` does, and prints its value, in base64. */
function showChange(text: string): string {
  const change = formatChanges("powershell", new Map([["HOSTILE", text]]));
  return `${change}[Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Env:HOSTILE))\n`;
}

const LATER_THAN_5_1 = [
  "a && b",
  "a || b",
  "$x ?? 1",
  "$x ??= 1",
  "${x}?.y",
  "${x}?[0]",
  "$x ? 1 : 2",
  "1 | ForEach-Object -Parallel { }",
  "ConvertFrom-Json -AsHashtable",
  "Get-Content -AsByteStream x",
  "Set-Content -Encoding utf8NoBOM x",
  "if ($IsWindows) { }",
  "$start.ArgumentList.Add('x')",
  '"`e[0m"',
  "[IO.Path]::Join('a', 'b')",
];

describe("in PowerShell", () => {
  testWithProgram(
    "pwsh",
    "typed arguments reach the program unchanged, and use takes effect at once, in scripts and in strict mode",
    async () => {
      const home = await createPowershellHome();
      home.write(
        ".aws/config",
        `${home.read(".aws/config")}[profile a,b]\nregion = x\n[profile 'it'"'"'s $(x) \`y\`']\nregion = x\n`,
      );
      const words = WORDS.map((row) => ({
        ...row,
        printed: row.printed.replace("/HOME", home.path),
      }));
      await expectRows(home, LOAD, [...words, ...SWITCHES]);
      const strict =
        "Set-StrictMode -Version Latest; $ErrorActionPreference = 'Stop'; $PSNativeCommandUseErrorActionPreference = $true";
      await expectRows(
        home,
        `${strict}\n$hook = & latchkey shell-init powershell\n${SHADOWS}\nInvoke-Expression $hook; Invoke-Expression $hook`,
        [
          ...words.slice(1, 2),
          ...SWITCHES.slice(0, 1),
          ...toRows([
            [
              'try { latchkey use nope } catch { "caught $LASTEXITCODE $Env:AWS_PROFILE$Env:LATCHKEY_SHELL_FILE" }',
              "caught 7 okta",
            ],
          ]),
        ],
      );
    },
    patience(60_000),
  );

  testWithProgram(
    "pwsh",
    "Tab completes commands, flags and names of this machine, each as one word that is never evaluated",
    async () => {
      const home = await createPowershellHome();
      home.write(
        ".aws/config",
        `${home.read(".aws/config")}${HOSTILE_NAMES.map((name) => `[profile ${quoteShellWord(name)}]\nregion = x\n`).join("")}`,
      );
      home.write("in.txt", "");
      writeListing(home, [
        { accountId: "111122223333", accountName: "Payments Prod", roleNames: ["Billing"] },
      ]);
      const complete = `function complete($line) {
        $cursor = $line.IndexOf('^')
        $found = TabExpansion2 $line.Remove($cursor, 1) $cursor
        ($found.CompletionMatches | select -First 1 | % { $line.Remove($cursor, 1).Remove($found.ReplacementIndex, $found.ReplacementLength).Insert($found.ReplacementIndex, $_.CompletionText) }) -join ''
      }`;
      const rows = COMPLETIONS.map(([line, completed]) => ({
        typed: `complete @'\n${line}\n'@`,
        printed: completed,
      }));
      const after = toRows([['"$LASTEXITCODE$Env:LATCHKEY_SHELL_FILE"; $Error.Count', "0\n0"]]);
      const strict = "Set-StrictMode -Version Latest; $ErrorActionPreference = 'Stop'";
      await expectRows(
        home,
        `${complete}\nlatchkey completion powershell | Invoke-Expression\n${strict}\n${LOAD}`,
        [...rows, ...after],
      );
      expect(home.list("canary")).toEqual([]);
    },
    patience(60_000),
  );

  testWithProgram(
    "pwsh",
    "code for Windows PowerShell 5.1 uses nothing from later versions, and keeps hostile values unchanged",
    async () => {
      const home = await createPowershellHome();
      const texts = await Promise.all(
        [
          ["shell-init", "powershell"],
          ["completion", "powershell"],
          ["export", "okta", "--format", "powershell"],
        ].map(async (argv) => (await home.run(argv)).stdout),
      );
      for (const text of texts.slice(0, 2)) expect(text).toMatch(/^[\x20-\x7e]+\n$/);
      const changes = new Map([
        ["A", "it's"],
        ["B", undefined],
      ]);
      const hostile = listHostileTexts(home);
      const all = [...texts, formatChanges("powershell", changes), ...LATER_THAN_5_1];
      const { stdout, stderr } = await runPowershell(
        home,
        `${LIST_NEWS}\n${all.map((text) => `list-news @'\n${text.trimEnd()}\n'@`).join("\n")}\n${hostile.map(showChange).join("")}`,
      );
      const lines = stdout.trim().split("\n");
      const values = lines.splice(all.length).map((line) => Buffer.from(line, "base64").toString());
      expect(values).toEqual(hostile);
      const found = lines;
      expect(found.slice(0, 4), stderr).toEqual(["-", "-", "-", "-"]);
      expect(found.slice(4)).toHaveLength(LATER_THAN_5_1.length);
      expect(found.slice(4)).not.toContain("-");
    },
    patience(30_000),
  );
});
