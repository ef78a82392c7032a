import type { RoleUse } from "../state/organization.ts";
import * as secrets from "./secrets.ts";
import type {
  AccessToken,
  RefreshToken,
  Registration,
  RoleCredentials,
  SsoSession,
  State,
} from "../state/state.ts";

/** Members of a CreateToken response. */
export interface TokenResult {
  accessToken: string;
  expiresIn: number;
  refreshToken: string | undefined;
}

/** The fields of a client's registration request. */
type ClientMetadata = Pick<Registration, "clientName" | "scopes" | "redirectUris" | "grantTypes">;

export function issueRegistration(
  { settings, clock, issued }: State,
  metadata: ClientMetadata,
): Registration {
  const issuedAtSeconds = Math.floor(clock.now() / 1000);
  const expiresAtSeconds = issuedAtSeconds + settings.lifetimes.registrationSeconds;
  const clientId = secrets.createClientId(settings.region);
  const registration: Registration = {
    ...metadata,
    clientId,
    clientSecret: secrets.createClientSecret(clientId, expiresAtSeconds),
    region: settings.region,
    issuedAt: issuedAtSeconds * 1000,
    expiresAt: expiresAtSeconds * 1000,
    invalidated: false,
  };
  issued.registrations.set(clientId, registration);
  return registration;
}

/** The result of a sign-in: the client's registration and its tokens. */
export interface SignIn extends TokenResult {
  clientId: string;
  clientSecret: string;
  /** Epoch seconds, as in the answer of RegisterClient. */
  clientSecretExpiresAt: number;
}

/** Returns the result of a device sign-in without its requests and without a person. */
export function issueSignIn(state: State, clientName: string, scopes: string[]): SignIn {
  const client = issueRegistration(state, { clientName, scopes, redirectUris: [], grantTypes: [] });
  const { clientId, clientSecret, expiresAt } = client;
  const tokens = issueFirstTokens(state, client, state.settings.identity.username);
  return { clientId, clientSecret, clientSecretExpiresAt: expiresAt / 1000, ...tokens };
}

/** Returns the tokens of a new session; only clients that registered scopes get a refresh token. */
export function issueFirstTokens(
  state: State,
  client: Registration,
  username: string,
): TokenResult {
  const session: SsoSession = {
    clientId: client.clientId,
    region: state.settings.region,
    username,
    endsAt: state.clock.now() + state.settings.lifetimes.sessionSeconds * 1000,
    revoked: false,
    familyRevoked: false,
  };
  state.issued.sessions.push(session);
  const refreshToken = client.scopes.length > 0 ? issueRefreshToken(state, session) : undefined;
  return issueTokens(state, client, session, refreshToken);
}

/** Returns a new access token with the given refresh token. */
function issueTokens(
  state: State,
  client: Registration,
  session: SsoSession,
  refreshToken: string | undefined,
): TokenResult {
  const { accessTokenSeconds, legacyAccessTokenSeconds } = state.settings.lifetimes;
  const lifetime = client.scopes.length > 0 ? accessTokenSeconds : legacyAccessTokenSeconds;
  const now = state.clock.now();
  const expiresIn = Math.min(lifetime, Math.floor((session.endsAt - now) / 1000));
  const accessToken = secrets.createOpaque(96);
  state.issued.accessTokens.set(accessToken, { session, expiresAt: now + expiresIn * 1000 });
  return { accessToken, expiresIn, refreshToken };
}

function issueRefreshToken({ issued }: State, session: SsoSession): string {
  const token = secrets.createOpaque(128);
  issued.refreshTokens.set(token, { token, session, rotatedAt: undefined, revoked: false });
  return token;
}

/** Returns the access token; undefined if it is unknown, expired or revoked. */
export function findValidAccessToken(state: State, token: string): AccessToken | undefined {
  const access = state.issued.accessTokens.get(token);
  if (access === undefined || access.session.revoked || state.clock.now() >= access.expiresAt)
    return undefined;
  return access;
}

/** Returns new tokens for a refresh token, according to the setting `rotation`; undefined: invalid_grant. */
export function refreshTokens(
  state: State,
  client: Registration,
  refresh: RefreshToken,
): TokenResult | undefined {
  const { session, rotatedAt } = refresh;
  const { rotation, omitRefreshToken } = state.settings;
  const now = state.clock.now();
  if (refresh.revoked || !canRefresh(session, now)) return undefined;
  if (rotatedAt !== undefined && rotation.mode === "strict") {
    session.familyRevoked = true;
    return undefined;
  }
  const isGraceOver = rotatedAt !== undefined && now >= rotatedAt + rotation.graceMs;
  if (rotation.mode === "grace" && isGraceOver) return undefined;
  if (omitRefreshToken) return issueTokens(state, client, session, undefined);
  if (rotation.mode === "reuse") return issueTokens(state, client, session, refresh.token);
  refresh.rotatedAt ??= now;
  return issueTokens(state, client, session, issueRefreshToken(state, session));
}

function canRefresh({ revoked, familyRevoked, endsAt }: SsoSession, now: number): boolean {
  return !revoked && !familyRevoked && now + 1000 <= endsAt;
}

/** Returns role credentials of the portal, or of AssumeRole if `chainedSeconds` is given. */
export function issueRoleCredentials(
  state: State,
  role: RoleUse,
  chainedSeconds?: number,
): RoleCredentials {
  const { roleSeconds, roleCredentialsSeconds } = state.settings.lifetimes;
  const seconds = chainedSeconds ?? roleSeconds[role.roleName] ?? roleCredentialsSeconds;
  const credentials: RoleCredentials = {
    accessKeyId: secrets.createAccessKeyId(),
    secretAccessKey: secrets.createSecretAccessKey(),
    sessionToken: secrets.createSessionToken(),
    ...role,
    chained: chainedSeconds !== undefined,
    // Whole seconds, as in the service's answer.
    expiresAt: Math.floor(state.clock.now() / 1000 + seconds) * 1000,
  };
  state.issued.roleCredentials.set(credentials.accessKeyId, credentials);
  return credentials;
}

export function areCredentialsExpired(state: State, credentials: RoleCredentials): boolean {
  return state.clock.now() >= credentials.expiresAt;
}
