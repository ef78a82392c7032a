import { buildPage, requireText, type AdminOperation, type Input } from "./answers.ts";
import type { Group, User } from "../state/directory.ts";
import { isRecord } from "../parse.ts";
import type { AdminRoute } from "../routes.ts";
import { refusal } from "../service-errors.ts";
import type { State } from "../state/state.ts";

/** identitystore: names are compared exactly, unknown ids refused, and where an entry came from is told. */
export const directoryOperations: Record<AdminRoute<"identitystore">, AdminOperation> = {
  "identitystore:GetUserId": (state, input) => {
    const name = parseUniqueAttribute(input, "userName");
    const { userId } = findUser(state, input, ({ userName }) => userName === name);
    return { UserId: userId, IdentityStoreId: state.directory.identityStoreId };
  },
  "identitystore:DescribeUser": (state, input) =>
    userShape(state, requireUser(state, input, requireText(input, "UserId"))),
  "identitystore:ListUsers": (state, input) =>
    buildPage(state, input, {
      Users: listUsers(state, input).map((user) => userShape(state, user)),
    }),
  "identitystore:GetGroupId": (state, input) => {
    const name = parseUniqueAttribute(input, "displayName");
    const { groupId } = findGroup(state, input, ({ displayName }) => displayName === name);
    return { GroupId: groupId, IdentityStoreId: state.directory.identityStoreId };
  },
  "identitystore:DescribeGroup": (state, input) =>
    groupShape(state, requireGroup(state, input, requireText(input, "GroupId"))),
  "identitystore:ListGroups": (state, input) =>
    buildPage(state, input, {
      Groups: listGroups(state, input).map((group) => groupShape(state, group)),
    }),
  "identitystore:IsMemberInGroups": (state, input) => {
    const { userId } = requireUser(state, input, parseMemberId(input));
    const ids = Array.isArray(input["GroupIds"]) ? input["GroupIds"] : [];
    if (ids.length === 0 || ids.length > 100)
      throw refusal("ValidationException", "GroupIds must be 1 to 100");
    return {
      Results: ids.map((id) => ({
        GroupId: String(id),
        MemberId: { UserId: userId },
        MembershipExists: requireGroup(state, input, String(id)).members.includes(userId),
      })),
    };
  },
  "identitystore:ListGroupMemberships": (state, input) => {
    const { groupId, members } = requireGroup(state, input, requireText(input, "GroupId"));
    return buildPage(state, input, {
      GroupMemberships: members.map((userId) => membershipShape(state, groupId, userId)),
    });
  },
  "identitystore:ListGroupMembershipsForMember": (state, input) => {
    const { userId } = requireUser(state, input, parseMemberId(input));
    const found = listGroups(state, input).filter(({ members }) => members.includes(userId));
    return buildPage(state, input, {
      GroupMemberships: found.map(({ groupId }) => membershipShape(state, groupId, userId)),
    });
  },
};

function requireStore({ directory }: State, input: Input): void {
  if (input["IdentityStoreId"] !== directory.identityStoreId)
    throw refusal("ResourceNotFoundException", "The identity store does not exist");
}

function listUsers(state: State, input: Input): User[] {
  requireStore(state, input);
  return state.directory.users;
}

function listGroups(state: State, input: Input): Group[] {
  requireStore(state, input);
  return state.directory.groups;
}

function findUser(state: State, input: Input, isMeant: (user: User) => boolean): User {
  const found = listUsers(state, input).find(isMeant);
  if (found === undefined) throw refusal("ResourceNotFoundException", "USER not found.");
  return found;
}

function findGroup(state: State, input: Input, isMeant: (group: Group) => boolean): Group {
  const found = listGroups(state, input).find(isMeant);
  if (found === undefined) throw refusal("ResourceNotFoundException", "GROUP not found.");
  return found;
}

function requireUser(state: State, input: Input, id: string): User {
  return findUser(state, input, ({ userId }) => userId === id);
}

function requireGroup(state: State, input: Input, id: string): Group {
  return findGroup(state, input, ({ groupId }) => groupId === id);
}

function parseMemberId(input: Input): string {
  const member = input["MemberId"];
  if (!isRecord(member)) throw refusal("ValidationException", "MemberId is missing");
  return requireText(member, "UserId");
}

function parseUniqueAttribute(input: Input, path: string): string {
  const identifier = input["AlternateIdentifier"];
  const attribute = isRecord(identifier) ? identifier["UniqueAttribute"] : undefined;
  if (!isRecord(attribute) || attribute["AttributePath"] !== path)
    throw refusal("ValidationException", `Only the attribute path ${path} is unique here`);
  return requireText(attribute, "AttributeValue");
}

function toExternalIds(id: string | undefined): unknown {
  return id && [{ Issuer: "https://identity-provider.example.com", Id: id }];
}

/** Members that are undefined are absent on the wire: JSON leaves them out. */
function userShape(
  { directory }: State,
  { userId, userName, givenName, familyName, displayName, externalId, active }: User,
): Record<string, unknown> {
  return {
    IdentityStoreId: directory.identityStoreId,
    UserId: userId,
    UserName: userName,
    Name: { GivenName: givenName, FamilyName: familyName },
    DisplayName: displayName,
    ExternalIds: toExternalIds(externalId),
    UserStatus: active === false ? "DISABLED" : "ENABLED",
  };
}

function groupShape(
  { directory }: State,
  { groupId, displayName, externalId }: Group,
): Record<string, unknown> {
  return {
    IdentityStoreId: directory.identityStoreId,
    GroupId: groupId,
    DisplayName: displayName,
    ExternalIds: toExternalIds(externalId),
  };
}

function membershipShape(
  { directory }: State,
  groupId: string,
  userId: string,
): Record<string, unknown> {
  return {
    IdentityStoreId: directory.identityStoreId,
    MembershipId: `${groupId}-${userId}`,
    GroupId: groupId,
    MemberId: { UserId: userId },
  };
}
