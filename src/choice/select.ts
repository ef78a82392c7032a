import type { Context } from "../context.ts";
import { findAccountName } from "../access/known.ts";
import { findEnvironmentProfile } from "../model/aws-environment.ts";
import type { RoleRequest } from "../model/role.ts";
import { sessionLabel } from "../model/sso-session.ts";
import { configError, usageError } from "../errors.ts";
import { narrowToIdentity, resolveIdentity } from "../profiles/identity.ts";
import { requireProfile } from "../profiles/known.ts";
import { summarizeProfiles, type Profile, type ProfileSummary } from "../profiles/profile.ts";
import {
  checkAccountFlag,
  checkRoleFlag,
  findProfileVariable,
  readConfig,
  selectSession,
  type RoleFlags,
} from "../profiles/select.ts";
import { readSettings } from "../settings/file.ts";
import { notice } from "../terminal/notice.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { trace } from "../trace.ts";
import { nameRole, toRoleKey } from "./entry.ts";
import { pickEntry } from "./pick.ts";

/**
 * Selects the profile or role: from exact flags, else from the environment, else a person chooses. Without a terminal
 * the command fails with exit code 2.
 */

/** Returns a profile. A role without a profile is returned as a `Profile` too. */
export async function selectProfile(context: Context, flags: RoleFlags): Promise<Profile> {
  if (namesRole(flags)) return toRoleProfile(context, await readRoleFlags(context, flags));
  const source = readConfig(context);
  const named = flags.profile ?? findEnvironmentProfile(context.env) ?? findDefault(context);
  if (named === undefined) return selectProfile(context, await pickEntry(context, source));
  const profile = requireProfile(context, source, named);
  traceProfile(context, profile, flags.profile);
  return narrowToIdentity(context, profile);
}

/** Returns the role that SDKs ask for: from its three flags, or from the profile. */
export async function selectRole(context: Context, flags: RoleFlags): Promise<RoleRequest> {
  if (namesRole(flags)) return readRoleFlags(context, flags);
  const named = flags.profile ?? findEnvironmentProfile(context.env);
  const source = readConfig(context);
  if (named === undefined) return selectRole(context, await pickEntry(context, source));
  const profile = requireProfile(context, source, named);
  traceProfile(context, profile, flags.profile);
  // SDKs ask for the role in the SSO keys, even if the profile has other credentials.
  return requireRole(profile);
}

/** Returns whether the flags name a role. @throws LatchkeyError USAGE if they name only a part of a role */
function namesRole({ profile, ssoSession, accountId, roleName }: RoleFlags): boolean {
  if (accountId !== undefined && roleName !== undefined) return true;
  if (accountId !== undefined || roleName !== undefined)
    throw usageError(
      "--account-id and --role-name must be given together.",
      "Give both, or --profile.",
    );
  if (ssoSession !== undefined && profile === undefined)
    throw usageError(
      "--sso-session alone does not select a role.",
      "Add --account-id and --role-name, or give --profile.",
    );
  return false;
}

async function readRoleFlags(context: Context, flags: RoleFlags): Promise<RoleRequest> {
  const { accountId = "", roleName = "" } = flags;
  return {
    session: await selectSession(context, flags),
    accountId: checkAccountFlag(accountId),
    roleName: checkRoleFlag(roleName),
  };
}

function toRoleProfile(context: Context, role: RoleRequest): Profile {
  const { session, accountId, roleName } = role;
  const label = sessionLabel(session);
  const accountName = findAccountName(context.home, label, accountId);
  const name = nameRole({ accountId, accountName, roleName });
  trace(() => `the role ${name} of ${label}, without a profile`);
  return { ...role, name, form: "role", region: findRoleRegion(context, role) };
}

/**
 * Returns the region of the role's profiles if they agree, or the default region setting, or the region of the
 * session's profiles if they agree.
 */
export function findRoleRegion(
  context: Context,
  { session, accountId, roleName }: RoleRequest,
): string | undefined {
  const label = sessionLabel(session);
  const key = toRoleKey({ session: label, accountId, roleName });
  const profiles = summarizeProfiles(readConfig(context).document);
  return (
    findOnlyRegion(profiles.filter((profile) => toRoleKey(profile) === key)) ??
    readSettings(context.home, context.env, session.name)["default-region"] ??
    findOnlyRegion(profiles.filter((profile) => profile.session === label))
  );
}

function findOnlyRegion(profiles: readonly ProfileSummary[]): string | undefined {
  const [region, ...others] = new Set(profiles.flatMap((profile) => profile.region ?? []));
  return others.length === 0 ? region : undefined;
}

export function requireRole(profile: Profile): RoleRequest {
  const { session, accountId, roleName, name } = profile;
  if (session === undefined)
    throw configError(
      `The profile "${name}" has no SSO session.`,
      `Give it one: latchkey configure --profile ${quoteShellWord(name)}`,
    );
  if (accountId === undefined || roleName === undefined)
    throw configError(
      `The profile "${name}" names no account and role.`,
      `latchkey configure --profile ${quoteShellWord(name)}`,
    );
  return { session, accountId, roleName };
}

/** @param given the profile's name, if an argument or a flag contained it */
function traceProfile(context: Context, profile: Profile, given: string | undefined): void {
  trace(() => {
    const { name, session } = profile;
    const variable = findProfileVariable(context);
    const unnamed = name === "default" ? "since no other is named" : "picked";
    const reason = variable === undefined ? unnamed : `by ${variable}`;
    const place = session === undefined ? "" : `; its session ${sessionLabel(session)}`;
    return `profile ${name}: ${given === undefined ? reason : "as named"}${place}`;
  });
}

/** Returns "default", which every AWS client uses if no profile is named. Undefined if it has no credentials. */
function findDefault(context: Context): string | undefined {
  if (resolveIdentity(context, "default").source === undefined) return undefined;
  notice(context, 'no profile is named: using "default", as AWS clients do');
  return "default";
}
