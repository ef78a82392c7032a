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
import { missingNames, type DirectoryGroup, type DirectoryUser } from "./identity-center.ts";
import { textOrUndefined } from "../../text/json.ts";
import { LatchkeyError } from "../../errors.ts";
import { adminClient, answerOrNothing, collected, pagesOf, type AdminConnection } from "./send.ts";
import type { CallOptions } from "../../aws/send.ts";

/** identitystore: users, groups and memberships of one identity store. */

const SERVICE = "Identity Store";
const PAGE_SIZE = 100;
const client = adminClient((settings) => new IdentitystoreClient(settings));

async function asked<T>(
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
  const found = await asked(connection, "GetUserId", (options) =>
    client(connection).send(
      new GetUserIdCommand({ IdentityStoreId: storeId, AlternateIdentifier }),
      options,
    ),
  );
  const id = textOrUndefined(found?.UserId);
  return id === undefined ? undefined : describeUser(connection, storeId, id);
}

async function describeUser(
  connection: AdminConnection,
  storeId: string,
  userId: string,
): Promise<DirectoryUser | undefined> {
  const user = await asked(connection, "DescribeUser", (options) =>
    client(connection).send(
      new DescribeUserCommand({ IdentityStoreId: storeId, UserId: userId }),
      options,
    ),
  );
  return user === undefined ? undefined : userOf(user)[0];
}

export async function findGroup(
  connection: AdminConnection,
  storeId: string,
  displayName: string,
): Promise<DirectoryGroup | undefined> {
  const AlternateIdentifier = {
    UniqueAttribute: { AttributePath: "displayName", AttributeValue: displayName },
  };
  const found = await asked(connection, "GetGroupId", (options) =>
    client(connection).send(
      new GetGroupIdCommand({ IdentityStoreId: storeId, AlternateIdentifier }),
      options,
    ),
  );
  const id = textOrUndefined(found?.GroupId);
  return id === undefined ? undefined : describeGroup(connection, storeId, id);
}

export async function describeGroup(
  connection: AdminConnection,
  storeId: string,
  groupId: string,
): Promise<DirectoryGroup | undefined> {
  const group = await asked(connection, "DescribeGroup", (options) =>
    client(connection).send(
      new DescribeGroupCommand({ IdentityStoreId: storeId, GroupId: groupId }),
      options,
    ),
  );
  return group === undefined ? undefined : groupOf(group)[0];
}

export function userPages(
  connection: AdminConnection,
  storeId: string,
): AsyncGenerator<readonly DirectoryUser[]> {
  return pagesOf(SERVICE, async (token) => {
    const answer = await asked(connection, "ListUsers", (options) =>
      client(connection).send(
        new ListUsersCommand({ IdentityStoreId: storeId, MaxResults: PAGE_SIZE, ...token }),
        options,
      ),
    );
    return {
      items: (answer?.Users ?? []).flatMap(userOf),
      nextToken: textOrUndefined(answer?.NextToken),
    };
  });
}

export function groupPages(
  connection: AdminConnection,
  storeId: string,
): AsyncGenerator<readonly DirectoryGroup[]> {
  return pagesOf(SERVICE, async (token) => {
    const answer = await asked(connection, "ListGroups", (options) =>
      client(connection).send(
        new ListGroupsCommand({ IdentityStoreId: storeId, MaxResults: PAGE_SIZE, ...token }),
        options,
      ),
    );
    return {
      items: (answer?.Groups ?? []).flatMap(groupOf),
      nextToken: textOrUndefined(answer?.NextToken),
    };
  });
}

/** Ids of a group's users, page by page; none for a group that is gone. */
export function memberPages(
  connection: AdminConnection,
  storeId: string,
  groupId: string,
): AsyncGenerator<readonly string[]> {
  return pagesOf(SERVICE, async (token) => {
    const input = { IdentityStoreId: storeId, GroupId: groupId, MaxResults: PAGE_SIZE, ...token };
    const answer = await asked(connection, "ListGroupMemberships", (options) =>
      client(connection).send(new ListGroupMembershipsCommand(input), options),
    );
    return {
      items: (answer?.GroupMemberships ?? []).flatMap(
        ({ MemberId }) => textOrUndefined(MemberId?.UserId) ?? [],
      ),
      nextToken: textOrUndefined(answer?.NextToken),
    };
  });
}

/** Ids of the groups that a user is in. */
export async function groupsOfUser(
  connection: AdminConnection,
  storeId: string,
  userId: string,
): Promise<string[]> {
  return collected(
    pagesOf(SERVICE, async (token) => {
      const input = {
        IdentityStoreId: storeId,
        MemberId: { UserId: userId },
        MaxResults: PAGE_SIZE,
        ...token,
      };
      const answer = await asked(connection, "ListGroupMembershipsForMember", (options) =>
        client(connection).send(new ListGroupMembershipsForMemberCommand(input), options),
      );
      return {
        items: (answer?.GroupMemberships ?? []).flatMap(
          ({ GroupId }) => textOrUndefined(GroupId) ?? [],
        ),
        nextToken: textOrUndefined(answer?.NextToken),
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
    const answer = await asked(connection, "IsMemberInGroups", (options) =>
      client(connection).send(new IsMemberInGroupsCommand(input), options),
    );
    return (
      answer?.Results?.some(
        ({ GroupId, MembershipExists }) => GroupId === groupId && MembershipExists === true,
      ) ?? false
    );
  } catch (thrown) {
    if (
      !(thrown instanceof LatchkeyError) ||
      (thrown.code !== "ACCESS_DENIED" && thrown.code !== "BAD_RESPONSE")
    )
      throw thrown;
    return (await groupsOfUser(connection, storeId, userId)).includes(groupId);
  }
}

function userOf({
  UserId,
  UserName,
  UserStatus,
  ExternalIds,
  Name,
  DisplayName,
}: Partial<User>): DirectoryUser[] {
  if (UserId === undefined || UserName === undefined) return [];
  const missing = missingNames({
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

function groupOf({ GroupId, DisplayName, ExternalIds }: Partial<Group>): DirectoryGroup[] {
  if (GroupId === undefined) return [];
  return [
    {
      id: GroupId,
      displayName: DisplayName ?? GroupId,
      isProvisioned: (ExternalIds ?? []).length > 0,
    },
  ];
}
