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

/** What a client says of itself when it registers. */
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

/** What a client holds at the end of a sign-in: its registration and the tokens. */
export interface SignIn extends TokenResult {
  clientId: string;
  clientSecret: string;
  /** Epoch seconds, as RegisterClient answers. */
  clientSecretExpiresAt: number;
}

/** A client and its tokens, as a device sign-in would leave them, without its requests and without a person. */
export function issueSignIn(state: State, clientName: string, scopes: string[]): SignIn {
  const client = issueRegistration(state, { clientName, scopes, redirectUris: [], grantTypes: [] });
  const { clientId, clientSecret, expiresAt } = client;
  const tokens = issueFirstTokens(state, client, state.settings.identity.username);
  return { clientId, clientSecret, clientSecretExpiresAt: expiresAt / 1000, ...tokens };
}

/** Tokens of a fresh session; a refresh token only for clients that registered scopes. */
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

/** An access token, beside the refresh token that is given with it. */
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

/** Whose bearer token this is, or undefined: unknown, expired, logged out. */
export function findValidAccessToken(state: State, token: string): AccessToken | undefined {
  const access = state.issued.accessTokens.get(token);
  if (access === undefined || access.session.revoked || state.clock.now() >= access.expiresAt)
    return undefined;
  return access;
}

/** New tokens for a refresh token, by the rotation set; undefined: invalid_grant. */
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

/** A role as the portal hands it out, or as AssumeRole does with the seconds that it was asked for. */
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
    // Whole seconds, as the service answers.
    expiresAt: Math.floor(state.clock.now() / 1000 + seconds) * 1000,
  };
  state.issued.roleCredentials.set(credentials.accessKeyId, credentials);
  return credentials;
}

export function areCredentialsExpired(state: State, credentials: RoleCredentials): boolean {
  return state.clock.now() >= credentials.expiresAt;
}
