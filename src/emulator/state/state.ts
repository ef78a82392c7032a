import type { Clock } from "./clock.ts";
import type { Directory } from "./directory.ts";
import type { ActiveFault } from "../faults.ts";
import type { WritableJournal } from "../journal.ts";
import type { Org, RoleUse } from "./organization.ts";
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

/** Access that a client requests from a person. */
interface Grant {
  clientId: string;
  clientName: string;
  expiresAt: number;
  status: "pending" | "approved" | "denied" | "used";
  username: string;
}

export interface DeviceGrant extends Grant {
  deviceCode: string;
  userCode: string;
  intervalSeconds: number;
  polls: number;
  polledAt: number | undefined;
}

/** An /authorize request: first without a code, then with the code after consent. */
export interface AuthorizationGrant extends Grant {
  requestId: string;
  code: string | undefined;
  redirectUri: string;
  oauthState: string;
  codeChallenge: string;
}

export interface SsoSession {
  clientId: string;
  region: string;
  username: string;
  endsAt: number;
  revoked: boolean;
  /** The refresh tokens of a session are a family: with strict rotation, a reused token revokes all of them. */
  familyRevoked: boolean;
}

export interface AccessToken {
  session: SsoSession;
  expiresAt: number;
}

export interface RefreshToken {
  token: string;
  session: SsoSession;
  rotatedAt: number | undefined;
  revoked: boolean;
}

export interface RoleCredentials extends RoleUse {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiresAt: number;
  /** From AssumeRole: the ARN has an ordinary role name, and console sessions can't set a duration. */
  chained: boolean;
  /** For chained credentials: the access key id that signed AssumeRole; "" for a web identity. */
  assumedBy?: string;
}

export interface State {
  clock: Clock;
  journal: WritableJournal;
  settings: Settings;
  org: Org;
  directory: Directory;
  issued: ReturnType<typeof createIssuedSecrets>;
  faults: ActiveFault[];
  buckets: Map<string, { tokens: number; filledAt: number }>;
  /** The address that the server listens on; "" before that. */
  url: string;
}

/** All issued values, by the value that a client presents; role credentials by access key id. */
export function createIssuedSecrets() {
  return {
    registrations: new Map<string, Registration>(),
    devices: new Map<string, DeviceGrant>(),
    authorizations: new Map<string, AuthorizationGrant>(),
    sessions: [] as SsoSession[],
    accessTokens: new Map<string, AccessToken>(),
    refreshTokens: new Map<string, RefreshToken>(),
    roleCredentials: new Map<string, RoleCredentials>(),
    signInTokens: new Map<string, { credentials: RoleCredentials; expiresAt: number }>(),
  };
}
