import type { Administrator } from "./send.ts";

/** The objects of IAM Identity Center that an administrator works with. */

export interface Instance {
  /** The administrator whose credentials read the instance. */
  readonly admin: Administrator;
  readonly arn: string;
  /** `ssoins-…` */
  readonly id: string;
  readonly identityStoreId: string;
  readonly ownerAccountId: string | undefined;
  readonly status: string;
  readonly statusReason: string | undefined;
}

export interface Principal {
  readonly type: "USER" | "GROUP";
  readonly id: string;
}

/** A permission set of a principal on an account. */
export interface Assignment {
  readonly accountId: string;
  readonly permissionSetArn: string;
  readonly principal: Principal;
}

export interface OrganizationAccount {
  readonly accountId: string;
  readonly accountName: string | undefined;
  /** `ACTIVE`, `SUSPENDED`, … */
  readonly state: string;
}

/** A user in a directory. */
export interface DirectoryUser {
  readonly id: string;
  readonly userName: string;
  readonly isActive: boolean;
  /** The names that IAM Identity Center requires and that are empty. */
  readonly missingNames: readonly string[];
}

export interface DirectoryGroup {
  readonly id: string;
  readonly displayName: string;
  /** Whether an identity provider created the group; undefined if the source of the data does not show it. */
  readonly isProvisioned: boolean | undefined;
}

/** The status of an asynchronous change of an assignment. */
export interface AssignmentStatus {
  readonly status: "IN_PROGRESS" | "SUCCEEDED" | "FAILED";
  readonly requestId: string;
  readonly failureReason: string | undefined;
}

/** `arn:aws:sso:::instance/ssoins-…` → `ssoins-…`; `arn:aws:sso:::permissionSet/ssoins-…/ps-…` → `ps-…`. */
export function idInArn(arn: string): string {
  return arn.split("/").at(-1) ?? arn;
}

/** Returns the keys whose value is empty or not a string. */
export function listMissingNames(names: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(names)
    .filter(([, value]) => typeof value !== "string" || value.trim() === "")
    .map(([name]) => name);
}
