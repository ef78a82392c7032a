import type { Context } from "../context.ts";
import {
  chooseAutomaticFlow,
  canOpenBrowser,
  isLoginFlowSetting,
  hostKind,
  type LoginFlow,
  type HostKind,
  type HostFacts,
} from "../model/login-method.ts";
import { loginCommand, sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { usageError } from "../errors.ts";
import { isContainer, isWsl } from "../fs/programs.ts";
import { readSettings } from "../settings/file.ts";
import { isTmuxOverSsh } from "../terminal/child.ts";
import { browserCommand } from "../settings/browser.ts";
import { trace } from "../trace.ts";
import { clientName } from "./registration.ts";
import { promptText, type Prompt } from "./text.ts";

/**
 * Decides how to sign in: with which flow, and in which browser, if any. Flags take precedence over settings, and
 * settings over the environment.
 */

export interface SignInOptions {
  readonly openBrowser: boolean;
  /** The flow that a flag selects. */
  readonly flow?: LoginFlow | undefined;
  /** Whether to also show the URL as a QR code. */
  readonly qr?: boolean | undefined;
  /** The port of the redirect address. If set, the redirect flow is used. */
  readonly redirectPort?: number | undefined;
}

export interface SignInMethod {
  readonly flow: LoginFlow;
  /** Whether `auto` chose the flow. Then latchkey may change to the other flow. */
  readonly isAutomatic: boolean;
  readonly place: HostKind;
  readonly opensBrowser: boolean;
  readonly browserCommand: string | undefined;
  readonly qr: boolean;
  /** undefined: any free port. */
  readonly redirectPort: number | undefined;
}

export async function chooseSignInMethod(
  context: Context,
  session: SsoSession,
  options: SignInOptions,
): Promise<SignInMethod> {
  const settings = readSettings(context.home, context.env, session.name);
  const facts = await observeHost(context);
  const place = hostKind(facts);
  const command = browserCommand(context, session.name);
  const { "login-flow": setting, "redirect-port": port } = settings;
  const { reason, ...flow } = chooseFlow(
    session,
    findAskedFlow(session, options),
    setting !== undefined && isLoginFlowSetting(setting) ? setting : undefined,
    facts,
  );
  const opensBrowser = options.openBrowser && (command !== undefined || canOpenBrowser(place));
  trace(() => {
    const browser = opensBrowser ? `opens ${command ?? "the browser"}` : "opens no browser";
    return `sign-in to ${sessionLabel(session)}: ${flow.flow}, ${reason}; ${browser} (${place})`;
  });
  return {
    ...flow,
    place,
    opensBrowser,
    browserCommand: command,
    qr: options.qr ?? false,
    redirectPort: options.redirectPort ?? (port === undefined ? undefined : Number(port)),
  };
}

function findAskedFlow(
  session: SsoSession,
  { flow, qr, redirectPort }: SignInOptions,
): LoginFlow | undefined {
  const byPort = redirectPort === undefined ? undefined : "pkce";
  const asked = qr === true ? "device" : (flow ?? byPort);
  if (asked === "device" && byPort !== undefined)
    throw usageError(
      "--redirect-port needs a redirect, but --use-device-code and --qr use a code: they can't be given together.",
      "Leave one of them out.",
    );
  if (asked !== "pkce" || session.name !== undefined) return asked;
  throw usageError(
    `${flow === "pkce" ? "--use-pkce" : "--redirect-port"} needs an SSO session with a name: a legacy profile, or a bare start URL, signs in with a code.`,
    loginCommand(session),
  );
}

interface ChosenFlow extends Pick<SignInMethod, "flow" | "isAutomatic"> {
  /** Why the flow was chosen, for the trace. */
  readonly reason: string;
}

function chooseFlow(
  session: SsoSession,
  asked: LoginFlow | undefined,
  setting: LoginFlow | "auto" | undefined,
  facts: HostFacts,
): ChosenFlow {
  if (asked !== undefined) return { flow: asked, isAutomatic: false, reason: "by a flag" };
  // As in the AWS CLI, a session without a name can sign in only with a code.
  if (session.name === undefined)
    return { flow: "device", isAutomatic: false, reason: "since the session has no name" };
  if (setting === "auto")
    return {
      flow: chooseAutomaticFlow(facts),
      isAutomatic: true,
      reason: "by the setting login-flow (auto)",
    };
  return setting === undefined
    ? { flow: "device", isAutomatic: false, reason: "by default" }
    : { flow: setting, isAutomatic: false, reason: "by the setting login-flow" };
}

async function observeHost({ env, platform }: Context): Promise<HostFacts> {
  return {
    platform,
    env,
    inContainer: await isContainer(),
    inWsl: await isWsl(),
    tmuxOverSsh: await isTmuxOverSsh(env),
  };
}

/**
 * Shows where to approve the sign-in, and what the page must show.
 * @param picture the QR code of the URL. The user code is printed below it, so that both are on the screen.
 */
export function announce(
  context: Context,
  { opensBrowser }: SignInMethod,
  prompt: Omit<Prompt, "clientName" | "opensBrowser">,
  picture?: readonly string[],
): void {
  const { terminal } = context;
  const words = promptText({ ...prompt, clientName: clientName(context), opensBrowser });
  if (picture === undefined)
    return terminal.sayWhole([...words.start, "", ...words.place, "", ...words.advice]);
  terminal.sayWhole([...words.start, "", ...words.advice]);
  terminal.picture(picture);
  terminal.sayWhole(words.place);
}

/** Opens the browser in the background. A failure does not matter, since the URL is on the screen. */
export function openForPerson(
  context: Context,
  { opensBrowser, browserCommand, place }: SignInMethod,
  url: string,
): void {
  if (!opensBrowser) return;
  // wslview, from the package wslu, starts the Windows browser without PowerShell. It is not always installed.
  const first = browserCommand ?? (place === "wsl" ? "wslview" : undefined);
  void context
    .openBrowser(url, first)
    .then((started) =>
      started || browserCommand !== undefined || first === undefined
        ? undefined
        : context.openBrowser(url, undefined),
    );
}
