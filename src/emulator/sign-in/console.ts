import { isRecord, parseJson } from "../parse.ts";
import { escapeHtml, html, json, type ReceivedRequest, type Reply } from "../http.ts";
import * as secrets from "./secrets.ts";
import { signInError } from "../service-errors.ts";
import type { RoleCredentials, State } from "../state/state.ts";
import { areCredentialsExpired } from "./tokens.ts";

/** Parameters of `/federation`: the query, and the form of a POST. */
export function parseFederationParameters(request: ReceivedRequest): URLSearchParams {
  const form = request.method === "POST" ? new URLSearchParams(request.body) : [];
  return new URLSearchParams([...request.query, ...form]);
}

export function getSigninToken(state: State, request: ReceivedRequest): Reply {
  const parameters = parseFederationParameters(request);
  if (parameters.get("Action") !== "getSigninToken") return signInError(400, "Unknown action");
  const duration = parameters.get("SessionDuration");
  if (
    duration !== null &&
    !(/^\d+$/.test(duration) && Number(duration) >= 900 && Number(duration) <= 43_200)
  ) {
    return signInError(400, "SessionDuration must be from 900 to 43200");
  }
  const credentials = findPresentedCredentials(state, parameters.get("Session") ?? "");
  if (credentials === undefined) return signInError(400, "The credentials are not valid");
  if (credentials.chained && duration !== null)
    return signInError(400, "SessionDuration does not go with role chaining");
  const token = secrets.createOpaque(300);
  const expiresAt = state.clock.now() + state.settings.lifetimes.signInTokenSeconds * 1000;
  state.issued.signInTokens.set(token, { token, credentials, expiresAt });
  return json(200, { SigninToken: token });
}

function findPresentedCredentials(state: State, session: string): RoleCredentials | undefined {
  const content = parseJson(session);
  if (!isRecord(content) || typeof content["sessionId"] !== "string") return undefined;
  const credentials = state.issued.roleCredentials.get(content["sessionId"]);
  if (credentials === undefined || areCredentialsExpired(state, credentials)) return undefined;
  const genuine =
    content["sessionKey"] === credentials.secretAccessKey &&
    content["sessionToken"] === credentials.sessionToken;
  return genuine ? credentials : undefined;
}

/** Instead of going on to the console: who would be signed in there, and where. */
export function serveConsoleLogin(state: State, request: ReceivedRequest): Reply {
  const parameters = parseFederationParameters(request);
  const signIn = state.issued.signInTokens.get(parameters.get("SigninToken") ?? "");
  if (signIn === undefined || state.clock.now() >= signIn.expiresAt) {
    return signInError(400, "The sign-in token is invalid or has expired");
  }
  const destination = parameters.get("Destination") ?? "";
  if (!URL.canParse(destination) || new URL(destination).protocol !== "https:") {
    return signInError(400, "Destination must be an https URL");
  }
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
