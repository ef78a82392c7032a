import { quoteShellWord, splitShellWords } from "../../text/shell-words.ts";
import type { Observations, ObservedSection } from "../observations.ts";
import type { Hits } from "../hit.ts";
import { eachProfile, fail, warn, type Judge, type Rule } from "../rule.ts";

/** `credential_process`: botocore splits the line into words and uses no shell, the SDK for JavaScript hands it to one. */

export const PROCESS_RULES: readonly Rule[] = [
  fail("process-gone", {
    looksFor: "a `credential_process` whose program is gone or can't be run",
    readers: "every client that runs the process fails",
    judge: eachProcess((line, profile, seen) => {
      const program = parseProgram(line);
      if (program === undefined || seen.programs.get(program) !== false) return undefined;
      const isOurs = program.includes("latchkey") || line.includes(" credential-process ");
      return profile.hit(
        "credential_process",
        `runs ${program}, which is not there or can't be run`,
        isOurs
          ? `latchkey configure --profile ${quoteShellWord(profile.name)} --form credential-process`
          : "Install it again, or name its absolute path.",
      );
    }),
  }),
  fail("process-quotes", {
    looksFor: "a `credential_process` with a quote that is not closed",
    readers: "the AWS CLI refuses the line, JavaScript's shell does, too",
    judge: eachProcess(
      (line, profile) =>
        splitShellWords(line) === undefined &&
        profile.hit(
          "credential_process",
          "has a credential_process with a quote that is not closed",
          "Close the quote.",
        ),
    ),
  }),
  warn("process-shell", {
    looksFor: "a `credential_process` that needs a shell (`~`, `$HOME`, a pipe)",
    readers: "the AWS CLI and boto3 take it literally, JavaScript's and Go's shell expands it",
    judge: eachProcess(
      (line, profile) =>
        splitShellWords(line) !== undefined &&
        needsShell(line) &&
        profile.hit(
          "credential_process",
          "has a credential_process that needs a shell",
          "Name the program by its absolute path, or put the whole into sh -c '…'.",
        ),
    ),
  }),
  fail("process-calls-itself", {
    looksFor: "a `credential_process` that asks aws or latchkey for the same profile",
    readers: "every client runs it without end, or until it is refused",
    judge: eachProcess(
      (line, profile) =>
        callsItself(line, profile.name) &&
        profile.hit(
          "credential_process",
          "has a credential_process that asks for this very profile",
          "Name the profile that has the credentials.",
        ),
    ),
  }),
];

/** The program's word; undefined where there is none, or a shell would have to find it. */
export function parseProgram(line: string): string | undefined {
  const [program] = splitShellWords(line) ?? [];
  return program === undefined || /^~|[$`]/.test(program) ? undefined : program;
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

/** Whether a POSIX shell would do more than split the words. */
function needsShell(line: string): boolean {
  const bare = line.replace(/'[^']*'/g, "").replace(/\\./g, "");
  const outside = bare.replace(/"[^"]*"/g, "");
  return /[$`]/.test(bare) || /[|&;<>*?()]|(^|\s)~/.test(outside);
}

function callsItself(line: string, profile: string): boolean {
  const words = splitShellWords(line) ?? [];
  const program = words.find((word) => /(^|[/\\])(aws|latchkey)(\.exe)?$/.test(word));
  return (
    program !== undefined &&
    words.some(
      (word, index) =>
        (/^(--profile|-p)$/.test(word) && words[index + 1] === profile) ||
        word === `--profile=${profile}`,
    )
  );
}
