import type { Context } from "../context.ts";
import { findNewRoles, roleKey } from "../access/history/history.ts";
import { readAccessHistory } from "../access/history/store.ts";
import { setFavourite } from "../access/history/user-name.ts";
import { usageError } from "../errors.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { toRoleKey, type Entry } from "./entry.ts";
import { openUnread } from "./known.ts";

/** The favourites and new roles of the users who are signed in now. */
export interface Remembered {
  isFavourite(entry: Entry): boolean;
  isNew(entry: Entry): boolean;
}

/** The mark of a favourite. */
export const STAR = "★";

export function readRemembered(context: Context, sessions: readonly SsoSession[]): Remembered {
  const favourites = new Set<string>();
  const fresh = new Set<string>();
  for (const session of sessions) {
    const label = sessionLabel(session);
    const history = readAccessHistory(context.home, {
      session,
      store: openUnread(context, session),
    });
    if (history === undefined) continue;
    for (const role of history.favourites) favourites.add(`${label} ${roleKey(role)}`);
    for (const role of findNewRoles(history, context.now())) fresh.add(`${label} ${roleKey(role)}`);
  }
  return {
    isFavourite: (entry) => favourites.has(toRoleKey(entry)),
    isNew: (entry) => fresh.has(toRoleKey(entry)),
  };
}

/**
 * Adds or removes a favourite.
 * @returns the mark of the entry after the change
 * @throws LatchkeyError USAGE for a profile without a role of these sessions; errors of `setFavourite`
 */
export async function toggleFavourite(
  context: Context,
  sessions: readonly SsoSession[],
  entry: Entry,
): Promise<string> {
  const { accountId, roleName } = entry;
  const session = sessions.find((each) => sessionLabel(each) === entry.session);
  if (session === undefined || accountId === undefined || roleName === undefined)
    throw usageError("Only roles of Identity Center can be favourites, and this profile has none.");
  const isFavourite = !readRemembered(context, [session]).isFavourite(entry);
  await setFavourite(context, session, { accountId, roleName }, isFavourite);
  return isFavourite ? STAR : "";
}
