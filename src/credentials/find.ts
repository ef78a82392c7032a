import type { Context } from "../context.ts";
import { parseConfig } from "../aws-config/document.ts";
import type { AwsCredentials } from "../model/credentials.ts";
import {
  findEnvironmentCredentials,
  findEnvironmentEndpoint,
  findEnvironmentProfile,
  findEnvironmentRegion,
  findSurroundingExec,
  listWinningCredentials,
} from "../model/aws-environment.ts";
import { findOrigin, parseRoleArn, type Origin } from "./source.ts";
import { readProfile, type ConfigSource, type Profile } from "../profiles/profile.ts";
import { resolveChainedRole } from "./role-chain.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { readConfigFile } from "../aws-config/file.ts";
import { credentialsFilePath } from "../fs/paths.ts";
import { decideRole } from "../token/decide.ts";
import { fetchCredentials, findRegion } from "./profile.ts";
import { readConfig, selectProfile } from "../profiles/select.ts";
import { openTokenStoreIfPossible } from "../token/open-store.ts";

/** The credentials that AWS clients would use here, and where they come from. */
export interface FoundCredentials extends Origin {
  /** undefined where they are none of a profile's. */
  readonly profile: Profile | undefined;
  /** The sign-in that they stand on, also at the end of a chain of roles. */
  readonly session: SsoSession | undefined;
  readonly region: string | undefined;
  /** What their files say of the role, without asking. */
  readonly role: { readonly accountId: string | undefined; readonly roleName: string | undefined };
  /** The one act that gives new ones where AWS refuses these; undefined: a login. */
  readonly cure: string | undefined;
  readonly fetch: () => Promise<AwsCredentials>;
  /** The end of those that are at hand without asking; undefined where none are, or where they have none. */
  readonly findExpiry: () => Promise<Date | undefined>;
}

/**
 * A profile that was named goes first, then keys in the environment, then AWS_PROFILE, then an endpoint that the
 * environment names, then a person's choice: the AWS CLI's order.
 */
export async function findCredentials(
  context: Context,
  named: string | undefined,
): Promise<FoundCredentials> {
  const { env } = context;
  const keys = named === undefined ? findEnvironmentCredentials(env) : undefined;
  if (keys !== undefined)
    return environmentSource(context, {
      variable: "AWS_ACCESS_KEY_ID",
      remarks: profileRemarks(context),
      fetch: async () => keys,
      expiration: keys.expiration,
    });
  const endpoint =
    named === undefined && findEnvironmentProfile(env) === undefined
      ? findEnvironmentEndpoint(env)
      : undefined;
  if (endpoint !== undefined) {
    const fetch = async (): Promise<AwsCredentials> =>
      (await import("../aws/sdk-credentials.ts")).fetchEndpointCredentials(
        endpoint.variable,
        endpoint.uri,
        endpoint.token,
      );
    const { variable } = endpoint;
    return environmentSource(context, { variable, remarks: [], fetch, expiration: undefined });
  }
  return profileSource(context, await selectProfile(context, { profile: named }));
}

interface EnvironmentCredentials {
  /** The variable that they come from. */
  readonly variable: string;
  readonly remarks: readonly string[];
  readonly fetch: () => Promise<AwsCredentials>;
  readonly expiration: Date | undefined;
}

function environmentSource(
  { env }: Context,
  { variable, remarks, fetch, expiration }: EnvironmentCredentials,
): FoundCredentials {
  const outer = findSurroundingExec(env);
  const words = `${variable} in the environment${outer === undefined ? "" : `, put there by latchkey exec ${quoteShellWord(outer)}`}`;
  const cure =
    outer === undefined
      ? `Take them out of the environment: unset ${listWinningCredentials(env).join(" ") || variable}`
      : `Start the command again: latchkey exec ${quoteShellWord(outer)}`;
  return {
    source: "environment",
    words,
    remarks,
    profile: undefined,
    session: undefined,
    region: findEnvironmentRegion(env),
    role: { accountId: undefined, roleName: undefined },
    cure,
    fetch,
    findExpiry: async () => expiration,
  };
}

function profileRemarks({ env }: Context): string[] {
  const profile = findEnvironmentProfile(env);
  return profile === undefined
    ? []
    : [
        `the environment beats the profile: AWS_ACCESS_KEY_ID is set, so that "${profile}" of AWS_PROFILE has no say. latchkey use ${quoteShellWord(profile)} --unset-credentials takes it away`,
      ];
}

function profileSource(context: Context, profile: Profile): FoundCredentials {
  const config = readConfig(context);
  const credentialsFile = credentialsFilePath(context.home, context.env);
  const origin = findOrigin(
    config,
    { file: credentialsFile, document: parseConfig(readConfigFile(credentialsFile)) },
    profile.name,
    profile.form,
  );
  // Keys in the credentials file: no client runs the program, whoever it is.
  const resolved = origin.source === "credentials-file" ? dropSignIn(profile) : profile;
  return {
    ...origin,
    remarks: [...origin.remarks, ...environmentRemarks(context)],
    profile: resolved,
    session:
      resolved.session ??
      (origin.source === "chained-role" ? findSessionBelow(config, profile.name) : undefined),
    region: findRegion(context, profile),
    role:
      resolved.form === "other"
        ? findRole(config, profile.name)
        : { accountId: resolved.accountId, roleName: resolved.roleName },
    cure:
      origin.source === "credentials-file"
        ? `Mend or remove its keys in ${credentialsFile}.`
        : undefined,
    fetch: () => fetchCredentials(context, resolved),
    findExpiry: () => findCachedExpiry(context, resolved),
  };
}

function dropSignIn({ name, region, caBundle }: Profile): Profile {
  return {
    name,
    form: "other",
    session: undefined,
    accountId: undefined,
    roleName: undefined,
    region,
    caBundle,
  };
}

function environmentRemarks({ env }: Context): string[] {
  const [winning] = listWinningCredentials(env);
  return winning === undefined
    ? []
    : [
        `${winning} is set: where a profile comes from AWS_PROFILE, AWS clients take that before it`,
      ];
}

/** The session of the profile at the end of a chain; a chain that leads back to itself has none. */
function findSessionBelow(
  config: ConfigSource,
  name: string,
  seen: readonly string[] = [],
): SsoSession | undefined {
  if (seen.includes(name)) return undefined;
  const role = resolveChainedRole(config, name);
  if (role !== undefined) return findSessionBelow(config, role.sourceProfile, [...seen, name]);
  return seen.length === 0 ? undefined : readProfile(config, name).session;
}

function findRole(config: ConfigSource, name: string): FoundCredentials["role"] {
  const role = resolveChainedRole(config, name);
  return (
    (role === undefined ? undefined : parseRoleArn(role.roleArn)) ?? {
      accountId: undefined,
      roleName: undefined,
    }
  );
}

async function findCachedExpiry(
  context: Context,
  { session, accountId, roleName }: Profile,
): Promise<Date | undefined> {
  if (session === undefined || accountId === undefined || roleName === undefined) return undefined;
  const store = await openTokenStoreIfPossible(context, session);
  const ref = { session: sessionLabel(session), accountId, roleName };
  const decision = decideRole(store.readRole(ref), {
    ref,
    now: context.now(),
    shareSeconds: Number.POSITIVE_INFINITY,
    isOfThisSignIn: ({ stamp }) => stamp === store.readMark().stamp,
  });
  return decision.action === "use" ? decision.credentials.expiration : undefined;
}
