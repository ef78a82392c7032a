import type { ConfigSection } from "../../aws-config/document.ts";
import { shellWords } from "../../aws-config/header.ts";
import { valueOf } from "../../profiles/profile.ts";
import { shellWord } from "../../model/sso-session.ts";
import type { Observations, Rule, Trace } from "../rule.ts";
import { headerOf, placeIn, profilesOf } from "../places.ts";

/** `credential_process`: botocore splits the line into words and uses no shell, the SDK for JavaScript hands it to one. */

export const PROCESS_RULES: readonly Rule[] = [
  {
    id: "process-gone",
    level: "fail",
    subject: "processes",
    looksFor: "a `credential_process` whose program is gone or can't be run",
    readers: "every client that runs the process fails",
    judge: (seen) =>
      processes(seen, (line, section) => {
        const program = processProgram(line);
        if (program === undefined || seen.programs.get(program) !== false) return undefined;
        return {
          what: `${headerOf(section)} runs ${program}, which is not there or can't be run`,
          hint:
            program.includes("latchkey") || line.includes(" credential-process ")
              ? `latchkey configure --profile ${shellWord(section.name)} --form credential-process`
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
      processes(seen, (line, section) =>
        shellWords(line) === undefined
          ? {
              what: `${headerOf(section)} has a credential_process with a quote that is not closed`,
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
      processes(seen, (line, section) =>
        shellWords(line) !== undefined && needsShell(line)
          ? {
              what: `${headerOf(section)} has a credential_process that needs a shell`,
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
      processes(seen, (line, section) =>
        callsItself(line, section.name)
          ? {
              what: `${headerOf(section)} has a credential_process that asks for this very profile`,
              hint: "Name the profile that has the credentials.",
            }
          : undefined,
      ),
  },
];

/** The program's word; undefined where there is none, or a shell would have to find it. */
export function processProgram(line: string): string | undefined {
  const [program] = shellWords(line) ?? [];
  return program === undefined || /^~|[$`]/.test(program) ? undefined : program;
}

export function processLines(sections: readonly ConfigSection[]): string[] {
  return sections.flatMap((section) => valueOf(section, "credential_process") ?? []);
}

/** The line itself is never repeated: people put secrets into it. */
function processes(
  seen: Observations,
  judge: (line: string, section: ConfigSection) => Pick<Trace, "what" | "hint"> | undefined,
): Trace[] {
  return profilesOf(seen).flatMap((section) => {
    const line = valueOf(section, "credential_process");
    const found = line === undefined ? undefined : judge(line, section);
    return found === undefined
      ? []
      : [{ ...found, evidence: placeIn(seen.config, section, "credential_process") }];
  });
}

/** Whether a POSIX shell would do more than split the words. */
function needsShell(line: string): boolean {
  const bare = line.replace(/'[^']*'/g, "").replace(/\\./g, "");
  const outside = bare.replace(/"[^"]*"/g, "");
  return /[$`]/.test(bare) || /[|&;<>*?()]|(^|\s)~/.test(outside);
}

function callsItself(line: string, profile: string): boolean {
  const words = shellWords(line) ?? [];
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
