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
  idInArn,
  type Assignment,
  type AssignmentStatus,
  type Instance,
  type Principal,
} from "./identity-center.ts";
import { readText } from "../../text/json.ts";
import { isAccountId } from "../../model/role.ts";
import { LatchkeyError } from "../../errors.ts";
import {
  createAdminClient,
  answerOrNothing,
  answerOrRefusal,
  collect,
  isRefused,
  fetchPages,
  type AdminConnection,
  type RefusedAnswer,
} from "./send.ts";
import type { CallOptions } from "../../aws/send.ts";

/** sso-admin: instances, permission sets and assignments. Lists are read to their end; nothing known is an empty one. */

const SERVICE = "IAM Identity Center";
const PAGE_SIZE = 100;
const client = createAdminClient((settings) => new SSOAdminClient(settings));

async function askOrNothing<T>(
  connection: AdminConnection,
  operation: string,
  call: (options: CallOptions) => Promise<T>,
): Promise<T | undefined> {
  return answerOrNothing(connection, SERVICE, `sso:${operation}`, call);
}

export async function listInstances(connection: AdminConnection): Promise<Instance[]> {
  return collect(
    fetchPages(SERVICE, async (token) => {
      const answer = await askOrNothing(connection, "ListInstances", (options) =>
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
                  id: idInArn(InstanceArn),
                  identityStoreId: IdentityStoreId,
                  ownerAccountId: readText(OwnerAccountId),
                  status: Status ?? "ACTIVE",
                  statusReason: readText(StatusReason),
                },
              ],
      );
      return { items, nextToken: readText(answer?.NextToken) };
    }),
  );
}

/** ARNs, page by page. */
export function fetchPermissionSetPages(
  connection: AdminConnection,
  instanceArn: string,
): AsyncGenerator<readonly string[]> {
  return fetchPages(SERVICE, async (token) => {
    const answer = await askOrNothing(connection, "ListPermissionSets", (options) =>
      client(connection).send(
        new ListPermissionSetsCommand({
          InstanceArn: instanceArn,
          MaxResults: PAGE_SIZE,
          ...token,
        }),
        options,
      ),
    );
    return { items: answer?.PermissionSets ?? [], nextToken: readText(answer?.NextToken) };
  });
}

/** ARNs of the permission sets that are in use on the account. */
export async function listProvisionedPermissionSets(
  connection: AdminConnection,
  instanceArn: string,
  accountId: string,
): Promise<string[]> {
  return collect(
    fetchPages(SERVICE, async (token) => {
      const input = {
        InstanceArn: instanceArn,
        AccountId: accountId,
        MaxResults: PAGE_SIZE,
        ...token,
      };
      const answer = await askOrNothing(
        connection,
        "ListPermissionSetsProvisionedToAccount",
        (options) =>
          client(connection).send(
            new ListPermissionSetsProvisionedToAccountCommand(input),
            options,
          ),
      );
      return { items: answer?.PermissionSets ?? [], nextToken: readText(answer?.NextToken) };
    }),
  );
}

export async function fetchPermissionSetName(
  connection: AdminConnection,
  instanceArn: string,
  permissionSetArn: string,
): Promise<string | undefined> {
  const answer = await askOrNothing(connection, "DescribePermissionSet", (options) =>
    client(connection).send(
      new DescribePermissionSetCommand({
        InstanceArn: instanceArn,
        PermissionSetArn: permissionSetArn,
      }),
      options,
    ),
  );
  return readText(answer?.PermissionSet?.Name);
}

export async function listAssignments(
  connection: AdminConnection,
  instanceArn: string,
  accountId: string,
  permissionSetArn: string,
): Promise<Assignment[]> {
  return collect(
    fetchPages(SERVICE, async (token) => {
      const input = {
        InstanceArn: instanceArn,
        AccountId: accountId,
        PermissionSetArn: permissionSetArn,
        MaxResults: PAGE_SIZE,
        ...token,
      };
      const answer = await askOrNothing(connection, "ListAccountAssignments", (options) =>
        client(connection).send(new ListAccountAssignmentsCommand(input), options),
      );
      return {
        items: (answer?.AccountAssignments ?? []).flatMap(toAssignments),
        nextToken: readText(answer?.NextToken),
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
  return collect(
    fetchPages(SERVICE, async (token) => {
      const input = {
        InstanceArn: instanceArn,
        PrincipalId: principal.id,
        PrincipalType: principal.type,
        MaxResults: PAGE_SIZE,
        ...token,
      };
      const answer = await askOrNothing(
        connection,
        "ListAccountAssignmentsForPrincipal",
        (options) =>
          client(connection).send(new ListAccountAssignmentsForPrincipalCommand(input), options),
      );
      return {
        items: (answer?.AccountAssignments ?? []).flatMap(toAssignments),
        nextToken: readText(answer?.NextToken),
      };
    }),
  );
}

function toAssignments(item: {
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
): Promise<AssignmentStatus | RefusedAnswer> {
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
    return isRefused(answer) ? answer : toStatus(answer.AccountAssignmentCreationStatus);
  }
  const answer = await answerOrRefusal(
    connection,
    SERVICE,
    "sso:DeleteAccountAssignment",
    (options) => client(connection).send(new DeleteAccountAssignmentCommand(input), options),
  );
  return isRefused(answer) ? answer : toStatus(answer.AccountAssignmentDeletionStatus);
}

export async function fetchAssignmentStatus(
  connection: AdminConnection,
  change: AssignmentChange,
  instanceArn: string,
  requestId: string,
): Promise<AssignmentStatus> {
  if (change === "create") {
    const input = { InstanceArn: instanceArn, AccountAssignmentCreationRequestId: requestId };
    const answer = await askOrNothing(
      connection,
      "DescribeAccountAssignmentCreationStatus",
      (options) =>
        client(connection).send(new DescribeAccountAssignmentCreationStatusCommand(input), options),
    );
    return toStatus(answer?.AccountAssignmentCreationStatus);
  }
  const input = { InstanceArn: instanceArn, AccountAssignmentDeletionRequestId: requestId };
  const answer = await askOrNothing(
    connection,
    "DescribeAccountAssignmentDeletionStatus",
    (options) =>
      client(connection).send(new DescribeAccountAssignmentDeletionStatusCommand(input), options),
  );
  return toStatus(answer?.AccountAssignmentDeletionStatus);
}

function toStatus(status: AccountAssignmentOperationStatus | undefined): AssignmentStatus {
  const requestId = readText(status?.RequestId);
  const word = status?.Status;
  if (
    requestId === undefined ||
    (word !== "IN_PROGRESS" && word !== "SUCCEEDED" && word !== "FAILED")
  )
    throw new LatchkeyError("BAD_RESPONSE", `${SERVICE} did not say how the assignment stands.`);
  return { status: word, requestId, failureReason: readText(status?.FailureReason) };
}
