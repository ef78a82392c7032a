import type { Choice, Context } from "../context.ts";
import { findSection, listSessionNames } from "../aws-config/document.ts";
import { isPortableName } from "../aws-config/header.ts";
import { isRoleName } from "../model/role.ts";
import {
  judgeRegion,
  listRegionsLike,
  isClientRegion,
  isRegion,
  findRegionInStartUrl,
  readTypedStartUrl,
} from "../model/start-url.ts";
import { checkStartUrlFlag } from "../profiles/select.ts";
import { findValue, type ConfigSource } from "../profiles/profile.ts";
import { DEFAULT_REGISTRATION_SCOPES, parseScopes, type SsoSession } from "../model/sso-session.ts";
import { LatchkeyError } from "../errors.ts";
import { listAccounts, listRolesOfAccount } from "../access/list.ts";
import { login } from "../sign-in/login.ts";
import type { SignInOptions } from "../sign-in/method.ts";
import { findPresent, toSsoSession, type ProfileAnswers, type SessionAnswers } from "./answers.ts";
import { OUTPUT_FORMATS } from "../model/values.ts";
import { findSession } from "../profiles/change/edits.ts";

/**
 * The questions of `aws configure sso` (AWS CLI 2.36.7), in its order and with its defaults, for the answers that no
 * flag has given. What a flag answers, is not asked.
 */

export async function askMissing(
  context: Context,
  source: ConfigSource,
  given: ProfileAnswers,
  options: SignInOptions,
): Promise<ProfileAnswers> {
  const findKey = (key: string): string | undefined => findPresent(source, given.profile, key);
  const signIn = await askSession(context, source, given, findKey);
  const answers = await askRole(context, source, signIn, options);
  const { defaultRegion = "", defaultOutput = "", accountId = "", roleName = "" } = answers;
  const region =
    answers.region ??
    (await askLine(context, "Default client Region", findKey("region") ?? defaultRegion));
  const output =
    answers.output ??
    (await askLine(
      context,
      "CLI default output format (json if not specified)",
      findKey("output") ?? defaultOutput,
    ));
  const profile =
    answers.profile ?? (await askLine(context, "Profile name", `${roleName}-${accountId}`));
  return { ...answers, region, output, profile };
}

/** The questions that a line of text answers, with what is said of one that will not do. */
const VALIDATORS = {
  "SSO session name": (answer) => answer !== "" || "A value is required",
  "SSO start URL": (answer) => {
    const typed = readTypedStartUrl(answer);
    const example = "it looks like https://my-company.awsapps.com/start";
    return typed.kind === "url" || `Not a valid start URL (it ${typed.fault}): ${example}`;
  },
  "SSO region": (answer, initial) =>
    isRegion(answer)
      ? validateRegion(answer, initial)
      : "A region is required: it looks like us-east-1",
  "SSO registration scopes": (answer) =>
    parseScopes(answer) !== undefined || "Scope values must be separated by commas",
  "Default client Region": (answer, initial) =>
    answer === "" ||
    (isClientRegion(answer) ? validateRegion(answer, initial) : "Not a region's name"),
  "CLI default output format (json if not specified)": (answer) =>
    ["", ...OUTPUT_FORMATS].includes(answer) || `One of ${OUTPUT_FORMATS.join(", ")}, or nothing`,
  "Profile name": validateNewName,
} satisfies Record<string, (answer: string, initial?: string) => true | string>;

type Question = keyof typeof VALIDATORS;

export function askLine(
  { terminal }: Context,
  question: Question,
  initial?: string,
): Promise<string> {
  // What the config has already is not judged anew: it may know more regions than this version.
  return terminal.ask(question, {
    initial,
    validate: (answer) => VALIDATORS[question](answer, initial),
    complete: question.toLowerCase().endsWith("region") ? listRegionsLike : undefined,
  });
}

/** Session name, start URL, region, scopes; a session that the config knows answers the last three. */
async function askSession(
  context: Context,
  source: ConfigSource,
  given: ProfileAnswers,
  present: (key: string) => string | undefined,
): Promise<ProfileAnswers> {
  const needsName = given.ssoSession === undefined && given.form !== "legacy";
  const answers = needsName
    ? await askSessionName(context, source, given, present("sso_session"))
    : given;
  if (findSession(source, answers) !== undefined) return answers;
  const place = await askPlace(context, answers, {
    startUrl: present("sso_start_url"),
    region: present("sso_region"),
  });
  if (answers.form === "legacy") return { ...answers, ...place };
  const registrationScopes = answers.registrationScopes ?? (await askScopes(context));
  return { ...answers, ...place, registrationScopes };
}

async function askSessionName(
  context: Context,
  source: ConfigSource,
  answers: ProfileAnswers,
  current: string | undefined,
): Promise<ProfileAnswers> {
  const required = answers.form === "credential-process";
  const name = await pickSessionName(context, source, current, required);
  if (name !== "") return { ...answers, ssoSession: name };
  context.terminal.say(
    "Without a session name this becomes the legacy form: its tokens can't be renewed. A name is recommended.",
  );
  return { ...answers, form: "legacy" };
}

/** A known name shows what it stands for while it is typed; no name is the legacy form, where that is possible. */
async function pickSessionName(
  context: Context,
  source: ConfigSource,
  current: string | undefined,
  required: boolean,
): Promise<string> {
  const names = listSessionNames(source.document);
  if (names.length > 0) context.terminal.say(`SSO sessions in ${source.file}: ${names.join(", ")}`);
  return context.terminal.ask("SSO session name (Recommended)", {
    initial: current,
    meaning: (typed) => (names.includes(typed) ? sessionSummary(source, typed) : undefined),
    validate: (answer) =>
      answer === ""
        ? !required || "A value is required"
        : names.includes(answer) || validateNewName(answer),
  });
}

export function sessionSummary(source: ConfigSource, name: string): string {
  const section = findSection(source.document, "sso-session", name);
  if (section === undefined) return "";
  return ["sso_start_url", "sso_region", "sso_registration_scopes"]
    .map((key) => findValue(section, key))
    .filter((value) => value !== undefined)
    .join(" · ");
}

/** Account and role as the service lists them: signed in first, where no token is there that would do. */
async function askRole(
  context: Context,
  source: ConfigSource,
  answers: ProfileAnswers,
  options: SignInOptions,
): Promise<ProfileAnswers> {
  if (answers.accountId !== undefined && answers.roleName !== undefined) return answers;
  const session = toSession(source, answers);
  // A company's own address may lead to another region than the one that was answered.
  const { session: led } = await login(context, session, { force: false, ...options });
  const accountId = answers.accountId ?? (await pickAccount(context, led));
  const roleName = answers.roleName ?? (await pickRole(context, led, accountId));
  return {
    ...answers,
    ssoRegion: answers.ssoRegion === session.region ? led.region : answers.ssoRegion,
    accountId,
    roleName,
  };
}

function toSession(source: ConfigSource, answers: ProfileAnswers): SsoSession {
  const { form, ssoSession: name = "", startUrl = "", ssoRegion = "" } = answers;
  const { registrationScopes } = answers;
  const wanted = { name, startUrl, region: ssoRegion, registrationScopes };
  const session = toSsoSession(findSession(source, answers) ?? wanted);
  return form === "legacy"
    ? { ...session, name: undefined, registrationScopes: undefined }
    : session;
}

async function pickAccount(context: Context, session: SsoSession): Promise<string> {
  const { terminal } = context;
  const progress = (count: number): void => terminal.showProgress(`Accounts  ${count}`);
  const { items: accounts } = await listAccounts(context, session, { progress });
  terminal.clearProgress();
  const choices = accounts.map((account) => ({
    cells: [account.accountName ?? "", account.accountId, account.emailAddress ?? ""],
    value: account.accountId,
  }));
  if (choices.length === 0)
    throw new LatchkeyError("ACCESS_DENIED", "No AWS accounts are available to you.", {
      hint: "Ask whoever administers your IAM Identity Center for an assignment.",
    });
  const accountId = await pickUnlessOnly(context, "AWS account", choices);
  if (choices.length > 1) terminal.say(`Using the account ID ${accountId}`);
  return accountId;
}

async function pickRole(context: Context, session: SsoSession, accountId: string): Promise<string> {
  const held = await listRolesOfAccount(context, session, accountId);
  const roles = held.filter(({ roleName }) => isRoleName(roleName));
  for (const { roleName } of held)
    if (!isRoleName(roleName))
      context.terminal.say(`  ! ${roleName} is no name that AWS allows for a role: never written`);
  if (roles.length === 0)
    throw new LatchkeyError(
      "ACCESS_DENIED",
      `No roles are available to you in the account ${accountId}.`,
      { hint: "See the accounts that you may use: latchkey accounts" },
    );
  const choices = roles.map(({ roleName }) => ({ cells: [roleName], value: roleName }));
  const roleName = await pickUnlessOnly(context, "role", choices);
  if (choices.length > 1) context.terminal.say(`Using the role name "${roleName}"`);
  return roleName;
}

async function pickUnlessOnly(
  { terminal }: Context,
  noun: string,
  choices: ReadonlyArray<Choice<string>>,
): Promise<string> {
  const [first, ...others] = choices;
  if (first === undefined || others.length > 0)
    return terminal.pick(`There are ${choices.length} ${noun}s available to you`, choices);
  terminal.say(
    `The only ${noun} available to you is: ${first.cells.filter((cell) => cell !== "").join(" ")}`,
  );
  return first.value;
}

/** Where to sign in; the region is not asked where the start URL says it. */
export async function askPlace(
  context: Context,
  given: SessionAnswers,
  initial: { readonly startUrl?: string | undefined; readonly region?: string | undefined },
): Promise<{ startUrl: string; ssoRegion: string }> {
  const startUrl = checkStartUrlFlag(
    given.startUrl ?? (await askLine(context, "SSO start URL", initial.startUrl)),
  );
  const ssoRegion =
    given.ssoRegion ??
    findRegionInStartUrl(startUrl) ??
    (await askLine(context, "SSO region", initial.region));
  return { startUrl, ssoRegion };
}

export function askScopes(
  context: Context,
  initial = DEFAULT_REGISTRATION_SCOPES,
): Promise<string> {
  return askLine(context, "SSO registration scopes", initial);
}

/** At a question there is no --force: the flag takes what is refused here. */
function validateRegion(answer: string, initial: string | undefined): true | string {
  const judged = judgeRegion(answer);
  if (answer === initial) return true;
  return judged.kind !== "slip" || `Did you mean ${judged.meant}?`;
}

function validateNewName(answer: string): true | string {
  return isPortableName(answer) || "Letters, digits and _ . @ + % : / - only";
}
