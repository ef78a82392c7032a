import type { Context, Environment } from "../context.ts";
import { parseConfig } from "../aws-config/document.ts";
import {
  findEnvironmentCredentials,
  findEnvironmentEndpoint,
  findEnvironmentProfile,
  findEnvironmentRegion,
  findSurroundingExec,
  listWinningCredentials,
} from "../model/aws-environment.ts";
import { parseRoleArn } from "../clients/identity.ts";
import { findOrigin, type Origin } from "./source.ts";
import { readProfile, type ConfigSource, type Profile } from "../profiles/profile.ts";
import { resolveChainedRole } from "./role-chain.ts";
import type { SsoSession } from "../model/sso-session.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { readConfigFile } from "../aws-config/file.ts";
import { credentialsFilePath } from "../fs/paths.ts";
import { createProfileSource, findRegion, type CredentialsSource } from "./profile.ts";
import { createRoleRef, readDecision } from "./role.ts";
import { readConfig, selectProfile } from "../profiles/select.ts";
import { openTokenStoreIfPossible } from "../token/open-store.ts";

/** The credentials that AWS clients would use here, and where they come from. */
export interface FoundCredentials extends Origin, CredentialsSource {
  /** undefined where they are none of a profile's. */
  readonly profile: Profile | undefined;
  /** The sign-in that they stand on, also at the end of a chain of roles. */
  readonly session: SsoSession | undefined;
  readonly region: string | undefined;
  /** What their files say of the role, without asking. */
  readonly role: { readonly accountId: string | undefined; readonly roleName: string | undefined };
  /** The one act that gives new ones where AWS refuses these; undefined: a login. */
  readonly cure: string | undefined;
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
  const found = named === undefined ? findInEnvironment(context.env) : undefined;
  return found ?? profileSource(context, await selectProfile(context, { profile: named }));
}

function findInEnvironment(env: Environment): FoundCredentials | undefined {
  const profile = findEnvironmentProfile(env);
  const keys = findEnvironmentCredentials(env);
  if (keys !== undefined)
    return environmentSource(env, "AWS_ACCESS_KEY_ID", {
      remarks:
        profile === undefined
          ? []
          : [
              `the environment beats the profile: AWS_ACCESS_KEY_ID is set, so that "${profile}" of AWS_PROFILE has no say. latchkey use ${quoteShellWord(profile)} --unset-credentials takes it away`,
            ],
      fetch: async () => keys,
      findExpiry: async () => keys.expiration,
    });
  const endpoint = profile === undefined ? findEnvironmentEndpoint(env) : undefined;
  if (endpoint === undefined) return undefined;
  const { variable, uri, token } = endpoint;
  return environmentSource(env, variable, {
    remarks: [],
    fetch: async () => {
      const { fetchEndpointCredentials } = await import("../aws/sdk-credentials.ts");
      return fetchEndpointCredentials(variable, uri, token);
    },
    findExpiry: async () => undefined,
  });
}

/** @param variable that they come from. */
function environmentSource(
  env: Environment,
  variable: string,
  how: Pick<FoundCredentials, "remarks" | "fetch" | "findExpiry">,
): FoundCredentials {
  const outer = findSurroundingExec(env);
  const execCommand = outer && `latchkey exec ${quoteShellWord(outer)}`;
  return {
    ...how,
    source: "environment",
    words: `${variable} in the environment${execCommand === undefined ? "" : `, put there by ${execCommand}`}`,
    profile: undefined,
    session: undefined,
    region: findEnvironmentRegion(env),
    role: parseRoleArn(undefined),
    cure:
      execCommand === undefined
        ? `Take them out of the environment: unset ${listWinningCredentials(env).join(" ") || variable}`
        : `Start the command again: ${execCommand}`,
  };
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
  const hasKeys = origin.source === "credentials-file";
  const resolved = hasKeys ? dropSignIn(profile) : profile;
  const isChained = origin.source === "chained-role";
  const [winning] = listWinningCredentials(context.env);
  const remark =
    winning &&
    `${winning} is set: where a profile comes from AWS_PROFILE, AWS clients take that before it`;
  return {
    ...origin,
    remarks: remark === undefined ? origin.remarks : [...origin.remarks, remark],
    profile: resolved,
    session: resolved.session ?? (isChained ? findSessionBelow(config, profile.name) : undefined),
    region: findRegion(context, profile),
    role:
      resolved.form === "other"
        ? parseRoleArn(resolveChainedRole(config, profile.name)?.roleArn)
        : resolved,
    cure: hasKeys ? `Mend or remove its keys in ${credentialsFile}.` : undefined,
    ...createProfileSource(context, resolved),
    findExpiry: () => findCachedExpiry(context, resolved),
  };
}

function dropSignIn(profile: Profile): Profile {
  const none = { session: undefined, accountId: undefined, roleName: undefined };
  return { ...profile, ...none, form: "other" };
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

async function findCachedExpiry(
  context: Context,
  { session, accountId, roleName }: Profile,
): Promise<Date | undefined> {
  if (session === undefined || accountId === undefined || roleName === undefined) return undefined;
  const store = await openTokenStoreIfPossible(context, session);
  const ref = createRoleRef(context, { session, accountId, roleName });
  const decision = readDecision(context, { store, ref, session }, Number.POSITIVE_INFINITY);
  return decision.action === "use" ? decision.credentials.expiration : undefined;
}
