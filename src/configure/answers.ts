import type { Context } from "../context.ts";
import { isClientRegion, findRegionInStartUrl } from "../model/start-url.ts";
import { describeCure, describeFault } from "../model/values.ts";
import { checkNewRegion } from "../settings/change.ts";
import { findSection } from "../aws-config/document.ts";
import { nameProgram } from "../profiles/change/change.ts";
import { findValue, type ConfigSource } from "../profiles/profile.ts";
import {
  type WantedProfile,
  type WantedSession,
  type WritableForm,
  findSession,
} from "../profiles/change/edits.ts";
import { DEFAULT_REGISTRATION_SCOPES, parseScopes, type SsoSession } from "../model/sso-session.ts";
import { usageError } from "../errors.ts";
import {
  checkAccountFlag,
  checkRegionFlag,
  checkRoleFlag,
  checkStartUrlFlag,
} from "../profiles/select.ts";

/** Builds a profile from the answers. A missing or wrong answer is an error that names its flag (exit code 2). */

/** Answers about the session that a profile uses. */
export interface SessionAnswers {
  readonly ssoSession?: string | undefined;
  readonly startUrl?: string | undefined;
  readonly ssoRegion?: string | undefined;
  /** As typed, separated by commas. */
  readonly registrationScopes?: string | undefined;
}

export interface ProfileAnswers extends SessionAnswers {
  readonly profile?: string | undefined;
  readonly form: WritableForm;
  readonly accountId?: string | undefined;
  readonly roleName?: string | undefined;
  readonly region?: string | undefined;
  readonly output?: string | undefined;
  /** Default from `latchkey settings`, used if the profile has no value and the user is not asked. */
  readonly defaultRegion?: string | undefined;
  readonly defaultOutput?: string | undefined;
}

/** Answers from flags, before the team file and the settings add theirs. */
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
  requireAnswers(
    listNeededAnswers(answers, known !== undefined),
    "Give each as a flag, or run it at a terminal. An example: latchkey configure --help",
  );
  return {
    name: answers.profile ?? "",
    form: answers.form,
    session: buildSession(context, source, answers, { known, force }),
    accountId: checkAccountFlag(answers.accountId ?? ""),
    roleName: checkRoleFlag(answers.roleName ?? ""),
    region: checkRegion(context, source, answers, force),
    output: answers.output,
    program: nameProgram(context, answers.form),
  };
}

/**
 * Accepts a region that the profile already has, even an unknown one: it may be newer than this version's list of
 * regions.
 */
function checkRegion(
  context: Context,
  source: ConfigSource,
  { profile, region }: ProfileAnswers,
  force: boolean,
): string | undefined {
  if (region === undefined || region === "") return undefined;
  const isThere = findPresent(source, profile, "region") === region;
  return isThere
    ? checkClientRegion(region)
    : checkNewRegion(context, checkClientRegion(region), force);
}

/** Answers without a default, by flag. */
type NeededAnswers = Readonly<Record<string, string | undefined>>;

export function listNeededAnswers(answers: ProfileAnswers, isSessionKnown: boolean): NeededAnswers {
  return {
    "--profile": answers.profile,
    ...(answers.form === "legacy" ? {} : { "--sso-session": answers.ssoSession }),
    ...listPlaceAnswers(answers, isSessionKnown),
    "--account-id": answers.accountId,
    "--role-name": answers.roleName,
  };
}

/** Returns the start URL and the region as needed answers, or none if the session is already in the config. */
export function listPlaceAnswers(answers: SessionAnswers, isSessionKnown: boolean): NeededAnswers {
  return isSessionKnown
    ? {}
    : { "--start-url": answers.startUrl, "--sso-region": checkPlace(answers).region };
}

export function requireAnswers(needed: NeededAnswers, hint: string): void {
  const missing = Object.keys(needed).filter((flag) => (needed[flag] ?? "") === "");
  if (missing.length > 0) throw usageError(`Answers are missing: ${missing.join(", ")}.`, hint);
}

/** Returns the current value of a key in the profile that will be written. */
export function findPresent(
  { document }: ConfigSource,
  profile: string | undefined,
  key: string,
): string | undefined {
  const section = profile === undefined ? undefined : findSection(document, "profile", profile);
  return section && findValue(section, key);
}

/** Returns the session in the form that signing in needs. */
export function toSsoSession(session: WantedSession): SsoSession & { readonly name: string } {
  const { name, startUrl, region, registrationScopes: scopes } = session;
  const registrationScopes = scopes === undefined ? undefined : parseScopes(scopes);
  return { name, startUrl, region, registrationScopes };
}

/** The session that the config has under this name, and whether its start URL or region may change. */
interface KnownSession {
  readonly known: WantedSession | undefined;
  readonly force: boolean;
}

function checkMovedRegion(
  context: Context,
  region: string | undefined,
  { known, force }: KnownSession,
): void {
  if (region !== undefined && region !== known?.region) checkNewRegion(context, region, force);
}

export function buildSession(
  context: Context,
  { file }: Pick<ConfigSource, "file">,
  answers: SessionAnswers,
  { known, force }: KnownSession,
): WantedSession {
  const { startUrl, region } = checkPlace(answers);
  checkMovedRegion(context, region, { known, force });
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
    `The SSO session "${known.name}" in ${file} has the start URL ${known.startUrl} and the region ${known.region}; other profiles may use it.`,
    "Choose another --sso-session name, or add --force to change it for all of them.",
  );
}

/** Returns the checked start URL and region; without a region answer, the region comes from the start URL. */
function checkPlace({ startUrl: typed, ssoRegion }: SessionAnswers) {
  const startUrl = typed === undefined ? undefined : checkStartUrlFlag(typed);
  if (ssoRegion !== undefined)
    return { startUrl, region: checkRegionFlag("--sso-region", ssoRegion) };
  return { startUrl, region: startUrl === undefined ? undefined : findRegionInStartUrl(startUrl) };
}

/**
 * Returns whether the session's start URL or region would change. The change would affect every profile of the session.
 */
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
  throw usageError(`--region ${describeFault("region", region)}.`, describeCure("region", region));
}
