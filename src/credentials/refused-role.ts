import type { Context } from "../context.ts";
import { sortRoles, type AccountRole } from "../model/account.ts";
import { refusalText } from "./refused-role-text.ts";
import type { RoleRef } from "../model/role.ts";
import type { Narrowed } from "../text/answer.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { LatchkeyError, isExpectedFailure } from "../errors.ts";
import { findLastSeen } from "../access/history/history.ts";
import { readAccessHistory } from "../access/history/store.ts";
import { formerRoleText } from "../access/history/text.ts";
import { findAccountName } from "../access/known.ts";
import { createConnection } from "../aws/connection.ts";
import { limitForFallback, waitDeadline, type TimeBudget } from "../token/time-budget.ts";
import type { TokenRequest } from "../token/store.ts";
import type { PortalAnswer } from "../aws/call/failure.ts";

interface RefusedRequest extends Pick<TokenRequest, "session" | "store"> {
  readonly ref: RoleRef;
  readonly budget: TimeBudget;
}

/**
 * Returns the error for a refused role, with the account's name and the user's roles in that account. A detail that
 * can't be found in time is left out.
 * @param token the access token that the portal accepted when it refused the role
 */
export async function explainRefusedRole(
  context: Context,
  request: RefusedRequest,
  token: string,
): Promise<LatchkeyError> {
  const { session, ref, budget } = request;
  const { accountId, roleName } = ref;
  // The command fails anyway, so latchkey waits only briefly for these details.
  const deadline = waitDeadline(limitForFallback(context, budget));
  const portal = await import("../aws/portal.ts");
  const connection = createConnection(context, "SSO", session, deadline);
  const known = findAccountName(context.home, ref.session, accountId);
  const [roles, accounts] = await Promise.all([
    ignoreFailure(portal.listAccountRoles(connection, token, accountId)),
    known === undefined
      ? ignoreFailure(portal.listAccounts(connection, token, () => undefined))
      : undefined,
  ]);
  const listed = (accounts?.kind === "answer" ? accounts.value.items : []).find(
    (account) => account.accountId === accountId,
  );
  const history = readAccessHistory(context.home, request);
  const lastSeen = history && findLastSeen(history, ref);
  const { message, hint } = refusalText({
    accountId,
    roleName,
    accountName: known ?? listed?.accountName,
    held: roleNames(roles),
    former: lastSeen && formerRoleText(roleName, lastSeen, context.now()),
    lookAgain: `latchkey roles ${accountId}${session.name === undefined ? "" : ` --sso-session ${quoteShellWord(session.name)}`}`,
  });
  return new LatchkeyError("ACCESS_DENIED", message, { hint });
}

/** Returns the names of the user's roles in the account; undefined if they are unknown. */
function roleNames(roles: PortalAnswer<Narrowed<AccountRole>> | undefined): string[] | undefined {
  if (roles?.kind === "forbidden") return [];
  return roles?.kind === "answer"
    ? sortRoles(roles.value.items).map(({ roleName }) => roleName)
    : undefined;
}

async function ignoreFailure<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (thrown) {
    if (isExpectedFailure(thrown) && thrown.code !== "CANCELLED") return undefined;
    throw thrown;
  }
}
