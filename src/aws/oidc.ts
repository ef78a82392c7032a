import {
  CreateTokenCommand,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
  type CreateTokenCommandOutput,
} from "@aws-sdk/client-sso-oidc";
import type { ClientRegistration, IssuedToken, RefreshGrant } from "../model/access-token.ts";
import { toInstant } from "../text/instant.ts";
import { readVisibleAscii, readText } from "../text/json.ts";
import {
  codeLifetime,
  pollInterval,
  type DeviceAuthorization,
  type TokenAnswer,
} from "./device-grant.ts";
import { LatchkeyError } from "../errors.ts";
import { describeFailure, isTransient, toLatchkeyError } from "./failure.ts";
import { cachePerConnection, clientSettings } from "./sdk-client.ts";
import { send, hostName, refuseIfInterrupted, createSignal, type Connection } from "./send.ts";
import {
  REDIRECT_GRANT_TYPES,
  REGISTERED_REDIRECT_URI,
  type PendingRedirect,
} from "./redirect-grant.ts";

/** sso-oidc: registering a client and getting tokens (RFC 8628, RFC 7591, RFC 6749 as IAM Identity Center speaks them). */

const client = cachePerConnection(
  (connection: Connection) => new SSOOIDCClient(clientSettings(connection)),
);

/** One question of the device poll: it is asked again anyway. */
const POLL_MILLISECONDS = 10_000;

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

export interface ClientDescription {
  readonly clientName: string;
  readonly scopes: readonly string[] | undefined;
  /** For the redirect sign-in alone: the access portal that the service sends the browser to. */
  readonly issuerUrl?: string | undefined;
}

export async function registerClient(
  connection: Connection,
  description: ClientDescription,
): Promise<ClientRegistration> {
  const host = hostName(connection, "The sign-in service");
  const scopes = description.scopes === undefined ? {} : { scopes: [...description.scopes] };
  const redirect =
    description.issuerUrl === undefined
      ? {}
      : {
          grantTypes: [...REDIRECT_GRANT_TYPES],
          redirectUris: [REGISTERED_REDIRECT_URI],
          issuerUrl: description.issuerUrl,
        };
  const command = new RegisterClientCommand({
    clientName: description.clientName,
    clientType: "public",
    ...redirect,
    ...scopes,
  });
  const answer = await send(connection, host, (options) =>
    client(connection).send(command, options),
  ).catch((thrown: unknown) => {
    throw toServiceError(thrown, host, "register this client");
  });
  const clientId = readVisibleAscii(answer.clientId);
  const clientSecret = readVisibleAscii(answer.clientSecret);
  const expiresAt = toInstant((answer.clientSecretExpiresAt ?? 0) * 1000);
  if (clientId === undefined || clientSecret === undefined || expiresAt === undefined)
    throw answerError(host);
  return { clientId, clientSecret, expiresAt };
}

/** "registration-refused" where the service no longer knows the client: the caller registers once more. */
export async function startDeviceAuthorization(
  connection: Connection,
  registration: ClientRegistration,
  startUrl: string,
): Promise<DeviceAuthorization | "registration-refused"> {
  const host = hostName(connection, "The sign-in service");
  const { clientId, clientSecret } = registration;
  try {
    const answer = await send(connection, host, (options) =>
      client(connection).send(
        new StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl }),
        options,
      ),
    );
    const deviceCode = readVisibleAscii(answer.deviceCode);
    const userCode = readVisibleAscii(answer.userCode, 64);
    const verificationUri = readVisibleAscii(answer.verificationUri, 2048);
    if (deviceCode === undefined || userCode === undefined || verificationUri === undefined)
      throw answerError(host);
    return {
      deviceCode,
      userCode,
      verificationUri,
      verificationUriComplete:
        readVisibleAscii(answer.verificationUriComplete, 2048) ?? verificationUri,
      expiresInSeconds: codeLifetime(answer.expiresIn),
      intervalSeconds: pollInterval(answer.interval),
    };
  } catch (thrown) {
    if (describeFailure(thrown).type === "InvalidClientException") return "registration-refused";
    throw toServiceError(thrown, host, "start a device authorization");
  }
}

/** One question of the device poll. Never retried here: the poll has its own pace. */
export async function fetchDeviceToken(
  connection: Connection,
  registration: ClientRegistration,
  deviceCode: string,
): Promise<TokenAnswer<IssuedToken>> {
  const { clientId, clientSecret } = registration;
  try {
    const answer = await client(connection).send(
      new CreateTokenCommand({ grantType: DEVICE_GRANT, clientId, clientSecret, deviceCode }),
      { abortSignal: createSignal(connection, POLL_MILLISECONDS) },
    );
    return { kind: "token", token: toIssuedToken(answer, connection) };
  } catch (thrown) {
    refuseIfInterrupted(connection);
    const kind = DEVICE_ANSWERS[describeFailure(thrown).type];
    if (kind !== undefined) return { kind };
    if (isTransient(thrown)) return { kind: "unreachable" };
    throw toServiceError(thrown, hostName(connection, "The sign-in service"), "issue a token");
  }
}

const DEVICE_ANSWERS: Readonly<Record<string, "pending" | "slow-down" | "denied" | "expired">> = {
  AuthorizationPendingException: "pending",
  SlowDownException: "slow-down",
  AccessDeniedException: "denied",
  ExpiredTokenException: "expired",
};

/** The base of `/authorize`, which no model has and which is where the sign-in service is. */
export function authorizationEndpoint(connection: Connection): string {
  if (connection.endpoint !== undefined) return connection.endpoint;
  const { useFips, useDualstack } = connection.variant;
  return client(connection).config.endpointProvider({
    Region: connection.region,
    UseFIPS: useFips,
    UseDualStack: useDualstack,
  }).url.href;
}

/** "refused": this code, or its client, is no longer good; a code is good for one token. */
export async function redeemCode(
  connection: Connection,
  registration: ClientRegistration,
  code: string,
  pending: PendingRedirect,
): Promise<IssuedToken | "refused"> {
  const host = hostName(connection, "The sign-in service");
  const { clientId, clientSecret } = registration;
  const { redirectUri, codeVerifier } = pending;
  try {
    const command = new CreateTokenCommand({
      grantType: "authorization_code",
      clientId,
      clientSecret,
      redirectUri,
      codeVerifier,
      code,
    });
    return toIssuedToken(
      await send(connection, host, (options) => client(connection).send(command, options)),
      connection,
    );
  } catch (thrown) {
    if (GRANT_REFUSALS.has(describeFailure(thrown).type)) return "refused";
    throw toServiceError(thrown, host, "issue a token");
  }
}

/** "refused": this refresh token or its client is no longer good, and asking again will not change that. */
export async function refreshAccessToken(
  connection: Connection,
  grant: RefreshGrant,
): Promise<IssuedToken | "refused"> {
  const host = hostName(connection, "The sign-in service");
  const { clientId, clientSecret, refreshToken } = grant;
  try {
    const command = new CreateTokenCommand({
      grantType: "refresh_token",
      clientId,
      clientSecret,
      refreshToken,
    });
    const answer = await send(
      connection,
      host,
      (options) => client(connection).send(command, options),
      "spends",
    );
    return toIssuedToken(answer, connection);
  } catch (thrown) {
    const { type } = describeFailure(thrown);
    if (GRANT_REFUSALS.has(type)) return "refused";
    throw toServiceError(thrown, host, "refresh the token");
  }
}

/** The same for a refresh token and for a code. */
const GRANT_REFUSALS: ReadonlySet<string> = new Set([
  "InvalidGrantException",
  "InvalidClientException",
  "UnauthorizedClientException",
  "ExpiredTokenException",
  "AccessDeniedException",
]);

function toIssuedToken(answer: CreateTokenCommandOutput, connection: Connection): IssuedToken {
  const accessToken = readVisibleAscii(answer.accessToken);
  const lifetime = answer.expiresIn;
  const expiresAt =
    typeof lifetime === "number" && lifetime > 0
      ? toInstant(connection.now().getTime() + lifetime * 1000)
      : undefined;
  if (accessToken === undefined || expiresAt === undefined)
    throw answerError(hostName(connection, "The sign-in service"));
  return { accessToken, expiresAt, refreshToken: readVisibleAscii(answer.refreshToken) };
}

function answerError(host: string): LatchkeyError {
  return new LatchkeyError(
    "BAD_RESPONSE",
    `${host} answered without the values that its answer must have.`,
    { hint: "Try again; if it stays so, report it with --debug." },
  );
}

/** An answer of the service that no caller expects, with the OAuth error code in plain words, never its whole text. */
function toServiceError(thrown: unknown, host: string, deed: string): unknown {
  const known = toLatchkeyError(thrown, host);
  if (known instanceof LatchkeyError) return known;
  const { status, type } = describeFailure(thrown);
  if (status === undefined) return thrown;
  const oauthCode = readText((thrown as { error?: unknown }).error);
  const code = oauthCode !== undefined && /^[a-z_]{1,64}$/.test(oauthCode) ? oauthCode : type;
  return new LatchkeyError(
    "BAD_RESPONSE",
    `${host} refused to ${deed} (${code}, HTTP ${status}).`,
    {
      hint: "Check the start URL and the region of the session: latchkey status",
      cause: thrown,
    },
  );
}
