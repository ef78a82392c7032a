import type { Context } from "../../context.ts";
import { findSection, listSessionNames } from "../../aws-config/document.ts";
import type { Account } from "../../model/account.ts";
import { DEFAULT_REGISTRATION_SCOPES, type SsoSession } from "../../model/sso-session.ts";
import { findValue, type ConfigSource } from "../../profiles/profile.ts";
import type { SignInOptions } from "../../sign-in/method.ts";
import { findPresent } from "../answers.ts";
import {
  canGoBack,
  readAnswers,
  type KnownSession,
  type Step,
  type StepAnswers,
  type WizardState,
} from "./steps.ts";

/** The state that the questions of one run share. */

/** One run of a wizard: its answers and its sign-in. */
export interface Run {
  readonly context: Context;
  readonly source: ConfigSource;
  readonly options: SignInOptions;
  /** The command that starts the wizard again. */
  readonly again: string;
  /** Default answers from the settings. */
  readonly settings: { readonly region: string; readonly output: string };
  state: WizardState;
  /** The result of this run's sign-in. */
  access?: Access | undefined;
}

export const BACK = { kind: "back" } as const;
export type Outcome = typeof BACK | Answer;

interface Answer {
  readonly kind: "answered";
  readonly answers: StepAnswers;
  readonly wasAsked: boolean;
}

export function toAnswer(step: Step, value: string, wasAsked = true): Answer {
  return { kind: "answered", answers: { [step]: value }, wasAsked };
}

/** Returns a function for "go back", or undefined if there is no earlier question. */
export function offerBack({ state }: Run): (() => typeof BACK) | undefined {
  return canGoBack(state) ? () => BACK : undefined;
}

/** The result of this run's sign-in. */
export interface Access {
  /** The session as answered. */
  readonly asked: SsoSession;
  /** The session after the sign-in: a company's own domain may redirect to another region. */
  readonly session: SsoSession;
  /** Whether this run signed in. */
  readonly isNew: boolean;
  accounts?: readonly Account[];
  /** Whether the user has more roles than the chosen one. */
  hasMore: boolean;
}

/** Returns the sessions of the config that have a start URL and a region. For others, the missing value is asked. */
export function listKnownSessions({ document }: ConfigSource): KnownSession[] {
  return listSessionNames(document).flatMap((name) => {
    const section = findSection(document, "sso-session", name);
    const startUrl = section && findValue(section, "sso_start_url");
    const region = section && findValue(section, "sso_region");
    return startUrl === undefined || region === undefined ? [] : [{ name, startUrl }];
  });
}

/** Returns the default answer of a question. */
export function propose(run: Run, step: Exclude<Step, "ssoSession">): string | undefined {
  const { source, settings, state } = run;
  const { defaults, given } = state;
  const answers = readAnswers(state);
  const name = answers.ssoSession ?? "";
  const section = findSection(source.document, "sso-session", name);
  const findSessionKey = (key: string): string | undefined => section && findValue(section, key);
  const findKey = (key: string): string | undefined => findPresent(source, given.profile, key);
  const proposals: Readonly<Record<typeof step, () => string | undefined>> = {
    startUrl: () => findKey("sso_start_url") ?? findSessionKey("sso_start_url"),
    ssoRegion: () => findKey("sso_region") ?? findSessionKey("sso_region"),
    registrationScopes: () =>
      findSessionKey("sso_registration_scopes") ?? DEFAULT_REGISTRATION_SCOPES,
    accountId: () => findKey("sso_account_id"),
    roleName: () => findKey("sso_role_name"),
    region: () => findKey("region") ?? settings.region,
    output: () => findKey("output") ?? settings.output,
    profile: () => nameProfile(answers),
  };
  // A name that was generated for another role is not the user's answer.
  const isMadeName = step === "profile" && defaults.profile === nameProfile(defaults);
  return (isMadeName ? undefined : defaults[step]) ?? proposals[step]();
}

function nameProfile({ roleName, accountId }: StepAnswers): string {
  return `${roleName ?? ""}-${accountId ?? ""}`;
}
