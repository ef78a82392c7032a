import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { buildPage, notFound, requireText, type AdminOperation, type Input } from "./answers.ts";
import type { Assignment, AssignmentRequest, PermissionSet } from "../state/directory.ts";
import { assign, unassign } from "../state/organization.ts";
import type { AdminRoute } from "../routes.ts";
import { refusal } from "../service-errors.ts";
import type { State } from "../state/state.ts";

/** Service `sso-admin`: stricter than common fakes (duplicates, unknown ids), and asynchronous like the real service. */
export const instanceOperations: Record<AdminRoute<"sso">, AdminOperation> = {
  "sso:ListInstances": (state, input) => {
    const { instances, identityStoreId } = state.directory;
    return buildPage(state, input, {
      instances: instances.map(({ id, ...instance }) => ({
        instanceArn: formatInstanceArn(state, id),
        identityStoreId,
        ...instance,
        createdDate: CREATED_DATE,
      })),
    });
  },
  "sso:ListPermissionSets": (state, input) => {
    requireInstance(state, input);
    const ids = state.directory.permissionSets.map(({ id }) => id);
    return listPermissionSets(state, input, ids);
  },
  "sso:DescribePermissionSet": (state, input) => {
    const { id, name } = requirePermissionSet(state, input);
    const permissionSetArn = formatSetArn(state, id);
    return {
      permissionSet: {
        name,
        permissionSetArn,
        sessionDuration: "PT1H",
        createdDate: CREATED_DATE,
      },
    };
  },
  "sso:ListPermissionSetsProvisionedToAccount": (state, input) => {
    requireInstance(state, input);
    const accountId = requireText(input, "AccountId");
    const there = state.directory.assignments.filter((one) => one.accountId === accountId);
    const ids = new Set(there.map(({ permissionSet }) => permissionSet));
    return listPermissionSets(state, input, [...ids]);
  },
  "sso:ListAccountAssignments": (state, input) => {
    const { id } = requirePermissionSet(state, input);
    const accountId = requireText(input, "AccountId");
    return listAssignments(
      state,
      input,
      (one) => one.accountId === accountId && one.permissionSet === id,
    );
  },
  "sso:ListAccountAssignmentsForPrincipal": (state, input) =>
    listAssignments(
      state,
      input,
      ({ principalId, principalType }) =>
        principalId === input["PrincipalId"] && principalType === input["PrincipalType"],
    ),
  "sso:CreateAccountAssignment": (state, input) => ({
    accountAssignmentCreationStatus: statusShape(state, start(state, input, "creation")),
  }),
  "sso:DeleteAccountAssignment": (state, input) => ({
    accountAssignmentDeletionStatus: statusShape(state, start(state, input, "deletion")),
  }),
  "sso:DescribeAccountAssignmentCreationStatus": (state, input) => ({
    accountAssignmentCreationStatus: poll(state, input, "AccountAssignmentCreationRequestId"),
  }),
  "sso:DescribeAccountAssignmentDeletionStatus": (state, input) => ({
    accountAssignmentDeletionStatus: poll(state, input, "AccountAssignmentDeletionRequestId"),
  }),
};

const CREATED_DATE = 1_700_000_000;

function formatInstanceArn({ settings }: State, id: string): string {
  return `arn:${settings.identity.partition}:sso:::instance/${id}`;
}

function formatSetArn({ directory, settings }: State, permissionSet: string): string {
  const instance = directory.instances[0]?.id ?? "";
  return `arn:${settings.identity.partition}:sso:::permissionSet/${instance}/${permissionSet}`;
}

function requireInstance(state: State, input: Input): void {
  const arn = requireText(input, "InstanceArn");
  if (!state.directory.instances.some(({ id }) => formatInstanceArn(state, id) === arn))
    throw notFound(`The instance ${arn} does not exist`);
}

function requirePermissionSet(state: State, input: Input): PermissionSet {
  requireInstance(state, input);
  const arn = requireText(input, "PermissionSetArn");
  const found = state.directory.permissionSets.find(({ id }) => formatSetArn(state, id) === arn);
  if (found === undefined) throw notFound(`The permission set ${arn} does not exist`);
  return found;
}

function listPermissionSets(state: State, input: Input, ids: readonly string[]): unknown {
  return buildPage(state, input, { permissionSets: ids.map((id) => formatSetArn(state, id)) });
}

function listAssignments(
  state: State,
  input: Input,
  isMeant: (assignment: Assignment) => boolean,
): unknown {
  requireInstance(state, input);
  const found = state.directory.assignments.filter(isMeant);
  return buildPage(state, input, {
    accountAssignments: found.map((one) => ({
      accountId: one.accountId,
      ...grantShape(state, one),
    })),
  });
}

function grantShape(state: State, { permissionSet, principalType, principalId }: Assignment) {
  return { permissionSetArn: formatSetArn(state, permissionSet), principalType, principalId };
}

function start(state: State, input: Input, kind: AssignmentRequest["kind"]): AssignmentRequest {
  const { directory, org } = state;
  const { id: permissionSet } = requirePermissionSet(state, input);
  const accountId = requireText(input, "TargetId");
  if (!org.accounts.has(accountId) && accountId !== directory.managementAccountId)
    throw notFound(`The account ${accountId} is not in this organization`);
  const principalType = input["PrincipalType"] === "USER" ? "USER" : "GROUP";
  const principalId = requireText(input, "PrincipalId");
  const exists =
    principalType === "USER"
      ? directory.users.some(({ userId }) => userId === principalId)
      : directory.groups.some(({ groupId }) => groupId === principalId);
  if (kind === "creation" && !exists) throw notFound(`The principal ${principalId} does not exist`);
  const assignment: Assignment = { accountId, permissionSet, principalType, principalId };
  const isBusy = [...directory.requests.values()].some(
    (one) => one.pollsLeft > 0 && isDeepStrictEqual(one.assignment, assignment),
  );
  if (isBusy)
    throw refusal("ConflictException", "Another operation on this assignment is in progress");
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

function poll(state: State, input: Input, idName: string): unknown {
  const request = state.directory.requests.get(requireText(input, idName));
  if (request === undefined) throw notFound("No such request");
  // `pollsLeft` is the number of polls that still answer IN_PROGRESS, so the answer is built before it is reduced.
  const shape = statusShape(state, request);
  if (request.pollsLeft > 0) {
    request.pollsLeft -= 1;
    if (request.pollsLeft === 0) settle(state, request);
  }
  return shape;
}

function statusShape(state: State, request: AssignmentRequest): unknown {
  const outcome = request.failure === null ? "SUCCEEDED" : "FAILED";
  const status = request.pollsLeft > 0 ? "IN_PROGRESS" : outcome;
  return {
    status,
    requestId: request.requestId,
    failureReason: status === "FAILED" ? request.failure : undefined,
    targetId: request.assignment.accountId,
    targetType: "AWS_ACCOUNT",
    ...grantShape(state, request.assignment),
    createdDate: CREATED_DATE,
  };
}

/** Applies a successful change to all listings, and to the portal if it is for the emulated user. */
function settle(state: State, { kind, assignment, failure }: AssignmentRequest): void {
  if (failure !== null) return;
  const { directory } = state;
  directory.assignments = directory.assignments.filter(
    (one) => !isDeepStrictEqual(one, assignment),
  );
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
  const { username } = settings.identity;
  const person = directory.users.find(({ userName }) => userName === username)?.userId;
  if (person === undefined) return false;
  if (principalType === "USER") return principalId === person;
  const group = directory.groups.find(({ groupId }) => groupId === principalId);
  return group?.members.includes(person) ?? false;
}
