import type { Context } from "../context.ts";
import type { AdministratorFlags } from "./administrator.ts";
import type { DirectoryGroup, DirectoryUser, Instance } from "./aws/identity-center.ts";
import type { Administrator } from "./aws/send.ts";
import type { ScimAccess } from "./scim/client.ts";

/** The steps of `federation check`, their input and their verdicts. */

/** The twelve steps from Okta's metadata to a role, in the order in which an administrator sets them up. */
export const CHECK_IDS = [
  "metadata",
  "sp-urls",
  "instance",
  "scim-reach",
  "scim-token",
  "user",
  "group",
  "member",
  "permission-set",
  "assignment",
  "portal",
  "identity",
] as const;

export type CheckId = (typeof CHECK_IDS)[number];

/** `unknown`: the step could not be judged (no access, no network); it did not fail. */
export type CheckStatus = "ok" | "warn" | "fail" | "skip" | "unknown";

/** Keys whose value is undefined are left out of the JSON. */
export type Evidence = Readonly<
  Record<string, string | number | boolean | null | undefined | readonly string[]>
>;

/** The result of a check, without the check's id. */
export interface Verdict {
  readonly status: CheckStatus;
  /** Stable, for scripts: `FED-…`, `META-…`, `SP-…`; null if there is no problem. */
  readonly code: string | null;
  readonly summary: string;
  readonly evidence: Evidence;
  /** How to fix it, one action per line. */
  readonly hint: readonly string[];
  /** The vendor's documentation page. */
  readonly docs: string | null;
  /** The needed step because of which this step was skipped; null if there is none. */
  readonly blockedBy: CheckId | null;
}

/** A verdict with its check's id. The keys and their order are those of the JSON. */
export interface Check extends Verdict {
  readonly id: string;
  readonly durationMs: number;
}

const NOTHING_TO_SAY: Verdict = {
  status: "ok",
  code: null,
  summary: "",
  evidence: {},
  hint: [],
  docs: null,
  blockedBy: null,
};

/** One action that fixes the problem, or several. */
export type Hint = string | readonly string[];

interface Details {
  readonly evidence?: Evidence;
  readonly docs?: string;
}

export function ok(summary: string, evidence: Evidence = {}): Verdict {
  return { ...NOTHING_TO_SAY, summary, evidence };
}

export function skip(summary: string): Verdict {
  return { ...NOTHING_TO_SAY, status: "skip", summary };
}

export function block(blockedBy: CheckId): Verdict {
  return { ...skip(`blocked by ${CHECK_IDS.indexOf(blockedBy) + 1}`), blockedBy };
}

export function warn(code: string, summary: string, hint: Hint, details: Details = {}): Verdict {
  return { ...fail(code, summary, hint, details), status: "warn" };
}

export function fail(code: string, summary: string, hint: Hint, details: Details = {}): Verdict {
  return { ...NOTHING_TO_SAY, status: "fail", code, summary, hint: [hint].flat(), ...details };
}

export function hasSucceeded(check: Verdict | undefined): boolean {
  return check?.status === "ok" || check?.status === "warn";
}

export interface Step {
  readonly id: CheckId;
  /**
   * Steps that this step needs. If one of them fails or can't be judged, this step is skipped: one cause gives one failure.
   */
  readonly needs?: readonly CheckId[];
  /** Steps of which one must succeed. If none succeeded and one failed, the failed step blocks this step. */
  readonly needsOneOf?: readonly CheckId[];
  /** Steps whose results this step uses. They run first, even if they are not shown. */
  readonly learnsFrom?: readonly CheckId[];
  readonly judge: (state: CheckState) => Promise<Verdict>;
}

/** The options of `federation check`. */
export interface CheckOptions {
  readonly user?: string | undefined;
  readonly group?: string | undefined;
  readonly account?: string | undefined;
  readonly permissionSet?: string | undefined;
  readonly metadataFile?: string | undefined;
  readonly oktaDomain?: string | undefined;
  readonly minDays: number;
  readonly serviceProviderFile?: string | undefined;
  readonly acsUrl?: string | undefined;
  readonly issuerUrl?: string | undefined;
  readonly scimEndpoint?: string | undefined;
  readonly tokenStdin: boolean;
  /** The token, if the caller has already read it. */
  readonly knownToken?: string | undefined;
  /** The expiry date from the flags; if undefined, the saved date is used. */
  readonly tokenExpiresAt?: Date | undefined;
  readonly loginProfile?: string | undefined;
  /** If the user, the group or the portal fails, ask CloudTrail for the reason. */
  readonly why: boolean;
  readonly provisioning: "scim" | "manual";
  /** Use SCIM only, even if there are AWS credentials. */
  readonly scimOnly: boolean;
  readonly administrator: AdministratorFlags;
}

/** The results that steps pass on to later steps. */
export interface CheckState {
  readonly context: Context;
  readonly options: CheckOptions;
  /** Reads the token on first use. */
  readonly readToken: () => Promise<string | undefined>;
  /** The checks of the steps that have run. */
  readonly checks: Map<CheckId, Check>;
  admin?: Administrator;
  instance?: Instance;
  scim?: ScimAccess;
  user?: DirectoryUser;
  group?: DirectoryGroup;
  permissionSetArn?: string;
}
