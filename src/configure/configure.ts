import type { Context } from "../context.ts";
import type { ConfigChange } from "../aws-config/edit.ts";
import {
  profileEdits,
  refuseUnknownIdentity,
  type WantedProfile,
  type WritableForm,
  findSession,
} from "../profiles/change/edits.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import { closestMatches } from "../text/terminal.ts";
import { loginCommand, type SsoSession } from "../model/sso-session.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { LatchkeyError, hasCode } from "../errors.ts";
import { readSettings } from "../settings/file.ts";
import { listRolesOfAccount } from "../access/list.ts";
import {
  applyConfirmed,
  noticeUnsafeProgram,
  proposeChange,
  type ShowOptions,
} from "../profiles/change/change.ts";
import {
  buildProfile,
  findPresent,
  listNeededAnswers,
  toSsoSession,
  type GivenAnswers,
  type ProfileAnswers,
} from "./answers.ts";
import { BACK, listKnownSessions, type Run } from "./wizard/run.ts";
import { askToWrite, knowsMoreRoles, runWizard, toStepAnswers } from "./wizard/wizard.ts";
import { notice } from "../terminal/notice.ts";
import { readConfig } from "../profiles/select.ts";
import { resolveIdentity } from "../profiles/identity.ts";
import { CLIENTS } from "../clients/family.ts";
import { findRole, findSource } from "../clients/identity.ts";
import { readFiles } from "../credentials/identity/find.ts";
import { describeDiffering } from "../credentials/identity/source.ts";
import { login } from "../sign-in/login.ts";
import type { SignInOptions } from "../sign-in/method.ts";
import { findStorageKind } from "../token/open-store.ts";
import { readProfileAnswers } from "./team-answers.ts";

/** Writes one profile as `aws configure sso` does: collects answers, plans, shows the change and applies it. */

interface ConfigureOptions extends ShowOptions, SignInOptions {
  /** Ask AWS whether the role is assigned before the profile is written. */
  readonly verify: boolean;
  /** Path of a team file, which answers what no flag answers. */
  readonly from?: string | undefined;
}

export interface ConfigureResult {
  readonly profile: string;
  readonly form: WritableForm;
  readonly configFile: string;
  readonly changes: readonly ConfigChange[];
}

interface ConfigureOutcome extends ConfigureResult {
  /** Whether the AWS CLI can read the file. */
  readonly isReadByAwsCli: boolean;
  /** undefined for the legacy form. */
  readonly session: string | undefined;
  /** Whether the user has more roles than this one. */
  readonly hasMoreRoles: boolean;
}

export async function configureProfile(
  context: Context,
  given: GivenAnswers,
  options: ConfigureOptions,
): Promise<ConfigureOutcome> {
  const source = readConfig(context);
  const answers = addSettings(context, await readProfileAnswers(options.from, given, source));
  const isAsked = context.terminal.interactive && !(options.yes && isComplete(source, answers));
  const written = isAsked
    ? await askAndWrite(context, source, answers, options)
    : await writeProfile(context, source, addDefaults(source, answers), options);
  const { wanted, changes, hasMoreRoles } = written;
  noticeUnseenToken(context, wanted);
  noticeOthers(context, wanted);
  noticeUnsafeProgram(context, wanted);
  return {
    profile: wanted.name,
    form: wanted.form,
    configFile: source.file,
    changes,
    isReadByAwsCli: source.document.problems.length === 0,
    session: wanted.form === "legacy" ? undefined : wanted.session.name,
    hasMoreRoles,
  };
}

interface WrittenProfile {
  readonly wanted: WantedProfile;
  readonly changes: readonly ConfigChange[];
  readonly hasMoreRoles: boolean;
}

async function writeProfile(
  context: Context,
  source: ConfigSource,
  answers: ProfileAnswers,
  options: ConfigureOptions,
): Promise<WrittenProfile> {
  const wanted = await checkProfile(context, source, answers, options);
  const changes = await applyConfirmed(context, source, profileEdits(wanted), options);
  return { wanted, changes, hasMoreRoles: false };
}

async function checkProfile(
  context: Context,
  source: ConfigSource,
  answers: ProfileAnswers,
  options: ConfigureOptions,
): Promise<WantedProfile> {
  const wanted = buildProfile(context, source, answers, options.force);
  if (!options.force) refuseUnknownIdentity(source, wanted);
  if (options.verify) await verifyRole(context, wanted, options);
  return wanted;
}

/** Asks at the terminal; the user can go back until they agree to the change. */
function askAndWrite(
  context: Context,
  source: ConfigSource,
  answers: ProfileAnswers,
  options: ConfigureOptions,
): Promise<WrittenProfile> {
  const run = startRun(context, source, answers, options);
  return runWizard<WrittenProfile>(run, async (collected) => {
    const wanted = await checkProfile(context, source, { ...answers, ...collected }, options);
    const change = proposeChange(context, source, profileEdits(wanted), options);
    const { changes } = change;
    const isAgreed = changes.length === 0 || options.yes;
    if (!isAgreed && (await askToWrite(run, change.question, change.onlyAdds)) !== "yes")
      return BACK;
    if (changes.length > 0) await change.write();
    return { wanted, changes, hasMoreRoles: knowsMoreRoles(run) };
  });
}

function startRun(
  context: Context,
  source: ConfigSource,
  answers: ProfileAnswers,
  options: ConfigureOptions,
): Run {
  const { form, profile, defaultRegion = "", defaultOutput = "" } = answers;
  return {
    context,
    source,
    options,
    again: [
      "latchkey configure",
      ...(form === "sso-session" ? [] : [`--form ${form}`]),
      ...(profile === undefined ? [] : [`--profile ${quoteShellWord(profile)}`]),
    ].join(" "),
    settings: { region: defaultRegion, output: defaultOutput },
    state: {
      target: "profile",
      form,
      sessions: listKnownSessions(source),
      given: toStepAnswers(answers),
      defaults: {},
      answered: [],
    },
  };
}

/** Prints which clients do not use this role in the written profile, because of other keys or an unreadable file. */
function noticeOthers(context: Context, { name, accountId, roleName }: WantedProfile): void {
  const env = { ...context.env, AWS_PROFILE: name, AWS_DEFAULT_PROFILE: undefined };
  const { outcomes } = resolveIdentity(context, undefined, env);
  const others = CLIENTS.filter((client) => {
    const role = findRole(findSource(outcomes[client]));
    return role.accountId !== accountId || role.roleName !== roleName;
  });
  for (const remark of describeDiffering(others, outcomes, readFiles(context)))
    notice(context, `not every AWS client uses this role for ${name}: ${remark}`);
}

/** Shows a notice if the token is protected by the OS keychain: SDKs look for tokens only in the shared cache. */
function noticeUnseenToken(context: Context, { name, form, session }: WantedProfile): void {
  const sessionName = form === "legacy" ? undefined : session.name;
  if (form === "credential-process" || findStorageKind(context, sessionName) === "file") return;
  notice(
    context,
    `SDKs can't read tokens in the OS keychain. To make this profile work with SDKs: latchkey configure --form credential-process --profile ${quoteShellWord(name)}.`,
  );
}

function addSettings(context: Context, answers: ProfileAnswers): ProfileAnswers {
  const settings = readSettings(context.home, context.env, answers.ssoSession);
  return {
    ...answers,
    defaultRegion: settings["default-region"],
    defaultOutput: settings["default-output"],
  };
}

/** Returns whether every answer without a default is given; then --yes asks nothing. */
function isComplete(source: ConfigSource, answers: ProfileAnswers): boolean {
  const isSessionKnown = findSession(source, answers) !== undefined;
  return Object.values(listNeededAnswers(answers, isSessionKnown)).every(
    (value) => value !== undefined,
  );
}

/**
 * Fills in region and output without asking: a value in the profile stays unchanged; if there is none, the setting is
 * used.
 */
function addDefaults(source: ConfigSource, answers: ProfileAnswers): ProfileAnswers {
  const { profile, region, output, defaultRegion, defaultOutput } = answers;
  const isThere = (key: string): boolean => findPresent(source, profile, key) !== undefined;
  return {
    ...answers,
    region: region ?? (isThere("region") ? undefined : defaultRegion),
    output: output ?? (isThere("output") ? undefined : defaultOutput),
  };
}

/**
 * Without a terminal, signing in is not possible. The hint leaves out --verify because the session may not be in the
 * config yet.
 */
function refuseUnattended(session: SsoSession): (thrown: unknown) => never {
  return (thrown) => {
    if (!hasCode(thrown, "SIGN_IN_REQUIRED")) throw thrown;
    throw new LatchkeyError("SIGN_IN_REQUIRED", thrown.message, {
      hint: `Run it without --verify first, sign in (${loginCommand(session)}), and run it again.`,
      cause: thrown,
    });
  };
}

async function verifyRole(
  context: Context,
  { session, form, accountId, roleName }: WantedProfile,
  options: SignInOptions,
): Promise<void> {
  const name = form === "legacy" ? undefined : session.name;
  const signIn: SsoSession = { ...toSsoSession(session), name };
  if (context.terminal.interactive) {
    const again = { ...signIn, signInCommand: "latchkey configure" };
    await login(context, again, { force: false, ...options });
  }
  const held = await listRolesOfAccount(context, signIn, accountId).catch(refuseUnattended(signIn));
  const roles = held.map((role) => role.roleName);
  if (roles.includes(roleName)) return;
  const close = closestMatches(roleName, roles);
  const suggested = close.length > 0 ? close : roles.slice(0, 5);
  throw new LatchkeyError(
    "ACCESS_DENIED",
    `The role ${roleName} in ${accountId} is not assigned to you.`,
    {
      hint:
        suggested.length === 0
          ? "You have no role there: latchkey accounts"
          : `Your roles there: ${suggested.join(", ")}`,
    },
  );
}
