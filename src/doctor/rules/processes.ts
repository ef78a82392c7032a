import type { ConfigSection } from "../../aws-config/document.ts";
import { findValue } from "../../profiles/profile.ts";
import { quoteShellWord, splitShellWords } from "../../text/shell-words.ts";
import type { Observations, Rule, RuleHit } from "../rule.ts";
import { formatHeader, locateKey, listProfiles } from "../places.ts";

/** `credential_process`: botocore splits the line into words and uses no shell, the SDK for JavaScript hands it to one. */

export const PROCESS_RULES: readonly Rule[] = [
  {
    id: "process-gone",
    level: "fail",
    subject: "processes",
    looksFor: "a `credential_process` whose program is gone or can't be run",
    readers: "every client that runs the process fails",
    judge: (seen) =>
      judgeProcesses(seen, (line, section) => {
        const program = parseProgram(line);
        if (program === undefined || seen.programs.get(program) !== false) return undefined;
        return {
          what: `${formatHeader(section)} runs ${program}, which is not there or can't be run`,
          hint:
            program.includes("latchkey") || line.includes(" credential-process ")
              ? `latchkey configure --profile ${quoteShellWord(section.name)} --form credential-process`
              : "Install it again, or name its absolute path.",
        };
      }),
  },
  {
    id: "process-quotes",
    level: "fail",
    subject: "processes",
    looksFor: "a `credential_process` with a quote that is not closed",
    readers: "the AWS CLI refuses the line, JavaScript's shell does, too",
    judge: (seen) =>
      judgeProcesses(seen, (line, section) =>
        splitShellWords(line) === undefined
          ? {
              what: `${formatHeader(section)} has a credential_process with a quote that is not closed`,
              hint: "Close the quote.",
            }
          : undefined,
      ),
  },
  {
    id: "process-shell",
    level: "warn",
    subject: "processes",
    looksFor: "a `credential_process` that needs a shell (`~`, `$HOME`, a pipe)",
    readers: "the AWS CLI and boto3 take it literally, JavaScript's and Go's shell expands it",
    judge: (seen) =>
      judgeProcesses(seen, (line, section) =>
        splitShellWords(line) !== undefined && needsShell(line)
          ? {
              what: `${formatHeader(section)} has a credential_process that needs a shell`,
              hint: "Name the program by its absolute path, or put the whole into sh -c '…'.",
            }
          : undefined,
      ),
  },
  {
    id: "process-calls-itself",
    level: "fail",
    subject: "processes",
    looksFor: "a `credential_process` that asks aws or latchkey for the same profile",
    readers: "every client runs it without end, or until it is refused",
    judge: (seen) =>
      judgeProcesses(seen, (line, section) =>
        callsItself(line, section.name)
          ? {
              what: `${formatHeader(section)} has a credential_process that asks for this very profile`,
              hint: "Name the profile that has the credentials.",
            }
          : undefined,
      ),
  },
];

/** The program's word; undefined where there is none, or a shell would have to find it. */
export function parseProgram(line: string): string | undefined {
  const [program] = splitShellWords(line) ?? [];
  return program === undefined || /^~|[$`]/.test(program) ? undefined : program;
}

export function listProcessLines(sections: readonly ConfigSection[]): string[] {
  return sections.flatMap((section) => findValue(section, "credential_process") ?? []);
}

/** The line itself is never repeated: people put secrets into it. */
function judgeProcesses(
  seen: Observations,
  judge: (line: string, section: ConfigSection) => Pick<RuleHit, "what" | "hint"> | undefined,
): RuleHit[] {
  return listProfiles(seen).flatMap((section) => {
    const line = findValue(section, "credential_process");
    const found = line === undefined ? undefined : judge(line, section);
    return found === undefined
      ? []
      : [{ ...found, evidence: locateKey(seen.config, section, "credential_process") }];
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
