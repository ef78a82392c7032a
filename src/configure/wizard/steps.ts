import { findRegionInStartUrl, proposeSessionName } from "../../model/start-url.ts";
import type { WritableForm } from "../../profiles/change/edits.ts";

/** The questions of a wizard as a list of steps, and which of them comes next: decided here, asked in wizard.ts. */

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

/** Of a session: its name will be made from the start URL. */
export const NAMED_BY_START_URL = "";

export interface KnownSession {
  readonly name: string;
  readonly startUrl: string;
}

interface Answered {
  readonly step: Step;
  readonly value: string;
  /** Not where there was only one answer: nobody goes back to that. */
  readonly wasAsked: boolean;
}

export interface WizardState {
  /** What is to be written. */
  readonly target: "profile" | "session";
  readonly form: WritableForm;
  /** The sessions that the config has. */
  readonly sessions: readonly KnownSession[];
  /** By flags, or a team file: never asked. */
  readonly given: StepAnswers;
  /** What a question proposes: answers of the run before, and those that a person has gone back from. */
  readonly defaults: StepAnswers;
  /** In the order in which they came. */
  readonly answered: readonly Answered[];
}

/** What is known, with the name that the start URL gives a session. A session of the config needs no place. */
export function readAnswers(state: WizardState): StepAnswers {
  const answered = Object.fromEntries(state.answered.map(({ step, value }) => [step, value]));
  const all: StepAnswers = { ...answered, ...state.given };
  const { ssoSession, startUrl } = all;
  if (ssoSession === NAMED_BY_START_URL && startUrl !== undefined)
    return { ...all, ssoSession: nameSession(state.sessions, startUrl) };
  return all;
}

/** That of the session which has this start URL, else a new one. */
export function nameSession(sessions: readonly KnownSession[], startUrl: string): string {
  const same = sessions.find((session) => session.startUrl === startUrl);
  const taken = sessions.map(({ name }) => name);
  return same?.name ?? proposeSessionName(startUrl, taken);
}

/** The question that is asked next; undefined where nothing is missing. */
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

/** What is to be written: without the place of a session that the config has, unless a flag gives one. */
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

/** To the question before: its answer, and what followed from it, become defaults. */
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

/** What the next run would propose. */
export function listKept(state: WizardState): StepAnswers {
  return { ...state.defaults, ...readAnswers(state) };
}

/** The defaults taken as answers, each as if it had been asked, as far as they are needed. */
export function takeDefaults(state: WizardState): WizardState {
  return STEPS.reduce((taken, step) => {
    const value = state.defaults[step];
    const isMissing = readAnswers(taken)[step] === undefined;
    return value !== undefined && isMissing && isNeeded(taken, readAnswers(taken), step)
      ? addAnswer(taken, step, value)
      : taken;
  }, state);
}
