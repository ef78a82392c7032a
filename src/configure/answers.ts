import type { Context } from "../context.ts";
import { isClientRegion, findRegionInStartUrl } from "../model/start-url.ts";
import { type ConfigSource } from "../profiles/profile.ts";
import {
  type WantedProfile,
  type WantedSession,
  type WritableForm,
  findSession,
} from "../profiles/edits.ts";
import { DEFAULT_REGISTRATION_SCOPES, parseScopes } from "../model/sso-session.ts";
import { usageError } from "../errors.ts";
import {
  checkAccountFlag,
  checkRegionFlag,
  checkRoleFlag,
  checkStartUrlFlag,
} from "../profiles/select.ts";

/** Answers made into one wanted profile: what is missing or wrong names its flag (exit 2). */

/** What is said of the sign-in that a profile stands on. */
export interface SessionAnswers {
  readonly ssoSession?: string | undefined;
  readonly startUrl?: string | undefined;
  readonly ssoRegion?: string | undefined;
  /** As typed, parted by commas. */
  readonly registrationScopes?: string | undefined;
}

export interface ProfileAnswers extends SessionAnswers {
  readonly profile?: string | undefined;
  readonly form: WritableForm;
  readonly accountId?: string | undefined;
  readonly roleName?: string | undefined;
  readonly region?: string | undefined;
  readonly output?: string | undefined;
  /** What `latchkey settings` says: taken where the profile has no value and no one is asked. */
  readonly defaultRegion?: string | undefined;
  readonly defaultOutput?: string | undefined;
}

/** What flags say, before a team file and the settings have answered the rest. */
export type GivenAnswers = Omit<ProfileAnswers, "form"> & {
  readonly form?: WritableForm | undefined;
};

export function buildProfile(
  context: Context,
  source: ConfigSource,
  answers: ProfileAnswers,
  force: boolean,
): WantedProfile {
  const known = findSession(source, answers);
  const missing = listNeededAnswers(answers, known !== undefined)
    .filter(([, value]) => value === undefined || value === "")
    .map(([flag]) => flag);
  if (missing.length > 0)
    throw usageError(
      `Answers are missing: ${missing.join(", ")}.`,
      "Give each as a flag, or run it at a terminal; latchkey configure --help has an example.",
    );
  const { region } = answers;
  return {
    name: answers.profile ?? "",
    form: answers.form,
    session: buildSession(answers, known, force, source.file),
    accountId: checkAccountFlag(answers.accountId ?? ""),
    roleName: checkRoleFlag(answers.roleName ?? ""),
    region: region === undefined || region === "" ? undefined : checkClientRegion(region),
    output: answers.output,
    program: context.program,
  };
}

type Answer = readonly [flag: string, value: string | undefined];

/** The answers that have no default, by their flags; a session that the config knows needs no place. */
export function listNeededAnswers(answers: ProfileAnswers, isSessionKnown: boolean): Answer[] {
  const session: Answer[] =
    answers.form === "legacy" ? [] : [["--sso-session", answers.ssoSession]];
  const place: Answer[] = isSessionKnown
    ? []
    : [
        ["--start-url", answers.startUrl],
        ["--sso-region", findRegion(answers)],
      ];
  return [
    ["--profile", answers.profile],
    ...session,
    ...place,
    ["--account-id", answers.accountId],
    ["--role-name", answers.roleName],
  ];
}

export function buildSession(
  answers: SessionAnswers,
  known: WantedSession | undefined,
  force: boolean,
  file: string,
): WantedSession {
  const startUrl = answers.startUrl === undefined ? undefined : checkStartUrlFlag(answers.startUrl);
  const region = findRegion(answers);
  const scopes = checkScopesFlag(answers.registrationScopes);
  if (known === undefined)
    return {
      name: answers.ssoSession ?? "",
      startUrl: startUrl ?? "",
      region: region ?? "",
      registrationScopes: scopes ?? DEFAULT_REGISTRATION_SCOPES,
    };
  const wanted = {
    name: known.name,
    startUrl: startUrl ?? known.startUrl,
    region: region ?? known.region,
    registrationScopes: scopes,
  };
  if (force || !movesSession(known, wanted)) return wanted;
  throw usageError(
    `The SSO session "${known.name}" in ${file} has the start URL ${known.startUrl} and the region ${known.region}; other profiles may stand on it.`,
    "Choose another --sso-session name, or add --force to change it for all of them.",
  );
}

/** As answered, else as the start URL says it. */
export function findRegion({
  startUrl,
  ssoRegion,
}: Pick<SessionAnswers, "startUrl" | "ssoRegion">): string | undefined {
  if (ssoRegion !== undefined) return checkRegionFlag("--sso-region", ssoRegion);
  return startUrl === undefined ? undefined : findRegionInStartUrl(startUrl);
}

/** Whether a session would lead to another sign-in than before, for every profile that stands on it. */
export function movesSession(
  known: WantedSession,
  wanted: Pick<WantedSession, "startUrl" | "region">,
): boolean {
  return known.startUrl !== wanted.startUrl || known.region !== wanted.region;
}

function checkScopesFlag(scopes: string | undefined): string | undefined {
  if (scopes === undefined || parseScopes(scopes) !== undefined) return scopes;
  throw usageError(
    "--sso-registration-scopes must be separated by commas.",
    "The usual value is sso:account:access",
  );
}

export function checkClientRegion(region: string): string {
  if (isClientRegion(region)) return region;
  throw usageError("--region is not a region's name.", "A region looks like eu-west-1.");
}
