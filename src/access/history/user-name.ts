import type { Context } from "../../context.ts";
import { LatchkeyError, hasCode, isExpectedFailure } from "../../errors.ts";
import { createConnection } from "../../aws/connection.ts";
import type { Connection } from "../../aws/send.ts";
import type { AccountRole } from "../../model/account.ts";
import { findRoleSessionName, type RoleCredentials } from "../../model/role.ts";
import { sessionFlagsText, sessionLabel, type SsoSession } from "../../model/sso-session.ts";
import { identifySignIn } from "../../token/sign-in-id.ts";
import type { TokenRequest } from "../../token/store.ts";
import { accessToken, callWithToken, openTokenRequest } from "../../token/token.ts";
import { ROLES } from "../kept-format.ts";
import { findKept } from "../kept.ts";
import { readSignInNotes, recordUserName } from "../sign-in-notes.ts";
import { putReadersFirst } from "./history.ts";
import { listRolesOfHistories, readPending, rememberUserName, writeFavourite } from "./store.ts";

/**
 * Finds the name of the signed-in user. The access portal does not return the name, but STS returns it for any role
 * that the user holds.
 */

/** The time limit for all requests together. */
const ASK_MILLISECONDS = 3_000;
/** How many roles are tried: more than one, since an administrator may have restricted one of them. */
const MOST_ROLES = 3;

/**
 * Returns the user's name. If it is unknown, asks AWS once per sign-in, without any output. Undefined if it can't be
 * found within 3 seconds. The role credentials used for this are not stored.
 */
export function learnUserName(context: Context, session: SsoSession): Promise<string | undefined> {
  return ignoreFailure(async () => {
    const request = await openTokenRequest(context, session);
    const { userName, isNameAsked } = readSignInNotes(context.home, request);
    return userName === undefined && isNameAsked !== true
      ? askAndRemember(context, request, [])
      : userName;
  });
}

/**
 * Adds pending listings to their user's history. Call it after the listing was shown, because it may ask AWS for the
 * name.
 */
export async function settleHistory(context: Context, session: SsoSession): Promise<void> {
  const request = await ignoreFailure(() => openTokenRequest(context, session));
  if (request !== undefined && readPending(context.home, request) !== undefined)
    await learnUserName(context, session);
}

async function ignoreFailure<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (thrown) {
    if (isExpectedFailure(thrown) && thrown.code !== "CANCELLED") return undefined;
    throw thrown;
  }
}

/**
 * Returns the user's name, for callers that can't continue without one.
 * @param wanted roles that the user may hold, tried before the listed ones
 * @throws LatchkeyError with the reason: SIGN_IN_REQUIRED, UNREACHABLE, THROTTLED, BAD_RESPONSE, NOT_FOUND
 */
export async function requireUserName(
  context: Context,
  session: SsoSession,
  wanted: readonly AccountRole[] = [],
): Promise<string> {
  const request = await openTokenRequest(context, session);
  const { userName } = readSignInNotes(context.home, request);
  return userName ?? (await askAndRemember(context, request, wanted));
}

/** Adds or removes a favourite. @throws LatchkeyError as `requireUserName`; STORAGE_FAILED */
export async function setFavourite(
  context: Context,
  session: SsoSession,
  role: AccountRole,
  isFavourite: boolean,
): Promise<void> {
  const userName = await requireUserName(context, session, [role]);
  await writeFavourite(context, session, userName, { role, isFavourite });
}

async function askAndRemember(
  context: Context,
  request: TokenRequest,
  wanted: readonly AccountRole[],
): Promise<string> {
  const { session, store } = request;
  // The token is refreshed before the time limit starts, so that the limit can't cut off the refresh.
  await accessToken(context, request);
  const signIn = identifySignIn(context.home, session, store);
  const roles = [...wanted, ...listCandidates(context, request)].slice(0, MOST_ROLES);
  if (roles.length === 0) throw noRoleError(context, request);
  try {
    const userName = await askUserName(context, request, roles);
    await rememberUserName(context, request, signIn, userName);
    return userName;
  } catch (thrown) {
    if (!hasCode(thrown, "CANCELLED")) recordUserName(context.home, request, signIn, undefined);
    throw thrown;
  }
}

/**
 * Returns the roles of the last listing, then roles of any history of this session, since they usually belong to the
 * same user.
 */
function listCandidates(context: Context, request: TokenRequest): AccountRole[] {
  const listed = ROLES.toItems(findKept(context, request, ROLES)?.accounts ?? []).map(
    ({ account: { accountId }, roleName }) => ({ accountId, roleName }),
  );
  return [...putReadersFirst(listed), ...listRolesOfHistories(context.home, request.session)];
}

async function askUserName(
  context: Context,
  request: TokenRequest,
  roles: readonly AccountRole[],
): Promise<string> {
  const { session } = request;
  const deadline = context.monotonic() + ASK_MILLISECONDS;
  const connect = (service: "SSO" | "STS"): Connection => ({
    ...createConnection(context, service, session, deadline),
    showWaiting: () => () => undefined,
  });
  const credentials = await fetchAny(context, request, { connection: connect("SSO"), roles });
  const { fetchCallerIdentity } = await import("../../aws/sts.ts");
  const { arn } = await fetchCallerIdentity(connect("STS"), credentials);
  const userName = findRoleSessionName(arn);
  if (userName !== undefined) return userName;
  throw new LatchkeyError(
    "BAD_RESPONSE",
    "STS returned no user name for a role of the access portal.",
  );
}

/** Returns credentials for the first role that the portal accepts. */
async function fetchAny(
  context: Context,
  request: TokenRequest,
  {
    connection,
    roles,
  }: { readonly connection: Connection; readonly roles: readonly AccountRole[] },
): Promise<RoleCredentials> {
  const { fetchRoleCredentials } = await import("../../aws/role-credentials.ts");
  for (const { accountId, roleName } of roles) {
    const answer = await callWithToken(context, request, (token) =>
      fetchRoleCredentials(connection, token, accountId, roleName),
    );
    if (answer.kind === "answer") return answer.value;
  }
  throw noRoleError(context, request);
}

function noRoleError(context: Context, request: TokenRequest): LatchkeyError {
  const { session } = request;
  const isListed = findKept(context, request, ROLES) !== undefined;
  return new LatchkeyError(
    "NOT_FOUND",
    `The name of your user in ${sessionLabel(session)} is unknown: AWS returns it only for a role, and no role was found.`,
    {
      hint: isListed
        ? "Ask the administrator of your IAM Identity Center for an assignment."
        : `List your roles first: latchkey roles ${sessionFlagsText(session)}`,
    },
  );
}
