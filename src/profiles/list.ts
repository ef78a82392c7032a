import type { Context } from "../context.ts";
import { compareReaders, type ReaderDifference } from "../clients/compare.ts";
import type { ConfigProblem } from "../aws-config/document.ts";
import { listSummaries } from "./pick.ts";
import { readConfig } from "./select.ts";
import type { ProfileSummary } from "./profile.ts";

/** The profiles on this machine, and where AWS's own readers would stumble over the file that holds them. */
export interface ProfileList {
  readonly file: string;
  readonly profiles: readonly ProfileSummary[];
  /** Why the AWS CLI refuses the whole file; what can be read of it, is listed all the same. */
  readonly problems: readonly ConfigProblem[];
  /** Looked for only where a person will read of them. */
  readonly findDifferences: () => readonly ReaderDifference[];
}

export function listProfiles(context: Context): ProfileList {
  const { document, file } = readConfig(context);
  return {
    file,
    profiles: listSummaries(context, document),
    problems: document.problems,
    findDifferences: () => compareReaders(document),
  };
}
