import { createHash, timingSafeEqual } from "node:crypto";
import { approveIfDue } from "./device-page.ts";
import { isRecord, parseJson } from "../parse.ts";
import { json, members, type ReceivedRequest, type Reply } from "../http.ts";
import * as secrets from "./secrets.ts";
import { oidcError } from "../service-errors.ts";
import type { DeviceGrant, Registration, State } from "../state/state.ts";
import { issueFirstTokens, issueRegistration, refreshTokens, type TokenResult } from "./tokens.ts";

const DEVICE_CODE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
const GRANT_TYPES = new Set([DEVICE_CODE_GRANT, "refresh_token", "authorization_code"]);
const SCOPE = /^(openid|[a-z_]+(:[a-z_]+)+)$/;

type Body = Readonly<Record<string, unknown>>;

function parseBody(request: ReceivedRequest): Body | undefined {
  const body = parseJson(request.body);
  return isRecord(body) ? body : undefined;
}

function readText(body: Body, name: string): string {
  const value = body[name];
  return typeof value === "string" ? value : "";
}

/** An absent or null list is empty; undefined means that it is no list of strings. */
function readTexts(body: Body, name: string): string[] | undefined {
  const value = body[name] ?? [];
  if (!Array.isArray(value)) return undefined;
  const strings = value.filter((item): item is string => typeof item === "string");
  return strings.length === value.length ? strings : undefined;
}

type Metadata = Pick<Registration, "clientName" | "scopes" | "redirectUris" | "grantTypes">;

function readMetadata(body: Body): Metadata | undefined {
  const clientName = readText(body, "clientName");
  const scopes = readTexts(body, "scopes");
  const redirectUris = readTexts(body, "redirectUris");
  const grantTypes = readTexts(body, "grantTypes");
  if (!scopes || !redirectUris || !grantTypes) return undefined;
  return { clientName, scopes, redirectUris, grantTypes };
}

/** The type and the description of the error; undefined for metadata that can be registered. */
function checkMetadata(body: Body, metadata: Metadata): [string, string?] | undefined {
  if (metadata.clientName === "") return ["InvalidRequestException", "clientName is required"];
  if (readText(body, "clientType") !== "public")
    return ["InvalidClientMetadataException", "clientType must be public"];
  if (!metadata.scopes.every((scope) => SCOPE.test(scope))) return ["InvalidScopeException"];
  if (!metadata.redirectUris.every(isRedirectUri)) return ["InvalidRedirectUriException"];
  if (!metadata.grantTypes.every((grant) => GRANT_TYPES.has(grant)))
    return ["UnsupportedGrantTypeException"];
  return undefined;
}

export function registerClient(state: State, request: ReceivedRequest): Reply {
  const { settings } = state;
  const body = parseBody(request);
  const metadata = body && readMetadata(body);
  if (!body || !metadata) return oidcError(settings, "InvalidRequestException");
  const problem = checkMetadata(body, metadata);
  if (problem !== undefined) return oidcError(settings, ...problem);

  const client = issueRegistration(state, metadata);
  const fields = {
    authorizationEndpoint: undefined,
    clientId: client.clientId,
    clientIdIssuedAt: client.issuedAt / 1000,
    clientSecret: client.clientSecret,
    clientSecretExpiresAt: client.expiresAt / 1000,
    tokenEndpoint: undefined,
  };
  return json(200, members(settings.nulls, fields));
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

/** A registration that is known, of this region and still valid. */
export function findValidClient(state: State, clientId: string): Registration | undefined {
  const client = state.issued.registrations.get(clientId);
  if (client === undefined || client.invalidated || client.region !== state.settings.region)
    return undefined;
  return state.clock.now() < client.expiresAt ? client : undefined;
}

function authenticateClient(state: State, body: Body): Registration | undefined {
  const client = findValidClient(state, readText(body, "clientId"));
  return client !== undefined && isSameSecret(client.clientSecret, readText(body, "clientSecret"))
    ? client
    : undefined;
}

function isSameSecret(expected: string, presented: string): boolean {
  const digest = (secret: string): Buffer => createHash("sha256").update(secret).digest();
  return timingSafeEqual(digest(expected), digest(presented));
}

/** Clients that registered no grant types may use the device flow and refresh. */
function canUseGrant(client: Registration, grantType: string): boolean {
  if (client.grantTypes.length === 0) return grantType !== "authorization_code";
  return client.grantTypes.includes(grantType);
}

export function startDeviceAuthorization(state: State, request: ReceivedRequest): Reply {
  const { settings, issued, clock } = state;
  const body = parseBody(request);
  if (body === undefined) return oidcError(settings, "InvalidRequestException");
  const client = authenticateClient(state, body);
  if (client === undefined) return oidcError(settings, "InvalidClientException");
  if (!canUseGrant(client, DEVICE_CODE_GRANT))
    return oidcError(settings, "UnauthorizedClientException");
  const startUrl = readText(body, "startUrl");
  const { allowedStartUrls, lifetimes } = settings;
  if (startUrl === "" || (allowedStartUrls !== null && !allowedStartUrls.includes(startUrl))) {
    return oidcError(settings, "InvalidRequestException", "Invalid start URL provided");
  }
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
  const fields = {
    deviceCode: device.deviceCode,
    expiresIn: lifetimes.deviceCodeSeconds,
    userCode: device.userCode,
    verificationUri: page,
    verificationUriComplete: `${page}?user_code=${device.userCode}`,
  };
  const interval = lifetimes.intervalSeconds;
  return json(200, interval === null ? fields : { ...fields, interval });
}

export function createToken(state: State, request: ReceivedRequest): Reply {
  const { settings } = state;
  const body = parseBody(request);
  if (body === undefined) return oidcError(settings, "InvalidRequestException");
  const grantType = readText(body, "grantType");
  // CreateTokenWithIAM is not for sign-in clients.
  if (!GRANT_TYPES.has(grantType) || request.query.get("aws_iam") === "t") {
    return oidcError(settings, "UnsupportedGrantTypeException");
  }
  const client = authenticateClient(state, body);
  if (client === undefined) return oidcError(settings, "InvalidClientException");
  if (!canUseGrant(client, grantType)) return oidcError(settings, "UnauthorizedClientException");
  if (grantType === DEVICE_CODE_GRANT) return redeemDevice(state, client, body);
  return grantType === "refresh_token"
    ? redeemRefreshToken(state, client, body)
    : redeemCode(state, client, body);
}

function redeemDevice(state: State, client: Registration, body: Body): Reply {
  const { settings, clock } = state;
  const fail = (type: string): Reply => oidcError(settings, type);
  const device = state.issued.devices.get(readText(body, "deviceCode"));
  if (device === undefined || device.clientId !== client.clientId || device.status === "used") {
    return fail("InvalidGrantException");
  }
  const now = clock.now();
  const tooSoon =
    device.polledAt !== undefined && now - device.polledAt < device.intervalSeconds * 1000;
  device.polledAt = now;
  if (now >= device.expiresAt) return fail("ExpiredTokenException");
  if (settings.slowDown.next > 0) {
    settings.slowDown.next -= 1;
    return fail("SlowDownException");
  }
  if (settings.slowDown.strict && tooSoon) {
    device.intervalSeconds += 5;
    return fail("SlowDownException");
  }
  approveIfDue(state, device);
  device.polls += 1;
  if (device.status === "pending") return fail("AuthorizationPendingException");
  if (device.status === "denied") return fail("AccessDeniedException");
  device.status = "used";
  return tokenReply(state, issueFirstTokens(state, client, device.username));
}

function redeemRefreshToken(state: State, client: Registration, body: Body): Reply {
  const refresh = state.issued.refreshTokens.get(readText(body, "refreshToken"));
  const fail = (description: string): Reply =>
    oidcError(state.settings, "InvalidGrantException", description);
  if (refresh !== undefined && refresh.session.region !== state.settings.region)
    return fail("Invalid token provided");
  const isOwn = refresh?.session.clientId === client.clientId;
  const result = isOwn ? refreshTokens(state, client, refresh) : undefined;
  return result === undefined ? fail("Invalid refresh token provided") : tokenReply(state, result);
}

function redeemCode(state: State, client: Registration, body: Body): Reply {
  const code = readText(body, "code");
  const grant = [...state.issued.authorizations.values()].find(
    (entry) => entry.code === code && code !== "",
  );
  const challenge = createHash("sha256").update(readText(body, "codeVerifier")).digest("base64url");
  const redeemable =
    grant !== undefined &&
    grant.status === "approved" &&
    grant.clientId === client.clientId &&
    grant.redirectUri === readText(body, "redirectUri") &&
    grant.codeChallenge === challenge &&
    state.clock.now() < grant.expiresAt;
  if (grant?.clientId === client.clientId) grant.status = "used";
  if (!redeemable) return oidcError(state.settings, "InvalidGrantException");
  return tokenReply(state, issueFirstTokens(state, client, grant.username));
}

function tokenReply(state: State, result: TokenResult): Reply {
  const fields = {
    accessToken: result.accessToken,
    expiresIn: result.expiresIn,
    idToken: undefined,
    refreshToken: result.refreshToken,
    tokenType: "Bearer",
  };
  return json(200, members(state.settings.nulls, fields));
}
