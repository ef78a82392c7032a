import type { Context } from "../context.ts";
import { compareReaders, type ReaderDifference } from "../aws-config/readers.ts";
import type { ConfigProblem } from "../aws-config/document.ts";
import { summarizeProfiles, type ProfileSummary } from "./summary.ts";
import { listCredentialsFileProfiles } from "./pick.ts";
import { readConfig } from "./select.ts";

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
  const configured = summarizeProfiles(document);
  const known = new Set(configured.map(({ profile }) => profile));
  const profiles = [
    ...configured,
    ...listCredentialsOnly(context).filter(({ profile }) => !known.has(profile)),
  ];
  return {
    file,
    profiles,
    problems: document.problems,
    findDifferences: () => compareReaders(document),
  };
}

/** They have keys, and no session. */
function listCredentialsOnly(context: Context): ProfileSummary[] {
  return listCredentialsFileProfiles(context).map((profile) => ({
    profile,
    form: "other",
    session: undefined,
    accountId: undefined,
    roleName: undefined,
    region: undefined,
    managed: false,
  }));
}
