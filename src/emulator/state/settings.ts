import * as v from "../schema.ts";

/** The settings behind the knobs: plain data with the service's defaults. */

const seconds = v.number(0);

/** The settings with several fields. A knob of the same name replaces the given fields. */
export const SECTIONS = {
  identity: v.patch({ username: v.string, partition: v.string }),
  lifetimes: v.patch({
    /** For clients that registered scopes. */
    accessTokenSeconds: seconds,
    /** For clients without scopes, which get no refresh token. */
    legacyAccessTokenSeconds: seconds,
    /**
     * How long tokens of a session can be refreshed. In the service, an administrator sets it from 15 minutes to 90
     * days.
     */
    sessionSeconds: seconds,
    registrationSeconds: seconds,
    deviceCodeSeconds: seconds,
    /** Poll interval in the device response; null leaves it out (RFC 8628 §3.2: clients then assume 5). */
    intervalSeconds: v.orNull(seconds),
    authorizationCodeSeconds: seconds,
    roleCredentialsSeconds: seconds,
    /** Role name → seconds; overrides `roleCredentialsSeconds`. */
    roleSeconds: v.recordOf(seconds),
    signInTokenSeconds: seconds,
  }),
  rotation: v.object({
    mode: v.oneOf("reuse", "grace", "strict"),
    graceMs: v.optional(v.number(0)),
  }),
  slowDown: v.patch({ strict: v.boolean, next: v.integer(0) }),
  paging: v.patch({
    pageSize: v.integer(1, 100),
    emptyPages: v.boolean,
    repeatToken: v.boolean,
  }),
  sigv4: v.patch({ verify: v.boolean, windowSeconds: seconds }),
};

type Sections = {
  [S in keyof typeof SECTIONS]: Required<v.InferOutput<(typeof SECTIONS)[S]>>;
};

export interface Settings extends Sections {
  region: string;
  startUrl: string;
  /** null accepts every start URL, as the service does. */
  allowedStartUrls: string[] | null;
  /** The base of verification links; null: the address that the server listens on. */
  publicBaseUrl: string | null;
  omitRefreshToken: boolean;
  /** Pending polls before a device is approved automatically. 0: at once; null: never. */
  autoApproveAfterPolls: number | null;
  authorize: "auto" | "consent" | "deny" | "wrong-state" | "never";
  errorShape: "header+body" | "header" | "body";
  nulls: boolean;
  rate: { burst: number; refillPerSecond: number; key: "token" | "ip" } | null;
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
