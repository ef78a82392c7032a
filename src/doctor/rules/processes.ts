import { parseOwnProcess } from "../../clients/identity.ts";
import { isInPackageCache, quoteShellWord, splitProcessWords } from "../../text/shell-words.ts";
import type { Observations, ObservedSection } from "../observations.ts";
import type { Hits } from "../hit.ts";
import { eachProfile, fail, warn, type Judge, type Rule } from "../rule.ts";

/** `credential_process`: botocore splits the line into words and uses no shell, the SDKs hand it to sh or cmd. */

export const PROCESS_RULES: readonly Rule[] = [
  fail("process-gone", {
    looksFor: "a `credential_process` whose program is gone or can't be run",
    readers: "every client that runs the process fails",
    judge: eachProcess((line, profile, { platform, programs }) => {
      const program = parseProgram(line, platform);
      if (program === undefined || programs.get(program) !== false) return undefined;
      return profile.hit(
        "credential_process",
        `runs ${program}, which is not there or can't be run`,
        suggestRewrite(line, profile, "Install it again, or name its absolute path."),
      );
    }),
  }),
  fail("process-quotes", {
    looksFor: "a `credential_process` with a quote that is not closed",
    readers: "the AWS CLI refuses the line, JavaScript's shell does, too",
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
      "a `credential_process` that begins with a double quote, or has a backslash before a blank; on Windows any quote",
    readers:
      "Go v1 takes the quotes away and Go v2 those round the whole, .NET fails over the backslash; on Windows Go v2 (Terraform, eksctl), .NET before 2026 and JetBrains' toolkit lose the quotes; the others read it",
    judge: eachProcess(
      (line, profile, { platform }) =>
        isReadDifferently(line, platform) &&
        profile.hit(
          "credential_process",
          "has a credential_process that not every client reads alike",
          suggestRewrite(
            line,
            profile,
            platform === "win32"
              ? "Name the program by its short path (dir /x shows it), or move it to a folder without a blank."
              : "Put quotes inside the word: /path/'with blank'/program",
          ),
        ),
    ),
  }),
  warn("process-shell", {
    looksFor: "a `credential_process` that needs a shell (`~`, `$HOME`, a pipe)",
    readers: "the AWS CLI and boto3 take it literally, JavaScript's and Go's shell expands it",
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
              ? "Name the program by its absolute path."
              : "Name the program by its absolute path, or put the whole into sh -c '…'.",
          ),
        ),
    ),
  }),
  fail("process-calls-itself", {
    looksFor: "a `credential_process` that asks aws or latchkey for the same profile",
    readers: "every client runs it without end, or until it is refused",
    judge: eachProcess(
      (line, profile, { platform }) =>
        callsItself(splitProcessWords(line, platform) ?? [], profile.name) &&
        profile.hit(
          "credential_process",
          "has a credential_process that asks for this very profile",
          "Name the profile that has the credentials.",
        ),
    ),
  }),
  warn("process-in-cache", {
    looksFor: "a `credential_process` in the cache of npx, or of a program like it",
    readers: "every client that runs the process fails when that cache is cleaned",
    judge: eachProcess(
      (line, profile, { platform }) =>
        splitProcessWords(line, platform)?.some(isInPackageCache) === true &&
        profile.hit(
          "credential_process",
          "has a credential_process in a package manager's cache",
          "Install it for good (npm install --global latchkey), and configure the profile again.",
        ),
    ),
  }),
];

/** The program's word; undefined where there is none, or a shell would have to find it. */
export function parseProgram(line: string, platform: string): string | undefined {
  const [program] = splitProcessWords(line, platform) ?? [];
  if (program === undefined) return undefined;
  const isExpanded = platform === "win32" ? /%/.test(program) : /^~|[$`]/.test(program);
  return isExpanded ? undefined : program;
}

/** The line itself is never repeated: people put secrets into it. */
function eachProcess(
  judge: (line: string, profile: ObservedSection, seen: Observations) => Hits,
): Judge {
  return eachProfile((profile, seen) => {
    const line = profile.value("credential_process");
    return line !== undefined && judge(line, profile, seen);
  });
}

/** The command that writes a line of ours anew. */
function suggestRewrite(line: string, { name }: ObservedSection, otherwise: string): string {
  const own = parseOwnProcess(line);
  if (own === undefined) return otherwise;
  const { session, accountId, roleName } = own;
  const names = [name, session, accountId, roleName].map(quoteShellWord);
  return `latchkey configure --profile ${names[0]} --form credential-process --sso-session ${names[1]} --account-id ${names[2]} --role-name ${names[3]}`;
}

/** Measured with the SDKs for Go 1.55 and for .NET 4.1; on Windows by public reports of 2024 to 2026 and Go v2 under Wine. */
export function isReadDifferently(line: string, platform: string): boolean {
  return platform === "win32" ? /"[^"]*"/.test(line) : line.startsWith('"') || /\\\s/.test(line);
}

/** Whether a shell would do more than split the words. */
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

/** Whether the profile stands behind the command's name, and behind no flag that takes a value. */
function isWord(words: readonly string[], profile: string): boolean {
  return words.some(
    (word, index) => index > 1 && word === profile && !/^-/.test(words[index - 1] ?? ""),
  );
}
