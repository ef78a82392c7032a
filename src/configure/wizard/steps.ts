import { findRegionInStartUrl, proposeSessionName } from "../../model/start-url.ts";
import type { WritableForm } from "../../profiles/change/edits.ts";

/**
 * The questions of a wizard as a list of steps, and the decision which question is next. wizard.ts asks the questions.
 */

/** In the order of `aws configure sso` (AWS CLI 2.36.7). */
export const STEPS = [
  "ssoSession",
  "startUrl",
  "ssoRegion",
  "registrationScopes",
  "accountId",
  "roleName",
  "region",
  "output",
  "profile",
] as const;

export type Step = (typeof STEPS)[number];
export type StepAnswers = Readonly<Partial<Record<Step, string | undefined>>>;

/** Value of ssoSession if its name will be made from the start URL. */
export const NAMED_BY_START_URL = "";

export interface KnownSession {
  readonly name: string;
  readonly startUrl: string;
}

interface Answered {
  readonly step: Step;
  readonly value: string;
  /** false if there was only one possible answer; going back skips such a step. */
  readonly wasAsked: boolean;
}

export interface WizardState {
  /** What the wizard will write. */
  readonly target: "profile" | "session";
  readonly form: WritableForm;
  /** The complete sessions of the config. */
  readonly sessions: readonly KnownSession[];
  /** Answers from flags or a team file; these are never asked. */
  readonly given: StepAnswers;
  /** Default answers: from the last run, and from questions that the user went back from. */
  readonly defaults: StepAnswers;
  /** In the order in which they were given. */
  readonly answered: readonly Answered[];
}

/** Returns all answers, with a session name made from the start URL if needed. */
export function readAnswers(state: WizardState): StepAnswers {
  const answered = Object.fromEntries(state.answered.map(({ step, value }) => [step, value]));
  const all: StepAnswers = { ...answered, ...state.given };
  const { ssoSession, startUrl } = all;
  if (ssoSession === NAMED_BY_START_URL && startUrl !== undefined)
    return { ...all, ssoSession: nameSession(state.sessions, startUrl) };
  return all;
}

/** Returns the name of the session that has this start URL, or a new name. */
export function nameSession(sessions: readonly KnownSession[], startUrl: string): string {
  const same = sessions.find((session) => session.startUrl === startUrl);
  const taken = sessions.map(({ name }) => name);
  return same?.name ?? proposeSessionName(startUrl, taken);
}

/** Returns the next question; undefined if no answer is missing. */
export function decideNext(state: WizardState): Step | undefined {
  const answers = readAnswers(state);
  return STEPS.find((step) => answers[step] === undefined && isNeeded(state, answers, step));
}

const SESSION_STEPS: readonly Step[] = [
  "ssoSession",
  "startUrl",
  "ssoRegion",
  "registrationScopes",
];

function isNeeded(state: WizardState, answers: StepAnswers, step: Step): boolean {
  if (!SESSION_STEPS.includes(step)) return state.target === "profile";
  const isLegacy = state.form === "legacy";
  if (step === "ssoSession") return !isLegacy;
  if (isLegacy && step === "registrationScopes") return false;
  if (state.target === "profile" && isKnown(state, answers)) return false;
  return step !== "ssoRegion" || findRegionInStartUrl(answers.startUrl ?? "") === undefined;
}

function isKnown({ form, sessions }: WizardState, { ssoSession }: StepAnswers): boolean {
  return form !== "legacy" && sessions.some(({ name }) => name === ssoSession);
}

/**
 * Returns the answers to write. For a session of the config, its URL, region and scopes are left out unless a flag
 * gives them.
 */
export function collectAnswers(state: WizardState): StepAnswers {
  const answers = readAnswers(state);
  if (state.target === "session" || !isKnown(state, answers)) return answers;
  const { startUrl: _url, ssoRegion: _region, registrationScopes: _scopes, ...rest } = answers;
  const { startUrl, ssoRegion, registrationScopes } = state.given;
  return { ...rest, startUrl, ssoRegion, registrationScopes };
}

export function addAnswer(
  state: WizardState,
  step: Step,
  value: string,
  wasAsked = true,
): WizardState {
  const others = state.answered.filter((answer) => answer.step !== step);
  return { ...state, answered: [...others, { step, value, wasAsked }] };
}

export function canGoBack({ answered }: WizardState): boolean {
  return answered.some(({ wasAsked }) => wasAsked);
}

/** Goes back to the question before. Its answer, and the answers after it, become defaults. */
export function goBack(state: WizardState): WizardState {
  const last = state.answered.findLastIndex(({ wasAsked }) => wasAsked);
  if (last === -1) return state;
  const undone = state.answered.slice(last).map(({ step, value }) => [step, value]);
  return {
    ...state,
    answered: state.answered.slice(0, last),
    defaults: { ...state.defaults, ...Object.fromEntries(undone) },
  };
}

/** Returns the defaults for the next run. */
export function listKept(state: WizardState): StepAnswers {
  return { ...state.defaults, ...readAnswers(state) };
}

/** Uses the defaults as answers to all needed questions, as if the user had typed them. */
export function takeDefaults(state: WizardState): WizardState {
  return STEPS.reduce((taken, step) => {
    const value = state.defaults[step];
    const isMissing = readAnswers(taken)[step] === undefined;
    return value !== undefined && isMissing && isNeeded(taken, readAnswers(taken), step)
      ? addAnswer(taken, step, value)
      : taken;
  }, state);
}
