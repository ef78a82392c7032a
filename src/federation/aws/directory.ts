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
import { readEach, requireOne, requireText } from "../../text/answer.ts";
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

/** Reads users, groups and memberships from one identity store (service `identitystore`). */

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
  if (found === undefined) return undefined;
  const UserId = requireText(found, "UserId");
  const user = await ask(admin, new DescribeUserCommand({ IdentityStoreId, UserId }));
  return user && requireOne(user, "UserId", toUsers(toRecord(user.body)));
}

export async function findGroup(
  instance: Instance,
  displayName: string,
): Promise<DirectoryGroup | undefined> {
  const { admin, identityStoreId: IdentityStoreId } = instance;
  const AlternateIdentifier = nameIdentifier("displayName", displayName);
  const found = await ask(admin, new GetGroupIdCommand({ IdentityStoreId, AlternateIdentifier }));
  return found && describeGroup(instance, requireText(found, "GroupId"));
}

function nameIdentifier(AttributePath: string, AttributeValue: string) {
  return { UniqueAttribute: { AttributePath, AttributeValue } };
}

export async function describeGroup(
  { admin, identityStoreId: IdentityStoreId }: Instance,
  GroupId: string,
): Promise<DirectoryGroup | undefined> {
  const group = await ask(admin, new DescribeGroupCommand({ IdentityStoreId, GroupId }));
  return group && requireOne(group, "GroupId", toGroups(toRecord(group.body)));
}

export function fetchUserPages(instance: Instance): AsyncGenerator<readonly DirectoryUser[]> {
  const { admin, identityStoreId: IdentityStoreId } = instance;
  return listPages(admin, ListUsersCommand, { IdentityStoreId }, (answer) =>
    readEach(answer, "Users", toUsers),
  );
}

export function fetchGroupPages(instance: Instance): AsyncGenerator<readonly DirectoryGroup[]> {
  const { admin, identityStoreId: IdentityStoreId } = instance;
  return listPages(admin, ListGroupsCommand, { IdentityStoreId }, (answer) =>
    readEach(answer, "Groups", toGroups),
  );
}

/** Returns the ids of the group's users; none if the group no longer exists. */
export async function listMembers(
  { admin, identityStoreId: IdentityStoreId }: Instance,
  GroupId: string,
): Promise<string[]> {
  const input = { IdentityStoreId, GroupId };
  const pages = listPages(admin, ListGroupMembershipsCommand, input, (answer) =>
    readEach(answer, "GroupMemberships", ({ MemberId }) => toTexts(toRecord(MemberId)["UserId"])),
  );
  return collect(pages);
}

/** Returns the ids of the user's groups. */
export async function listGroupsOfUser(
  { admin, identityStoreId: IdentityStoreId }: Instance,
  UserId: string,
): Promise<string[]> {
  const input = { IdentityStoreId, MemberId: { UserId } };
  const pages = listPages(admin, ListGroupMembershipsForMemberCommand, input, (answer) =>
    readEach(answer, "GroupMemberships", ({ GroupId }) => toTexts(GroupId)),
  );
  return collect(pages);
}

/**
 * Uses IsMemberInGroups. If a policy does not allow it, or the server does not support it, lists the user's groups instead.
 */
export async function isMember(
  instance: Instance,
  UserId: string,
  groupId: string,
): Promise<boolean> {
  const { admin, identityStoreId: IdentityStoreId } = instance;
  const input = { IdentityStoreId, MemberId: { UserId }, GroupIds: [groupId] };
  try {
    const answer = await ask(admin, new IsMemberInGroupsCommand(input));
    return answer !== undefined && readEach(answer, "Results", toMemberships).includes(groupId);
  } catch (thrown) {
    if (!hasCode(thrown, "ACCESS_DENIED", "BAD_RESPONSE")) throw thrown;
    return (await listGroupsOfUser(instance, UserId)).includes(groupId);
  }
}

/** Returns the group's id if the membership exists, else "". */
function toMemberships({ GroupId, MembershipExists }: PlainRecord): string[] {
  return typeof MembershipExists === "boolean"
    ? [MembershipExists ? (readText(GroupId) ?? "") : ""]
    : [];
}

function toTexts(value: unknown): string[] {
  const text = readText(value);
  return text === undefined ? [] : [text];
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
