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
} from "@aws-sdk/client-identitystore";
import { readList, readMember } from "../../text/answer.ts";
import { readText, toRecord, type PlainRecord } from "../../text/json.ts";
import { hasCode } from "../../errors.ts";
import { listMissingNames, type DirectoryGroup, type DirectoryUser } from "./identity-center.ts";
import {
  askOrNothing,
  collect,
  createAdminService,
  listPages,
  type AdminConnection,
} from "./send.ts";

/** identitystore: users, groups and memberships of one identity store. */

const identityStore = createAdminService(
  "Identity Store",
  "identitystore",
  (settings) => new IdentitystoreClient(settings),
);

const MaxResults = 100;

export async function findUser(
  connection: AdminConnection,
  IdentityStoreId: string,
  userName: string,
): Promise<DirectoryUser | undefined> {
  const AlternateIdentifier = {
    UniqueAttribute: { AttributePath: "userName", AttributeValue: userName },
  };
  const command = new GetUserIdCommand({ IdentityStoreId, AlternateIdentifier });
  const found = await askOrNothing(identityStore, connection, command);
  const UserId = found && readText(readMember(found, "UserId"));
  if (UserId === undefined) return undefined;
  const details = new DescribeUserCommand({ IdentityStoreId, UserId });
  const user = await askOrNothing(identityStore, connection, details);
  return user && toUsers(toRecord(user.body))[0];
}

export async function findGroup(
  connection: AdminConnection,
  IdentityStoreId: string,
  displayName: string,
): Promise<DirectoryGroup | undefined> {
  const AlternateIdentifier = {
    UniqueAttribute: { AttributePath: "displayName", AttributeValue: displayName },
  };
  const command = new GetGroupIdCommand({ IdentityStoreId, AlternateIdentifier });
  const found = await askOrNothing(identityStore, connection, command);
  const groupId = found && readText(readMember(found, "GroupId"));
  return groupId === undefined ? undefined : describeGroup(connection, IdentityStoreId, groupId);
}

export async function describeGroup(
  connection: AdminConnection,
  IdentityStoreId: string,
  GroupId: string,
): Promise<DirectoryGroup | undefined> {
  const command = new DescribeGroupCommand({ IdentityStoreId, GroupId });
  const group = await askOrNothing(identityStore, connection, command);
  return group && toGroups(toRecord(group.body))[0];
}

export function fetchUserPages(
  connection: AdminConnection,
  IdentityStoreId: string,
): AsyncGenerator<readonly DirectoryUser[]> {
  return listPages(
    identityStore,
    connection,
    (page) => new ListUsersCommand({ IdentityStoreId, MaxResults, ...page }),
    (answer) => readList(answer, "Users").flatMap(toUsers),
  );
}

export function fetchGroupPages(
  connection: AdminConnection,
  IdentityStoreId: string,
): AsyncGenerator<readonly DirectoryGroup[]> {
  return listPages(
    identityStore,
    connection,
    (page) => new ListGroupsCommand({ IdentityStoreId, MaxResults, ...page }),
    (answer) => readList(answer, "Groups").flatMap(toGroups),
  );
}

/** Ids of a group's users, page by page; none for a group that is gone. */
export function fetchMemberPages(
  connection: AdminConnection,
  IdentityStoreId: string,
  GroupId: string,
): AsyncGenerator<readonly string[]> {
  const input = { IdentityStoreId, GroupId, MaxResults };
  return listPages(
    identityStore,
    connection,
    (page) => new ListGroupMembershipsCommand({ ...input, ...page }),
    (answer) =>
      readList(answer, "GroupMemberships").flatMap(
        ({ MemberId }) => readText(toRecord(MemberId)["UserId"]) ?? [],
      ),
  );
}

/** Ids of the groups that a user is in. */
export async function listGroupsOfUser(
  connection: AdminConnection,
  IdentityStoreId: string,
  UserId: string,
): Promise<string[]> {
  const input = { IdentityStoreId, MemberId: { UserId }, MaxResults };
  const pages = listPages(
    identityStore,
    connection,
    (page) => new ListGroupMembershipsForMemberCommand({ ...input, ...page }),
    (answer) =>
      readList(answer, "GroupMemberships").flatMap(({ GroupId }) => readText(GroupId) ?? []),
  );
  return collect(pages);
}

/** One question where it may be asked; an older policy, or a server that has not learned it, is asked the longer way. */
export async function isMember(
  connection: AdminConnection,
  IdentityStoreId: string,
  UserId: string,
  groupId: string,
): Promise<boolean> {
  const input = { IdentityStoreId, MemberId: { UserId }, GroupIds: [groupId] };
  try {
    const answer = await askOrNothing(
      identityStore,
      connection,
      new IsMemberInGroupsCommand(input),
    );
    const results = answer === undefined ? [] : readList(answer, "Results");
    return results.some(
      ({ GroupId, MembershipExists }) => GroupId === groupId && MembershipExists === true,
    );
  } catch (thrown) {
    if (!hasCode(thrown, "ACCESS_DENIED", "BAD_RESPONSE")) throw thrown;
    return (await listGroupsOfUser(connection, IdentityStoreId, UserId)).includes(groupId);
  }
}

function toUsers(user: PlainRecord): DirectoryUser[] {
  const id = readText(user["UserId"]);
  const userName = readText(user["UserName"]);
  if (id === undefined || userName === undefined) return [];
  const name = toRecord(user["Name"]);
  return [
    {
      id,
      userName,
      isActive: user["UserStatus"] !== "DISABLED",
      isProvisioned: hasExternalId(user),
      missingNames: listMissingNames({
        "first name": name["GivenName"],
        "last name": name["FamilyName"],
        "display name": user["DisplayName"],
      }),
    },
  ];
}

function toGroups(group: PlainRecord): DirectoryGroup[] {
  const id = readText(group["GroupId"]);
  if (id === undefined) return [];
  return [
    {
      id,
      displayName: readText(group["DisplayName"]) ?? id,
      isProvisioned: hasExternalId(group),
    },
  ];
}

function hasExternalId({ ExternalIds }: PlainRecord): boolean {
  return Array.isArray(ExternalIds) && ExternalIds.length > 0;
}
