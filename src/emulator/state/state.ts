import type { Clock } from "./clock.ts";
import type { Directory } from "./directory.ts";
import type { ActiveFault } from "../faults.ts";
import type { WritableJournal } from "../journal.ts";
import type { Org } from "./organization.ts";
import type { Settings } from "./settings.ts";

/** Instants are emulated epoch milliseconds. */
export interface Registration {
  clientId: string;
  clientSecret: string;
  clientName: string;
  region: string;
  scopes: string[];
  redirectUris: string[];
  grantTypes: string[];
  issuedAt: number;
  expiresAt: number;
  invalidated: boolean;
}

export interface DeviceGrant {
  deviceCode: string;
  userCode: string;
  clientId: string;
  clientName: string;
  expiresAt: number;
  intervalSeconds: number;
  status: "pending" | "approved" | "denied" | "used";
  username: string;
  polls: number;
  polledAt: number | undefined;
}

/** An /authorize request: first awaiting consent, then holding the code. */
export interface AuthorizationGrant {
  requestId: string;
  code: string | undefined;
  clientId: string;
  clientName: string;
  redirectUri: string;
  oauthState: string;
  codeChallenge: string;
  expiresAt: number;
  status: "pending" | "approved" | "denied" | "used";
  username: string;
}

export interface SsoSession {
  sessionId: string;
  clientId: string;
  region: string;
  username: string;
  endsAt: number;
  revoked: boolean;
  /** The refresh tokens of one session are a family; a reused one ends it under strict rotation. */
  familyRevoked: boolean;
}

export interface AccessToken {
  token: string;
  session: SsoSession;
  expiresAt: number;
}

export interface RefreshToken {
  token: string;
  session: SsoSession;
  rotatedAt: number | undefined;
  revoked: boolean;
}

export interface RoleCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  accountId: string;
  roleName: string;
  username: string;
  expiresAt: number;
  /** From AssumeRole with other role credentials: an ordinary role of that name, and no longer console sessions. */
  chained: boolean;
}

interface SignInToken {
  token: string;
  credentials: RoleCredentials;
  expiresAt: number;
}

/** Everything handed out, by the value that a client presents. */
interface IssuedSecrets {
  registrations: Map<string, Registration>;
  devices: Map<string, DeviceGrant>;
  authorizations: Map<string, AuthorizationGrant>;
  sessions: SsoSession[];
  accessTokens: Map<string, AccessToken>;
  refreshTokens: Map<string, RefreshToken>;
  /** By access key id. */
  roleCredentials: Map<string, RoleCredentials>;
  signInTokens: Map<string, SignInToken>;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

export interface State {
  clock: Clock;
  journal: WritableJournal;
  settings: Settings;
  org: Org;
  directory: Directory;
  issued: IssuedSecrets;
  faults: ActiveFault[];
  buckets: Map<string, Bucket>;
  /** Address listened on, known once the server listens. */
  url: string;
}

export function createIssuedSecrets(): IssuedSecrets {
  return {
    registrations: new Map(),
    devices: new Map(),
    authorizations: new Map(),
    sessions: [],
    accessTokens: new Map(),
    refreshTokens: new Map(),
    roleCredentials: new Map(),
    signInTokens: new Map(),
  };
}
