import type { Shell } from "../text/shell-words.ts";

/**
 * `latchkey_prompt` prints the segment of the prompt without starting a program. The segment shows whose credentials
 * AWS clients use: the keys of a surrounding `exec`, the profile, the endpoint of `exec --server`, or keys from
 * `export`. The remaining time is known only for keys in the environment. A shell without a clock (bash before 4.2,
 * fish before 3.5) shows the expiry time in UTC instead.
 */
export function promptSegment(shell: Shell): string {
  return SEGMENTS[shell];
}

/** bash prints text between \\001 and \\002 unchanged and does not count it as columns (readline). */
const BASH_PRINT = `  local open= shut= begin=$'\\001\\033[' end=$'m\\002'
  [ -n "$color" ] && open=$begin$color$end shut=\${begin}0$end
  printf '%s' "\${segment//[[:cntrl:]]/?}\${left:+ $open$left$shut}"`;

/** zsh expands % in the output of a prompt's command substitution, so % is written as %%. */
const ZSH_PRINT = `  local open= shut=
  [ -n "$color" ] && open="%{"$'\\e'"[\${color}m%}" shut="%{"$'\\e'"[0m%}"
  segment=\${segment//[[:cntrl:]]/?}
  print -rn -- "\${segment//\\%/%%}\${left:+ $open$left$shut}"`;

/**
 * Computes days since 1970 (Howard Hinnant's days_from_civil), because neither bash nor zsh can parse a date without
 * another program.
 */
const POSIX_LEFT = `latchkey_left() {
  local e=$1 now=$2 y m d s
  left= color=
  case $e in
    [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z) ;;
    [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]+00:00) ;;
    *) return 0 ;;
  esac
  if [ -z "$now" ]; then left="until \${e:11:5}Z"; return 0; fi
  y=$((10#\${e:0:4})) m=$((10#\${e:5:2})) d=$((10#\${e:8:2}))
  [ $m -gt 2 ] && m=$((m - 3)) || { m=$((m + 9)); y=$((y - 1)); }
  d=$((365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + d - 719469))
  s=$((d * 86400 + 10#\${e:11:2} * 3600 + 10#\${e:14:2} * 60 + 10#\${e:17:2} - now))
  if [ $s -le 0 ]; then left=expired color=31
  elif [ $s -lt 60 ]; then left='<1m' color=31
  elif [ $s -lt 3600 ]; then left=$((s / 60))m; [ $s -ge 900 ] || color=33
  else left=$((s / 3600))h$((s / 60 % 60))m
  fi
  if [ -n "\${NO_COLOR-}" ] || [ "\${TERM-}" = dumb ]; then color=; fi
}
`;

function posixPrompt(clock: string, print: string): string {
  return `${POSIX_LEFT}latchkey_prompt() {
  local segment=\${AWS_PROFILE-} left= color= now=
  if [ -n "\${AWS_ACCESS_KEY_ID-}" ]; then
    segment=\${LATCHKEY_EXEC:-$segment}
    if [ -n "\${AWS_CREDENTIAL_EXPIRATION-}" ]; then
      segment=\${segment:-keys}
      ${clock}
      latchkey_left "$AWS_CREDENTIAL_EXPIRATION" "$now"
    fi
  elif [ -n "\${AWS_CONTAINER_CREDENTIALS_FULL_URI-}" ]; then
    segment=\${segment:-\${LATCHKEY_EXEC-}}
  fi
  [ -n "$segment" ] || return 0
  segment="aws:$segment\${AWS_REGION:+@$AWS_REGION}"
${print}
}
`;
}

const FISH = `function latchkey_left
    set -l e (string match -rg '^(\\d{4})-(\\d\\d)-(\\d\\d)T(\\d\\d):(\\d\\d):(\\d\\d)(?:Z|\\+00:00)$' -- $argv[1])
    test (count $e) -eq 6; or return 0
    set -l now $argv[2]
    if test -z "$now"
        printf '%s\\n' "until $e[4]:$e[5]Z" ''
        return 0
    end
    set -l m (math $e[2] - 3)
    set -l y (math $e[1])
    if test $m -lt 0
        set m (math $m + 12)
        set y (math $y - 1)
    end
    set -l days (math "365 * $y + floor($y / 4) - floor($y / 100) + floor($y / 400) + floor((153 * $m + 2) / 5) + $e[3] - 719469")
    set -l s (math "$days * 86400 + $e[4] * 3600 + $e[5] * 60 + $e[6] - $now")
    if test $s -le 0
        printf '%s\\n' expired red
    else if test $s -lt 60
        printf '%s\\n' '<1m' red
    else if test $s -lt 900
        printf '%s\\n' (math "floor($s / 60)")m yellow
    else if test $s -lt 3600
        printf '%s\\n' (math "floor($s / 60)")m ''
    else
        printf '%s\\n' (math "floor($s / 3600)")h(math "floor($s / 60) % 60")m ''
    end
end
function latchkey_prompt
    set -l segment "$AWS_PROFILE"
    set -l left
    if test -n "$AWS_ACCESS_KEY_ID"
        test -n "$LATCHKEY_EXEC"; and set segment $LATCHKEY_EXEC
        if test -n "$AWS_CREDENTIAL_EXPIRATION"
            test -n "$segment"; or set segment keys
            set -l now ''
            contains path (builtin -n); and set now (math (path mtime /) + (path mtime -R /))
            set left (latchkey_left $AWS_CREDENTIAL_EXPIRATION $now)
        end
    else if test -n "$AWS_CONTAINER_CREDENTIALS_FULL_URI" -a -z "$segment"
        set segment "$LATCHKEY_EXEC"
    end
    test -n "$segment"; or return 0
    set segment "aws:$segment"
    test -n "$AWS_REGION"; and set segment "$segment@$AWS_REGION"
    printf '%s' (string replace -ra '[[:cntrl:]]' '?' -- $segment | string collect)
    test -n "$left[1]"; or return 0
    printf ' '
    if test -n "$left[2]" -a -z "$NO_COLOR" -a "$TERM" != dumb
        printf '%s' (set_color $left[2])$left[1](set_color normal)
    else
        printf '%s' $left[1]
    end
end
`;

const POWERSHELL = `function latchkey_left($expiration, $now) {
    if ($expiration -notmatch '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(Z|\\+00:00)$') { return }
    $end = [DateTimeOffset]::MinValue
    if (-not [DateTimeOffset]::TryParse($expiration, [CultureInfo]::InvariantCulture, 'AssumeUniversal', [ref]$end)) { return }
    $s = $end.ToUnixTimeSeconds() - $now
    if ($s -le 0) { 'expired', '31' }
    elseif ($s -lt 60) { '<1m', '31' }
    elseif ($s -lt 900) { "$([Math]::Floor($s / 60))m", '33' }
    elseif ($s -lt 3600) { "$([Math]::Floor($s / 60))m", '' }
    else { "$([Math]::Floor($s / 3600))h$([Math]::Floor($s / 60) % 60)m", '' }
}
function latchkey_prompt {
    $segment = $Env:AWS_PROFILE
    $left = $null
    if ($Env:AWS_ACCESS_KEY_ID) {
        if ($Env:LATCHKEY_EXEC) { $segment = $Env:LATCHKEY_EXEC }
        if ($Env:AWS_CREDENTIAL_EXPIRATION) {
            if (-not $segment) { $segment = 'keys' }
            if ("$($ExecutionContext.SessionState.LanguageMode)" -eq 'FullLanguage') { $left = latchkey_left $Env:AWS_CREDENTIAL_EXPIRATION ([DateTimeOffset]::UtcNow.ToUnixTimeSeconds()) }
        }
    } elseif ($Env:AWS_CONTAINER_CREDENTIALS_FULL_URI -and -not $segment) { $segment = $Env:LATCHKEY_EXEC }
    if (-not $segment) { return }
    if ($Env:AWS_REGION) { $segment += "@$Env:AWS_REGION" }
    $segment = "aws:$segment" -replace '[\\x00-\\x1f\\x7f]', '?'
    if (-not $left) { return $segment }
    $escape = [char]27
    if ($left[1] -and -not $Env:NO_COLOR) { "$segment $escape[$($left[1])m$($left[0])$escape[0m" } else { "$segment $($left[0])" }
}
`;

const NUSHELL = `def latchkey_left [expiration: string, now: int] {
    if $expiration !~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(Z|\\+00:00)$' { return [] }
    let s = ($expiration | into datetime | format date "%s" | into int) - $now
    if $s <= 0 { [expired red] } else if $s < 60 { ["<1m" red] } else if $s < 900 { [$"($s // 60)m" yellow] } else if $s < 3600 { [$"($s // 60)m" ""] } else { [$"($s // 3600)h($s // 60 mod 60)m" ""] }
}
def latchkey_prompt [] {
    let env_of = {|name| $env | get --optional $name | default "" }
    let has_keys = (do $env_of AWS_ACCESS_KEY_ID) != ""
    let outer = do $env_of LATCHKEY_EXEC
    let profile = do $env_of AWS_PROFILE
    let expiration = if $has_keys { do $env_of AWS_CREDENTIAL_EXPIRATION } else { "" }
    let has_endpoint = (do $env_of AWS_CONTAINER_CREDENTIALS_FULL_URI) != ""
    let name = if $has_keys and $outer != "" { $outer } else if $profile != "" { $profile } else if not $has_keys and $has_endpoint { $outer } else if $expiration != "" { "keys" } else { "" }
    if $name == "" { return "" }
    let region = do $env_of AWS_REGION
    let segment = ($"aws:($name)" + (if $region == "" { "" } else { $"@($region)" })) | str replace --all --regex '[[:cntrl:]]' '?'
    let left = latchkey_left $expiration (date now | format date "%s" | into int)
    if ($left | is-empty) { return $segment }
    if $left.1 == "" or (do $env_of NO_COLOR) != "" { return $"($segment) ($left.0)" }
    $"($segment) (ansi $left.1)($left.0)(ansi reset)"
}
`;

const SEGMENTS: Readonly<Record<Shell, string>> = {
  bash: posixPrompt("printf -v now '%(%s)T' -1 2>/dev/null || now=", BASH_PRINT),
  zsh: posixPrompt("zmodload zsh/datetime 2>/dev/null && now=$EPOCHSECONDS || now=", ZSH_PRINT),
  fish: FISH,
  powershell: POWERSHELL,
  nushell: NUSHELL,
};
