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

function openSession(state: State, client: Registration, username: string): SsoSession {
  const session: SsoSession = {
    clientId: client.clientId,
    region: state.settings.region,
    username,
    endsAt: state.clock.now() + state.settings.lifetimes.sessionSeconds * 1000,
    revoked: false,
    familyRevoked: false,
  };
  state.issued.sessions.push(session);
  return session;
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
  const session = openSession(state, client, username);
  const access = issueAccessToken(state, client, session);
  return {
    ...access,
    refreshToken: client.scopes.length > 0 ? issueRefreshToken(state, session).token : undefined,
  };
}

function issueAccessToken(
  state: State,
  client: Registration,
  session: SsoSession,
): Omit<TokenResult, "refreshToken"> {
  const { accessTokenSeconds, legacyAccessTokenSeconds } = state.settings.lifetimes;
  const lifetime = client.scopes.length > 0 ? accessTokenSeconds : legacyAccessTokenSeconds;
  const now = state.clock.now();
  const expiresIn = Math.min(lifetime, Math.floor((session.endsAt - now) / 1000));
  const token = secrets.createOpaque(96);
  state.issued.accessTokens.set(token, { session, expiresAt: now + expiresIn * 1000 });
  return { accessToken: token, expiresIn };
}

function issueRefreshToken(state: State, session: SsoSession): RefreshToken {
  const refresh: RefreshToken = {
    token: secrets.createOpaque(128),
    session,
    rotatedAt: undefined,
    revoked: false,
  };
  state.issued.refreshTokens.set(refresh.token, refresh);
  return refresh;
}

function isSessionAlive(state: State, session: SsoSession): boolean {
  return !session.revoked && state.clock.now() + 1000 <= session.endsAt;
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
  const { session } = refresh;
  const { rotation, omitRefreshToken } = state.settings;
  const now = state.clock.now();
  if (refresh.revoked || session.familyRevoked || !isSessionAlive(state, session)) return undefined;
  if (refresh.rotatedAt !== undefined && rotation.mode === "strict") {
    session.familyRevoked = true;
    return undefined;
  }
  const graceIsOver =
    refresh.rotatedAt !== undefined && now >= refresh.rotatedAt + rotation.graceMs;
  if (rotation.mode === "grace" && graceIsOver) return undefined;
  const access = issueAccessToken(state, client, session);
  if (omitRefreshToken) return { ...access, refreshToken: undefined };
  if (rotation.mode === "reuse") return { ...access, refreshToken: refresh.token };
  refresh.rotatedAt ??= now;
  return { ...access, refreshToken: issueRefreshToken(state, session).token };
}

/** A role as the portal hands it out, or as AssumeRole does with the seconds that it was asked for. */
export function issueRoleCredentials(
  state: State,
  role: Pick<RoleCredentials, "accountId" | "roleName" | "username">,
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
