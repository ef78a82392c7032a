import { randomUUID } from "node:crypto";
import { buildPage, requireText, type AdminOperation, type Input } from "./answers.ts";
import {
  instanceArn,
  permissionSetArn,
  type Assignment,
  type AssignmentRequest,
  type Directory,
  type Instance,
  type PermissionSet,
} from "../state/directory.ts";
import { assign, unassign } from "../state/organization.ts";
import type { AdminRoute } from "../routes.ts";
import { refusal } from "../service-errors.ts";
import type { State } from "../state/state.ts";

/** sso-admin: strict where the widely used fake is lenient (duplicates, unknown ids), and asynchronous as the service is. */
export const instanceOperations: Record<AdminRoute<"sso">, AdminOperation> = {
  "sso:ListInstances": (state, input) =>
    buildPage(state, input, {
      Instances: state.directory.instances.map((instance) => instanceShape(state, instance)),
    }),
  "sso:ListPermissionSets": (state, input) => {
    requireInstance(state, input);
    return buildPage(state, input, {
      PermissionSets: state.directory.permissionSets.map(({ id }) => instanceArnOf(state, id)),
    });
  },
  "sso:DescribePermissionSet": (state, input) => {
    const { id, name } = requirePermissionSet(state, input);
    return {
      PermissionSet: {
        Name: name,
        PermissionSetArn: instanceArnOf(state, id),
        SessionDuration: "PT1H",
        CreatedDate: 1_700_000_000,
      },
    };
  },
  "sso:ListPermissionSetsProvisionedToAccount": (state, input) => {
    requireInstance(state, input);
    const accountId = requireText(input, "AccountId");
    const used = new Set(
      state.directory.assignments
        .filter((one) => one.accountId === accountId)
        .map(({ permissionSet }) => permissionSet),
    );
    return buildPage(state, input, {
      PermissionSets: [...used].map((id) => instanceArnOf(state, id)),
    });
  },
  "sso:ListAccountAssignments": (state, input) => {
    const { id } = requirePermissionSet(state, input);
    const accountId = requireText(input, "AccountId");
    const found = state.directory.assignments.filter(
      (one) => one.accountId === accountId && one.permissionSet === id,
    );
    return buildPage(state, input, {
      AccountAssignments: found.map((one) => assignmentShape(state, one)),
    });
  },
  "sso:ListAccountAssignmentsForPrincipal": (state, input) => {
    requireInstance(state, input);
    const found = state.directory.assignments.filter(
      ({ principalId, principalType }) =>
        principalId === input["PrincipalId"] && principalType === input["PrincipalType"],
    );
    return buildPage(state, input, {
      AccountAssignments: found.map((one) => assignmentShape(state, one)),
    });
  },
  "sso:CreateAccountAssignment": (state, input) => ({
    AccountAssignmentCreationStatus: statusShape(state, start(state, input, "creation")),
  }),
  "sso:DeleteAccountAssignment": (state, input) => ({
    AccountAssignmentDeletionStatus: statusShape(state, start(state, input, "deletion")),
  }),
  "sso:DescribeAccountAssignmentCreationStatus": (state, input) => ({
    AccountAssignmentCreationStatus: poll(state, input, "AccountAssignmentCreationRequestId"),
  }),
  "sso:DescribeAccountAssignmentDeletionStatus": (state, input) => ({
    AccountAssignmentDeletionStatus: poll(state, input, "AccountAssignmentDeletionRequestId"),
  }),
};

function instanceShape(
  { directory, settings }: State,
  { id, ownerAccountId, status, statusReason }: Instance,
): unknown {
  return {
    InstanceArn: instanceArn(settings.identity.partition, id),
    IdentityStoreId: directory.identityStoreId,
    OwnerAccountId: ownerAccountId,
    Status: status,
    StatusReason: statusReason,
    CreatedDate: 1_700_000_000,
  };
}

function requireInstance(state: State, input: Input): string {
  const arn = requireText(input, "InstanceArn");
  const found = state.directory.instances.find(
    ({ id }) => instanceArn(state.settings.identity.partition, id) === arn,
  );
  if (found === undefined)
    throw refusal("ResourceNotFoundException", `The instance ${arn} does not exist`);
  return found.id;
}

function instanceArnOf(state: State, id: string): string {
  return permissionSetArn(
    state.settings.identity.partition,
    state.directory.instances[0]?.id ?? "",
    id,
  );
}

function requirePermissionSet(state: State, input: Input): PermissionSet {
  requireInstance(state, input);
  const arn = requireText(input, "PermissionSetArn");
  const found = state.directory.permissionSets.find(({ id }) => instanceArnOf(state, id) === arn);
  if (found === undefined)
    throw refusal("ResourceNotFoundException", `The permission set ${arn} does not exist`);
  return found;
}

function assignmentShape(state: State, { accountId, ...grant }: Assignment): unknown {
  return { AccountId: accountId, ...grantShape(state, grant) };
}

function grantShape(
  state: State,
  { permissionSet, principalType, principalId }: Omit<Assignment, "accountId">,
): Record<string, unknown> {
  return {
    PermissionSetArn: instanceArnOf(state, permissionSet),
    PrincipalType: principalType,
    PrincipalId: principalId,
  };
}

function start(state: State, input: Input, kind: AssignmentRequest["kind"]): AssignmentRequest {
  const { directory, org } = state;
  const { id } = requirePermissionSet(state, input);
  const accountId = requireText(input, "TargetId");
  if (!org.accounts.has(accountId) && accountId !== directory.managementAccountId)
    throw refusal(
      "ResourceNotFoundException",
      `The account ${accountId} is not in this organization`,
    );
  const principalType = input["PrincipalType"] === "USER" ? "USER" : "GROUP";
  const principalId = requireText(input, "PrincipalId");
  const exists =
    principalType === "USER"
      ? directory.users.some(({ userId }) => userId === principalId)
      : directory.groups.some(({ groupId }) => groupId === principalId);
  if (kind === "creation" && !exists)
    throw refusal("ResourceNotFoundException", `The principal ${principalId} does not exist`);
  const assignment: Assignment = { accountId, permissionSet: id, principalType, principalId };
  refuseWhileBusy(directory, assignment);
  const request: AssignmentRequest = {
    requestId: randomUUID(),
    kind,
    assignment,
    pollsLeft: directory.assignmentPolls,
    failure: directory.assignmentFailure,
  };
  directory.requests.set(request.requestId, request);
  if (request.pollsLeft === 0) settle(state, request);
  return request;
}

function refuseWhileBusy(directory: Directory, assignment: Assignment): void {
  const busy = [...directory.requests.values()].some(
    (one) => one.pollsLeft > 0 && isSame(one.assignment, assignment),
  );
  if (busy)
    throw refusal("ConflictException", "Another operation on this assignment is in progress");
}

function poll(state: State, input: Input, idName: string): unknown {
  const request = state.directory.requests.get(requireText(input, idName));
  if (request === undefined) throw refusal("ResourceNotFoundException", "No such request");
  // The polls that are left are those that still find it in progress.
  const shape = statusShape(state, request);
  if (request.pollsLeft > 0) {
    request.pollsLeft -= 1;
    if (request.pollsLeft === 0) settle(state, request);
  }
  return shape;
}

function statusShape(state: State, request: AssignmentRequest): unknown {
  const { accountId, ...grant } = request.assignment;
  const outcome = request.failure === null ? "SUCCEEDED" : "FAILED";
  const status = request.pollsLeft > 0 ? "IN_PROGRESS" : outcome;
  return {
    Status: status,
    RequestId: request.requestId,
    FailureReason: status === "FAILED" ? request.failure : undefined,
    TargetId: accountId,
    TargetType: "AWS_ACCOUNT",
    ...grantShape(state, grant),
    CreatedDate: 1_700_000_000,
  };
}

/** What succeeded is seen at once by every listing, and by the portal where the person signed in is meant. */
function settle(state: State, { kind, assignment, failure }: AssignmentRequest): void {
  if (failure !== null) return;
  const { directory } = state;
  directory.assignments = directory.assignments.filter((one) => !isSame(one, assignment));
  if (kind === "creation") directory.assignments.push(assignment);
  const role = directory.permissionSets.find(({ id }) => id === assignment.permissionSet)?.name;
  if (role === undefined || !isForPerson(state, assignment)) return;
  if (kind === "creation") assign(state.org, assignment.accountId, role);
  else unassign(state.org, assignment.accountId, role);
}

function isForPerson(
  { directory, settings }: State,
  { principalType, principalId }: Assignment,
): boolean {
  const person = directory.users.find(
    ({ userName }) => userName === settings.identity.username,
  )?.userId;
  if (person === undefined) return false;
  return principalType === "USER"
    ? principalId === person
    : (directory.groups.find(({ groupId }) => groupId === principalId)?.members.includes(person) ??
        false);
}

function isSame(a: Assignment, b: Assignment): boolean {
  return (
    a.accountId === b.accountId &&
    a.permissionSet === b.permissionSet &&
    a.principalId === b.principalId &&
    a.principalType === b.principalType
  );
}
