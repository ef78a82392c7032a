import type { Context } from "../../context.ts";
import { listProfileNames } from "../../aws-config/document.ts";
import { findEnvironmentProfile, HOOK_SHELL } from "../../model/aws-environment.ts";
import { guessShell, installationLine, isShell } from "../../text/shell-words.ts";
import { sessionLabel } from "../../model/sso-session.ts";
import type { Overview, ShellIdentity } from "./overview-text.ts";
import { isExpectedFailure } from "../../errors.ts";
import { findAccountName } from "../../access/known.ts";
import { findCredentials } from "./find.ts";
import { toSourceWord } from "./source.ts";
import { resolveIdentity } from "../../profiles/identity.ts";
import { listCredentialsFileProfiles } from "../../profiles/known.ts";
import { readConfig } from "../../profiles/select.ts";
import { listSessionStatuses } from "../../sign-in/status.ts";

/**
 * Returns the state of this machine and this shell, from local files only. An error in the config becomes a part of the
 * result.
 */
export async function overview(context: Context): Promise<Overview> {
  let known: Overview = {
    statuses: [],
    shell: undefined,
    problem: undefined,
    profiles: 0,
    installation: findInstallation(context),
  };
  try {
    const configured = listProfileNames(readConfig(context).document);
    const profiles = new Set([...configured, ...listCredentialsFileProfiles(context)]).size;
    known = { ...known, profiles };
    known = { ...known, statuses: await listSessionStatuses(context, undefined, false) };
    return { ...known, shell: await describeShell(context) };
  } catch (thrown) {
    if (!isExpectedFailure(thrown) || thrown.code === "CANCELLED") throw thrown;
    return { ...known, problem: thrown };
  }
}

/** Returns the installation step, or undefined if the shell hook is active. The hook sets a variable for each call. */
function findInstallation({ env, platform }: Context): Overview["installation"] {
  return isShell(env[HOOK_SHELL]) ? undefined : installationLine(guessShell(env, platform));
}

async function describeShell(context: Context): Promise<ShellIdentity | undefined> {
  const { home, env } = context;
  const { source } = resolveIdentity(context, undefined);
  if (source === undefined && findEnvironmentProfile(env) === undefined) return undefined;
  const isOfEnvironment = source !== undefined && toSourceWord(source) === "environment";
  const named = isOfEnvironment ? undefined : (findEnvironmentProfile(env) ?? "default");
  const { profile, words, role, region, session } = await findCredentials(context, {
    profile: named,
  });
  const { accountId, roleName } = role;
  const accountName =
    accountId === undefined
      ? undefined
      : findAccountName(home, session && sessionLabel(session), accountId);
  return { profile: profile?.name, source: words, accountId, accountName, roleName, region };
}
