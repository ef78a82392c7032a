import type { Context } from "../context.ts";
import { findSection } from "../domain/aws-config-document.ts";
import type { ConfigChange } from "../domain/aws-config-edit.ts";
import { profileEdits, type WantedProfile, type WritableForm } from "../domain/profile-plan.ts";
import { valueOf, type ConfigSource } from "../domain/profile.ts";
import { nearest } from "../domain/terminal-text.ts";
import { loginCommand, parseScopes, type SsoSession } from "../domain/sso-session.ts";
import { LatchkeyError } from "../errors.ts";
import { rolesOfAccount } from "./access.ts";
import { applyShown, type ShowOptions } from "./config-change.ts";
import { knownSession, regionOf, wantedProfile, type ProfileAnswers } from "./configure-answers.ts";
import { askMissing, type WizardLogin } from "./configure-wizard.ts";
import { readConfig } from "./selection.ts";
import { login } from "./sign-in.ts";

/** One profile, as `aws configure sso` writes it: answers → plan → show → apply. */

export interface ConfigureOptions extends ShowOptions, WizardLogin {
  /** Ask the service whether the role is there before it is written. */
  readonly verify: boolean;
}

export interface Configured {
  readonly profile: string;
  readonly form: WritableForm;
  readonly configFile: string;
  readonly changes: readonly ConfigChange[];
}

export async function configureProfile(context: Context, given: ProfileAnswers, options: ConfigureOptions): Promise<Configured> {
  const source = readConfig(context);
  const answers = await withSettings(given);
  const complete = context.terminal.interactive && !(options.yes && isComplete(source, answers)) ? await askMissing(context, source, answers, options) : withDefaults(source, answers);
  const wanted = wantedProfile(context, source, complete, options.force);
  if (options.verify) await verifyRole(context, wanted, options);
  const changes = await applyShown(context, source, profileEdits(wanted), options);
  return { profile: wanted.name, form: wanted.form, configFile: source.file, changes };
}

async function withSettings(answers: ProfileAnswers): Promise<ProfileAnswers> {
  const { loadSettings } = await import("../files/settings.ts");
  const settings = loadSettings(answers.ssoSession);
  return { ...answers, defaultRegion: settings["default-region"], defaultOutput: settings["default-output"] };
}

/** Nothing that has no default is missing: with --yes, nothing is asked then. */
function isComplete(source: ConfigSource, answers: ProfileAnswers): boolean {
  const { profile, form, ssoSession, startUrl, ssoRegion, accountId, roleName } = answers;
  const hasSession = form === "legacy" || ssoSession !== undefined;
  const hasPlace = knownSession(source, answers) !== undefined || (startUrl !== undefined && regionOf({ startUrl, ssoRegion }) !== undefined);
  return profile !== undefined && hasSession && hasPlace && accountId !== undefined && roleName !== undefined;
}

/** Region and output that no one is asked for: what the profile has stays, else what the settings say. */
function withDefaults(source: ConfigSource, answers: ProfileAnswers): ProfileAnswers {
  const before = answers.profile === undefined ? undefined : findSection(source.document, "profile", answers.profile);
  const has = (key: string): boolean => before !== undefined && valueOf(before, key) !== undefined;
  return {
    ...answers,
    region: answers.region ?? (has("region") ? undefined : answers.defaultRegion),
    output: answers.output ?? (has("output") ? undefined : answers.defaultOutput),
  };
}

/** Nobody is made to sign in where nobody is. The session may be one that only this command would write. */
function unattendedRefusal(session: SsoSession): (thrown: unknown) => never {
  return (thrown) => {
    if (!(thrown instanceof LatchkeyError) || thrown.code !== "SIGN_IN_REQUIRED") throw thrown;
    throw new LatchkeyError("SIGN_IN_REQUIRED", thrown.message, { hint: `Leave --verify away, sign in (${loginCommand(session)}), and run it again.`, cause: thrown });
  };
}

async function verifyRole(context: Context, { session, form, accountId, roleName }: WantedProfile, options: WizardLogin): Promise<void> {
  const scopes = session.registrationScopes === undefined ? undefined : parseScopes(session.registrationScopes);
  const signIn = { name: form === "legacy" ? undefined : session.name, startUrl: session.startUrl, region: session.region, registrationScopes: scopes };
  if (context.terminal.interactive) await login(context, signIn, { force: false, ...options });
  const roles = (await rolesOfAccount(context, signIn, accountId).catch(unattendedRefusal(signIn))).map((role) => role.roleName);
  if (roles.includes(roleName)) return;
  const close = nearest(roleName, roles);
  throw new LatchkeyError("ACCESS_DENIED", `The role ${roleName} in ${accountId} is not assigned to you.`, {
    hint: roles.length === 0 ? "You hold no role there: latchkey accounts" : `You hold there: ${(close.length > 0 ? close : roles.slice(0, 5)).join(", ")}`,
  });
}
