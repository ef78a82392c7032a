import { quoteShellWord } from "../text/shell-words.ts";
import type { Context } from "../context.ts";
import { listProfileNames } from "../aws-config/document.ts";
import type { AwsCredentials } from "../model/credentials.ts";
import {
  checkRegionVariables,
  findEnvironmentCredentials,
  findEnvironmentProfile,
  findEnvironmentRegion,
} from "../model/aws-environment.ts";
import type { AdminService } from "../aws/endpoints.ts";
import { checkProfileRegion, type Profile } from "../profiles/profile.ts";
import { usageError } from "../errors.ts";
import type { AdminConnection, Administrator } from "./aws/send.ts";
import type { Pace } from "../aws/call/retry.ts";
import { createConnection } from "../aws/connection.ts";
import { createListingPace } from "../access/rate.ts";
import { listCredentialsFileProfiles, requireProfile } from "../profiles/known.ts";
import { fetchCredentials } from "../credentials/profile.ts";
import { checkRegionFlag, readConfig } from "../profiles/select.ts";

/** The administrator, whose credentials are used for requests about the organization. */

export interface AdministratorFlags {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  /** Seconds. */
  readonly timeout?: number | undefined;
}

/** Matches commands in hints that accept the same administrator flags. */
const ASKING_COMMAND = /latchkey federation (check|scim|access|assign|why)\b/;

/** Returns the hint with this run's flags appended to its command, so that the command runs as printed. */
export function addRunFlags(hint: string, { profile, region }: AdministratorFlags): string {
  const [command] = /latchkey federation .*$/.exec(hint) ?? [];
  if (command === undefined || !ASKING_COMMAND.test(command)) return hint;
  const flags = Object.entries({ profile, region }).flatMap(([name, value]) =>
    value === undefined || command.includes(`--${name} `)
      ? []
      : ` --${name} ${quoteShellWord(value)}`,
  );
  return hint + flags.join("");
}

/** The source of the credentials: a profile or the environment. */
interface Source {
  readonly profile?: Profile;
  readonly fetch: () => Promise<AwsCredentials>;
}

/**
 * Finds the credentials in the order of the AWS CLI: --profile, keys in the environment, AWS_PROFILE, the profile "default".
 */
function findSource(context: Context, { profile }: AdministratorFlags): Source | undefined {
  const config = readConfig(context);
  const keys = profile === undefined ? findEnvironmentCredentials(context.env) : undefined;
  if (keys !== undefined) return { fetch: () => Promise.resolve(keys) };
  const hasDefault = () =>
    listProfileNames(config.document).includes("default") ||
    listCredentialsFileProfiles(context).includes("default");
  const named = profile ?? findEnvironmentProfile(context.env);
  if (named === undefined && !hasDefault()) return undefined;
  const found = requireProfile(context, config, named ?? "default");
  return { profile: found, fetch: () => fetchCredentials(context, found) };
}

/** Shown when a step is skipped because there are no credentials. */
export const NO_ADMINISTRATOR = "no AWS credentials (--profile)";

export function hasAdministrator(context: Context, flags: AdministratorFlags): boolean {
  return findSource(context, flags) !== undefined;
}

/**
 * Returns an administrator whose connections share credentials, pace and deadline.
 * @param nearby a region that another option implies, such as the one in the SCIM endpoint.
 * @throws LatchkeyError USAGE if no credentials or no region can be found.
 */
export async function openAdministrator(
  context: Context,
  flags: AdministratorFlags,
  nearby?: string,
): Promise<Administrator> {
  const source = findSource(context, flags);
  if (source === undefined)
    throw usageError(
      "There are no AWS credentials.",
      "Name the administrator's profile: --profile NAME",
    );
  const { profile } = source;
  const region = findRegion(context, flags.region, profile, nearby);
  const caBundle = profile?.session?.caBundle ?? profile?.caBundle;
  const credentials = await source.fetch();
  const pace = createAdministratorPace(context);
  const deadline = toDeadline(context, flags.timeout);
  const connections = new Map<AdminService, AdminConnection>();
  return {
    region,
    connect(service) {
      const connection = connections.get(service) ?? {
        ...createConnection(context, service, { region, caBundle }, deadline),
        credentials,
        pace,
      };
      connections.set(service, connection);
      return connection;
    },
  };
}

/** Returns a deadline in milliseconds of the monotonic clock. */
export function toDeadline(
  { monotonic }: Context,
  timeoutSeconds: number | undefined,
): number | undefined {
  return timeoutSeconds === undefined ? undefined : monotonic() + timeoutSeconds * 1000;
}

/**
 * An SSO session's region is the region of its instance. It takes precedence over AWS_REGION, which is usually the
 * region of the user's other work.
 */
function findRegion(
  { env }: Context,
  named: string | undefined,
  profile: Profile | undefined,
  nearby: string | undefined,
): string {
  if (named !== undefined) return checkRegionFlag("--region", named);
  checkRegionVariables(env);
  const region =
    profile?.session?.region ??
    nearby ??
    findEnvironmentRegion(env) ??
    (profile && checkProfileRegion(profile));
  if (region === undefined)
    throw usageError(
      "In which region is the Identity Center instance?",
      "Name it: --region REGION",
    );
  return checkRegionFlag("--region", region);
}

/**
 * The maximum of requests per second for all services together. The whole organization shares each service's quota of 20.
 */
const MOST_PER_SECOND = 12;

/** The pace of a listing, limited to `MOST_PER_SECOND`. */
function createAdministratorPace(context: Context): Pace {
  const listing = createListingPace(context);
  let next = context.monotonic();
  return {
    ...listing,
    async turn() {
      await listing.turn();
      const now = context.monotonic();
      const turn = Math.max(now, next);
      next = turn + 1000 / MOST_PER_SECOND;
      if (turn > now) await context.sleep(turn - now);
    },
  };
}
