import { findSection } from "../aws-config/document.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import type { TeamFile } from "./team-statements.ts";
import type { GivenAnswers, ProfileAnswers, SessionAnswers } from "./answers.ts";

/** What a team file answers: everything that no flag does. */

export async function loadTeamFile(path: string): Promise<TeamFile> {
  const { readTeamFile } = await import("./team-file.ts");
  return readTeamFile(path);
}

/** For one profile: its session, form, region and output. Names, filters and further keys are for many. */
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
    // What a session of the user's registers is not changed by a file.
    registrationScopes: isKnown ? given.registrationScopes : session.registrationScopes,
    form: given.form ?? team.form ?? form,
    region: given.region ?? team.regions[0],
    output: given.output ?? team.output,
  };
}

/** A session that a flag names is another one than the file's, which then says nothing of its place. */
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
