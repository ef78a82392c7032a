import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from "@aws-sdk/client-sso-oidc";
import type { ClientRegistration, IssuedToken, RefreshGrant } from "../model/access-token.ts";
import { readMember, requireInstant, requireText, type Answer } from "../text/answer.ts";
import { readVisibleAscii } from "../text/json.ts";
import { readId } from "../text/secrets/sent.ts";
import {
  codeLifetime,
  pollInterval,
  REGISTERED_REDIRECT_URI,
  type DeviceAnswer,
  type GrantAnswer,
  type PendingRedirect,
  type TokenAnswer,
} from "./grants.ts";
import { LatchkeyError } from "../errors.ts";
import { describeFailure, isTransient, toLatchkeyError } from "./call/failure.ts";
import { clientSettings, createService, operationName, resolveEndpoint } from "./sdk-client.ts";
import type { Effect } from "./call/retry.ts";
import { tryOnce, type Connection } from "./send.ts";

/**
 * The sso-oidc service: registers clients and issues tokens (RFC 8628, RFC 7591, RFC 6749, as IAM Identity Center
 * implements them).
 */

const signInService = createService(
  "The sign-in service",
  (connection: Connection) => new SSOOIDCClient(clientSettings(connection)),
);

/** One request of the device poll. A short timeout is enough, since the poll repeats it. */
const POLL_MILLISECONDS = 10_000;

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

export interface ClientDescription {
  readonly clientName: string;
  readonly scopes: readonly string[] | undefined;
  /** Only for the redirect sign-in: the access portal to which the service sends the browser. */
  readonly issuerUrl?: string | undefined;
}

const REDIRECT_CLIENT = {
  grantTypes: ["authorization_code", "refresh_token"],
  redirectUris: [REGISTERED_REDIRECT_URI],
};

export async function registerClient(
  connection: Connection,
  { clientName, scopes, issuerUrl }: ClientDescription,
): Promise<ClientRegistration> {
  const command = new RegisterClientCommand({
    clientName,
    clientType: "public",
    scopes: scopes && [...scopes],
    ...(issuerUrl === undefined ? {} : { ...REDIRECT_CLIENT, issuerUrl }),
  });
  try {
    const answer = await signInService.call(connection, command);
    return {
      clientId: requireText(answer, "clientId"),
      clientSecret: requireText(answer, "clientSecret"),
      expiresAt: requireInstant(answer, "clientSecretExpiresAt", (seconds) => seconds * 1000),
    };
  } catch (thrown) {
    throw toServiceError(thrown, connection, "register this client");
  }
}

export async function startDeviceAuthorization(
  connection: Connection,
  { clientId, clientSecret }: ClientRegistration,
  startUrl: string,
): Promise<DeviceAnswer> {
  const command = new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl });
  try {
    const answer = await signInService.call(connection, command);
    const verificationUri = requireText(answer, "verificationUri", 2048);
    const completeUri = readVisibleAscii(readMember(answer, "verificationUriComplete"), 2048);
    const device = {
      deviceCode: requireText(answer, "deviceCode"),
      userCode: requireText(answer, "userCode", 64),
      verificationUri,
      verificationUriComplete: completeUri ?? verificationUri,
      expiresInSeconds: codeLifetime(readMember(answer, "expiresIn")),
      intervalSeconds: pollInterval(readMember(answer, "interval")),
    };
    return { kind: "started", device };
  } catch (thrown) {
    if (describeFailure(thrown).type === "InvalidClientException") return { kind: "refused" };
    throw toServiceError(thrown, connection, "start a device authorization");
  }
}

/** Makes one request of the device poll. It is never retried here, since the poll has its own interval. */
export async function fetchDeviceToken(
  connection: Connection,
  { clientId, clientSecret }: ClientRegistration,
  deviceCode: string,
): Promise<TokenAnswer<IssuedToken>> {
  const input = { grantType: DEVICE_GRANT, clientId, clientSecret, deviceCode };
  const command = new CreateTokenCommand(input);
  const client = signInService.findClient(connection);
  try {
    const body = await tryOnce(connection, POLL_MILLISECONDS, (options) =>
      client.send(command, options),
    );
    const answer = { operation: operationName(command), body };
    return { kind: "token", token: toIssuedToken(answer, connection) };
  } catch (thrown) {
    const kind = DEVICE_ANSWERS[describeFailure(thrown).type];
    if (kind !== undefined) return { kind };
    if (isTransient(thrown)) return { kind: "unreachable" };
    throw toServiceError(thrown, connection, "issue a token");
  }
}

const DEVICE_ANSWERS: Readonly<Record<string, "pending" | "slow-down" | "denied" | "expired">> = {
  AuthorizationPendingException: "pending",
  SlowDownException: "slow-down",
  AccessDeniedException: "denied",
  ExpiredTokenException: "expired",
};

/** Returns the base URL of `/authorize`. The SDK has no such operation; the path is on the sign-in service's host. */
export function authorizationEndpoint(connection: Connection): string {
  return connection.endpoint ?? resolveEndpoint(signInService.findClient(connection), connection);
}

/** Exchanges a code for a token. A code can be used once. */
export async function redeemCode(
  connection: Connection,
  { clientId, clientSecret }: ClientRegistration,
  code: string,
  { redirectUri, codeVerifier }: PendingRedirect,
): Promise<GrantAnswer> {
  const grant = { grantType: "authorization_code", redirectUri, codeVerifier, code };
  const command = new CreateTokenCommand({ clientId, clientSecret, ...grant });
  return exchangeGrant(connection, command, "issue a token");
}

export async function refreshAccessToken(
  connection: Connection,
  { clientId, clientSecret, refreshToken }: RefreshGrant,
): Promise<GrantAnswer> {
  const grant = { grantType: "refresh_token", refreshToken };
  const command = new CreateTokenCommand({ clientId, clientSecret, ...grant });
  return exchangeGrant(connection, command, "refresh the token", "spends");
}

async function exchangeGrant(
  connection: Connection,
  command: CreateTokenCommand,
  action: string,
  effect?: Effect,
): Promise<GrantAnswer> {
  try {
    const answer = await signInService.call(connection, command, effect);
    return { kind: "token", token: toIssuedToken(answer, connection) };
  } catch (thrown) {
    if (GRANT_REFUSALS.has(describeFailure(thrown).type)) return { kind: "refused" };
    throw toServiceError(thrown, connection, action);
  }
}

/** The error types with which the service refuses a refresh token or a code. */
const GRANT_REFUSALS: ReadonlySet<string> = new Set([
  "InvalidGrantException",
  "InvalidClientException",
  "UnauthorizedClientException",
  "ExpiredTokenException",
  "AccessDeniedException",
]);

function toIssuedToken(answer: Answer, { now }: Connection): IssuedToken {
  const issuedAt = now().getTime();
  return {
    accessToken: requireText(answer, "accessToken"),
    expiresAt: requireInstant(answer, "expiresIn", (seconds) =>
      seconds > 0 ? issuedAt + seconds * 1000 : NaN,
    ),
    refreshToken: readVisibleAscii(readMember(answer, "refreshToken")),
  };
}

/**
 * Converts an unexpected answer of the service. The message contains the OAuth error code, never the server's whole
 * text.
 */
function toServiceError(thrown: unknown, connection: Connection, action: string): unknown {
  const host = signInService.findHost(connection);
  const known = toLatchkeyError(thrown, host);
  if (known instanceof LatchkeyError) return known;
  const { status, words } = describeFailure(thrown);
  if (status === undefined) return thrown;
  const oauthCode = readId((thrown as { error?: unknown }).error, /^[a-z_]{1,64}$/);
  const reason = oauthCode !== undefined ? `${oauthCode}, HTTP ${status}` : words;
  return new LatchkeyError("BAD_RESPONSE", `${host} refused to ${action} (${reason}).`, {
    hint: "Check the start URL and the region of the session: latchkey status",
    cause: thrown,
  });
}
