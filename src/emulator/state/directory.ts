import { boolean, integer, listOf, orNull, object, oneOf, string, type Schema } from "../parse.ts";
import { hexDigest } from "./organization.ts";

/** What an administrator sees of the emulated organization: its instance, directory, permission sets and assignments. */

export interface Instance {
  id: string;
  ownerAccountId: string;
  status: "ACTIVE" | "CREATE_IN_PROGRESS" | "CREATE_FAILED" | "DELETE_IN_PROGRESS";
  statusReason?: string;
}

export interface User {
  userId: string;
  userName: string;
  givenName?: string;
  familyName?: string;
  displayName?: string;
  /** Absent where somebody made the user by hand. */
  externalId?: string;
  active?: boolean;
}

export interface Group {
  groupId: string;
  displayName: string;
  externalId?: string;
  /** User ids. */
  members: string[];
}

export interface PermissionSet {
  id: string;
  name: string;
}

export interface Assignment {
  accountId: string;
  permissionSet: string;
  principalType: "USER" | "GROUP";
  principalId: string;
}

export interface TrailEvent {
  eventName: string;
  eventSource: string;
  /** ISO 8601. */
  eventTime: string;
  errorCode?: string;
  errorMessage?: string;
  userName?: string;
}

/** An assignment under way: it is asked about so many times before it ends. */
export interface AssignmentRequest {
  requestId: string;
  kind: "creation" | "deletion";
  assignment: Assignment;
  pollsLeft: number;
  failure: string | null;
}

export interface Directory {
  identityStoreId: string;
  managementAccountId: string;
  /** Whose signatures are taken, beside role credentials that the portal gave. */
  administrator: { accessKeyId: string; secretAccessKey: string };
  instances: Instance[];
  users: User[];
  groups: Group[];
  permissionSets: PermissionSet[];
  assignments: Assignment[];
  closedAccounts: string[];
  events: TrailEvent[];
  /** SCIM: the first part of the path, and the bearer tokens that are good. */
  tenant: string;
  tokens: string[];
  /** How often an assignment is found in progress, and with which reason it then fails; null lets it succeed. */
  assignmentPolls: number;
  assignmentFailure: string | null;
  requests: Map<string, AssignmentRequest>;
}

const user: Schema<User> = object(
  { userId: string, userName: string },
  {
    givenName: string,
    familyName: string,
    displayName: string,
    externalId: string,
    active: boolean,
  },
);
const group: Schema<Group> = object(
  { groupId: string, displayName: string, members: listOf(string) },
  { externalId: string },
);
const assignment: Schema<Assignment> = object(
  {
    accountId: string,
    permissionSet: string,
    principalType: oneOf("USER", "GROUP"),
    principalId: string,
  },
  {},
);

/** Fields that are given replace the ones before, lists as a whole. */
export const directoryInput = object(
  {},
  {
    identityStoreId: string,
    managementAccountId: string,
    administrator: object({ accessKeyId: string, secretAccessKey: string }, {}),
    instances: listOf(
      object(
        {
          id: string,
          ownerAccountId: string,
          status: oneOf("ACTIVE", "CREATE_IN_PROGRESS", "CREATE_FAILED", "DELETE_IN_PROGRESS"),
        },
        { statusReason: string },
      ),
    ),
    users: listOf(user),
    groups: listOf(group),
    permissionSets: listOf(object({ id: string, name: string }, {})),
    assignments: listOf(assignment),
    closedAccounts: listOf(string),
    events: listOf(
      object(
        { eventName: string, eventSource: string, eventTime: string },
        { errorCode: string, errorMessage: string, userName: string },
      ),
    ),
    tenant: string,
    tokens: listOf(string),
    assignmentPolls: integer(0),
    assignmentFailure: orNull(string),
  },
);

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

export function instanceArn(partition: string, id: string): string {
  return `arn:${partition}:sso:::instance/${id}`;
}

export function permissionSetArn(partition: string, instanceId: string, id: string): string {
  return `arn:${partition}:sso:::permissionSet/${instanceId}/${id}`;
}
