import type { Group, User } from "../state/directory.ts";

/** Builds resources in the form of IAM Identity Center's SCIM endpoint. */

export const SCIM_TYPE = { "Content-Type": "application/scim+json" };

/** Returns the members that every resource begins with. JSON leaves out an undefined external id. */
function describeResource(
  resourceType: "User" | "Group",
  id: string,
  externalId: string | undefined,
): Record<string, unknown> {
  const created = "2026-01-01T00:00:00Z";
  return {
    id,
    externalId,
    meta: { resourceType, created, lastModified: created },
    schemas: [`urn:ietf:params:scim:schemas:core:2.0:${resourceType}`],
  };
}

export function userResource(user: User): unknown {
  const { userName, givenName, familyName, displayName } = user;
  return {
    ...describeResource("User", user.userId, user.externalId),
    userName,
    name: { givenName, familyName },
    displayName,
    active: user.active !== false,
    emails: [{ value: userName, type: "work", primary: true }],
  };
}

/** The service never lists members, so the list is always empty. */
export function groupResource({ groupId, displayName, externalId }: Group): unknown {
  return { ...describeResource("Group", groupId, externalId), displayName, members: [] };
}
