import type { Place } from "./place.ts";

/** One thing that went wrong on a machine, and what undoes it. */
export interface Situation {
  readonly id: string;
  /** What `explain` has to name, by its id. */
  readonly cause: string;
  /** The AWS config; a profile of Identity Center with its session without. */
  readonly config?: string;
  readonly credentials?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What the session's token file holds; "good" without. */
  readonly token?: TokenState;
  /** How the services are reached; the emulator at its own address without. */
  readonly way?: Way;
  /** What else is so: files, and what the services do. */
  readonly arrange?: (place: Place) => void | Promise<void>;
  /** The one act after which it is so no longer. */
  readonly cure?: (place: Place) => void | Promise<void>;
  /** Those that can be in it, by name; all but those of another age without. */
  readonly clients?: readonly string[];
  /** Whether it belongs to a quick run. */
  readonly isQuick?: true;
}

/** `ended` is over and renewable, `ended-for-good` has nothing to renew it with. */
export type TokenState = "good" | "none" | "ended" | "ended-for-good" | "legacy" | "legacy-ended";

/**
 * `tls`: the emulator behind a certificate of a CA that nobody knows. `closed`: where nobody listens. `real`: AWS's own
 * names, which only a proxy of this machine is asked for. `cut-off`: the same without any network.
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
