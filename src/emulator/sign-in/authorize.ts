import { element, html, redirect, type ReceivedRequest, type Reply } from "../http.ts";
import { refusal } from "../service-errors.ts";
import { askToChoose, formatButtons, formatQuestion } from "./consent.ts";
import { findValidClient } from "./oidc.ts";
import * as secrets from "./secrets.ts";
import type { AuthorizationGrant, Registration, State } from "../state/state.ts";

function isSameCallback(registered: string, presented: string): boolean {
  if (!URL.canParse(registered) || !URL.canParse(presented)) return false;
  const wanted = new URL(registered);
  const given = new URL(presented);
  // RFC 8252 §7.3: for a loopback address, any port is allowed; the registered URI has none.
  if (wanted.protocol === "http:") wanted.port = given.port;
  return wanted.origin === given.origin && wanted.pathname === given.pathname;
}

/** `GET` asks for consent, or answers at once, depending on the knob `authorize`; `POST` is the person's answer. */
export function authorize(state: State, request: ReceivedRequest): Reply {
  if (request.method === "POST") return answerConsent(state, request);
  const client = verifyRequest(state, request);
  const grant = createGrant(state, client, request.query);
  switch (state.settings.authorize) {
    case "auto":
      return approve(state, grant, grant.oauthState);
    case "wrong-state":
      return approve(state, grant, `not-${grant.oauthState}`);
    case "deny":
      return refuse(grant);
    case "never":
      return html(200, "Please wait", "<p>This request stays unanswered.</p>");
    case "consent":
      return askForConsent(state, grant, client);
  }
}

/** Returns the client of a valid request; throws a refusal for any other. */
function verifyRequest(state: State, request: ReceivedRequest): Registration {
  const query = (name: string): string => request.query.get(name) ?? "";
  const refuseRequest = (description: string) => refusal("InvalidRequestException", description);
  const client = findValidClient(state, query("client_id"));
  if (client === undefined) throw refuseRequest("Invalid client provided");
  const isCallback = client.redirectUris.some((uri) => isSameCallback(uri, query("redirect_uri")));
  if (!isCallback) throw refuseRequest("Invalid callback URL");
  if (query("response_type") !== "code") throw refuseRequest("Invalid response type provided");
  if (query("code_challenge_method") !== "S256" || !/^[\w-]{43}$/.test(query("code_challenge")))
    throw refuseRequest("Invalid code challenge provided");
  return client;
}

function createGrant(
  state: State,
  client: Registration,
  query: URLSearchParams,
): AuthorizationGrant {
  const grant: AuthorizationGrant = {
    requestId: secrets.createOpaque(24),
    code: undefined,
    clientId: client.clientId,
    clientName: client.clientName,
    redirectUri: query.get("redirect_uri") ?? "",
    oauthState: query.get("state") ?? "",
    codeChallenge: query.get("code_challenge") ?? "",
    expiresAt: state.clock.now() + state.settings.lifetimes.authorizationCodeSeconds * 1000,
    status: "pending",
    username: state.settings.identity.username,
  };
  state.issued.authorizations.set(grant.requestId, grant);
  return grant;
}

function askForConsent(state: State, grant: AuthorizationGrant, client: Registration): Reply {
  const scopes = client.scopes.map((scope) => `<li>${element("code", scope)}</li>`).join("");
  return html(
    200,
    "Allow access?",
    `<p>${formatQuestion(state, grant.clientName)}:</p><ul>${scopes}</ul>` +
      formatButtons("/authorize", "request", grant.requestId),
    new URL(grant.redirectUri).origin,
  );
}

function answerConsent(state: State, request: ReceivedRequest): Reply {
  const form = new URLSearchParams(request.body);
  const grant = state.issued.authorizations.get(form.get("request") ?? "");
  if (grant?.status !== "pending" || state.clock.now() >= grant.expiresAt)
    return html(400, "Invalid request", "<p>This request is unknown, answered or expired.</p>");
  const action = form.get("action");
  if (action === "allow") return approve(state, grant, grant.oauthState);
  return action === "deny" ? refuse(grant) : askToChoose();
}

function redirectToCallback(grant: AuthorizationGrant, parameters: Record<string, string>): Reply {
  const location = new URL(grant.redirectUri);
  for (const [name, value] of Object.entries(parameters)) location.searchParams.set(name, value);
  return redirect(location.href);
}

function approve(state: State, grant: AuthorizationGrant, oauthState: string): Reply {
  grant.status = "approved";
  grant.code = secrets.createOpaque(48);
  grant.username = state.settings.identity.username;
  grant.expiresAt = state.clock.now() + state.settings.lifetimes.authorizationCodeSeconds * 1000;
  return redirectToCallback(grant, { code: grant.code, state: oauthState });
}

function refuse(grant: AuthorizationGrant): Reply {
  grant.status = "denied";
  return redirectToCallback(grant, {
    error: "access_denied",
    error_description: "The request was denied",
    state: grant.oauthState,
  });
}
