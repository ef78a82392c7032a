import type { Context } from "../context.ts";
import type { AdministratorFlags } from "./administrator.ts";
import type { DirectoryGroup, DirectoryUser, Instance } from "./aws/identity-center.ts";
import type { Administrator } from "./aws/send.ts";
import type { ScimAccess } from "./scim/client.ts";

/** A step of `federation check`, what it is given, and the verdict that it comes to. */

/** The twelve steps from Okta's metadata to a role, in the order in which a person takes them. */
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

/** `unknown`: the step could not be judged (no access, no network), which is not the same as failed. */
export type CheckStatus = "ok" | "warn" | "fail" | "skip" | "unknown";

/** A member that is undefined is left out. */
export type Evidence = Readonly<
  Record<string, string | number | boolean | null | undefined | readonly string[]>
>;

/** One judgement, without whose it is. */
export interface Verdict {
  readonly status: CheckStatus;
  /** Stable, for scripts: `FED-…`, `META-…`, `SP-…`; null where nothing is to be said. */
  readonly code: string | null;
  readonly summary: string;
  readonly evidence: Evidence;
  /** What cures it, one act a line. */
  readonly hint: readonly string[];
  /** The vendor's page about it. */
  readonly docs: string | null;
  /** The step whose failure leaves nothing to judge here. */
  readonly blockedBy: CheckId | null;
}

/** A verdict and whose it is. The members are those of the JSON, in its order. */
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

/** One act that cures, or several. */
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
  /** Steps whose failure leaves nothing to judge here: so one cause gives one failure. */
  readonly needs?: readonly CheckId[];
  /** Steps that each can give what is needed: if none did and one failed, that one blocks. */
  readonly needsOneOf?: readonly CheckId[];
  /** Steps that learn what is of use here; they run first, also where they are not shown. */
  readonly learnsFrom?: readonly CheckId[];
  readonly judge: (state: CheckState) => Promise<Verdict>;
}

/** What `federation check` is asked for. */
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
  /** The token, where the caller has read it already. */
  readonly knownToken?: string | undefined;
  /** What the administrator says now; else what was saved. */
  readonly tokenExpiresAt?: Date | undefined;
  readonly loginProfile?: string | undefined;
  /** Ask CloudTrail for its reason where a user, a group or the portal fails. */
  readonly why: boolean;
  readonly provisioning: "scim" | "manual";
  /** SCIM alone is asked, also where AWS credentials are there. */
  readonly scimOnly: boolean;
  readonly administrator: AdministratorFlags;
}

/** What the steps learn for those that follow. */
export interface CheckState {
  readonly context: Context;
  readonly options: CheckOptions;
  /** Read when first needed. */
  readonly readToken: () => Promise<string | undefined>;
  /** Of the steps that have run. */
  readonly checks: Map<CheckId, Check>;
  admin?: Administrator;
  instance?: Instance;
  scim?: ScimAccess;
  user?: DirectoryUser;
  group?: DirectoryGroup;
  permissionSetArn?: string;
}
