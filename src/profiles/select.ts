import type { Context } from "../context.ts";
import { parseConfig } from "../aws-config/document.ts";
import { environmentProfile } from "../model/aws-environment.ts";
import { isRegion, isStartUrl, regionInStartUrl } from "../model/start-url.ts";
import { allSessions, readSession, type ConfigSource, type Profile } from "./profile.ts";
import { isAccountId, isRoleName, type RoleRequest } from "../model/role.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { LatchkeyError } from "../errors.ts";
import { readConfigFile } from "../aws-config/file.ts";
import { configFilePath } from "../fs/paths.ts";
import { chooseProfile, namedProfile } from "./pick.ts";

/** Which session, which profile, which role: flags, then the environment, then the config, then a person, then exit 2. */

interface SessionFlags {
  readonly ssoSession?: string | undefined;
  readonly profile?: string | undefined;
  readonly startUrl?: string | undefined;
  readonly ssoRegion?: string | undefined;
}

interface RoleFlags extends SessionFlags {
  readonly accountId?: string | undefined;
  readonly roleName?: string | undefined;
}

export function readConfig(context: Context): ConfigSource {
  const file = configFilePath(context.home, context.env);
  return { file, document: parseConfig(readConfigFile(file)) };
}

export async function selectSession(context: Context, flags: SessionFlags): Promise<SsoSession> {
  if (flags.startUrl !== undefined || flags.ssoRegion !== undefined) return sessionOfFlags(flags);
  const source = readConfig(context);
  if (flags.ssoSession !== undefined) return readSession(source, flags.ssoSession);
  if (flags.profile !== undefined) return sessionOf(namedProfile(context, source, flags.profile));
  const fromEnvironment = environmentProfile(context.env);
  if (fromEnvironment !== undefined) {
    const { session } = namedProfile(context, source, fromEnvironment);
    if (session !== undefined) return session;
  }
  return onlySession(context, source);
}

/** A session that the config need not know: as a legacy profile would name it. */
function sessionOfFlags({ startUrl, ssoRegion, ssoSession }: SessionFlags): SsoSession {
  const region = ssoRegion ?? (startUrl === undefined ? undefined : regionInStartUrl(startUrl));
  if (startUrl === undefined || region === undefined)
    throw new LatchkeyError(
      "USAGE",
      "--start-url and --sso-region go together, unless the start URL names its region.",
      { hint: "Give both, or --sso-session with a name that the config has." },
    );
  if (ssoSession !== undefined)
    throw new LatchkeyError(
      "USAGE",
      "--sso-session names a session of the config; --start-url describes one that is not there.",
      { hint: "Give one of the two." },
    );
  return {
    name: undefined,
    startUrl: checkedStartUrlFlag(startUrl),
    region: checkedRegionFlag("--sso-region", region),
    registrationScopes: undefined,
  };
}

function sessionOf(profile: Profile): SsoSession {
  if (profile.session !== undefined) return profile.session;
  throw new LatchkeyError("CONFIG_INVALID", `The profile "${profile.name}" has no SSO session.`, {
    hint: `Give it one: latchkey configure --profile ${profile.name}`,
  });
}

async function onlySession(context: Context, source: ConfigSource): Promise<SsoSession> {
  const sessions = allSessions(source);
  const [first, ...others] = sessions;
  if (first === undefined)
    throw new LatchkeyError("CONFIG_INVALID", `No SSO session in ${source.file}.`, {
      hint: "Set one up: latchkey configure",
    });
  if (others.length === 0) return first;
  const labels = sessions.map(sessionLabel);
  if (!context.terminal.interactive)
    throw new LatchkeyError(
      "USAGE",
      `Which SSO session? ${source.file} has ${labels.join(", ")}.`,
      { hint: `Name one: --sso-session ${labels[0] ?? "NAME"}` },
    );
  return context.terminal.choose(
    "SSO session",
    sessions.map((session) => ({ name: sessionLabel(session), value: session })),
  );
}

/** The profile by argument or flag, else by the environment, else by a person's choice. */
export async function selectProfile(
  context: Context,
  flags: { readonly profile?: string | undefined },
): Promise<Profile> {
  const source = readConfig(context);
  const named = flags.profile ?? environmentProfile(context.env);
  return named === undefined
    ? chooseProfile(context, source)
    : namedProfile(context, source, named);
}

/** The role by `--sso-session --account-id --role-name`, all three, else the profile's. */
export async function selectRole(context: Context, flags: RoleFlags): Promise<RoleRequest> {
  const { accountId, roleName } = flags;
  if (accountId !== undefined || roleName !== undefined) {
    if (accountId === undefined || roleName === undefined)
      throw new LatchkeyError("USAGE", "--account-id and --role-name go together.", {
        hint: "Give both, or --profile.",
      });
    return {
      session: await selectSession(context, flags),
      accountId: checkedAccountFlag(accountId),
      roleName: checkedRoleFlag(roleName),
    };
  }
  if (flags.ssoSession !== undefined && flags.profile === undefined)
    throw new LatchkeyError("USAGE", "--sso-session alone names no role.", {
      hint: "Add --account-id and --role-name, or give --profile.",
    });
  return roleOf(await selectProfile(context, flags));
}

export function roleOf(profile: Profile): RoleRequest {
  const session = sessionOf(profile);
  if (profile.accountId === undefined || profile.roleName === undefined) {
    throw new LatchkeyError(
      "CONFIG_INVALID",
      `The profile "${profile.name}" names no account and role.`,
      { hint: `latchkey configure --profile ${profile.name}` },
    );
  }
  return { session, accountId: profile.accountId, roleName: profile.roleName };
}

export function checkedStartUrlFlag(startUrl: string): string {
  if (isStartUrl(startUrl)) return startUrl;
  throw new LatchkeyError("USAGE", "--start-url is not an https URL.", {
    hint: "A start URL looks like https://my-company.awsapps.com/start",
  });
}

export function checkedRegionFlag(flag: string, region: string): string {
  if (isRegion(region)) return region;
  throw new LatchkeyError("USAGE", `${flag} is not a region's name.`, {
    hint: "A region looks like us-east-1.",
  });
}

export function checkedAccountFlag(accountId: string): string {
  if (isAccountId(accountId)) return accountId;
  throw new LatchkeyError("USAGE", "--account-id is not 12 digits.", {
    hint: "Give it with its leading zeros.",
  });
}

export function checkedRoleFlag(roleName: string): string {
  if (isRoleName(roleName)) return roleName;
  throw new LatchkeyError("USAGE", "--role-name is not a role's name.", {
    hint: "See the roles that you hold: latchkey roles",
  });
}
