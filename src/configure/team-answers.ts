import { findSection } from "../aws-config/document.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import type { TeamFile } from "./team-statements.ts";
import type { GivenAnswers, ProfileAnswers, SessionAnswers } from "./answers.ts";

/** Reads from a team file all answers that no flag gives. */

export async function loadTeamFile(path: string): Promise<TeamFile> {
  const { readTeamFile } = await import("./team-file.ts");
  return readTeamFile(path);
}

/**
 * Returns the answers for one profile: session, form, region and output. Templates, filters and extra keys are for sync
 * only.
 */
export async function readProfileAnswers(
  path: string | undefined,
  given: GivenAnswers,
  { document }: ConfigSource,
): Promise<ProfileAnswers> {
  const form = given.form ?? "sso-session";
  if (path === undefined) return { ...given, form };
  const team = await loadTeamFile(path);
  const session = mergeSessionAnswers(team, given);
  const isKnown =
    session.ssoSession !== undefined &&
    findSection(document, "sso-session", session.ssoSession) !== undefined;
  return {
    ...given,
    ...session,
    // A file must not change the scopes of a session that the user already has.
    registrationScopes: isKnown ? given.registrationScopes : session.registrationScopes,
    form: given.form ?? team.form ?? form,
    region: given.region ?? team.regions[0],
    output: given.output ?? team.output,
  };
}

/** If a flag names another session than the file, the file's start URL, region and scopes do not apply. */
export function mergeSessionAnswers(team: TeamFile, given: SessionAnswers): SessionAnswers {
  const isTeams =
    given.ssoSession === undefined ||
    given.ssoSession === team.session ||
    team.session === undefined;
  return {
    ssoSession: given.ssoSession ?? team.session,
    startUrl: given.startUrl ?? (isTeams ? team.startUrl : undefined),
    ssoRegion: given.ssoRegion ?? (isTeams ? team.ssoRegion : undefined),
    registrationScopes: given.registrationScopes ?? (isTeams ? team.registrationScopes : undefined),
  };
}
