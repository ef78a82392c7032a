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
  type AccountAssignmentOperationStatus,
} from "@aws-sdk/client-sso-admin";
import {
  lastPart,
  type Assignment,
  type AssignmentStatus,
  type Instance,
  type Principal,
} from "./identity-center.ts";
import { textOrUndefined } from "../../text/json.ts";
import { isAccountId } from "../../model/role.ts";
import { LatchkeyError } from "../../errors.ts";
import {
  adminClient,
  answerOrNothing,
  answerOrRefusal,
  collected,
  isRefused,
  pagesOf,
  type AdminConnection,
  type Refused,
} from "./send.ts";
import type { CallOptions } from "../../aws/send.ts";

/** sso-admin: instances, permission sets and assignments. Lists are read to their end; nothing known is an empty one. */

const SERVICE = "IAM Identity Center";
const PAGE_SIZE = 100;
const client = adminClient((settings) => new SSOAdminClient(settings));

async function asked<T>(
  connection: AdminConnection,
  operation: string,
  call: (options: CallOptions) => Promise<T>,
): Promise<T | undefined> {
  return answerOrNothing(connection, SERVICE, `sso:${operation}`, call);
}

export async function listInstances(connection: AdminConnection): Promise<Instance[]> {
  return collected(
    pagesOf(SERVICE, async (token) => {
      const answer = await asked(connection, "ListInstances", (options) =>
        client(connection).send(
          new ListInstancesCommand({ MaxResults: PAGE_SIZE, ...token }),
          options,
        ),
      );
      const items = (answer?.Instances ?? []).flatMap(
        ({ InstanceArn, IdentityStoreId, OwnerAccountId, Status, StatusReason }) =>
          InstanceArn === undefined || IdentityStoreId === undefined
            ? []
            : [
                {
                  arn: InstanceArn,
                  id: lastPart(InstanceArn),
                  identityStoreId: IdentityStoreId,
                  ownerAccountId: textOrUndefined(OwnerAccountId),
                  status: Status ?? "ACTIVE",
                  statusReason: textOrUndefined(StatusReason),
                },
              ],
      );
      return { items, nextToken: textOrUndefined(answer?.NextToken) };
    }),
  );
}

/** ARNs, page by page. */
export function permissionSetPages(
  connection: AdminConnection,
  instanceArn: string,
): AsyncGenerator<readonly string[]> {
  return pagesOf(SERVICE, async (token) => {
    const answer = await asked(connection, "ListPermissionSets", (options) =>
      client(connection).send(
        new ListPermissionSetsCommand({
          InstanceArn: instanceArn,
          MaxResults: PAGE_SIZE,
          ...token,
        }),
        options,
      ),
    );
    return { items: answer?.PermissionSets ?? [], nextToken: textOrUndefined(answer?.NextToken) };
  });
}

/** ARNs of the permission sets that are in use on the account. */
export async function provisionedPermissionSets(
  connection: AdminConnection,
  instanceArn: string,
  accountId: string,
): Promise<string[]> {
  return collected(
    pagesOf(SERVICE, async (token) => {
      const input = {
        InstanceArn: instanceArn,
        AccountId: accountId,
        MaxResults: PAGE_SIZE,
        ...token,
      };
      const answer = await asked(connection, "ListPermissionSetsProvisionedToAccount", (options) =>
        client(connection).send(new ListPermissionSetsProvisionedToAccountCommand(input), options),
      );
      return { items: answer?.PermissionSets ?? [], nextToken: textOrUndefined(answer?.NextToken) };
    }),
  );
}

export async function permissionSetName(
  connection: AdminConnection,
  instanceArn: string,
  permissionSetArn: string,
): Promise<string | undefined> {
  const answer = await asked(connection, "DescribePermissionSet", (options) =>
    client(connection).send(
      new DescribePermissionSetCommand({
        InstanceArn: instanceArn,
        PermissionSetArn: permissionSetArn,
      }),
      options,
    ),
  );
  return textOrUndefined(answer?.PermissionSet?.Name);
}

export async function listAssignments(
  connection: AdminConnection,
  instanceArn: string,
  accountId: string,
  permissionSetArn: string,
): Promise<Assignment[]> {
  return collected(
    pagesOf(SERVICE, async (token) => {
      const input = {
        InstanceArn: instanceArn,
        AccountId: accountId,
        PermissionSetArn: permissionSetArn,
        MaxResults: PAGE_SIZE,
        ...token,
      };
      const answer = await asked(connection, "ListAccountAssignments", (options) =>
        client(connection).send(new ListAccountAssignmentsCommand(input), options),
      );
      return {
        items: (answer?.AccountAssignments ?? []).flatMap(assignmentOf),
        nextToken: textOrUndefined(answer?.NextToken),
      };
    }),
  );
}

/** Of exactly this principal: what a user has through groups is theirs. Answered in the management account alone. */
export async function listAssignmentsFor(
  connection: AdminConnection,
  instanceArn: string,
  principal: Principal,
): Promise<Assignment[]> {
  return collected(
    pagesOf(SERVICE, async (token) => {
      const input = {
        InstanceArn: instanceArn,
        PrincipalId: principal.id,
        PrincipalType: principal.type,
        MaxResults: PAGE_SIZE,
        ...token,
      };
      const answer = await asked(connection, "ListAccountAssignmentsForPrincipal", (options) =>
        client(connection).send(new ListAccountAssignmentsForPrincipalCommand(input), options),
      );
      return {
        items: (answer?.AccountAssignments ?? []).flatMap(assignmentOf),
        nextToken: textOrUndefined(answer?.NextToken),
      };
    }),
  );
}

function assignmentOf(item: {
  AccountId?: string | undefined;
  PermissionSetArn?: string | undefined;
  PrincipalType?: string | undefined;
  PrincipalId?: string | undefined;
}): Assignment[] {
  const { AccountId, PermissionSetArn, PrincipalType, PrincipalId } = item;
  if (
    AccountId === undefined ||
    !isAccountId(AccountId) ||
    PermissionSetArn === undefined ||
    PrincipalId === undefined
  )
    return [];
  return [
    {
      accountId: AccountId,
      permissionSetArn: PermissionSetArn,
      principal: { type: PrincipalType === "USER" ? "USER" : "GROUP", id: PrincipalId },
    },
  ];
}

export type AssignmentChange = "create" | "delete";

/** Asks for the change; it is under way, not made, when this returns. */
export async function startAssignment(
  connection: AdminConnection,
  change: AssignmentChange,
  instanceArn: string,
  { accountId, permissionSetArn, principal }: Assignment,
): Promise<AssignmentStatus | Refused> {
  const input = {
    InstanceArn: instanceArn,
    TargetId: accountId,
    TargetType: "AWS_ACCOUNT" as const,
    PermissionSetArn: permissionSetArn,
    PrincipalType: principal.type,
    PrincipalId: principal.id,
  };
  if (change === "create") {
    const answer = await answerOrRefusal(
      connection,
      SERVICE,
      "sso:CreateAccountAssignment",
      (options) => client(connection).send(new CreateAccountAssignmentCommand(input), options),
    );
    return isRefused(answer) ? answer : statusOf(answer.AccountAssignmentCreationStatus);
  }
  const answer = await answerOrRefusal(
    connection,
    SERVICE,
    "sso:DeleteAccountAssignment",
    (options) => client(connection).send(new DeleteAccountAssignmentCommand(input), options),
  );
  return isRefused(answer) ? answer : statusOf(answer.AccountAssignmentDeletionStatus);
}

export async function assignmentStatus(
  connection: AdminConnection,
  change: AssignmentChange,
  instanceArn: string,
  requestId: string,
): Promise<AssignmentStatus> {
  if (change === "create") {
    const input = { InstanceArn: instanceArn, AccountAssignmentCreationRequestId: requestId };
    const answer = await asked(connection, "DescribeAccountAssignmentCreationStatus", (options) =>
      client(connection).send(new DescribeAccountAssignmentCreationStatusCommand(input), options),
    );
    return statusOf(answer?.AccountAssignmentCreationStatus);
  }
  const input = { InstanceArn: instanceArn, AccountAssignmentDeletionRequestId: requestId };
  const answer = await asked(connection, "DescribeAccountAssignmentDeletionStatus", (options) =>
    client(connection).send(new DescribeAccountAssignmentDeletionStatusCommand(input), options),
  );
  return statusOf(answer?.AccountAssignmentDeletionStatus);
}

function statusOf(status: AccountAssignmentOperationStatus | undefined): AssignmentStatus {
  const requestId = textOrUndefined(status?.RequestId);
  const word = status?.Status;
  if (
    requestId === undefined ||
    (word !== "IN_PROGRESS" && word !== "SUCCEEDED" && word !== "FAILED")
  )
    throw new LatchkeyError("BAD_RESPONSE", `${SERVICE} did not say how the assignment stands.`);
  return { status: word, requestId, failureReason: textOrUndefined(status?.FailureReason) };
}
