import type { Context } from "../context.ts";
import { listProfileNames } from "../aws-config/document.ts";
import { findEnvironmentCredentials, findEnvironmentProfile } from "../model/aws-environment.ts";
import { loginCommand, sessionLabel } from "../model/sso-session.ts";
import type { Overview, OverviewRow } from "./overview-text.ts";
import { clockTime, duration } from "../text/terminal.ts";
import { isExpectedFailure } from "../errors.ts";
import { findAccountName } from "../access/known.ts";
import { findCredentials } from "./find.ts";
import { listCredentialsFileProfiles } from "../profiles/pick.ts";
import { readConfig } from "../profiles/select.ts";
import {
  isServiceable,
  listSessionStatuses,
  STATE_WORDS,
  type SessionStatus,
} from "../sign-in/status.ts";

/** Where this machine and this shell stand, from what lies here: nobody is asked. A config that is wrong is no reason to say nothing. */
export async function overview(context: Context): Promise<Overview> {
  let known: Overview = {
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
        ...listProfileNames(readConfig(context).document),
        ...listCredentialsFileProfiles(context),
      ]).size,
    };
    const statuses = await listSessionStatuses(context, undefined, false);
    known = {
      ...known,
      sessions: statuses.map((status) => toRow(context, status)),
      signedIn: statuses.some(({ state }) => isServiceable(state)),
    };
    return { ...known, shell: await shellRow(context) };
  } catch (thrown) {
    if (!isExpectedFailure(thrown) || thrown.code === "CANCELLED") throw thrown;
    return { ...known, problem: { message: thrown.message, hint: thrown.hint } };
  }
}

function toRow(context: Context, status: SessionStatus): OverviewRow {
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

async function shellRow(context: Context): Promise<OverviewRow | undefined> {
  if (
    findEnvironmentCredentials(context.env) === undefined &&
    findEnvironmentProfile(context.env) === undefined
  )
    return undefined;
  const { profile, words, role, region, session } = await findCredentials(context, undefined);
  const { accountId, roleName } = role;
  if (profile === undefined || accountId === undefined)
    return { name: profile?.name ?? "keys", state: "this shell", detail: words };
  const accountName = findAccountName(context.home, session && sessionLabel(session), accountId);
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
