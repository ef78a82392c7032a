import type { Context } from "../context.ts";
import { readerDifferences, type ReaderDifference } from "../aws-config/readers.ts";
import { findSection, profileNames, type ConfigProblem } from "../aws-config/document.ts";
import { summarizeProfile, type ProfileSummary } from "./summary.ts";
import { credentialsFileProfiles } from "./pick.ts";
import { readConfig } from "./select.ts";

/** The profiles on this machine, and where AWS's own readers would stumble over the file that holds them. */
export interface ProfileList {
  readonly file: string;
  readonly profiles: readonly ProfileSummary[];
  /** Why the AWS CLI refuses the whole file; what can be read of it, is listed all the same. */
  readonly problems: readonly ConfigProblem[];
  /** Looked for only where a person will read of them. */
  readonly differences: () => readonly ReaderDifference[];
}

export function listProfiles(context: Context): ProfileList {
  const { document, file } = readConfig(context);
  const configured = profileNames(document).flatMap((name) => {
    const section = findSection(document, "profile", name);
    return section === undefined ? [] : [summarizeProfile(section)];
  });
  const known = new Set(configured.map(({ profile }) => profile));
  const profiles = [
    ...configured,
    ...credentialsOnly(context).filter(({ profile }) => !known.has(profile)),
  ];
  return {
    file,
    profiles,
    problems: document.problems,
    differences: () => readerDifferences(document),
  };
}

/** They have keys, and no session. */
function credentialsOnly(context: Context): ProfileSummary[] {
  return credentialsFileProfiles(context).map((profile) => ({
    profile,
    form: "other",
    session: undefined,
    accountId: undefined,
    roleName: undefined,
    region: undefined,
    managed: false,
  }));
}
