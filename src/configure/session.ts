import type { Context } from "../context.ts";
import type { ConfigChange } from "../aws-config/edit.ts";
import type { ConfigSource } from "../profiles/profile.ts";
import { sessionEdit, findSession } from "../profiles/change/edits.ts";
import { applyConfirmed, type ShowOptions } from "../profiles/change/change.ts";
import { readConfig } from "../profiles/select.ts";
import {
  buildSession,
  listPlaceAnswers,
  movesSession,
  requireAnswers,
  type SessionAnswers,
} from "./answers.ts";
import { askLine, askPlace, askScopes, sessionSummary } from "./wizard.ts";

interface ConfirmedAnswers extends SessionAnswers {
  /** Whether a person agreed to move a session that profiles stand on. */
  readonly agreed?: boolean;
}

export interface ConfigureSessionResult {
  readonly session: string;
  readonly configFile: string;
  readonly changes: readonly ConfigChange[];
}

/** One `[sso-session]`: the questions of `aws configure sso-session`. No sign-in is needed. */
export async function configureSession(
  context: Context,
  given: SessionAnswers,
  options: ShowOptions,
): Promise<ConfigureSessionResult> {
  const source = readConfig(context);
  const complete: ConfirmedAnswers =
    context.terminal.interactive && !(options.yes && given.ssoSession !== undefined)
      ? await askSessionAnswers(context, source, given, options)
      : given;
  const name = complete.ssoSession ?? "";
  const known = findSession(source, { form: "sso-session", ssoSession: name });
  requireAnswers(
    { "--sso-session": complete.ssoSession, ...listPlaceAnswers(complete, known !== undefined) },
    "Give each as a flag, or run it at a terminal.",
  );
  const isForced = options.force || complete.agreed === true;
  const wanted = buildSession(context, source, complete, { known, force: isForced });
  const changes = await applyConfirmed(context, source, [sessionEdit(wanted)], options);
  return { session: name, configFile: source.file, changes };
}

/** A known name's values become the defaults; moving a session that profiles stand on is agreed to by itself. */
async function askSessionAnswers(
  context: Context,
  source: ConfigSource,
  given: SessionAnswers,
  options: ShowOptions,
): Promise<ConfirmedAnswers> {
  const { terminal } = context;
  const ssoSession = given.ssoSession ?? (await askLine(context, "SSO session name"));
  const known = findSession(source, { form: "sso-session", ssoSession });
  if (known !== undefined)
    terminal.say(`${ssoSession} is known: ${sessionSummary(source, ssoSession)}`);
  const place = await askPlace(context, given, known ?? {});
  const registrationScopes =
    given.registrationScopes ?? (await askScopes(context, known?.registrationScopes));
  const answers = { ssoSession, ...place, registrationScopes };
  const { startUrl, ssoRegion: region } = place;
  const isMoved = known !== undefined && movesSession(known, { startUrl, region });
  if (!isMoved || options.force) return answers;
  const agreed = await terminal.confirm(
    `Profiles that use ${ssoSession} will sign in elsewhere. Change it for all of them?`,
  );
  return { ...answers, agreed };
}
