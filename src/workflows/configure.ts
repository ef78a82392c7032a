import type { Context } from "../context.ts";
import { findSection, parseConfig, printConfig } from "../domain/aws-config-document.ts";
import { editConfig, type ConfigChange, type SectionEdit } from "../domain/aws-config-edit.ts";
import { verifyEdit } from "../domain/aws-config-proof.ts";
import { readSession, valueOf, type ConfigSource } from "../domain/profile.ts";
import { profileEdits, type WantedProfile, type WantedSession, type WritableForm } from "../domain/profile-plan.ts";
import { DEFAULT_REGISTRATION_SCOPES, parseScopes } from "../domain/sso-session.ts";
import { LatchkeyError } from "../errors.ts";
import { updateConfigFile } from "../files/aws-config.ts";
import { checkedAccountFlag, checkedRegionFlag, checkedRoleFlag, checkedStartUrlFlag, readConfig } from "./selection.ts";
import { lockOptions } from "./token.ts";

/** One profile, as `aws configure sso` writes it: answers → plan → show → apply. */

export interface ProfileAnswers {
  readonly profile?: string | undefined;
  readonly form: WritableForm;
  readonly ssoSession?: string | undefined;
  readonly startUrl?: string | undefined;
  readonly ssoRegion?: string | undefined;
  readonly registrationScopes?: string | undefined;
  readonly accountId?: string | undefined;
  readonly roleName?: string | undefined;
  readonly region?: string | undefined;
  readonly output?: string | undefined;
}

export interface ApplyOptions {
  readonly yes: boolean;
  /** Also where a session that other profiles stand on changes, or where another tool owns the section. */
  readonly force: boolean;
  /** Shows what will change before it does. */
  readonly show: (changes: readonly ConfigChange[], configFile: string) => void;
}

export interface Configured {
  readonly profile: string;
  readonly form: WritableForm;
  readonly configFile: string;
  readonly changes: readonly ConfigChange[];
}

export async function configureProfile(context: Context, answers: ProfileAnswers, options: ApplyOptions): Promise<Configured> {
  const source = readConfig(context);
  const wanted = wantedProfile(context, source, await withDefaults(answers), options.force);
  const edits = profileEdits(wanted).map((edit) => ({ ...edit, force: options.force }));
  const { changes } = editConfig(source.document, edits, source.file);
  if (changes.length > 0) {
    options.show(changes, source.file);
    await agreed(context, options.yes, source.file);
    await applyEdits(context, source.file, edits);
  }
  return { profile: wanted.name, form: wanted.form, configFile: source.file, changes };
}

/** Region and output where none is given: what `latchkey settings` says, for this session or in general. */
async function withDefaults(answers: ProfileAnswers): Promise<ProfileAnswers> {
  const { loadSettings } = await import("../files/settings.ts");
  const settings = loadSettings(answers.ssoSession);
  return { ...answers, region: answers.region ?? settings["default-region"], output: answers.output ?? settings["default-output"] };
}

/** Made anew on the bytes that are there at that moment, and proven to change nothing else before they are kept. */
async function applyEdits(context: Context, file: string, edits: readonly SectionEdit[]): Promise<void> {
  await updateConfigFile(context.home, file, lockOptions(context, undefined), (bytes) => {
    const before = parseConfig(bytes);
    const { document, changes } = editConfig(before, edits, file);
    if (changes.length === 0) return undefined;
    verifyEdit(before, document, changes);
    return printConfig(document);
  });
}

async function agreed(context: Context, yes: boolean, file: string): Promise<void> {
  if (yes) return;
  if (!context.terminal.interactive) throw new LatchkeyError("USAGE", "No one is at a terminal to agree to this change.", { hint: "Add --yes to make it without asking." });
  if (!(await context.terminal.confirm(`Write this to ${file}?`))) throw new LatchkeyError("CANCELLED", "Nothing was written.");
}

function wantedProfile(context: Context, source: ConfigSource, answers: ProfileAnswers, force: boolean): WantedProfile {
  const { form } = answers;
  const known = knownSession(source, answers);
  const missing = missingFlags(answers, known !== undefined);
  if (missing.length > 0) throw new LatchkeyError("USAGE", `Answers are missing: ${missing.join(", ")}.`, { hint: "Give each as a flag; latchkey configure --help has an example." });
  return {
    name: answers.profile ?? "",
    form,
    session: wantedSession(answers, known, force, source.file),
    accountId: checkedAccountFlag(answers.accountId ?? ""),
    roleName: checkedRoleFlag(answers.roleName ?? ""),
    region: answers.region === undefined || answers.region === "" ? undefined : checkedClientRegion(answers.region),
    output: answers.output,
    program: context.program,
  };
}

/** The session that the config has under that name; its values stand unless the flags give the same or --force. */
function knownSession(source: ConfigSource, { form, ssoSession }: ProfileAnswers): WantedSession | undefined {
  if (form === "legacy" || ssoSession === undefined) return undefined;
  const section = findSection(source.document, "sso-session", ssoSession);
  if (section === undefined) return undefined;
  const { startUrl, region } = readSession(source, ssoSession);
  return { name: ssoSession, startUrl, region, registrationScopes: valueOf(section, "sso_registration_scopes") };
}

function missingFlags(answers: ProfileAnswers, sessionKnown: boolean): string[] {
  const needed: Array<[string, string | undefined]> = [
    ["--profile", answers.profile],
    ...(answers.form === "legacy" ? [] : [["--sso-session", answers.ssoSession] as [string, string | undefined]]),
    ...(sessionKnown ? [] : [["--start-url", answers.startUrl] as [string, string | undefined], ["--sso-region", answers.ssoRegion] as [string, string | undefined]]),
    ["--account-id", answers.accountId],
    ["--role-name", answers.roleName],
  ];
  return needed.filter(([, value]) => value === undefined || value === "").map(([flag]) => flag);
}

function wantedSession(answers: ProfileAnswers, known: WantedSession | undefined, force: boolean, file: string): WantedSession {
  const startUrl = answers.startUrl === undefined ? undefined : checkedStartUrlFlag(answers.startUrl);
  const region = answers.ssoRegion === undefined ? undefined : checkedRegionFlag("--sso-region", answers.ssoRegion);
  const scopes = checkedScopesFlag(answers.registrationScopes);
  if (known === undefined) {
    return { name: answers.ssoSession ?? "", startUrl: startUrl ?? "", region: region ?? "", registrationScopes: scopes ?? DEFAULT_REGISTRATION_SCOPES };
  }
  const differs = (startUrl !== undefined && startUrl !== known.startUrl) || (region !== undefined && region !== known.region);
  if (differs && !force) {
    throw new LatchkeyError("USAGE", `The SSO session "${known.name}" in ${file} has the start URL ${known.startUrl} and the region ${known.region}; other profiles may stand on it.`, {
      hint: "Choose another --sso-session name, or add --force to change it for all of them.",
    });
  }
  return { name: known.name, startUrl: startUrl ?? known.startUrl, region: region ?? known.region, registrationScopes: scopes };
}

function checkedScopesFlag(scopes: string | undefined): string | undefined {
  if (scopes === undefined || parseScopes(scopes) !== undefined) return scopes;
  throw new LatchkeyError("USAGE", "--sso-registration-scopes must be separated by commas.", { hint: "The usual value is sso:account:access" });
}

/** Other stores have regions of their own (`auto`, `fr-par`), so any word of that shape will do. */
function checkedClientRegion(region: string): string {
  if (/^[A-Za-z0-9-]{1,64}$/.test(region)) return region;
  throw new LatchkeyError("USAGE", "--region is not a region's name.", { hint: "A region looks like eu-west-1." });
}
