/** What the knobs turn: plain data, with the service's own defaults. */
interface Lifetimes {
  /** Clients that registered scopes. */
  accessTokenSeconds: number;
  /** Clients without scopes; they get no refresh token. */
  legacyAccessTokenSeconds: number;
  /** Bounds refreshing; an administrator's setting of 15 minutes to 90 days. */
  sessionSeconds: number;
  registrationSeconds: number;
  deviceCodeSeconds: number;
  /** Poll interval in the device response; null leaves it out (RFC 8628 §3.2: clients then assume 5). */
  intervalSeconds: number | null;
  authorizationCodeSeconds: number;
  roleCredentialsSeconds: number;
  /** Role name → seconds, before `roleCredentialsSeconds`. */
  roleSeconds: Record<string, number>;
  signInTokenSeconds: number;
}

export const ROTATION_MODES = ["reuse", "grace", "strict"] as const;
export const AUTHORIZE_MODES = ["auto", "consent", "deny", "wrong-state", "never"] as const;
export const ERROR_SHAPES = ["header+body", "header", "body"] as const;
type AuthorizeMode = (typeof AUTHORIZE_MODES)[number];
type RotationMode = (typeof ROTATION_MODES)[number];
type ErrorShape = (typeof ERROR_SHAPES)[number];

interface Rate {
  burst: number;
  refillPerSecond: number;
  key: "token" | "ip";
}

export interface Settings {
  region: string;
  startUrl: string;
  /** null accepts every start URL, as the service does. */
  allowedStartUrls: readonly string[] | null;
  /** Base of verification links; null: the address listened on. */
  publicBaseUrl: string | null;
  identity: { username: string; partition: string };
  lifetimes: Lifetimes;
  rotation: { mode: RotationMode; graceMs: number };
  omitRefreshToken: boolean;
  slowDown: { strict: boolean; next: number };
  /** Pending polls before a device is approved by itself; 0 at once, null never. */
  autoApproveAfterPolls: number | null;
  authorize: AuthorizeMode;
  paging: { pageSize: number; emptyPages: boolean; repeatToken: boolean };
  errorShape: ErrorShape;
  nulls: boolean;
  sigv4: { verify: boolean; windowSeconds: number };
  rate: Rate | null;
}

export function createSettings(): Settings {
  return {
    region: "us-east-1",
    startUrl: "https://emu.awsapps.com/start",
    allowedStartUrls: null,
    publicBaseUrl: null,
    identity: { username: "okta.user@example.com", partition: "aws" },
    lifetimes: {
      accessTokenSeconds: 3600,
      legacyAccessTokenSeconds: 28_800,
      sessionSeconds: 28_800,
      registrationSeconds: 7_776_000,
      deviceCodeSeconds: 600,
      intervalSeconds: 1,
      authorizationCodeSeconds: 600,
      roleCredentialsSeconds: 3600,
      roleSeconds: {},
      signInTokenSeconds: 900,
    },
    rotation: { mode: "grace", graceMs: 30_000 },
    omitRefreshToken: false,
    slowDown: { strict: false, next: 0 },
    autoApproveAfterPolls: null,
    authorize: "consent",
    paging: { pageSize: 100, emptyPages: false, repeatToken: false },
    errorShape: "header+body",
    nulls: true,
    sigv4: { verify: true, windowSeconds: 300 },
    rate: null,
  };
}
