import { parseJson } from "../parse.ts";
import { json, type ReceivedRequest, type Reply } from "../http.ts";
import {
  findGroup,
  findUser,
  isScimRefusal,
  scimRefusal,
  selectGroups,
  selectUsers,
} from "./filter.ts";
import { groupResource, SCIM_TYPE, scimError, userResource } from "./resources.ts";
import { changeResource } from "./writes.ts";
import type { State } from "../state/state.ts";

/**
 * The SCIM endpoint of IAM Identity Center, by its developer guide: 401 also for a wrong tenant, members never listed,
 * only `eq` and `and`, pages of 100 by index or cursor, and an error body of its own.
 */
export function serveScim(state: State, request: ReceivedRequest): Reply {
  const [, tenant, , , kind = "", id, ...rest] = request.rawPath.split("/");
  const { directory } = state;
  const token = /^Bearer (\S+)$/.exec(request.headers["authorization"] ?? "")?.[1];
  if (tenant !== directory.tenant || token === undefined || !directory.tokens.includes(token))
    return scimError(401, "Unauthorized");
  if (rest.length > 0) return scimError(404, "ResourceNotFound");
  try {
    if (request.method !== "GET") return changeResource(state, request, kind, id);
    return json(200, read(state, request, kind, id), SCIM_TYPE);
  } catch (error) {
    if (isScimRefusal(error)) return scimError(error.scimStatus, error.message);
    throw error;
  }
}

function read(
  state: State,
  request: ReceivedRequest,
  kind: string,
  id: string | undefined,
): unknown {
  const { directory } = state;
  const filter = request.query.get("filter");
  if (kind === "ServiceProviderConfig" && id === undefined) return SERVICE_PROVIDER_CONFIG;
  if (kind === "Users") {
    if (id !== undefined) return userResource(findUser(directory, id));
    return list(request, selectUsers(directory, filter).map(userResource));
  }
  if (kind === "Groups") {
    if (id !== undefined) return groupResource(findGroup(directory, id));
    return list(request, selectGroups(directory, filter).map(groupResource));
  }
  throw scimRefusal(404, "ResourceNotFound");
}

const MOST = 100;

/** With `cursor` the answer has no totals but the next cursor, and the filter must stay what it was. */
function list({ query }: ReceivedRequest, resources: readonly unknown[]): unknown {
  const count = Math.min(MOST, parsePositive(query.get("count"), MOST));
  const cursor = query.get("cursor");
  const filter = query.get("filter") ?? "";
  const schemas = ["urn:ietf:params:scim:api:messages:2.0:ListResponse"];
  if (cursor === null) {
    const Resources = resources.slice(0, count);
    return {
      schemas,
      totalResults: resources.length,
      itemsPerPage: Resources.length,
      startIndex: 1,
      Resources,
    };
  }
  const decoded = parseJson(
    cursor === "" ? JSON.stringify([0, filter]) : Buffer.from(cursor, "base64url").toString(),
  );
  const [start, before] = Array.isArray(decoded) ? decoded : [];
  if (typeof start !== "number" || before !== filter) throw scimRefusal(400, "Invalid cursor");
  const Resources = resources.slice(start, start + count);
  const next =
    start + count < resources.length
      ? { nextCursor: Buffer.from(JSON.stringify([start + count, filter])).toString("base64url") }
      : {};
  return { schemas, itemsPerPage: Resources.length, Resources, ...next };
}

function parsePositive(text: string | null, otherwise: number): number {
  const value = Number(text ?? otherwise);
  if (!Number.isInteger(value) || value < 1)
    throw scimRefusal(400, "count must be a positive number");
  return value;
}

const SERVICE_PROVIDER_CONFIG = {
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
  documentationUri:
    "https://docs.aws.amazon.com/singlesignon/latest/userguide/manage-your-identity-source-idp.html",
  authenticationSchemes: [
    {
      type: "oauthbearertoken",
      name: "OAuth Bearer Token",
      description: "Authentication scheme using the OAuth Bearer Token Standard",
      specUri: "https://www.rfc-editor.org/info/rfc6750",
      primary: true,
    },
  ],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 1, maxPayloadSize: 1_048_576 },
  filter: { supported: true, maxResults: 50 },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
};
