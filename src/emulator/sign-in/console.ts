import { parseObject } from "../parse.ts";
import { escapeHtml, html, json, type ReceivedRequest, type Reply } from "../http.ts";
import { refusal } from "../service-errors.ts";
import * as secrets from "./secrets.ts";
import type { RoleCredentials, State } from "../state/state.ts";
import { areCredentialsExpired } from "./tokens.ts";

export function getSigninToken(state: State, { parameters }: ReceivedRequest): Reply {
  if (parameters.get("Action") !== "getSigninToken") throw refusal("Unknown action");
  const duration = parameters.get("SessionDuration");
  if (duration !== null && !isSessionDuration(duration))
    throw refusal("SessionDuration must be from 900 to 43200");
  const credentials = findPresentedCredentials(state, parameters.get("Session") ?? "");
  if (credentials === undefined) throw refusal("The credentials are not valid");
  if (credentials.chained && duration !== null)
    throw refusal("SessionDuration does not go with role chaining");
  const token = secrets.createOpaque(300);
  const expiresAt = state.clock.now() + state.settings.lifetimes.signInTokenSeconds * 1000;
  state.issued.signInTokens.set(token, { credentials, expiresAt });
  return json(200, { SigninToken: token });
}

function isSessionDuration(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) >= 900 && Number(text) <= 43_200;
}

function findPresentedCredentials(state: State, session: string): RoleCredentials | undefined {
  const content = parseObject(session) ?? {};
  const credentials = state.issued.roleCredentials.get(String(content["sessionId"]));
  if (credentials === undefined || areCredentialsExpired(state, credentials)) return undefined;
  const isGenuine =
    content["sessionKey"] === credentials.secretAccessKey &&
    content["sessionToken"] === credentials.sessionToken;
  return isGenuine ? credentials : undefined;
}

/** Returns a page with the account, role and destination instead of redirecting to the console. */
export function serveConsoleLogin(state: State, { parameters }: ReceivedRequest): Reply {
  const signIn = state.issued.signInTokens.get(parameters.get("SigninToken") ?? "");
  if (signIn === undefined || state.clock.now() >= signIn.expiresAt)
    throw refusal("The sign-in token is invalid or has expired");
  const destination = parameters.get("Destination") ?? "";
  if (!URL.canParse(destination) || new URL(destination).protocol !== "https:")
    throw refusal("Destination must be an https URL");
  const { accountId, roleName, username } = signIn.credentials;
  const row = (name: string, id: string, value: string): string =>
    `<dt>${name}</dt><dd><code id="${id}">${escapeHtml(value)}</code></dd>`;
  return html(
    200,
    "Signed in to the console",
    "<dl>" +
      row("Account", "account", accountId) +
      row("Role", "role", roleName) +
      row("User", "user", username) +
      row("Destination", "destination", destination) +
      row("Issuer", "issuer", parameters.get("Issuer") ?? "") +
      "</dl>",
  );
}
