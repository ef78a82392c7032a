import type { Context } from "../context.ts";
import { sortRoles, type AccountRole } from "../model/account.ts";
import { refusalText } from "./refused-role-text.ts";
import type { RoleRequest } from "../model/role.ts";
import { sessionCacheKey } from "../model/sso-session.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { LatchkeyError, isExpectedFailure } from "../errors.ts";
import { findAccountName } from "../access/known.ts";
import { createConnection } from "../aws/connection.ts";
import type { Refusal } from "../aws/portal.ts";

/** How long an explanation is looked for: whoever waits has been refused already. */
const EXPLANATION_MILLISECONDS = 5_000;

/**
 * Why a role was refused: the account by its name, and the roles that are held there. What can't be learnt in time is
 * left out; the refusal itself stands.
 * @param token the access token that the portal took while it refused the role.
 */
export async function explainRefusedRole(
  context: Context,
  request: RoleRequest,
  token: string,
  deadline: number | undefined,
): Promise<LatchkeyError> {
  const { session, accountId, roleName } = request;
  const limit = Math.min(
    deadline ?? Number.POSITIVE_INFINITY,
    context.monotonic() + EXPLANATION_MILLISECONDS,
  );
  const portal = await import("../aws/portal.ts");
  const connection = createConnection(context, "SSO", session, limit);
  const known = findAccountName(context.home, sessionCacheKey(session), accountId);
  const [roles, accounts] = await Promise.all([
    ignoreFailure(portal.listAccountRoles(connection, token, accountId)),
    known === undefined
      ? ignoreFailure(portal.listAccounts(connection, token, () => undefined))
      : undefined,
  ]);
  const listed = Array.isArray(accounts)
    ? accounts.find((account) => account.accountId === accountId)
    : undefined;
  const { message, hint } = refusalText({
    accountId,
    roleName,
    accountName: known ?? listed?.accountName,
    held: roleNames(roles),
    lookAgain: `latchkey roles ${accountId}${session.name === undefined ? "" : ` --sso-session ${quoteShellWord(session.name)}`}`,
  });
  return new LatchkeyError("ACCESS_DENIED", message, { hint });
}

/** @returns undefined where nothing is known. */
function roleNames(roles: readonly AccountRole[] | Refusal | undefined): string[] | undefined {
  if (roles === "forbidden") return [];
  return Array.isArray(roles) ? sortRoles(roles).map(({ roleName }) => roleName) : undefined;
}

async function ignoreFailure<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (thrown) {
    if (isExpectedFailure(thrown) && thrown.code !== "CANCELLED") return undefined;
    throw thrown;
  }
}
