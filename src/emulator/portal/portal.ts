import { createHash } from "node:crypto";
import { listOrgAccounts, listOrgRoles, canUse } from "../state/organization.ts";
import { parseObject } from "../parse.ts";
import { json, members, type ReceivedRequest, type Reply } from "../http.ts";
import { refusal } from "../service-errors.ts";
import type { AccessToken, State } from "../state/state.ts";
import { issueRoleCredentials, findValidAccessToken } from "../sign-in/tokens.ts";

function requireBearer(state: State, request: ReceivedRequest): AccessToken {
  const access = findValidAccessToken(state, request.headers["x-amz-sso_bearer_token"] ?? "");
  if (access === undefined) throw refusal("UnauthorizedException");
  return access;
}

function requireParameter({ query }: ReceivedRequest, name: string, problem: string): string {
  const value = query.get(name) ?? "";
  if (value === "") throw refusal("InvalidRequestException", problem);
  return value;
}

/** The start of a page. `empty`: whether the empty page that precedes it was already sent. */
interface PageStart {
  offset: number;
  empty: boolean;
}

/** Returns a token that is only valid for its listing. */
function createPageToken(state: State, listing: string, start: PageStart): string {
  const seal = createHash("sha256")
    .update(`${state.org.seed}/${listing}/${start.offset}`)
    .digest("hex");
  return Buffer.from(JSON.stringify({ ...start, seal })).toString("base64url");
}

function parsePageToken(state: State, listing: string, token: string | null): PageStart {
  if (token === null) return { offset: 0, empty: false };
  const content = parseObject(Buffer.from(token, "base64url").toString());
  const start = { offset: Number(content?.["offset"]), empty: content?.["empty"] === true };
  if (createPageToken(state, listing, start) !== token)
    throw refusal("InvalidRequestException", "Invalid nextToken provided");
  return start;
}

/** Returns one page of a listing. */
function buildPage<T>(
  state: State,
  request: ReceivedRequest,
  listing: string,
  all: T[],
): { items: T[]; nextToken: string | undefined } {
  const { pageSize, emptyPages, repeatToken } = state.settings.paging;
  const asked = request.query.get("max_result") ?? String(pageSize);
  const isSize = /^0*(100|[1-9]\d?)$/.test(asked);
  const limits = "ResultSize parameter must be within the valid limits of: 1-100";
  if (!isSize) throw refusal("InvalidRequestException", limits);
  const size = Number(asked);
  const start = parsePageToken(state, listing, request.query.get("next_token"));
  if (emptyPages && start.offset > 0 && !start.empty)
    return { items: [], nextToken: createPageToken(state, listing, { ...start, empty: true }) };
  const end = repeatToken ? size : start.offset + size;
  const more = repeatToken ? all.length > size : end < all.length;
  return {
    items: all.slice(start.offset, start.offset + size),
    nextToken: more ? createPageToken(state, listing, { offset: end, empty: false }) : undefined,
  };
}

export function listAccounts(state: State, request: ReceivedRequest): Reply {
  requireBearer(state, request);
  const { nulls } = state.settings;
  const page = buildPage(state, request, "accounts", listOrgAccounts(state.org));
  const accountList = page.items.map(({ accountId, accountName, emailAddress }) =>
    members(nulls, { accountId, accountName, emailAddress }),
  );
  return json(200, members(nulls, { nextToken: page.nextToken, accountList }));
}

export function listAccountRoles(state: State, request: ReceivedRequest): Reply {
  requireBearer(state, request);
  const accountId = requireParameter(request, "account_id", "account_id is required");
  const page = buildPage(state, request, `roles/${accountId}`, listOrgRoles(state.org, accountId));
  const roleList = page.items.map((roleName) => ({ roleName, accountId }));
  return json(200, members(state.settings.nulls, { nextToken: page.nextToken, roleList }));
}

export function getRoleCredentials(state: State, request: ReceivedRequest): Reply {
  const { username } = requireBearer(state, request).session;
  const problem = "account_id and role_name are required";
  const accountId = requireParameter(request, "account_id", problem);
  const roleName = requireParameter(request, "role_name", problem);
  // The service answers alike for an unknown account and an unassigned one.
  if (!canUse(state.org, accountId, roleName)) throw refusal("ForbiddenException");
  const issued = issueRoleCredentials(state, { accountId, roleName, username });
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt: expiration } = issued;
  const roleCredentials = { accessKeyId, secretAccessKey, sessionToken, expiration };
  return json(200, { roleCredentials });
}

/** Revokes the session with its access and refresh tokens. Role credentials stay valid. */
export function logout(state: State, request: ReceivedRequest): Reply {
  requireBearer(state, request).session.revoked = true;
  return { status: 200, headers: {}, body: "" };
}
