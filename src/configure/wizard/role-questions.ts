import type { Choice, Context } from "../../context.ts";
import { listAccounts, listRolesOfAccount } from "../../access/list.ts";
import { LatchkeyError } from "../../errors.ts";
import { accountLabel, type Account } from "../../model/account.ts";
import { isRoleName } from "../../model/role.ts";
import { sessionLabel, type SsoSession } from "../../model/sso-session.ts";
import { login } from "../../sign-in/login.ts";
import { findSession } from "../../profiles/change/edits.ts";
import { toSsoSession } from "../answers.ts";
import { addAnswer, readAnswers, type Step } from "./steps.ts";
import { BACK, offerBack, propose, toAnswer, type Access, type Outcome, type Run } from "./run.ts";

/** Asks for account and role from the lists of AWS, after signing in if there is no usable token. */

export async function pickAccount(run: Run): Promise<Outcome> {
  const { context } = run;
  const access = await signIn(run);
  const accounts = await fetchAccounts(context, access);
  if (accounts.length === 0)
    throw new LatchkeyError("ACCESS_DENIED", "No AWS accounts are available to you.", {
      hint: "Ask the administrator of your IAM Identity Center for an assignment.",
    });
  access.hasMore = accounts.length > 1;
  const choices = accounts.map((account) => ({
    cells: [account.accountName ?? "", account.accountId, account.emailAddress ?? ""],
    value: account.accountId,
    label: accountLabel(account),
  }));
  return pickUnlessOnly(run, "accountId", {
    noun: "AWS account",
    choices,
    echo: (accountId) => `Using the account ID ${nameAccount(accounts, accountId)}`,
  });
}

export async function pickRole(run: Run): Promise<Outcome> {
  const { context, state } = run;
  const access = await signIn(run);
  const { accountId = "" } = readAnswers(state);
  const held = await listRolesOfAccount(context, access.session, accountId);
  const roles = held.filter(({ roleName }) => isRoleName(roleName));
  for (const { roleName } of held)
    if (!isRoleName(roleName))
      context.terminal.say(`  ! ${roleName} is not a valid role name and is never written`);
  if (roles.length === 0) return refuseAccount(run, access, accountId);
  access.hasMore ||= roles.length > 1 || (access.accounts?.length ?? 2) > 1;
  return pickUnlessOnly(run, "roleName", {
    noun: "role",
    choices: roles.map(({ roleName }) => ({
      cells: [roleName],
      value: roleName,
      label: roleName,
    })),
    echo: (roleName) => `Using the role name "${roleName}"`,
  });
}

/** Goes back to choose another account, if there is one. */
function refuseAccount({ context, state }: Run, access: Access, accountId: string): Outcome {
  const words = `No roles are available to you in the account ${accountId}.`;
  const isAsked = state.answered.some(({ step, wasAsked }) => step === "accountId" && wasAsked);
  if (!isAsked || !access.hasMore)
    throw new LatchkeyError("ACCESS_DENIED", words, {
      hint: "Ask the administrator of your IAM Identity Center for an assignment.",
    });
  context.terminal.say(`  ! ${words} Choose another.`);
  return BACK;
}

/** Uses an existing token, refreshed if needed. Signs in to the same session at most once per run. */
async function signIn(run: Run): Promise<Access> {
  const asked = toSession(run);
  if (run.access !== undefined && isSame(run.access.asked, asked)) return run.access;
  const signedIn = await login(run.context, asked, { force: false, ...run.options });
  const { session } = signedIn;
  run.access = { asked, session, isNew: !signedIn.alreadySignedIn, hasMore: false };
  if (session.region !== asked.region && readAnswers(run.state).ssoRegion === asked.region) {
    run.state = addAnswer(run.state, "ssoRegion", session.region, false);
    run.access = { ...run.access, asked: toSession(run) };
  }
  return run.access;
}

function isSame(one: SsoSession, other: SsoSession): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function toSession({ source, state, again }: Run): SsoSession {
  const { form } = state;
  const { ssoSession: name = "", startUrl = "", ssoRegion = "", ...others } = readAnswers(state);
  const { registrationScopes } = others;
  const wanted = { name, startUrl, region: ssoRegion, registrationScopes };
  const known = findSession(source, { form, ssoSession: name });
  const session = { ...toSsoSession(known ?? wanted), signInCommand: again };
  return form === "legacy"
    ? { ...session, name: undefined, registrationScopes: undefined }
    : session;
}

async function fetchAccounts(context: Context, access: Access): Promise<readonly Account[]> {
  if (access.accounts !== undefined) return access.accounts;
  const progress = (count: number): void => context.terminal.showProgress(`Accounts  ${count}`);
  const { items } = await listAccounts(context, access.session, { progress });
  context.terminal.clearProgress();
  access.accounts = items;
  return items;
}

function nameAccount(accounts: readonly Account[], accountId: string): string {
  const name = accounts.find((account) => account.accountId === accountId)?.accountName;
  return name === undefined ? accountId : `${accountId} (${name})`;
}

interface Pick {
  readonly noun: string;
  readonly choices: ReadonlyArray<Choice<string> & { readonly label: string }>;
  readonly echo: (value: string) => string;
}

async function pickUnlessOnly(
  run: Run,
  step: Extract<Step, "accountId" | "roleName">,
  { noun, choices, echo }: Pick,
): Promise<Outcome> {
  const { terminal } = run.context;
  const [first, ...others] = choices;
  if (first !== undefined && others.length === 0) {
    terminal.say(`The only ${noun} available to you is: ${first.label}`);
    return toAnswer(step, first.value, false);
  }
  const picked = await terminal.pick<string, typeof BACK>(
    `There are ${choices.length} ${noun}s available to you`,
    choices,
    { current: propose(run, step), onBack: offerBack(run) },
  );
  if (typeof picked !== "string") return picked;
  terminal.say(echo(picked));
  return toAnswer(step, picked);
}

/** Returns the label of the session that this run signed in to; undefined if it did not sign in. */
export function describeNewSignIn({ access }: Run): string | undefined {
  return access?.isNew === true ? sessionLabel(access.session) : undefined;
}
