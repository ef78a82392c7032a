import type { Context } from "../context.ts";
import { parseConfig } from "../aws-config/document.ts";
import { editConfig, type SectionEdit } from "../aws-config/edit.ts";
import { isClientRegion, judgeRegion, listRegionsLike } from "../model/start-url.ts";
import { summarizeProfiles, type ConfigSource } from "../profiles/profile.ts";
import {
  sessionEdit,
  type WantedSession,
  type WritableForm,
  findSession,
} from "../profiles/change/edits.ts";
import { parseTemplate } from "../model/name-template.ts";
import type { SsoSession } from "../model/sso-session.ts";
import { parseRoleFilter, type RoleFilter } from "../configure/filter.ts";
import { parseExtraKeys, type ExtraKey } from "../configure/extra-keys.ts";
import { checkNaming, type Naming } from "./names.ts";
import { usageError } from "../errors.ts";
import { checkNewRegion } from "../settings/change.ts";
import { readSettings } from "../settings/file.ts";
import {
  buildSession,
  checkClientRegion,
  movesSession,
  requireAnswers,
  toSsoSession,
  type SessionAnswers,
} from "../configure/answers.ts";
import { selectSession } from "../profiles/select.ts";
import { loadTeamFile, mergeSessionAnswers } from "../configure/team-answers.ts";

/** Combines the flags of `profiles sync` with the team file and the settings, and checks the result. */

export interface SyncAnswers extends SessionAnswers {
  readonly template?: string | undefined;
  readonly form?: WritableForm | undefined;
  readonly output?: string | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly filters?: readonly string[] | undefined;
  readonly excludes?: readonly string[] | undefined;
  /** Each key and value as `key=value`. */
  readonly extras?: readonly string[] | undefined;
}

/** Which profiles a sync makes from the assigned roles, and how. */
export interface SyncTarget {
  readonly session: WantedSession;
  /** The session in the form that a sign-in needs. */
  readonly signIn: SsoSession & { readonly name: string };
  /** The edit of the session's section; undefined if the section does not change. */
  readonly sessionEdit: SectionEdit | undefined;
  readonly naming: Naming;
  readonly isWanted: RoleFilter;
  readonly form: WritableForm;
  readonly output: string | undefined;
  readonly extras: readonly ExtraKey[];
}

/**
 * @param asks whether latchkey may ask the user for a missing region.
 * @throws LatchkeyError USAGE for any wrong value, before the first request to AWS.
 */
export async function resolveTarget(
  context: Context,
  source: ConfigSource,
  answers: SyncAnswers,
  { force, asks }: { readonly force: boolean; readonly asks: boolean },
): Promise<SyncTarget> {
  const { session, isNew } = await resolveSession(context, source, answers, force);
  const settings = readSettings(context.home, context.env, session.name);
  const template = answers.template ?? settings.template;
  const { "default-region": defaultRegion } = settings;
  const said = answers.regions ?? toList(defaultRegion);
  const regions = asks && said.length === 0 ? await findRegions(context, source, session) : said;
  return {
    session,
    signIn: toSsoSession(session),
    sessionEdit: isNew ? sessionEdit(session) : undefined,
    naming: checkNaming({
      template: template === undefined ? undefined : parseTemplate(template),
      session: session.name,
      regions: [...new Set(regions)].map((region) =>
        checkNewRegion(context, checkClientRegion(region), force),
      ),
    }),
    isWanted: parseRoleFilter(answers.filters ?? [], answers.excludes ?? []),
    form: answers.form ?? "sso-session",
    output: answers.output ?? settings["default-output"],
    extras: checkExtras(parseExtraKeys(answers.extras ?? []), source.file),
  };
}

function toList(region: string | undefined): readonly string[] {
  return region === undefined ? [] : [region];
}

/**
 * Returns the region of the session's profiles if they all have the same region. Otherwise asks. If managed profiles
 * have no region, the user chose "none" earlier.
 */
async function findRegions(
  { terminal }: Context,
  { document }: ConfigSource,
  session: WantedSession,
): Promise<string[]> {
  const own = summarizeProfiles(document).filter((profile) => profile.session === session.name);
  const [region, ...others] = new Set(own.flatMap((profile) => profile.region ?? []));
  if (region !== undefined && others.length === 0) return [region];
  if (region === undefined && own.some(({ managed }) => managed)) return [];
  const answer = await terminal.ask(
    `Default client Region of the profiles (${NO_REGION}: no region)`,
    {
      initial: region ?? session.region,
      complete: (typed) => [...listRegionsLike(typed), NO_REGION],
      validate: (text) => {
        if (text === NO_REGION) return true;
        const judged = judgeRegion(text);
        if (judged.kind === "slip") return `Did you mean ${judged.meant}?`;
        return isClientRegion(text) || "Not a region's name";
      },
    },
  );
  return answer === NO_REGION ? [] : [answer];
}

const NO_REGION = "none";

/** Refuses keys and values that can't be written to the config, before latchkey asks any question. */
function checkExtras(extras: readonly ExtraKey[], file: string): readonly ExtraKey[] {
  editConfig(
    parseConfig(new Uint8Array()),
    [{ type: "profile", name: "checked", set: extras }],
    file,
  );
  return extras;
}

async function selectNamedSession(
  context: Context,
  ssoSession: string | undefined,
): Promise<WantedSession> {
  const session = await selectSession(context, { ssoSession });
  const { name, startUrl, region, registrationScopes } = session;
  if (name === undefined)
    throw usageError(
      `The sign-in to ${startUrl} has no name, which the profiles of a sync need.`,
      "Give it one: add --sso-session NAME --start-url URL --sso-region REGION",
    );
  return { name, startUrl, region, registrationScopes: registrationScopes?.join(",") };
}

/**
 * Returns a session of the config, or a session from --start-url and --sso-region. It must have a name, because
 * profiles refer to it by name.
 */
async function resolveSession(
  context: Context,
  source: ConfigSource,
  answers: SyncAnswers,
  force: boolean,
): Promise<{ session: WantedSession; isNew: boolean }> {
  if (answers.startUrl === undefined && answers.ssoRegion === undefined)
    return { session: await selectNamedSession(context, answers.ssoSession), isNew: false };

  const known = findSession(source, { form: "sso-session", ssoSession: answers.ssoSession });
  const place = { "--start-url": answers.startUrl, "--sso-region": answers.ssoRegion };
  requireAnswers(
    { "--sso-session": answers.ssoSession, ...(known === undefined ? place : {}) },
    "Give each as a flag, or in the team file.",
  );
  const wanted = buildSession(context, source, answers, { known, force });
  if (known === undefined) return { session: wanted, isNew: true };
  // A sync does not change the scopes of an existing session.
  return {
    session: { ...wanted, registrationScopes: known.registrationScopes },
    isNew: movesSession(known, wanted),
  };
}

/**
 * Combines the flags with the team file. A list from a flag replaces the file's list. Keys to set are merged; if both
 * set a key, the flag's value is used.
 */
export async function readSyncAnswers(
  path: string | undefined,
  given: SyncAnswers,
): Promise<SyncAnswers> {
  if (path === undefined) return given;
  const team = await loadTeamFile(path);
  return {
    ...mergeSessionAnswers(team, given),
    template: given.template ?? team.template,
    form: given.form ?? team.form,
    output: given.output ?? team.output,
    regions: given.regions ?? (team.regions.length === 0 ? undefined : team.regions),
    filters: given.filters ?? team.filters,
    excludes: given.excludes ?? team.excludes,
    extras: [...team.extras, ...(given.extras ?? [])],
  };
}
