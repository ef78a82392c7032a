import type { Context } from "../context.ts";
import type { AwsCredentials } from "../model/credentials.ts";
import { checkRegionVariables, findChosenRegion } from "../model/aws-environment.ts";
import {
  isSamePartition,
  consoleDestination,
  parseConsoleDuration,
  consoleHosts,
  isKnownService,
  portalShortcut,
  signInLink,
} from "./services.ts";
import { endpointOverride } from "../aws/endpoints.ts";
import { checkProfileRegion, type Profile } from "../profiles/profile.ts";
import { hasCode, LatchkeyError, usageError } from "../errors.ts";
import { recordUse } from "../choice/usage.ts";
import { browserCommand } from "../settings/browser.ts";
import { notice } from "../terminal/notice.ts";
import {
  callWithCredentials,
  createProfileConnection,
  createProfileSource,
  DEFAULT_REGION,
} from "../credentials/profile.ts";
import type { TemporaryCredentials } from "./sign-in-endpoint.ts";
import { requireRole, selectProfile } from "../choice/select.ts";
import { checkRegionFlag, type RoleFlags } from "../profiles/select.ts";

interface ConsoleRequest {
  readonly role: RoleFlags;
  readonly service: string | undefined;
  readonly region: string | undefined;
  /** As typed, for example `8h`. */
  readonly duration: string | undefined;
  /**
   * Whether to use the access portal's link, which contains no credentials but needs a browser that is signed in there.
   */
  readonly shortcut: boolean;
}

interface ConsoleLink {
  readonly profile: Profile;
  readonly url: string;
}

/** Returns the link that opens the console with a profile's role. */
export async function consoleLink(context: Context, request: ConsoleRequest): Promise<ConsoleLink> {
  const durationSeconds =
    request.duration === undefined ? undefined : parseConsoleDuration(request.duration);
  const profile = await selectProfile(context, request.role);
  const home = findHomeRegion(context, profile);
  const destination = consoleDestination(
    home,
    request.service,
    findPageRegion(context, request.region, profile, home),
  );
  if (request.service !== undefined && !isKnownService(request.service))
    notice(
      context,
      `"${request.service}" is not a service that latchkey knows; it is used unchanged in the console's URL`,
    );
  const url = request.shortcut
    ? shortcutLink(profile, request, destination)
    : await fetchSignInLink(context, profile, { home, destination, durationSeconds });
  recordUse(context, profile);
  return { profile, url };
}

/** Opens the link in the browser from the settings or BROWSER, and reports it. */
export async function openConsole(context: Context, { profile, url }: ConsoleLink): Promise<void> {
  const isOpened = await context.openBrowser(url, browserCommand(context, profile.session?.name));
  if (!isOpened)
    throw usageError(
      "No browser could be opened here.",
      "Print the link instead: latchkey console --print",
    );
  context.terminal.say(`Opening the console as ${profile.name} in your browser.`);
}

/**
 * Returns a region in the partition of the credentials. Prefers the session's region, since a profile's region can be
 * any text.
 */
function findHomeRegion(context: Context, profile: Profile): string {
  return (
    profile.session?.region ??
    checkProfileRegion(profile) ??
    findChosenRegion(context.env) ??
    DEFAULT_REGION
  );
}

/**
 * Returns the region that the console shows. A flag with a region of another partition is an error; another source with
 * one is ignored.
 */
function findPageRegion(
  context: Context,
  flag: string | undefined,
  profile: Profile,
  home: string,
): string | undefined {
  if (flag !== undefined) {
    if (isSamePartition(checkRegionFlag("--region", flag), home)) return flag;
    throw usageError(
      `--region ${flag} is in another partition than this profile (${home}).`,
      "Give a region of the same partition.",
    );
  }
  checkRegionVariables(context.env);
  return [findChosenRegion(context.env), checkProfileRegion(profile)].find(
    (region) => region !== undefined && isSamePartition(region, home),
  );
}

function shortcutLink(profile: Profile, { duration }: ConsoleRequest, destination: string): string {
  if (duration !== undefined)
    throw usageError(
      "--duration can't be used with --shortcut: the portal decides how long that session is.",
      "Remove one of them.",
    );
  if (profile.session === undefined)
    throw usageError(
      `The profile "${profile.name}" has no access portal for a shortcut.`,
      "Remove --shortcut.",
    );
  const { session, accountId, roleName } = requireRole(profile);
  return portalShortcut(session.startUrl, accountId, roleName, destination);
}

/** The console page that a link opens, and for how long. */
interface LinkTarget {
  /** A region in the partition of the credentials. */
  readonly home: string;
  readonly destination: string;
  readonly durationSeconds: number | undefined;
}

async function fetchSignInLink(
  context: Context,
  profile: Profile,
  { home, destination, durationSeconds }: LinkTarget,
): Promise<string> {
  const endpoint =
    endpointOverride("SIGNIN", context.env) ?? `https://${consoleHosts(home).signIn}`;
  const { fetchSignInToken } = await import("./sign-in-endpoint.ts");
  const connection = createProfileConnection(context, "SIGNIN", profile, home);
  // The endpoint's error does not show whether the credentials or something else is refused, so every refusal counts as
  // one of the credentials.
  const token = await callWithCredentials(
    createProfileSource(context, profile),
    (credentials) =>
      fetchSignInToken(
        connection,
        endpoint,
        requireTemporary(profile, credentials),
        durationSeconds,
      ),
    (thrown) => hasCode(thrown, "ACCESS_DENIED"),
  );
  return signInLink(endpoint, token, destination, profile.session?.startUrl);
}

/**
 * Returns the credentials if they are temporary.
 * @throws LatchkeyError CONFIG_INVALID for long-term keys, which can't sign in to the console
 */
function requireTemporary(profile: Profile, credentials: AwsCredentials): TemporaryCredentials {
  const { sessionToken } = credentials;
  if (sessionToken !== undefined) return { ...credentials, sessionToken };
  throw new LatchkeyError(
    "CONFIG_INVALID",
    `The profile "${profile.name}" has long-term keys: the console accepts only a role's credentials.`,
    {
      hint: "Use a profile with a role, or sign in to the console with the user's password.",
    },
  );
}
