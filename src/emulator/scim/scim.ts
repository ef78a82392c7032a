import { json, type ReceivedRequest, type Reply } from "../http.ts";
import { parseJson } from "../parse.ts";
import type { Directory } from "../state/directory.ts";
import type { State } from "../state/state.ts";
import { findGroup, findUser, scimRefusal, selectGroups, selectUsers } from "./filter.ts";
import { groupResource, SCIM_TYPE, userResource } from "./resources.ts";
import * as writes from "./writes.ts";

/** Answers a request for the resource with this id, or for all resources of the kind if the id is empty. */
type Operation = (directory: Directory, request: ReceivedRequest, id: string) => Reply;

/** The operations by method and path below `/TENANT/scim/v2/`. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  "GET ServiceProviderConfig": () => json(200, SERVICE_PROVIDER_CONFIG, SCIM_TYPE),
  "GET Users": (directory, { query }) =>
    listResources(query, selectUsers(directory, query.get("filter")).map(userResource)),
  "GET Users/ID": (directory, _, id) => json(200, userResource(findUser(directory, id)), SCIM_TYPE),
  "POST Users": writes.createUser,
  "PUT Users/ID": writes.replaceUser,
  "PATCH Users/ID": writes.patchUser,
  "DELETE Users/ID": writes.deleteUser,
  "GET Groups": (directory, { query }) =>
    listResources(query, selectGroups(directory, query.get("filter")).map(groupResource)),
  "GET Groups/ID": (directory, _, id) =>
    json(200, groupResource(findGroup(directory, id)), SCIM_TYPE),
  "POST Groups": writes.createGroup,
  "PATCH Groups/ID": writes.patchGroup,
  "DELETE Groups/ID": writes.deleteGroup,
};

/**
 * Serves IAM Identity Center's SCIM endpoint, following its developer guide: 401 also for a wrong tenant, members never
 * listed, only `eq` and `and`, pages of 100 by index or cursor, and a non-standard error body.
 */
export function serveScim({ directory }: State, request: ReceivedRequest): Reply {
  const [, tenant, , , kind = "", id, ...rest] = request.path.split("/");
  const token = /^Bearer (\S+)$/.exec(request.headers["authorization"] ?? "")?.[1];
  if (tenant !== directory.tenant || token === undefined || !directory.tokens.includes(token))
    throw scimRefusal(401, "Unauthorized");
  const place = id === undefined ? kind : [kind, "ID", ...rest].join("/");
  const operation = OPERATIONS[`${request.method} ${place}`];
  if (operation !== undefined) return operation(directory, request, id ?? "");
  throw /^(Users|Groups)(\/ID)?$/.test(place)
    ? scimRefusal(400, "Operation is not supported")
    : scimRefusal(404, "ResourceNotFound");
}

const MOST = 100;

/** With `cursor`, the answer has the next cursor instead of totals, and the filter must not change between pages. */
function listResources(query: URLSearchParams, resources: readonly unknown[]): Reply {
  const count = Math.min(MOST, parsePositive(query.get("count"), MOST));
  const cursor = query.get("cursor");
  const filter = query.get("filter") ?? "";
  const start = cursor === null ? 0 : parseCursor(cursor, filter);
  const end = start + count;
  const Resources = resources.slice(start, end);
  const schemas = ["urn:ietf:params:scim:api:messages:2.0:ListResponse"];
  const totals = { totalResults: resources.length, itemsPerPage: Resources.length, startIndex: 1 };
  const list =
    cursor === null
      ? { schemas, ...totals, Resources }
      : {
          schemas,
          itemsPerPage: Resources.length,
          Resources,
          nextCursor: end < resources.length ? formatCursor(end, filter) : undefined,
        };
  return json(200, list, SCIM_TYPE);
}

function formatCursor(start: number, filter: string): string {
  return Buffer.from(JSON.stringify([start, filter])).toString("base64url");
}

/** The first cursor is empty. */
function parseCursor(cursor: string, filter: string): number {
  if (cursor === "") return 0;
  const decoded = parseJson(Buffer.from(cursor, "base64url").toString());
  const [start, before] = Array.isArray(decoded) ? decoded : [];
  if (typeof start !== "number" || before !== filter) throw scimRefusal(400, "Invalid cursor");
  return start;
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
