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
import type { Pace } from "../aws/send.ts";
import { createConnection } from "../aws/connection.ts";
import { createListingPace } from "../access/rate.ts";
import { listCredentialsFileProfiles, requireProfile } from "../profiles/known.ts";
import { fetchCredentials } from "../credentials/profile.ts";
import { checkRegionFlag, readConfig } from "../profiles/select.ts";

/** Who asks AWS about the organization: found by flags, profiles and the environment. */

export interface AdministratorFlags {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  /** Seconds. */
  readonly timeout?: number | undefined;
}

/** Commands of a hint that ask AWS as this run does. */
const ASKING_COMMAND = /latchkey federation (check|scim|access|assign|why)\b/;

/** The hint with the flags of this run in its command, which ends it: so that it runs as printed. */
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

/** Whose credentials they are: a profile's, or those of the environment. */
interface Source {
  readonly profile?: Profile;
  readonly fetch: () => Promise<AwsCredentials>;
}

/** As the AWS CLI finds them: --profile, then keys in the environment, then AWS_PROFILE, then the profile "default". */
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

/** Why a step is skipped where there is none. */
export const NO_ADMINISTRATOR = "no AWS credentials (--profile)";

export function hasAdministrator(context: Context, flags: AdministratorFlags): boolean {
  return findSource(context, flags) !== undefined;
}

/**
 * @param nearby a region that something else of this run names, such as the SCIM endpoint.
 * @throws LatchkeyError USAGE where no credentials or no region can be found.
 */
export async function openAdministrator(
  context: Context,
  flags: AdministratorFlags,
  nearby?: string,
): Promise<Administrator> {
  const source = findSource(context, flags);
  if (source === undefined)
    throw usageError(
      "No AWS credentials to ask with.",
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

export function toDeadline(
  { monotonic }: Context,
  timeoutSeconds: number | undefined,
): number | undefined {
  return timeoutSeconds === undefined ? undefined : monotonic() + timeoutSeconds * 1000;
}

/** An SSO profile's session is in the region of the instance that gave it; AWS_REGION is where somebody works. */
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

/** Requests a second, over all services: their quotas are 20 each, shared with everybody in the organization. */
const MOST_PER_SECOND = 12;

/** As a listing finds its pace, and never faster than the administrators' quota bears. */
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
