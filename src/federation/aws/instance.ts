import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  DescribePermissionSetCommand,
  ListAccountAssignmentsCommand,
  ListAccountAssignmentsForPrincipalCommand,
  ListInstancesCommand,
  ListPermissionSetsCommand,
  ListPermissionSetsProvisionedToAccountCommand,
  SSOAdminClient,
} from "@aws-sdk/client-sso-admin";
import {
  memberError,
  readEach,
  readMember,
  readTexts,
  requireText,
  type Answer,
} from "../../text/answer.ts";
import { readText, type PlainRecord } from "../../text/json.ts";
import { isAccountId } from "../../model/role.ts";
import { LatchkeyError } from "../../errors.ts";
import {
  idInArn,
  type Assignment,
  type AssignmentStatus,
  type Instance,
  type Principal,
} from "./identity-center.ts";
import { createAdminService, isRefused, type Administrator, type RefusedAnswer } from "./send.ts";
import { collect } from "./sequences.ts";

/**
 * Reads and changes instances, permission sets and assignments (service `sso-admin`).
 * Functions that list read all pages. If a resource does not exist, its list is empty.
 */

const { ask, askOrRefused, listPages } = createAdminService({
  endpoint: "SSO_ADMIN",
  name: "IAM Identity Center",
  prefix: "sso",
  pageSize: 100,
  makeClient: (settings) => new SSOAdminClient(settings),
});

export async function listInstances(admin: Administrator): Promise<Instance[]> {
  const pages = listPages(admin, ListInstancesCommand, {}, (answer) =>
    readEach(answer, "Instances", (instance) => toInstances(admin, instance)),
  );
  return collect(pages);
}

function toInstances(admin: Administrator, instance: PlainRecord): Instance[] {
  const arn = readText(instance["InstanceArn"]);
  const identityStoreId = readText(instance["IdentityStoreId"]);
  if (arn === undefined || identityStoreId === undefined) return [];
  return [
    {
      admin,
      arn,
      id: idInArn(arn),
      identityStoreId,
      ownerAccountId: readText(instance["OwnerAccountId"]),
      status: readText(instance["Status"]) ?? "ACTIVE",
      statusReason: readText(instance["StatusReason"]),
    },
  ];
}

/** Yields the ARNs of the permission sets page by page. */
export function fetchPermissionSetPages(instance: Instance): AsyncGenerator<readonly string[]> {
  const { admin, arn: InstanceArn } = instance;
  return listPages(admin, ListPermissionSetsCommand, { InstanceArn }, toPermissionSets);
}

/** Returns the ARNs of the permission sets that are in use on the account. */
export async function listProvisionedPermissionSets(
  { admin, arn: InstanceArn }: Instance,
  AccountId: string,
): Promise<string[]> {
  const Command = ListPermissionSetsProvisionedToAccountCommand;
  return collect(listPages(admin, Command, { InstanceArn, AccountId }, toPermissionSets));
}

function toPermissionSets(answer: Answer): string[] {
  return readTexts(answer, "PermissionSets");
}

export async function fetchPermissionSetName(
  { admin, arn: InstanceArn }: Instance,
  PermissionSetArn: string,
): Promise<string | undefined> {
  const command = new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn });
  const answer = await ask(admin, command);
  return answer && requireText(answer, "PermissionSet.Name");
}

export async function listAssignments(
  { admin, arn: InstanceArn }: Instance,
  AccountId: string,
  PermissionSetArn: string,
): Promise<Assignment[]> {
  const input = { InstanceArn, AccountId, PermissionSetArn };
  return collect(listPages(admin, ListAccountAssignmentsCommand, input, toAssignments));
}

/** Returns the assignments of this principal, without those of a user's groups. Allowed only in the management account. */
export async function listAssignmentsFor(
  { admin, arn: InstanceArn }: Instance,
  { id: PrincipalId, type: PrincipalType }: Principal,
): Promise<Assignment[]> {
  const input = { InstanceArn, PrincipalId, PrincipalType };
  return collect(listPages(admin, ListAccountAssignmentsForPrincipalCommand, input, toAssignments));
}

function toAssignments(answer: Answer): Assignment[] {
  return readEach(answer, "AccountAssignments", (assignment) => {
    const accountId = readText(assignment["AccountId"]) ?? "";
    const permissionSetArn = readText(assignment["PermissionSetArn"]);
    const id = readText(assignment["PrincipalId"]);
    if (!isAccountId(accountId) || permissionSetArn === undefined || id === undefined) return [];
    const type = assignment["PrincipalType"] === "USER" ? ("USER" as const) : ("GROUP" as const);
    return [{ accountId, permissionSetArn, principal: { type, id } }];
  });
}

/** The commands of each change, and the key of their responses that contains the status. */
const CHANGES = {
  create: {
    Start: CreateAccountAssignmentCommand,
    describe: (input: { InstanceArn: string }, AccountAssignmentCreationRequestId: string) =>
      new DescribeAccountAssignmentCreationStatusCommand({
        ...input,
        AccountAssignmentCreationRequestId,
      }),
    status: "AccountAssignmentCreationStatus",
  },
  delete: {
    Start: DeleteAccountAssignmentCommand,
    describe: (input: { InstanceArn: string }, AccountAssignmentDeletionRequestId: string) =>
      new DescribeAccountAssignmentDeletionStatusCommand({
        ...input,
        AccountAssignmentDeletionRequestId,
      }),
    status: "AccountAssignmentDeletionStatus",
  },
} as const;

export type AssignmentChange = keyof typeof CHANGES;

/** Starts the change and returns while it is still in progress. */
export async function startAssignment(
  { admin, arn: InstanceArn }: Instance,
  change: AssignmentChange,
  { accountId, permissionSetArn, principal }: Assignment,
): Promise<AssignmentStatus | RefusedAnswer> {
  const command = new CHANGES[change].Start({
    InstanceArn,
    TargetId: accountId,
    TargetType: "AWS_ACCOUNT",
    PermissionSetArn: permissionSetArn,
    PrincipalType: principal.type,
    PrincipalId: principal.id,
  });
  const answer = await askOrRefused(admin, command);
  return isRefused(answer) ? answer : toStatus(answer, change);
}

export async function fetchAssignmentStatus(
  { admin, arn: InstanceArn }: Instance,
  change: AssignmentChange,
  requestId: string,
): Promise<AssignmentStatus> {
  const answer = await ask(admin, CHANGES[change].describe({ InstanceArn }, requestId));
  if (answer !== undefined) return toStatus(answer, change);
  throw new LatchkeyError(
    "BAD_RESPONSE",
    "IAM Identity Center has no record of this assignment request.",
    { hint: "See if the assignment exists: latchkey federation access" },
  );
}

const STATUSES = ["IN_PROGRESS", "SUCCEEDED", "FAILED"] as const;

function toStatus(answer: Answer, change: AssignmentChange): AssignmentStatus {
  const member = CHANGES[change].status;
  const status = STATUSES.find((word) => word === readMember(answer, `${member}.Status`));
  if (status === undefined) throw memberError(answer, `${member}.Status`);
  return {
    status,
    requestId: requireText(answer, `${member}.RequestId`),
    failureReason: readText(readMember(answer, `${member}.FailureReason`)),
  };
}
