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
import {
  listMissingNames,
  type DirectoryGroup,
  type DirectoryUser,
  type Instance,
} from "./identity-center.ts";
import { createAdminService } from "./send.ts";
import { collect } from "./sequences.ts";

/** identitystore: users, groups and memberships of one identity store. */

const { ask, listPages } = createAdminService({
  endpoint: "IDENTITYSTORE",
  name: "Identity Store",
  prefix: "identitystore",
  pageSize: 100,
  makeClient: (settings) => new IdentitystoreClient(settings),
});

export async function findUser(
  { admin, identityStoreId: IdentityStoreId }: Instance,
  userName: string,
): Promise<DirectoryUser | undefined> {
  const AlternateIdentifier = nameIdentifier("userName", userName);
  const found = await ask(admin, new GetUserIdCommand({ IdentityStoreId, AlternateIdentifier }));
  const UserId = found && readText(readMember(found, "UserId"));
  if (UserId === undefined) return undefined;
  const user = await ask(admin, new DescribeUserCommand({ IdentityStoreId, UserId }));
  return user && toUsers(toRecord(user.body))[0];
}

export async function findGroup(
  instance: Instance,
  displayName: string,
): Promise<DirectoryGroup | undefined> {
  const { admin, identityStoreId: IdentityStoreId } = instance;
  const AlternateIdentifier = nameIdentifier("displayName", displayName);
  const found = await ask(admin, new GetGroupIdCommand({ IdentityStoreId, AlternateIdentifier }));
  const groupId = found && readText(readMember(found, "GroupId"));
  return groupId === undefined ? undefined : describeGroup(instance, groupId);
}

function nameIdentifier(AttributePath: string, AttributeValue: string) {
  return { UniqueAttribute: { AttributePath, AttributeValue } };
}

export async function describeGroup(
  { admin, identityStoreId: IdentityStoreId }: Instance,
  GroupId: string,
): Promise<DirectoryGroup | undefined> {
  const group = await ask(admin, new DescribeGroupCommand({ IdentityStoreId, GroupId }));
  return group && toGroups(toRecord(group.body))[0];
}

export function fetchUserPages(instance: Instance): AsyncGenerator<readonly DirectoryUser[]> {
  const { admin, identityStoreId: IdentityStoreId } = instance;
  return listPages(admin, ListUsersCommand, { IdentityStoreId }, (answer) =>
    readList(answer, "Users").flatMap(toUsers),
  );
}

export function fetchGroupPages(instance: Instance): AsyncGenerator<readonly DirectoryGroup[]> {
  const { admin, identityStoreId: IdentityStoreId } = instance;
  return listPages(admin, ListGroupsCommand, { IdentityStoreId }, (answer) =>
    readList(answer, "Groups").flatMap(toGroups),
  );
}

/** Ids of a group's users; none for a group that is gone. */
export async function listMembers(
  { admin, identityStoreId: IdentityStoreId }: Instance,
  GroupId: string,
): Promise<string[]> {
  const input = { IdentityStoreId, GroupId };
  const pages = listPages(admin, ListGroupMembershipsCommand, input, (answer) =>
    readList(answer, "GroupMemberships").flatMap(
      ({ MemberId }) => readText(toRecord(MemberId)["UserId"]) ?? [],
    ),
  );
  return collect(pages);
}

/** Ids of the groups that a user is in. */
export async function listGroupsOfUser(
  { admin, identityStoreId: IdentityStoreId }: Instance,
  UserId: string,
): Promise<string[]> {
  const input = { IdentityStoreId, MemberId: { UserId } };
  const pages = listPages(admin, ListGroupMembershipsForMemberCommand, input, (answer) =>
    readList(answer, "GroupMemberships").flatMap(({ GroupId }) => readText(GroupId) ?? []),
  );
  return collect(pages);
}

/** One question where it may be asked; an older policy, or a server that has not learned it, is asked the longer way. */
export async function isMember(
  instance: Instance,
  UserId: string,
  groupId: string,
): Promise<boolean> {
  const { admin, identityStoreId: IdentityStoreId } = instance;
  const input = { IdentityStoreId, MemberId: { UserId }, GroupIds: [groupId] };
  try {
    const answer = await ask(admin, new IsMemberInGroupsCommand(input));
    const results = answer === undefined ? [] : readList(answer, "Results");
    return results.some(
      ({ GroupId, MembershipExists }) => GroupId === groupId && MembershipExists === true,
    );
  } catch (thrown) {
    if (!hasCode(thrown, "ACCESS_DENIED", "BAD_RESPONSE")) throw thrown;
    return (await listGroupsOfUser(instance, UserId)).includes(groupId);
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
      missingNames: listMissingNames({
        "first name": name["GivenName"],
        "last name": name["FamilyName"],
        "display name": user["DisplayName"],
      }),
    },
  ];
}

function toGroups({ GroupId, DisplayName, ExternalIds }: PlainRecord): DirectoryGroup[] {
  const id = readText(GroupId);
  if (id === undefined) return [];
  const isProvisioned = Array.isArray(ExternalIds) && ExternalIds.length > 0;
  return [{ id, displayName: readText(DisplayName) ?? id, isProvisioned }];
}
