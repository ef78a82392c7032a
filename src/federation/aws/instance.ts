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
  readList,
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
import {
  askOrNothing,
  askOrRefused,
  collect,
  createAdminService,
  isRefused,
  listPages,
  type AdminConnection,
  type RefusedAnswer,
} from "./send.ts";

/** sso-admin: instances, permission sets and assignments. Lists are read to their end; nothing known is an empty one. */

const identityCenter = createAdminService(
  "IAM Identity Center",
  "sso",
  (settings) => new SSOAdminClient(settings),
);

const MaxResults = 100;

export async function listInstances(connection: AdminConnection): Promise<Instance[]> {
  const pages = listPages(
    identityCenter,
    connection,
    (page) => new ListInstancesCommand({ MaxResults, ...page }),
    (answer) => readList(answer, "Instances").flatMap(toInstances),
  );
  return collect(pages);
}

function toInstances(instance: PlainRecord): Instance[] {
  const arn = readText(instance["InstanceArn"]);
  const identityStoreId = readText(instance["IdentityStoreId"]);
  if (arn === undefined || identityStoreId === undefined) return [];
  return [
    {
      arn,
      id: idInArn(arn),
      identityStoreId,
      ownerAccountId: readText(instance["OwnerAccountId"]),
      status: readText(instance["Status"]) ?? "ACTIVE",
      statusReason: readText(instance["StatusReason"]),
    },
  ];
}

/** ARNs, page by page. */
export function fetchPermissionSetPages(
  connection: AdminConnection,
  InstanceArn: string,
): AsyncGenerator<readonly string[]> {
  return listPages(
    identityCenter,
    connection,
    (page) => new ListPermissionSetsCommand({ InstanceArn, MaxResults, ...page }),
    toPermissionSets,
  );
}

/** ARNs of the permission sets that are in use on the account. */
export async function listProvisionedPermissionSets(
  connection: AdminConnection,
  InstanceArn: string,
  AccountId: string,
): Promise<string[]> {
  const input = { InstanceArn, AccountId, MaxResults };
  const pages = listPages(
    identityCenter,
    connection,
    (page) => new ListPermissionSetsProvisionedToAccountCommand({ ...input, ...page }),
    toPermissionSets,
  );
  return collect(pages);
}

function toPermissionSets(answer: Answer): string[] {
  return readTexts(answer, "PermissionSets");
}

export async function fetchPermissionSetName(
  connection: AdminConnection,
  InstanceArn: string,
  PermissionSetArn: string,
): Promise<string | undefined> {
  const command = new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn });
  const answer = await askOrNothing(identityCenter, connection, command);
  return answer && readText(readMember(answer, "PermissionSet.Name"));
}

export async function listAssignments(
  connection: AdminConnection,
  InstanceArn: string,
  AccountId: string,
  PermissionSetArn: string,
): Promise<Assignment[]> {
  const input = { InstanceArn, AccountId, PermissionSetArn, MaxResults };
  const pages = listPages(
    identityCenter,
    connection,
    (page) => new ListAccountAssignmentsCommand({ ...input, ...page }),
    toAssignments,
  );
  return collect(pages);
}

/** Of exactly this principal: what a user has through groups is theirs. Answered in the management account alone. */
export async function listAssignmentsFor(
  connection: AdminConnection,
  InstanceArn: string,
  { id: PrincipalId, type: PrincipalType }: Principal,
): Promise<Assignment[]> {
  const input = { InstanceArn, PrincipalId, PrincipalType, MaxResults };
  const pages = listPages(
    identityCenter,
    connection,
    (page) => new ListAccountAssignmentsForPrincipalCommand({ ...input, ...page }),
    toAssignments,
  );
  return collect(pages);
}

function toAssignments(answer: Answer): Assignment[] {
  return readList(answer, "AccountAssignments").flatMap((assignment) => {
    const accountId = readText(assignment["AccountId"]) ?? "";
    const permissionSetArn = readText(assignment["PermissionSetArn"]);
    const id = readText(assignment["PrincipalId"]);
    if (!isAccountId(accountId) || permissionSetArn === undefined || id === undefined) return [];
    const type = assignment["PrincipalType"] === "USER" ? "USER" : "GROUP";
    return [{ accountId, permissionSetArn, principal: { type, id } }];
  });
}

export type AssignmentChange = "create" | "delete";

/** Asks for the change; it is under way, not made, when this returns. */
export async function startAssignment(
  connection: AdminConnection,
  change: AssignmentChange,
  InstanceArn: string,
  { accountId, permissionSetArn, principal }: Assignment,
): Promise<AssignmentStatus | RefusedAnswer> {
  const input = {
    InstanceArn,
    TargetId: accountId,
    TargetType: "AWS_ACCOUNT" as const,
    PermissionSetArn: permissionSetArn,
    PrincipalType: principal.type,
    PrincipalId: principal.id,
  };
  const command =
    change === "create"
      ? new CreateAccountAssignmentCommand(input)
      : new DeleteAccountAssignmentCommand(input);
  const answer = await askOrRefused(identityCenter, connection, command);
  return isRefused(answer) ? answer : toStatus(answer, change);
}

export async function fetchAssignmentStatus(
  connection: AdminConnection,
  change: AssignmentChange,
  InstanceArn: string,
  requestId: string,
): Promise<AssignmentStatus> {
  const command =
    change === "create"
      ? new DescribeAccountAssignmentCreationStatusCommand({
          InstanceArn,
          AccountAssignmentCreationRequestId: requestId,
        })
      : new DescribeAccountAssignmentDeletionStatusCommand({
          InstanceArn,
          AccountAssignmentDeletionRequestId: requestId,
        });
  const answer = await askOrNothing(identityCenter, connection, command);
  if (answer !== undefined) return toStatus(answer, change);
  throw new LatchkeyError(
    "BAD_RESPONSE",
    "IAM Identity Center does not know the assignment's request.",
  );
}

const STATUSES = ["IN_PROGRESS", "SUCCEEDED", "FAILED"] as const;

const STATUS_MEMBERS = {
  create: "AccountAssignmentCreationStatus",
  delete: "AccountAssignmentDeletionStatus",
} as const;

function toStatus(answer: Answer, change: AssignmentChange): AssignmentStatus {
  const member = STATUS_MEMBERS[change];
  const status = STATUSES.find((word) => word === readMember(answer, `${member}.Status`));
  if (status === undefined) throw memberError(answer, `${member}.Status`);
  return {
    status,
    requestId: requireText(answer, `${member}.RequestId`),
    failureReason: readText(readMember(answer, `${member}.FailureReason`)),
  };
}
