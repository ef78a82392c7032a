import { buildPage, notFound, requireText, type AdminOperation, type Input } from "./answers.ts";
import type { Directory, Group, User } from "../state/directory.ts";
import { isRecord } from "../parse.ts";
import type { AdminRoute } from "../routes.ts";
import { refusal } from "../service-errors.ts";
import type { State } from "../state/state.ts";

/** Service `identitystore`: compares names exactly, refuses unknown ids, and returns external ids. */
export const directoryOperations: Record<AdminRoute<"identitystore">, AdminOperation> = {
  "identitystore:GetUserId": (state, input) => {
    const name = parseUniqueAttribute(input, "userName");
    const { users, identityStoreId } = requireStore(state, input);
    const { userId } = find("USER", users, ({ userName }) => userName === name);
    return { userId, identityStoreId };
  },
  "identitystore:DescribeUser": (state, input) => {
    const id = requireText(input, "UserId");
    const store = requireStore(state, input);
    return userShape(store, findUser(store, id));
  },
  "identitystore:ListUsers": (state, input) => {
    const store = requireStore(state, input);
    return buildPage(state, input, { users: store.users.map((user) => userShape(store, user)) });
  },
  "identitystore:GetGroupId": (state, input) => {
    const name = parseUniqueAttribute(input, "displayName");
    const { groups, identityStoreId } = requireStore(state, input);
    const { groupId } = find("GROUP", groups, ({ displayName }) => displayName === name);
    return { groupId, identityStoreId };
  },
  "identitystore:DescribeGroup": (state, input) => {
    const id = requireText(input, "GroupId");
    const store = requireStore(state, input);
    return groupShape(store, findGroup(store, id));
  },
  "identitystore:ListGroups": (state, input) => {
    const store = requireStore(state, input);
    return buildPage(state, input, {
      groups: store.groups.map((group) => groupShape(store, group)),
    });
  },
  "identitystore:IsMemberInGroups": (state, input) => {
    const memberId = parseMemberId(input);
    const store = requireStore(state, input);
    const { userId } = findUser(store, memberId);
    const ids = Array.isArray(input["GroupIds"]) ? input["GroupIds"].map(String) : [];
    if (ids.length === 0 || ids.length > 100)
      throw refusal("ValidationException", "GroupIds must be 1 to 100");
    return {
      results: ids.map((groupId) => ({
        groupId,
        memberId: { userId },
        membershipExists: findGroup(store, groupId).members.includes(userId),
      })),
    };
  },
  "identitystore:ListGroupMemberships": (state, input) => {
    const id = requireText(input, "GroupId");
    const store = requireStore(state, input);
    const { groupId, members } = findGroup(store, id);
    return buildPage(state, input, {
      groupMemberships: members.map((userId) => membershipShape(store, groupId, userId)),
    });
  },
  "identitystore:ListGroupMembershipsForMember": (state, input) => {
    const memberId = parseMemberId(input);
    const store = requireStore(state, input);
    const { userId } = findUser(store, memberId);
    const found = store.groups.filter(({ members }) => members.includes(userId));
    return buildPage(state, input, {
      groupMemberships: found.map(({ groupId }) => membershipShape(store, groupId, userId)),
    });
  },
};

function requireStore({ directory }: State, input: Input): Directory {
  if (input["IdentityStoreId"] !== directory.identityStoreId)
    throw notFound("The identity store does not exist");
  return directory;
}

function find<T>(noun: string, all: readonly T[], isMeant: (one: T) => boolean): T {
  const found = all.find(isMeant);
  if (found === undefined) throw notFound(`${noun} not found.`);
  return found;
}

function findUser({ users }: Directory, id: string): User {
  return find("USER", users, ({ userId }) => userId === id);
}

function findGroup({ groups }: Directory, id: string): Group {
  return find("GROUP", groups, ({ groupId }) => groupId === id);
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
  return id && [{ issuer: "https://identity-provider.example.com", id }];
}

/** Members that are undefined are left out of the JSON. */
function userShape({ identityStoreId }: Directory, user: User): unknown {
  const { userId, userName, givenName, familyName, displayName } = user;
  return {
    identityStoreId,
    userId,
    userName,
    name: { givenName, familyName },
    displayName,
    externalIds: toExternalIds(user.externalId),
    userStatus: user.active === false ? "DISABLED" : "ENABLED",
  };
}

function groupShape({ identityStoreId }: Directory, group: Group): unknown {
  const { groupId, displayName, externalId } = group;
  return { identityStoreId, groupId, displayName, externalIds: toExternalIds(externalId) };
}

function membershipShape({ identityStoreId }: Directory, groupId: string, userId: string): unknown {
  return { identityStoreId, membershipId: `${groupId}-${userId}`, groupId, memberId: { userId } };
}
