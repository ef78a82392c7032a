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

/** Who has signed in. The portal does not tell it; STS says it of any role that the person holds. */

/** All that is asked has ended by then. */
const ASK_MILLISECONDS = 3_000;
/** An administrator may have closed one of them to everybody. */
const MOST_ROLES = 3;

/**
 * The user's name: known, else asked for, once a sign-in and in silence. undefined where it can't be learnt within 3 s.
 * The role credentials that it takes are kept nowhere.
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

/** Gives what was listed its user, where it waits for one: for after a listing, when it has been shown. */
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
 * The same for whoever can't do without the name.
 * @param wanted roles that may be held, before those that are listed.
 * @throws LatchkeyError that says why it can't be learnt: SIGN_IN_REQUIRED, UNREACHABLE, THROTTLED, BAD_RESPONSE, NOT_FOUND
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

/** Marks a role, or takes the mark away. @throws LatchkeyError as `requireUserName`; STORAGE_FAILED */
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
  // A refresh that has begun is not cut off.
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

/** As listed last; else as any history of this session has them, since it is most often the same person. */
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
  throw new LatchkeyError("BAD_RESPONSE", "STS names no user for a role of the access portal.");
}

/** Of the first role that the portal gives. */
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
    `AWS says who signed in to ${sessionLabel(session)} only through a role, and none is at hand.`,
    {
      hint: isListed
        ? "Ask whoever administers your IAM Identity Center for an assignment."
        : `List your roles first: latchkey roles ${sessionFlagsText(session)}`,
    },
  );
}
