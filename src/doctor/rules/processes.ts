import { parseOwnProcess } from "../../clients/identity.ts";
import { isOfOneVersion } from "../../installation/lasting-path.ts";
import { isInPackageCache, quoteShellWord, splitProcessWords } from "../../text/shell-words.ts";
import type { Observations, ObservedSection } from "../observations.ts";
import type { Hits } from "../hit.ts";
import { eachProfile, fail, warn, type Judge, type Rule } from "../rule.ts";

/** Rules for `credential_process`. botocore splits the line into words without a shell; the SDKs pass it to sh or cmd. */

export const PROCESS_RULES: readonly Rule[] = [
  fail("process-gone", {
    looksFor: "a `credential_process` whose program does not exist or can't be run",
    readers: "every client that runs the process fails",
    judge: eachProcess((line, profile, { platform, programs }) => {
      const program = parseProgram(line, platform);
      if (program === undefined || programs.get(program) !== false) return undefined;
      return profile.hit(
        "credential_process",
        `runs ${program}, which is not there or can't be run`,
        suggestRewrite(line, profile, "Install it again, or write its absolute path."),
      );
    }),
  }),
  fail("process-quotes", {
    looksFor: "a `credential_process` with a quote that is not closed",
    readers: "the AWS CLI and JavaScript's shell refuse the line",
    judge: eachProcess(
      (line, profile, { platform }) =>
        splitProcessWords(line, platform) === undefined &&
        profile.hit(
          "credential_process",
          "has a credential_process with a quote that is not closed",
          suggestRewrite(line, profile, "Close the quote."),
        ),
    ),
  }),
  warn("process-quoting", {
    looksFor:
      "a `credential_process` that begins with a double quote, or has a backslash before a blank; on Windows, any double quote",
    readers:
      "Go v1 removes the quotes, Go v2 those around the whole line; .NET fails because of the backslash; on Windows, Go v2 (Terraform, eksctl), .NET before 2026 and the JetBrains toolkit lose the quotes; the others read it",
    judge: eachProcess(
      (line, profile, { platform }) =>
        isReadDifferently(line, platform) &&
        profile.hit(
          "credential_process",
          "has a credential_process that clients read differently",
          suggestRewrite(
            line,
            profile,
            platform === "win32"
              ? "Write the program's short path (dir /x shows it), or move it to a folder without blanks."
              : "Put quotes inside the word: /path/'with blank'/program",
          ),
        ),
    ),
  }),
  warn("process-shell", {
    looksFor: "a `credential_process` that needs a shell (`~`, `$HOME`, a pipe)",
    readers: "the AWS CLI and boto3 read it literally; the shell of JavaScript and Go expands it",
    judge: eachProcess(
      (line, profile, { platform }) =>
        splitProcessWords(line, platform) !== undefined &&
        needsShell(line, platform) &&
        profile.hit(
          "credential_process",
          "has a credential_process that needs a shell",
          suggestRewrite(
            line,
            profile,
            platform === "win32"
              ? "Write the program's absolute path."
              : "Write the program's absolute path, or put the whole line into sh -c '…'.",
          ),
        ),
    ),
  }),
  fail("process-calls-itself", {
    looksFor: "a `credential_process` that runs aws or latchkey with the same profile",
    readers: "it runs itself again and again, until it is refused",
    judge: eachProcess(
      (line, profile, { platform }) =>
        callsItself(splitProcessWords(line, platform) ?? [], profile.name) &&
        profile.hit(
          "credential_process",
          "has a credential_process that asks for the same profile",
          "Name the profile that has the credentials.",
        ),
    ),
  }),
  warn("process-in-cache", {
    looksFor: "a `credential_process` in the cache of npx or a similar program",
    readers: "every client that runs the process fails after the cache is cleared",
    judge: eachProcess(
      (line, profile, { platform }) =>
        splitProcessWords(line, platform)?.some(isInPackageCache) === true &&
        profile.hit(
          "credential_process",
          "has a credential_process in a package manager's cache",
          "Install it permanently (npm install --global latchkey), and configure the profile again.",
        ),
    ),
  }),
  warn("process-of-one-version", {
    looksFor:
      "a `credential_process` in a folder of one version (Homebrew, pnpm, mise, Yarn, Nix, Scoop, winget)",
    readers: "every client that runs the process fails after an update",
    judge: eachProcess(
      (line, profile, { platform }) =>
        splitProcessWords(line, platform)?.some(isOfOneVersion) === true &&
        profile.hit(
          "credential_process",
          "has a credential_process in a folder that an update removes",
          suggestRewrite(line, profile, "Name a path that an update keeps."),
        ),
    ),
  }),
];

/** Returns the program of the line; undefined if there is none, or only a shell can find it. */
export function parseProgram(line: string, platform: string): string | undefined {
  const [program] = splitProcessWords(line, platform) ?? [];
  if (program === undefined) return undefined;
  const isExpanded = platform === "win32" ? /%/.test(program) : /^~|[$`]/.test(program);
  return isExpanded ? undefined : program;
}

/** Judges each credential_process. Texts must not contain the line: it may have secrets in it. */
function eachProcess(
  judge: (line: string, profile: ObservedSection, seen: Observations) => Hits,
): Judge {
  return eachProfile((profile, seen) => {
    const line = profile.value("credential_process");
    return line !== undefined && judge(line, profile, seen);
  });
}

/** Returns the command that rewrites latchkey's own line, else `otherwise`. */
function suggestRewrite(line: string, { name }: ObservedSection, otherwise: string): string {
  const own = parseOwnProcess(line);
  if (own === undefined) return otherwise;
  const { session, accountId, roleName } = own;
  const names = [name, session, accountId, roleName].map(quoteShellWord);
  return `latchkey configure --profile ${names[0]} --form credential-process --sso-session ${names[1]} --account-id ${names[2]} --role-name ${names[3]}`;
}

/**
 * Source: measured with the SDKs for Go 1.55 and .NET 4.1; for Windows, public reports of 2024 to 2026, and Go v2 under
 * Wine.
 */
export function isReadDifferently(line: string, platform: string): boolean {
  return platform === "win32" ? /"[^"]*"/.test(line) : line.startsWith('"') || /\\\s/.test(line);
}

/** Whether a shell does more with the line than split it into words. */
export function needsShell(line: string, platform: string): boolean {
  const bare = line.replace(
    platform === "win32" ? /"[^"]*"/g : /'[^']*'|"(?:[^"\\]|\\.)*"|\\./g,
    (part) => (platform !== "win32" && part.startsWith('"') ? part.replace(/[^$`]/g, "") : "-"),
  );
  return platform === "win32"
    ? /%[^%]+%/.test(line) || /[|&<>^]/.test(bare)
    : /[$`|&;<>*?()]|(^|\s)~/.test(bare);
}

export function callsItself(words: readonly string[], profile: string): boolean {
  const program = words.findIndex((word) => /(^|[/\\])(aws|latchkey)(\.exe)?$/.test(word));
  if (program === -1) return false;
  const isFlag = words.some(
    (word, index) =>
      (/^(--profile|-p)$/.test(word) && words[index + 1] === profile) ||
      word === `--profile=${profile}`,
  );
  return isFlag || (/latchkey/.test(words[program] ?? "") && isWord(words.slice(program), profile));
}

/** Whether the profile follows the command's name, and is not the value of a flag. */
function isWord(words: readonly string[], profile: string): boolean {
  return words.some(
    (word, index) => index > 1 && word === profile && !/^-/.test(words[index - 1] ?? ""),
  );
}
