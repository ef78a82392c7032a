import { createHash, timingSafeEqual } from "node:crypto";
import { approveIfDue } from "./device-page.ts";
import { parseObject } from "../parse.ts";
import { json, members, type ReceivedRequest, type Reply } from "../http.ts";
import * as secrets from "./secrets.ts";
import { refusal } from "../service-errors.ts";
import type { DeviceGrant, Registration, State } from "../state/state.ts";
import { issueFirstTokens, issueRegistration, refreshTokens, type TokenResult } from "./tokens.ts";

const DEVICE_CODE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

type Redeem = (state: State, client: Registration, body: Body) => TokenResult;

/** The function that exchanges each grant type for tokens. */
const GRANT_TYPES = new Map<string, Redeem>([
  [DEVICE_CODE_GRANT, redeemDevice],
  ["refresh_token", redeemRefreshToken],
  ["authorization_code", redeemCode],
]);
/** For example `sso:account:access`, `codewhisperer:completions`, and `sso-portal:*`, which granted requests. */
const SCOPE = /^(openid|[a-z_-]+(:[a-z_-]+)*:([a-z_-]+|\*))$/;

type Body = Readonly<Record<string, unknown>>;

function parseBody(request: ReceivedRequest): Body {
  const body = parseObject(request.body);
  if (body === undefined) throw refusal("InvalidRequestException");
  return body;
}

function readText(body: Body, name: string): string {
  const value = body[name];
  return typeof value === "string" ? value : "";
}

/** Returns the list of strings; empty if it is absent or null. */
function readTexts(body: Body, name: string): string[] {
  const value = body[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string"))
    throw refusal("InvalidRequestException");
  return value;
}

export function registerClient(state: State, request: ReceivedRequest): Reply {
  const body = parseBody(request);
  const clientName = readText(body, "clientName");
  const scopes = readTexts(body, "scopes");
  const redirectUris = readTexts(body, "redirectUris");
  const grantTypes = readTexts(body, "grantTypes");
  if (clientName === "") throw refusal("InvalidRequestException", "clientName is required");
  if (readText(body, "clientType") !== "public")
    throw refusal("InvalidClientMetadataException", "clientType must be public");
  if (!scopes.every((scope) => SCOPE.test(scope))) throw refusal("InvalidScopeException");
  if (!redirectUris.every(isRedirectUri)) throw refusal("InvalidRedirectUriException");
  if (!grantTypes.every((grant) => GRANT_TYPES.has(grant)))
    throw refusal("UnsupportedGrantTypeException");

  const client = issueRegistration(state, { clientName, scopes, redirectUris, grantTypes });
  const fields = {
    authorizationEndpoint: undefined,
    clientId: client.clientId,
    clientIdIssuedAt: client.issuedAt / 1000,
    clientSecret: client.clientSecret,
    clientSecretExpiresAt: client.expiresAt / 1000,
    tokenEndpoint: undefined,
  };
  return json(200, members(state.settings.nulls, fields));
}

/** https, or http to a loopback address (RFC 8252 §7.3). */
function isRedirectUri(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  return (
    protocol === "https:" ||
    (protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(hostname))
  );
}

/** Returns the registration if it exists, belongs to this region and is still valid. */
export function findValidClient(state: State, clientId: string): Registration | undefined {
  const client = state.issued.registrations.get(clientId);
  if (client === undefined || client.invalidated || client.region !== state.settings.region)
    return undefined;
  return state.clock.now() < client.expiresAt ? client : undefined;
}

/** Returns the client if its secret is right and it may use this grant. */
function authenticateClient(state: State, body: Body, grantType: string): Registration {
  const client = findValidClient(state, readText(body, "clientId"));
  if (client === undefined || !isSameSecret(client.clientSecret, readText(body, "clientSecret")))
    throw refusal("InvalidClientException");
  if (!canUseGrant(client, grantType)) throw refusal("UnauthorizedClientException");
  return client;
}

function isSameSecret(expected: string, presented: string): boolean {
  const digest = (secret: string): Buffer => createHash("sha256").update(secret).digest();
  return timingSafeEqual(digest(expected), digest(presented));
}

/** Clients that registered no grant types may use only the device flow and refresh. */
function canUseGrant(client: Registration, grantType: string): boolean {
  if (client.grantTypes.length === 0) return grantType !== "authorization_code";
  return client.grantTypes.includes(grantType);
}

export function startDeviceAuthorization(state: State, request: ReceivedRequest): Reply {
  const { settings, issued, clock } = state;
  const { allowedStartUrls, lifetimes } = settings;
  const body = parseBody(request);
  const client = authenticateClient(state, body, DEVICE_CODE_GRANT);
  const startUrl = readText(body, "startUrl");
  if (startUrl === "" || (allowedStartUrls !== null && !allowedStartUrls.includes(startUrl)))
    throw refusal("InvalidRequestException", "Invalid start URL provided");
  const device: DeviceGrant = {
    deviceCode: secrets.createOpaque(64),
    userCode: secrets.createUserCode(),
    clientId: client.clientId,
    clientName: client.clientName,
    expiresAt: clock.now() + lifetimes.deviceCodeSeconds * 1000,
    intervalSeconds: lifetimes.intervalSeconds ?? 5,
    status: "pending",
    username: settings.identity.username,
    polls: 0,
    polledAt: undefined,
  };
  issued.devices.set(device.deviceCode, device);
  approveIfDue(state, device);
  const page = `${settings.publicBaseUrl ?? state.url}/start/device`;
  return json(200, {
    deviceCode: device.deviceCode,
    expiresIn: lifetimes.deviceCodeSeconds,
    userCode: device.userCode,
    verificationUri: page,
    verificationUriComplete: `${page}?user_code=${device.userCode}`,
    interval: lifetimes.intervalSeconds ?? undefined,
  });
}

export function createToken(state: State, request: ReceivedRequest): Reply {
  const body = parseBody(request);
  const grantType = readText(body, "grantType");
  const redeem = GRANT_TYPES.get(grantType);
  // CreateTokenWithIAM is not available to sign-in clients.
  if (redeem === undefined || request.query.get("aws_iam") === "t")
    throw refusal("UnsupportedGrantTypeException");
  const client = authenticateClient(state, body, grantType);
  const { accessToken, expiresIn, refreshToken } = redeem(state, client, body);
  const fields = { accessToken, expiresIn, idToken: undefined, refreshToken, tokenType: "Bearer" };
  return json(200, members(state.settings.nulls, fields));
}

function redeemDevice(state: State, client: Registration, body: Body): TokenResult {
  const { slowDown } = state.settings;
  const device = state.issued.devices.get(readText(body, "deviceCode"));
  if (device === undefined || device.clientId !== client.clientId || device.status === "used")
    throw refusal("InvalidGrantException");
  const now = state.clock.now();
  const isTooSoon =
    device.polledAt !== undefined && now - device.polledAt < device.intervalSeconds * 1000;
  device.polledAt = now;
  if (now >= device.expiresAt) throw refusal("ExpiredTokenException");
  if (slowDown.next > 0) {
    slowDown.next -= 1;
    throw refusal("SlowDownException");
  }
  if (slowDown.strict && isTooSoon) {
    device.intervalSeconds += 5;
    throw refusal("SlowDownException");
  }
  approveIfDue(state, device);
  device.polls += 1;
  if (device.status === "pending") throw refusal("AuthorizationPendingException");
  if (device.status === "denied") throw refusal("AccessDeniedException");
  device.status = "used";
  return issueFirstTokens(state, client, device.username);
}

function redeemRefreshToken(state: State, client: Registration, body: Body): TokenResult {
  const refresh = state.issued.refreshTokens.get(readText(body, "refreshToken"));
  if (refresh !== undefined && refresh.session.region !== state.settings.region)
    throw refusal("InvalidGrantException", "Invalid token provided");
  const isOwn = refresh?.session.clientId === client.clientId;
  const result = isOwn ? refreshTokens(state, client, refresh) : undefined;
  if (result === undefined)
    throw refusal("InvalidGrantException", "Invalid refresh token provided");
  return result;
}

function redeemCode(state: State, client: Registration, body: Body): TokenResult {
  const code = readText(body, "code");
  const grant = [...state.issued.authorizations.values()].find(
    (entry) => entry.code === code && code !== "",
  );
  const challenge = createHash("sha256").update(readText(body, "codeVerifier")).digest("base64url");
  const isRedeemable =
    grant !== undefined &&
    grant.status === "approved" &&
    grant.clientId === client.clientId &&
    grant.redirectUri === readText(body, "redirectUri") &&
    grant.codeChallenge === challenge &&
    state.clock.now() < grant.expiresAt;
  if (grant?.clientId === client.clientId) grant.status = "used";
  if (!isRedeemable) throw refusal("InvalidGrantException");
  return issueFirstTokens(state, client, grant.username);
}
