import { randomUUID } from "node:crypto";
import type { Group, User } from "../admin/directory-data.ts";
import { json, type Reply } from "../http.ts";

/** Resources and errors as IAM Identity Center's SCIM endpoint writes them. */

export const SCIM_TYPE = { "Content-Type": "application/scim+json" };

/** The service's own: `schema` beside `schemas`, the status as text, no scimType. */
export function scimError(status: number, detail: string): Reply {
  const schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
  const exceptionRequestId = randomUUID();
  const timeStamp = new Date().toISOString().replace("T", " ").replace("Z", "");
  return json(
    status,
    { schema: schemas, schemas, detail, status: String(status), exceptionRequestId, timeStamp },
    { ...SCIM_TYPE, "x-amzn-RequestId": exceptionRequestId },
  );
}

export function userResource({
  userId,
  userName,
  givenName,
  familyName,
  displayName,
  externalId,
  active,
}: User): unknown {
  return {
    id: userId,
    ...(externalId === undefined ? {} : { externalId }),
    meta: {
      resourceType: "User",
      created: "2026-01-01T00:00:00Z",
      lastModified: "2026-01-01T00:00:00Z",
    },
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    userName,
    name: { givenName, familyName },
    displayName,
    active: active !== false,
    emails: [{ value: userName, type: "work", primary: true }],
  };
}

/** The members are there, and never shown. */
export function groupResource({ groupId, displayName, externalId }: Group): unknown {
  return {
    id: groupId,
    ...(externalId === undefined ? {} : { externalId }),
    meta: {
      resourceType: "Group",
      created: "2026-01-01T00:00:00Z",
      lastModified: "2026-01-01T00:00:00Z",
    },
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName,
    members: [],
  };
}
