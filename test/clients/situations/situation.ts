import type { Place } from "./place.ts";

/** One problem on a machine, and its cure. */
export interface Situation {
  readonly id: string;
  /** The id of the cause that `explain` must find. */
  readonly cause: string;
  /** The AWS config; default: a profile of Identity Center with its session. */
  readonly config?: string;
  readonly credentials?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The state of the session's token file; default: "good". */
  readonly token?: TokenState;
  /** How the services are reached; default: the emulator's address. */
  readonly way?: Way;
  /** Prepares files and the services. */
  readonly arrange?: (place: Place) => void | Promise<void>;
  /** The action that fixes the problem. */
  readonly cure?: (place: Place) => void | Promise<void>;
  /** Names of the clients that can have the problem; default: all except rare ones. */
  readonly clients?: readonly string[];
  /** Whether a quick run includes it. */
  readonly isQuick?: true;
}

/** `ended` has expired and can be refreshed; `ended-for-good` has no refresh token. */
export type TokenState = "good" | "none" | "ended" | "ended-for-good" | "legacy" | "legacy-ended";

/**
 * `tls`: the emulator with a certificate of an unknown CA. `closed`: a port without a listener. `real`: AWS's host names,
 * which only a proxy on this machine is asked for. `cut-off`: the same without a network.
 */
type Way = "emulator" | "tls" | "closed" | "real" | "cut-off";

export const START_URL = "https://d-9067642ac7.awsapps.com/start";
export const REGION = "eu-central-1";
export const PROFILE = "payments-admin";
export const SESSION = "workforce";
export const ACCOUNT = "111122223333";
export const ROLE = "BillingAdmin";
export const OTHER_ACCOUNT = "444455556666";
export const KEY = "AKIAIOSFODNN7EXAMPLE";
export const SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

export const buildProfile = (lines: string): string =>
  `[profile ${PROFILE}]\n${lines}region = ${REGION}\n`;
export const SESSION_LINES = `[sso-session ${SESSION}]
sso_start_url = ${START_URL}
sso_region = ${REGION}
sso_registration_scopes = sso:account:access
`;
export const SSO_LINES = `sso_session = ${SESSION}
sso_account_id = ${ACCOUNT}
sso_role_name = ${ROLE}
`;
export const LEGACY_LINES = `sso_start_url = ${START_URL}
sso_region = ${REGION}
sso_account_id = ${ACCOUNT}
sso_role_name = ${ROLE}
`;
export const CONFIG = buildProfile(SSO_LINES) + SESSION_LINES;
export const KEY_LINES = `aws_access_key_id = ${KEY}\naws_secret_access_key = ${SECRET}\n`;
export const buildCredentials = (lines: string): string => `[${PROFILE}]\n${lines}`;
