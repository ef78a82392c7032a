import type { Context } from "../context.ts";
import { compareReaders, type ReaderDifference } from "../clients/compare.ts";
import type { ConfigProblem } from "../aws-config/document.ts";
import { containsWords } from "../text/terminal.ts";
import { listNames, listSummaries } from "./pick.ts";
import { readConfig } from "./select.ts";
import { createNotFoundError, type ProfileSummary } from "./profile.ts";

/** The profiles on this machine, and where AWS's own readers would stumble over the file that holds them. */
export interface ProfileList {
  readonly file: string;
  readonly profiles: readonly ProfileSummary[];
  /** Why the AWS CLI refuses the whole file; what can be read of it, is listed all the same. */
  readonly problems: readonly ConfigProblem[];
  /** Looked for only where a person will read of them. */
  readonly findDifferences: () => readonly ReaderDifference[];
}

/**
 * @param words those whose row has all of them, in any order; none: all.
 * @throws LatchkeyError CONFIG_INVALID where the words fit no profile.
 */
export function listProfiles(context: Context, words: readonly string[]): ProfileList {
  const source = readConfig(context);
  const { document, file } = source;
  const { sessions, describe } = listNames(context, source);
  const profiles = listSummaries(context, document);
  const fitting = profiles.filter(({ profile }) =>
    containsWords(`${profile} ${describe(profile)}`, words),
  );
  if (fitting.length === 0 && words.length > 0)
    throw createNotFoundError({
      kind: "profile",
      name: words.join(" "),
      known: [...profiles.map(({ profile }) => profile), ...sessions],
      file,
      cure: "latchkey configure",
    });
  return {
    file,
    profiles: fitting,
    problems: document.problems,
    findDifferences: () => compareReaders(document),
  };
}
