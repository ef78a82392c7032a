import type { Group, User } from "../state/directory.ts";

/** Resources as IAM Identity Center's SCIM endpoint writes them. */

export const SCIM_TYPE = { "Content-Type": "application/scim+json" };

/** What every resource begins with. JSON leaves an undefined external id out. */
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

/** The members are there, and never shown. */
export function groupResource({ groupId, displayName, externalId }: Group): unknown {
  return { ...describeResource("Group", groupId, externalId), displayName, members: [] };
}
