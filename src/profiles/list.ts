import type { Context } from "../context.ts";
import { compareReaders, type ReaderDifference } from "../clients/compare.ts";
import { containsWords } from "../text/terminal.ts";
import { listNames, listSummaries } from "./known.ts";
import {
  findSection,
  listSessionNames,
  type ConfigDocument,
  type ConfigProblem,
} from "../aws-config/document.ts";
import { listProfilesOf } from "./change/reshape.ts";
import { findValue, summarizeProfiles, type ProfileSummary } from "./profile.ts";
import { createNotFoundError } from "./require-section.ts";
import { readConfig } from "./select.ts";

/** The profiles on this machine, and the lines of the config that AWS clients read differently. */
export interface ProfileList {
  readonly file: string;
  readonly profiles: readonly ProfileSummary[];
  /** Why the AWS CLI refuses the whole file. All profiles that latchkey can read are listed anyway. */
  readonly problems: readonly ConfigProblem[];
  /** A function, because only the output for people needs the comparison. */
  readonly findDifferences: () => readonly ReaderDifference[];
}

/**
 * @param words only profiles that contain all of these words, in any order, are listed; without words, all profiles.
 * @throws LatchkeyError CONFIG_INVALID if no profile matches.
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

/** A session of the config. Its values are not checked. */
export interface ConfiguredSession {
  /** undefined if the session is made of the keys of legacy profiles. */
  readonly name: string | undefined;
  readonly startUrl: string | undefined;
  readonly region: string | undefined;
  /** The profiles that use it. */
  readonly profiles: readonly string[];
}

/** @param words only sessions whose name or start URL contains all of these words, ignoring case, are listed. */
export function listConfiguredSessions(
  context: Context,
  words: readonly string[],
): { readonly file: string; readonly sessions: readonly ConfiguredSession[] } {
  const { document, file } = readConfig(context);
  const named = listSessionNames(document).map((name): ConfiguredSession => {
    const section = findSection(document, "sso-session", name);
    const find = (key: string) => section && findValue(section, key);
    const profiles = listProfilesOf(document, name);
    return { name, startUrl: find("sso_start_url"), region: find("sso_region"), profiles };
  });
  const legacy = summarizeProfiles(document).filter(({ form }) => form === "legacy");
  const inline = [...Map.groupBy(legacy, ({ session }) => session)].map(([startUrl, profiles]) => ({
    name: undefined,
    startUrl,
    region: findLegacyRegion(document, profiles[0]?.profile ?? ""),
    profiles: profiles.map(({ profile }) => profile),
  }));
  const fits = ({ name = "", startUrl = "" }: ConfiguredSession): boolean =>
    containsWords(`${name} ${startUrl}`, words);
  return { file, sessions: [...named, ...inline].filter(fits) };
}

function findLegacyRegion(document: ConfigDocument, profile: string): string | undefined {
  const section = findSection(document, "profile", profile);
  return section && findValue(section, "sso_region");
}
