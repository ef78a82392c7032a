import type { Context } from "../context.ts";
import { profileNames } from "../aws-config/document.ts";
import { environmentCredentials, environmentProfile } from "../model/aws-environment.ts";
import { loginCommand, sessionCacheKey } from "../model/sso-session.ts";
import type { Standing, StandingRow } from "./overview-text.ts";
import { clockTime, duration } from "../text/terminal.ts";
import { LatchkeyError } from "../errors.ts";
import { knownAccountName } from "../access/known.ts";
import { findCredentials } from "./find.ts";
import { credentialsFileProfiles } from "../profiles/pick.ts";
import { readConfig } from "../profiles/select.ts";
import {
  isServiceable,
  sessionStatuses,
  STATE_WORDS,
  type SessionStatus,
} from "../sign-in/status.ts";

/** Where this machine and this shell stand, from what lies here: nobody is asked. A config that is wrong is no reason to say nothing. */
export async function standing(context: Context): Promise<Standing> {
  let known: Standing = {
    sessions: [],
    shell: undefined,
    problem: undefined,
    signedIn: false,
    profiles: 0,
  };
  try {
    known = {
      ...known,
      profiles: new Set([
        ...profileNames(readConfig(context).document),
        ...credentialsFileProfiles(context),
      ]).size,
    };
    const statuses = await sessionStatuses(context, undefined, false);
    known = {
      ...known,
      sessions: statuses.map((status) => rowOf(context, status)),
      signedIn: statuses.some(({ state }) => isServiceable(state)),
    };
    return { ...known, shell: await shellRow(context) };
  } catch (thrown) {
    if (!(thrown instanceof LatchkeyError) || thrown.code === "CANCELLED" || thrown.code === "BUG")
      throw thrown;
    return { ...known, problem: { message: thrown.message, hint: thrown.hint } };
  }
}

function rowOf(context: Context, status: SessionStatus): StandingRow {
  const { label, state } = status;
  return { name: label, state: STATE_WORDS[state], detail: detailOf(status, context.now()) };
}

function detailOf({ session, state, expiresAt, refreshable }: SessionStatus, now: Date): string {
  if (state === "refreshable") return "at the next use";
  if (state !== "usable") return loginCommand(session);
  const left =
    expiresAt === undefined
      ? ""
      : `${duration((expiresAt.getTime() - now.getTime()) / 1000)} left (${clockTime(expiresAt, now)})`;
  return `${left}${refreshable ? ", renews itself" : ""}`;
}

async function shellRow(context: Context): Promise<StandingRow | undefined> {
  if (
    environmentCredentials(context.env) === undefined &&
    environmentProfile(context.env) === undefined
  )
    return undefined;
  const { profile, words, role, region, session } = await findCredentials(context, undefined);
  const { accountId, roleName } = role;
  if (profile === undefined || accountId === undefined)
    return { name: profile?.name ?? "keys", state: "this shell", detail: words };
  const accountName = knownAccountName(
    context.home,
    session === undefined ? undefined : sessionCacheKey(session),
    accountId,
  );
  const parts = [
    accountName === undefined ? accountId : `${accountId} ${accountName}`,
    roleName,
    region,
  ];
  return {
    name: profile.name,
    state: "this shell",
    detail: parts.filter((part) => part !== undefined).join(" · "),
  };
}
