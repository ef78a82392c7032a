import { LatchkeyError, hasCode, isExpectedFailure } from "../../errors.ts";
import {
  dropKeptAnswers,
  keepAnswers,
  narrowKeptAnswers,
  readKeptAnswers,
} from "./kept-answers.ts";
import { checkAccountFlag, checkRegionFlag, checkStartUrlFlag } from "../../profiles/select.ts";
import { askMissing } from "./questions.ts";
import { describeNewSignIn } from "./role-questions.ts";
import { BACK, offerBack, type Run } from "./run.ts";
import {
  collectAnswers,
  decideNext,
  goBack,
  listKept,
  readAnswers,
  STEPS,
  takeDefaults,
  type Step,
  type StepAnswers,
  type WizardState,
} from "./steps.ts";

/**
 * Runs a wizard from its first question to the written config. If it ends early, its answers become the defaults of the
 * next run.
 */

/** Asks all questions, then calls `finish`. @param finish Writes the answers, or returns BACK to ask again. */
export async function runWizard<T>(
  run: Run,
  finish: (answers: StepAnswers) => Promise<T | typeof BACK>,
): Promise<T> {
  try {
    run.state = await proposeKept(run);
    for (;;) {
      await askMissing(run);
      const finished = await finish(collectAnswers(run.state));
      if (!isBack(finished)) {
        dropKeptAnswers(run.context);
        return finished;
      }
      run.state = goBack(run.state);
    }
  } catch (thrown) {
    throw isExpectedFailure(thrown) ? endEarly(run, thrown) : thrown;
  }
}

function isBack<T>(outcome: T | typeof BACK): outcome is typeof BACK {
  return outcome === BACK;
}

const WORDS: Readonly<Record<Step, string>> = {
  ssoSession: "SSO session name",
  startUrl: "SSO start URL",
  ssoRegion: "SSO region",
  registrationScopes: "SSO registration scopes",
  accountId: "account",
  roleName: "role",
  region: "client region",
  output: "output format",
  profile: "profile name",
};

/**
 * Offers the answers of the last run. If the user accepts them, they are not asked again; otherwise they are the
 * defaults of the questions. After a failed sign-in they are only defaults, because the same answers would fail again.
 */
async function proposeKept({ context, state }: Run): Promise<WizardState> {
  const kept = readKeptAnswers(context);
  if (kept === undefined) return state;
  const defaults = narrowKeptAnswers(kept.answers, state.given);
  const proposed = { ...state, defaults };
  const taken = takeDefaults(proposed);
  const count = taken.answered.length;
  if (kept.hasFailed || count < 2) return proposed;
  const lines = taken.answered.map(({ step, value }) => `  ${WORDS[step]}: ${value || "none"}`);
  context.terminal.say(["Answers of your last run:", ...lines]);
  if (decideNext(taken) === undefined) return taken;
  const isTaken = await context.terminal.confirm("Go on with them?", { initial: true });
  return isTaken ? taken : proposed;
}

/** Tells the user about the sign-in and the stored answers of a run that ended early. */
function endEarly(run: Run, thrown: LatchkeyError): LatchkeyError {
  const { context, source, state } = run;
  const isCancelled = hasCode(thrown, "CANCELLED");
  const isAnswered = state.answered.length > 0 || Object.keys(state.defaults).length > 0;
  const kept = { answers: listKept(state), hasFailed: !isCancelled };
  if (isAnswered && keepAnswers(context, kept))
    context.terminal.say("Your answers are kept as the defaults of the next run.");
  const signedIn = describeNewSignIn(run);
  if (signedIn === undefined) return thrown;
  const words = `You are signed in to ${signedIn}, and the token is kept. Nothing was written to ${source.file}.`;
  if (!isCancelled) {
    context.terminal.say(words);
    return thrown;
  }
  const { exitCode } = thrown;
  return new LatchkeyError("CANCELLED", `Cancelled. ${words}`, { exitCode, cause: thrown });
}

/**
 * Asks a yes-or-no question that also accepts "<" for back. `confirm` can't be used, because it has no way back.
 * @throws LatchkeyError CANCELLED if the answer is no.
 */
export async function askToWrite(
  run: Run,
  question: string,
  initial: boolean,
): Promise<"yes" | typeof BACK> {
  const answer = await run.context.terminal.ask<typeof BACK>(
    `${question} (${initial ? "Y/n" : "y/N"})`,
    {
      validate: (text) => /^(y|yes|n|no|)$/i.test(text) || "y or n",
      onBack: offerBack(run),
    },
  );
  if (typeof answer !== "string") return answer;
  const isYes = answer === "" ? initial : /^y/i.test(answer);
  if (isYes) return "yes";
  throw new LatchkeyError("CANCELLED", "Nothing was written.");
}

/** Returns the answers that flags give. @throws LatchkeyError USAGE for a wrong value, before the first question. */
export function toStepAnswers(given: StepAnswers): StepAnswers {
  const { startUrl, ssoRegion, accountId } = given;
  const checked: StepAnswers = {
    ...given,
    startUrl: startUrl && checkStartUrlFlag(startUrl),
    ssoRegion: ssoRegion && checkRegionFlag("--sso-region", ssoRegion),
    accountId: accountId && checkAccountFlag(accountId),
  };
  return Object.fromEntries(
    STEPS.flatMap((step) => (checked[step] === undefined ? [] : [[step, checked[step]]])),
  );
}

/** Returns whether the user has more roles than the one that was written. */
export function knowsMoreRoles({ access, state }: Run): boolean {
  return access?.hasMore === true && readAnswers(state).ssoSession !== undefined;
}
