import {
  DescribeGroupCommand,
  DescribeUserCommand,
  GetGroupIdCommand,
  GetUserIdCommand,
  IdentitystoreClient,
  IsMemberInGroupsCommand,
  ListGroupMembershipsCommand,
  ListGroupMembershipsForMemberCommand,
  ListGroupsCommand,
  ListUsersCommand,
  type Group,
  type User,
} from "@aws-sdk/client-identitystore";
import { listMissingNames, type DirectoryGroup, type DirectoryUser } from "./identity-center.ts";
import { readText } from "../../text/json.ts";
import { hasCode } from "../../errors.ts";
import {
  createAdminClient,
  answerOrNothing,
  collect,
  fetchPages,
  type AdminConnection,
} from "./send.ts";
import type { CallOptions } from "../../aws/send.ts";

/** identitystore: users, groups and memberships of one identity store. */

const SERVICE = "Identity Store";
const PAGE_SIZE = 100;
const client = createAdminClient((settings) => new IdentitystoreClient(settings));

async function askOrNothing<T>(
  connection: AdminConnection,
  operation: string,
  call: (options: CallOptions) => Promise<T>,
): Promise<T | undefined> {
  return answerOrNothing(connection, SERVICE, `identitystore:${operation}`, call);
}

export async function findUser(
  connection: AdminConnection,
  storeId: string,
  userName: string,
): Promise<DirectoryUser | undefined> {
  const AlternateIdentifier = {
    UniqueAttribute: { AttributePath: "userName", AttributeValue: userName },
  };
  const found = await askOrNothing(connection, "GetUserId", (options) =>
    client(connection).send(
      new GetUserIdCommand({ IdentityStoreId: storeId, AlternateIdentifier }),
      options,
    ),
  );
  const id = readText(found?.UserId);
  return id === undefined ? undefined : describeUser(connection, storeId, id);
}

async function describeUser(
  connection: AdminConnection,
  storeId: string,
  userId: string,
): Promise<DirectoryUser | undefined> {
  const user = await askOrNothing(connection, "DescribeUser", (options) =>
    client(connection).send(
      new DescribeUserCommand({ IdentityStoreId: storeId, UserId: userId }),
      options,
    ),
  );
  return user === undefined ? undefined : toUsers(user)[0];
}

export async function findGroup(
  connection: AdminConnection,
  storeId: string,
  displayName: string,
): Promise<DirectoryGroup | undefined> {
  const AlternateIdentifier = {
    UniqueAttribute: { AttributePath: "displayName", AttributeValue: displayName },
  };
  const found = await askOrNothing(connection, "GetGroupId", (options) =>
    client(connection).send(
      new GetGroupIdCommand({ IdentityStoreId: storeId, AlternateIdentifier }),
      options,
    ),
  );
  const id = readText(found?.GroupId);
  return id === undefined ? undefined : describeGroup(connection, storeId, id);
}

export async function describeGroup(
  connection: AdminConnection,
  storeId: string,
  groupId: string,
): Promise<DirectoryGroup | undefined> {
  const group = await askOrNothing(connection, "DescribeGroup", (options) =>
    client(connection).send(
      new DescribeGroupCommand({ IdentityStoreId: storeId, GroupId: groupId }),
      options,
    ),
  );
  return group === undefined ? undefined : toGroups(group)[0];
}

export function fetchUserPages(
  connection: AdminConnection,
  storeId: string,
): AsyncGenerator<readonly DirectoryUser[]> {
  return fetchPages(SERVICE, async (token) => {
    const answer = await askOrNothing(connection, "ListUsers", (options) =>
      client(connection).send(
        new ListUsersCommand({ IdentityStoreId: storeId, MaxResults: PAGE_SIZE, ...token }),
        options,
      ),
    );
    return {
      items: (answer?.Users ?? []).flatMap(toUsers),
      nextToken: readText(answer?.NextToken),
    };
  });
}

export function fetchGroupPages(
  connection: AdminConnection,
  storeId: string,
): AsyncGenerator<readonly DirectoryGroup[]> {
  return fetchPages(SERVICE, async (token) => {
    const answer = await askOrNothing(connection, "ListGroups", (options) =>
      client(connection).send(
        new ListGroupsCommand({ IdentityStoreId: storeId, MaxResults: PAGE_SIZE, ...token }),
        options,
      ),
    );
    return {
      items: (answer?.Groups ?? []).flatMap(toGroups),
      nextToken: readText(answer?.NextToken),
    };
  });
}

/** Ids of a group's users, page by page; none for a group that is gone. */
export function fetchMemberPages(
  connection: AdminConnection,
  storeId: string,
  groupId: string,
): AsyncGenerator<readonly string[]> {
  return fetchPages(SERVICE, async (token) => {
    const input = { IdentityStoreId: storeId, GroupId: groupId, MaxResults: PAGE_SIZE, ...token };
    const answer = await askOrNothing(connection, "ListGroupMemberships", (options) =>
      client(connection).send(new ListGroupMembershipsCommand(input), options),
    );
    return {
      items: (answer?.GroupMemberships ?? []).flatMap(
        ({ MemberId }) => readText(MemberId?.UserId) ?? [],
      ),
      nextToken: readText(answer?.NextToken),
    };
  });
}

/** Ids of the groups that a user is in. */
export async function listGroupsOfUser(
  connection: AdminConnection,
  storeId: string,
  userId: string,
): Promise<string[]> {
  return collect(
    fetchPages(SERVICE, async (token) => {
      const input = {
        IdentityStoreId: storeId,
        MemberId: { UserId: userId },
        MaxResults: PAGE_SIZE,
        ...token,
      };
      const answer = await askOrNothing(connection, "ListGroupMembershipsForMember", (options) =>
        client(connection).send(new ListGroupMembershipsForMemberCommand(input), options),
      );
      return {
        items: (answer?.GroupMemberships ?? []).flatMap(({ GroupId }) => readText(GroupId) ?? []),
        nextToken: readText(answer?.NextToken),
      };
    }),
  );
}

/** One question where it may be asked; an older policy, or a server that has not learned it, is asked the longer way. */
export async function isMember(
  connection: AdminConnection,
  storeId: string,
  userId: string,
  groupId: string,
): Promise<boolean> {
  try {
    const input = { IdentityStoreId: storeId, MemberId: { UserId: userId }, GroupIds: [groupId] };
    const answer = await askOrNothing(connection, "IsMemberInGroups", (options) =>
      client(connection).send(new IsMemberInGroupsCommand(input), options),
    );
    return (
      answer?.Results?.some(
        ({ GroupId, MembershipExists }) => GroupId === groupId && MembershipExists === true,
      ) ?? false
    );
  } catch (thrown) {
    if (!hasCode(thrown, "ACCESS_DENIED", "BAD_RESPONSE")) throw thrown;
    return (await listGroupsOfUser(connection, storeId, userId)).includes(groupId);
  }
}

function toUsers({
  UserId,
  UserName,
  UserStatus,
  ExternalIds,
  Name,
  DisplayName,
}: Partial<User>): DirectoryUser[] {
  if (UserId === undefined || UserName === undefined) return [];
  const missing = listMissingNames({
    "first name": Name?.GivenName,
    "last name": Name?.FamilyName,
    "display name": DisplayName,
  });
  return [
    {
      id: UserId,
      userName: UserName,
      isActive: UserStatus !== "DISABLED",
      isProvisioned: (ExternalIds ?? []).length > 0,
      missingNames: missing,
    },
  ];
}

function toGroups({ GroupId, DisplayName, ExternalIds }: Partial<Group>): DirectoryGroup[] {
  if (GroupId === undefined) return [];
  return [
    {
      id: GroupId,
      displayName: DisplayName ?? GroupId,
      isProvisioned: (ExternalIds ?? []).length > 0,
    },
  ];
}
