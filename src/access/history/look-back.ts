import type { Context } from "../../context.ts";
import type { SsoSession } from "../../model/sso-session.ts";
import { openTokenRequest } from "../../token/token.ts";
import type { Progress } from "../crawl.ts";
import { listRoles } from "../list.ts";
import type { AccessHistory } from "./history.ts";
import { readAccessHistory } from "./store.ts";
import { requireUserName } from "./user-name.ts";

interface LookBack {
  readonly userName: string;
  /** Undefined if there is no history for this user. */
  readonly history: AccessHistory | undefined;
}

/**
 * Returns the history of the user who is signed in, after a new listing of all roles.
 * @param options cached: make no new listing; at most ask AWS for the user's name
 * @throws LatchkeyError SIGN_IN_REQUIRED, also without a token; otherwise as `listRoles` and `requireUserName`
 */
export async function lookBack(
  context: Context,
  session: SsoSession,
  { cached, progress }: { readonly cached: boolean; readonly progress?: Progress | undefined },
): Promise<LookBack> {
  if (!cached) await listRoles(context, session, { progress });
  const userName = await requireUserName(context, session);
  const request = await openTokenRequest(context, session);
  return { userName, history: readAccessHistory(context.home, request) };
}
