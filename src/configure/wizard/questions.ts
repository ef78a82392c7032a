import { findSection, listSessionNames } from "../../aws-config/document.ts";
import { isPortableName } from "../../aws-config/header.ts";
import { OUTPUT_FORMATS } from "../../model/values.ts";
import { parseScopes } from "../../model/sso-session.ts";
import {
  isClientRegion,
  isRegion,
  judgeRegion,
  listRegionsLike,
  readTypedStartUrl,
} from "../../model/start-url.ts";
import { findValue, type ConfigSource } from "../../profiles/profile.ts";
import { findPresent } from "../answers.ts";
import { pickAccount, pickRole } from "./role-questions.ts";
import { BACK, offerBack, propose, toAnswer, type Outcome, type Run } from "./run.ts";
import {
  addAnswer,
  decideNext,
  goBack,
  NAMED_BY_START_URL,
  nameSession,
  STEPS,
  type Step,
  type WizardState,
} from "./steps.ts";

/**
 * The questions of `aws configure sso` (AWS CLI 2.36.7), with its wording and defaults, for answers that no flag gives.
 * The user can go back from each question to the one before.
 */

/** Asks until no answer is missing. */
export async function askMissing(run: Run): Promise<void> {
  for (let step = decideNext(run.state); step !== undefined; step = decideNext(run.state)) {
    const outcome = await QUESTIONS[step](run);
    run.state = applyOutcome(run.state, outcome);
  }
}

function applyOutcome(state: WizardState, outcome: Outcome): WizardState {
  if (outcome.kind === "back") return goBack(state);
  return STEPS.reduce((next, step) => {
    const value = outcome.answers[step];
    return value === undefined ? next : addAnswer(next, step, value, outcome.wasAsked);
  }, state);
}

const QUESTIONS: Readonly<Record<Step, (run: Run) => Promise<Outcome>>> = {
  ssoSession: askSessionName,
  startUrl: askStartUrl,
  ssoRegion: (run) =>
    askLine(run, "ssoRegion", {
      question: "SSO region",
      complete: listRegionsLike,
      validate: (answer, initial) =>
        isRegion(answer)
          ? validateRegion(answer, initial)
          : describeNoRegion(answer, "A region is required: it looks like us-east-1"),
    }),
  registrationScopes: (run) =>
    askLine(run, "registrationScopes", {
      question: "SSO registration scopes",
      validate: (answer) =>
        parseScopes(answer) !== undefined || "Scope values must be separated by commas",
    }),
  accountId: pickAccount,
  roleName: pickRole,
  region: (run) =>
    askLine(run, "region", {
      question: "Default client Region",
      complete: listRegionsLike,
      validate: (answer, initial) =>
        answer === "" ||
        (isClientRegion(answer)
          ? validateRegion(answer, initial)
          : describeNoRegion(answer, "Not a region's name")),
    }),
  output: (run) =>
    askLine(run, "output", {
      question: "CLI default output format (json if not specified)",
      complete: (typed) => OUTPUT_FORMATS.filter((format) => format.startsWith(typed)),
      validate: (answer) =>
        ["", ...OUTPUT_FORMATS].includes(answer) ||
        `One of ${OUTPUT_FORMATS.join(", ")}, or nothing`,
    }),
  profile: (run) =>
    askLine(run, "profile", { question: "Profile name", validate: validateNewName }),
};

interface Line {
  readonly question: string;
  readonly validate: (answer: string, initial: string | undefined) => true | string;
  readonly complete?: (typed: string) => readonly string[];
}

async function askLine(
  run: Run,
  step: Exclude<Step, "ssoSession">,
  { question, validate, complete }: Line,
): Promise<Outcome> {
  const initial = propose(run, step);
  const answer = await run.context.terminal.ask<typeof BACK>(question, {
    initial,
    complete,
    // A value of the config is not checked again: its region may be newer than this version's list.
    validate: (text) => validate(text, initial),
    onBack: offerBack(run),
  });
  return typeof answer === "string" ? toAnswer(step, answer) : answer;
}

/** Shown as the default session name if there is no better one. */
const FROM_START_URL = "from the start URL";

/** Shows the values of a known session while its name is typed. Also accepts a start URL. */
async function askSessionName(run: Run): Promise<Outcome> {
  const { context, source, state } = run;
  const names = listSessionNames(source.document);
  if (names.length > 0) context.terminal.say(`SSO sessions in ${source.file}: ${names.join(", ")}`);
  const initial = proposeSession(run) ?? FROM_START_URL;
  const answer = await context.terminal.ask<typeof BACK>(
    state.target === "session" ? "SSO session name" : "SSO session name (Recommended)",
    {
      initial,
      meaning: (typed) => (names.includes(typed) ? describeSession(source, typed) : undefined),
      complete: (typed) => names.filter((name) => name.startsWith(typed)),
      validate: (text) =>
        [FROM_START_URL, ...names].includes(text) || looksLikeUrl(text)
          ? !looksLikeUrl(text) || names.includes(text) || validateStartUrl(text)
          : validateNewName(text),
      onBack: offerBack(run),
    },
  );
  if (typeof answer !== "string") return answer;
  if (names.includes(answer)) {
    if (state.target === "session")
      context.terminal.say(`${answer} is known: ${describeSession(source, answer)}`);
    return toAnswer("ssoSession", answer);
  }
  if (answer === FROM_START_URL) return toAnswer("ssoSession", NAMED_BY_START_URL);
  if (!looksLikeUrl(answer)) return toAnswer("ssoSession", answer);
  const startUrl = takeStartUrl(run, answer);
  sayName(run, startUrl);
  return {
    kind: "answered",
    answers: { ssoSession: NAMED_BY_START_URL, startUrl },
    wasAsked: true,
  };
}

/** Returns the default name: from earlier answers, the profile, the start URL, or the first session of the config. */
function proposeSession({ source, state }: Run): string | undefined {
  const { defaults, given, sessions, target } = state;
  const before = defaults.ssoSession === NAMED_BY_START_URL ? undefined : defaults.ssoSession;
  const present = findPresent(source, given.profile, "sso_session");
  const startUrl = given.startUrl ?? defaults.startUrl;
  const made = startUrl === undefined ? undefined : nameSession(sessions, startUrl);
  const known = target === "profile" ? sessions[0]?.name : undefined;
  return before ?? present ?? made ?? known;
}

async function askStartUrl(run: Run): Promise<Outcome> {
  const answer = await run.context.terminal.ask<typeof BACK>("SSO start URL", {
    initial: propose(run, "startUrl"),
    validate: validateStartUrl,
    onBack: offerBack(run),
  });
  if (typeof answer !== "string") return answer;
  const startUrl = takeStartUrl(run, answer);
  if (run.state.answered.some(({ value }) => value === NAMED_BY_START_URL)) sayName(run, startUrl);
  return toAnswer("startUrl", startUrl);
}

/** Returns the completed start URL, and shows it if it differs from the typed one. */
function takeStartUrl({ context }: Run, typed: string): string {
  const read = readTypedStartUrl(typed, true);
  const url = read.kind === "url" ? read.url : typed;
  if (url !== typed) context.terminal.say(`Using the start URL ${url}`);
  return url;
}

function sayName({ context, state }: Run, startUrl: string): void {
  context.terminal.say(`Using the session name "${nameSession(state.sessions, startUrl)}"`);
}

/**
 * Returns whether the text looks like a pasted URL: session names have no colon, and no dot followed by letters and a
 * slash.
 */
function looksLikeUrl(text: string): boolean {
  return /^https?:|^[^/]+\.[a-z]+\//i.test(text) || readTypedStartUrl(text).kind === "url";
}

function validateStartUrl(text: string): true | string {
  const typed = readTypedStartUrl(text, true);
  const example = "it looks like https://my-company.awsapps.com/start";
  return typed.kind === "url" || `Not a valid start URL (it ${typed.fault}): ${example}`;
}

function describeSession(source: ConfigSource, name: string): string {
  const section = findSection(source.document, "sso-session", name);
  if (section === undefined) return "";
  return ["sso_start_url", "sso_region", "sso_registration_scopes"]
    .map((key) => findValue(section, key))
    .filter((value) => value !== undefined)
    .join(" · ");
}

/**
 * Refuses a region that is probably a typing error. Such a region needs the flag --force, which a question can't offer.
 */
function validateRegion(answer: string, initial: string | undefined): true | string {
  return answer === initial || describeSlip(answer) || true;
}

function describeNoRegion(answer: string, fault: string): string {
  return describeSlip(answer) || fault;
}

function describeSlip(answer: string): string {
  const judged = judgeRegion(answer);
  return judged.kind === "slip" ? `Did you mean ${judged.meant}?` : "";
}

function validateNewName(answer: string): true | string {
  if (answer === "") return "A value is required";
  return isPortableName(answer) || "Letters, digits and _ . @ + % : / - only";
}
