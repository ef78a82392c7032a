import * as v from "../schema.ts";
import { hexDigest } from "./organization.ts";

/** The emulated organization's instance, directory, permission sets and assignments. */

const instance = v.object({
  id: v.string,
  ownerAccountId: v.string,
  status: v.oneOf("ACTIVE", "CREATE_IN_PROGRESS", "CREATE_FAILED", "DELETE_IN_PROGRESS"),
  statusReason: v.optional(v.string),
});

const user = v.object({
  userId: v.string,
  userName: v.string,
  givenName: v.optional(v.string),
  familyName: v.optional(v.string),
  displayName: v.optional(v.string),
  /** Absent if the user was created by hand. */
  externalId: v.optional(v.string),
  active: v.optional(v.boolean),
});
export type User = v.InferOutput<typeof user>;

const group = v.object({
  groupId: v.string,
  displayName: v.string,
  /** User ids. */
  members: v.listOf(v.string),
  externalId: v.optional(v.string),
});
export type Group = v.InferOutput<typeof group>;

const permissionSet = v.object({ id: v.string, name: v.string });
export type PermissionSet = v.InferOutput<typeof permissionSet>;

const assignment = v.object({
  accountId: v.string,
  permissionSet: v.string,
  principalType: v.oneOf("USER", "GROUP"),
  principalId: v.string,
});
export type Assignment = v.InferOutput<typeof assignment>;

const trailEvent = v.object({
  eventName: v.string,
  eventSource: v.string,
  /** ISO 8601. */
  eventTime: v.string,
  errorCode: v.optional(v.string),
  errorMessage: v.optional(v.string),
  userName: v.optional(v.string),
});
export type TrailEvent = v.InferOutput<typeof trailEvent>;

/** A change of an assignment. It ends after `pollsLeft` more polls. */
export interface AssignmentRequest {
  requestId: string;
  kind: "creation" | "deletion";
  assignment: Assignment;
  pollsLeft: number;
  failure: string | null;
}

/** Given fields replace the current ones; lists are replaced completely. */
export const directoryInput = v.patch({
  identityStoreId: v.string,
  managementAccountId: v.string,
  /** Access keys that are accepted in addition to role credentials from the portal. */
  administrator: v.object({ accessKeyId: v.string, secretAccessKey: v.string }),
  instances: v.listOf(instance),
  users: v.listOf(user),
  groups: v.listOf(group),
  permissionSets: v.listOf(permissionSet),
  assignments: v.listOf(assignment),
  closedAccounts: v.listOf(v.string),
  events: v.listOf(trailEvent),
  /** SCIM: the first part of the path, and the valid bearer tokens. */
  tenant: v.string,
  tokens: v.listOf(v.string),
  /**
   * The number of polls that find an assignment in progress, and the reason with which it then fails; null: it succeeds.
   */
  assignmentPolls: v.integer(0),
  assignmentFailure: v.orNull(v.string),
});

export interface Directory extends Required<v.InferOutput<typeof directoryInput>> {
  requests: Map<string, AssignmentRequest>;
}

export function createDirectory(): Directory {
  const managementAccountId = "999999999999";
  return {
    identityStoreId: "d-9367028abc",
    managementAccountId,
    administrator: {
      accessKeyId: "AKIAEMULATEDADMIN000",
      secretAccessKey: `admin+${hexDigest("administrator").slice(0, 34)}`,
    },
    instances: [
      { id: "ssoins-7223a1b2c3d4e5f6", ownerAccountId: managementAccountId, status: "ACTIVE" },
    ],
    users: [],
    groups: [],
    permissionSets: [],
    assignments: [],
    closedAccounts: [],
    events: [],
    tenant: "emu1s7k2gwq-5d10-4b7e-9d0a-2f6f1c9a7e31",
    tokens: [],
    assignmentPolls: 0,
    assignmentFailure: null,
    requests: new Map(),
  };
}
