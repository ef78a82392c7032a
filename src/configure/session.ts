import type { Context } from "../context.ts";
import type { ConfigChange, SectionEdit } from "../aws-config/edit.ts";
import { findRegionInStartUrl } from "../model/start-url.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import { sessionEdit, findSession } from "../profiles/change/edits.ts";
import { applyConfirmed, proposeChange, type ShowOptions } from "../profiles/change/change.ts";
import { readConfig } from "../profiles/select.ts";
import {
  buildSession,
  listPlaceAnswers,
  movesSession,
  requireAnswers,
  type SessionAnswers,
} from "./answers.ts";
import { BACK, listKnownSessions, type Run } from "./wizard/run.ts";
import { askToWrite, runWizard, toStepAnswers } from "./wizard/wizard.ts";

export interface ConfigureSessionResult {
  readonly session: string;
  readonly configFile: string;
  readonly changes: readonly ConfigChange[];
}

/** Writes one `[sso-session]` section, with the questions of `aws configure sso-session`. Needs no sign-in. */
export async function configureSession(
  context: Context,
  given: SessionAnswers,
  options: ShowOptions,
): Promise<ConfigureSessionResult> {
  const source = readConfig(context);
  const isAsked = context.terminal.interactive && !(options.yes && given.ssoSession !== undefined);
  if (isAsked) return askAndWrite(context, source, given, options);
  const edit = buildEdit(context, source, given, options.force);
  const changes = await applyConfirmed(context, source, [edit], options);
  return { session: edit.name, configFile: source.file, changes };
}

function buildEdit(
  context: Context,
  source: ConfigSource,
  answers: SessionAnswers,
  force: boolean,
): SectionEdit {
  const { ssoSession = "" } = answers;
  const known = findSession(source, { form: "sso-session", ssoSession });
  requireAnswers(
    { "--sso-session": ssoSession, ...listPlaceAnswers(answers, known !== undefined) },
    "Give each as a flag, or run it at a terminal.",
  );
  return sessionEdit(buildSession(context, source, answers, { known, force }));
}

/**
 * Asks with the session's current values as defaults. To change the start URL or region of an existing session, the
 * user must confirm separately.
 */
function askAndWrite(
  context: Context,
  source: ConfigSource,
  given: SessionAnswers,
  options: ShowOptions,
): Promise<ConfigureSessionResult> {
  const run: Run = {
    context,
    source,
    options: { openBrowser: false },
    again: "latchkey configure session",
    settings: { region: "", output: "" },
    state: {
      target: "session",
      form: "sso-session",
      sessions: listKnownSessions(source),
      given: toStepAnswers(given),
      defaults: {},
      answered: [],
    },
  };
  return runWizard<ConfigureSessionResult>(run, async (answers) => {
    const { ssoSession = "", startUrl = "" } = answers;
    const known = findSession(source, { form: "sso-session", ssoSession });
    const region = answers.ssoRegion ?? findRegionInStartUrl(startUrl) ?? "";
    const isMoved = known !== undefined && movesSession(known, { startUrl, region });
    const isForced = options.force || (isMoved && (await agreeToMove(context, ssoSession)));
    const edit = buildEdit(context, source, answers, isForced);
    const change = proposeChange(context, source, [edit], { ...options, force: isForced });
    const { changes } = change;
    const isAgreed = changes.length === 0 || options.yes;
    if (!isAgreed && (await askToWrite(run, change.question, change.onlyAdds)) !== "yes")
      return BACK;
    if (changes.length > 0) await change.write();
    return { session: edit.name, configFile: source.file, changes };
  });
}

function agreeToMove({ terminal }: Context, session: string): Promise<boolean> {
  return terminal.confirm(
    `Profiles that use ${session} will sign in elsewhere. Change it for all of them?`,
  );
}
