import { createHash } from "node:crypto";
import { listOrgAccounts, listOrgRoles, canUse } from "../state/organization.ts";
import { isRecord, parseJson } from "../parse.ts";
import { json, members, type ReceivedRequest, type Reply } from "../http.ts";
import { portalError } from "../service-errors.ts";
import type { AccessToken, State } from "../state/state.ts";
import { issueRoleCredentials, findValidAccessToken } from "../sign-in/tokens.ts";

function findBearer(state: State, request: ReceivedRequest): AccessToken | undefined {
  return findValidAccessToken(state, request.headers["x-amz-sso_bearer_token"] ?? "");
}

/** Where a page begins. `empty`: the empty page before it has been served. */
interface PageStart {
  offset: number;
  empty: boolean;
}

/** Opaque to clients, and bound to its listing: a token of another one is refused. */
function createPageToken(state: State, listing: string, start: PageStart): string {
  const seal = createHash("sha256")
    .update(`${state.org.seed}/${listing}/${start.offset}`)
    .digest("hex");
  return Buffer.from(JSON.stringify({ ...start, seal })).toString("base64url");
}

function parsePageToken(
  state: State,
  listing: string,
  token: string | null,
): PageStart | undefined {
  if (token === null) return { offset: 0, empty: false };
  const content = parseJson(Buffer.from(token, "base64url").toString());
  if (!isRecord(content) || typeof content["offset"] !== "number") return undefined;
  const start = { offset: content["offset"], empty: content["empty"] === true };
  return createPageToken(state, listing, start) === token ? start : undefined;
}

interface Page<T> {
  items: T[];
  nextToken: string | undefined;
}

/** One page of a listing, or what is wrong with the request. */
function buildPage<T>(
  state: State,
  request: ReceivedRequest,
  listing: string,
  all: T[],
): Page<T> | string {
  const { pageSize, emptyPages, repeatToken } = state.settings.paging;
  const asked = request.query.get("max_result");
  if (asked !== null && !/^0*(100|[1-9]\d?)$/.test(asked))
    return "ResultSize parameter must be within the valid limits of: 1-100";
  const size = asked === null ? pageSize : Number(asked);
  const start = parsePageToken(state, listing, request.query.get("next_token"));
  if (start === undefined) return "Invalid nextToken provided";
  if (emptyPages && start.offset > 0 && !start.empty) {
    return { items: [], nextToken: createPageToken(state, listing, { ...start, empty: true }) };
  }
  const end = repeatToken ? size : start.offset + size;
  const more = repeatToken ? all.length > size : end < all.length;
  return {
    items: all.slice(start.offset, start.offset + size),
    nextToken: more ? createPageToken(state, listing, { offset: end, empty: false }) : undefined,
  };
}

export function listAccounts(state: State, request: ReceivedRequest): Reply {
  const { settings } = state;
  if (findBearer(state, request) === undefined)
    return portalError(settings, "UnauthorizedException");
  const page = buildPage(state, request, "accounts", listOrgAccounts(state.org));
  if (typeof page === "string") return portalError(settings, "InvalidRequestException", page);
  const accountList = page.items.map(({ accountId, accountName, emailAddress }) =>
    members(settings.nulls, { accountId, accountName, emailAddress }),
  );
  return json(200, members(settings.nulls, { nextToken: page.nextToken, accountList }));
}

export function listAccountRoles(state: State, request: ReceivedRequest): Reply {
  const { settings } = state;
  if (findBearer(state, request) === undefined)
    return portalError(settings, "UnauthorizedException");
  const accountId = request.query.get("account_id") ?? "";
  if (accountId === "")
    return portalError(settings, "InvalidRequestException", "account_id is required");
  const page = buildPage(state, request, `roles/${accountId}`, listOrgRoles(state.org, accountId));
  if (typeof page === "string") return portalError(settings, "InvalidRequestException", page);
  const roleList = page.items.map((roleName) => ({ roleName, accountId }));
  return json(200, members(settings.nulls, { nextToken: page.nextToken, roleList }));
}

export function getRoleCredentials(state: State, request: ReceivedRequest): Reply {
  const { settings } = state;
  const access = findBearer(state, request);
  if (access === undefined) return portalError(settings, "UnauthorizedException");
  const accountId = request.query.get("account_id") ?? "";
  const roleName = request.query.get("role_name") ?? "";
  if (accountId === "" || roleName === "") {
    return portalError(
      settings,
      "InvalidRequestException",
      "account_id and role_name are required",
    );
  }
  // An unknown account gets the same answer as an unassigned one.
  if (!canUse(state.org, accountId, roleName)) return portalError(settings, "ForbiddenException");
  const { username } = access.session;
  const issued = issueRoleCredentials(state, { accountId, roleName, username });
  return json(200, {
    roleCredentials: {
      accessKeyId: issued.accessKeyId,
      secretAccessKey: issued.secretAccessKey,
      sessionToken: issued.sessionToken,
      expiration: issued.expiresAt,
    },
  });
}

/** Ends the sign-in session: its access and refresh tokens. Role credentials live on. */
export function logout(state: State, request: ReceivedRequest): Reply {
  const access = findBearer(state, request);
  if (access === undefined) return portalError(state.settings, "UnauthorizedException");
  access.session.revoked = true;
  return { status: 200, headers: {}, body: "" };
}
