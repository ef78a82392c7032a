import type { Context, Environment } from "../../context.ts";
import {
  checkRegionVariables,
  findEnvironmentProfile,
  findEnvironmentRegion,
  findSurroundingExec,
  listWinningCredentials,
} from "../../model/aws-environment.ts";
import { listClients } from "../../clients/family.ts";
import { findRole, type Source } from "../../clients/identity.ts";
import type { Outcomes } from "../../clients/resolve.ts";
import {
  describeDiffering,
  findVariable,
  listTakingOther,
  roleText,
  sourceText,
  toSourceWord,
  type SourceWord,
  type Files,
} from "./source.ts";
import type { Profile } from "../../profiles/profile.ts";
import {
  findSsoRole,
  findSsoRoleBelow,
  readRoleRequest,
  requireProfileSource,
  resolveIdentity,
  type ResolvedIdentity,
} from "../../profiles/identity.ts";
import type { RoleRequest } from "../../model/role.ts";
import { loginCommand, type SsoSession } from "../../model/sso-session.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import { readConfigDocument } from "../../aws-config/file.ts";
import { credentialsFilePath } from "../../fs/paths.ts";
import { createSource, findRegion, type CredentialsSource } from "../profile.ts";
import { createRoleRef, readDecision } from "../cached-role.ts";
import { selectProfile } from "../../choice/select.ts";
import { readConfig, type RoleFlags } from "../../profiles/select.ts";
import { openTokenStoreIfPossible } from "../../token/open-store.ts";
import { NO_DEADLINE } from "../../token/time-budget.ts";
import { trace } from "../../trace.ts";

/** The credentials that most AWS clients use here, and their source. */
export interface FoundCredentials extends CredentialsSource {
  readonly source: SourceWord;
  /** The source as text, with its place. */
  readonly words: string;
  /** Which clients use other credentials, and other remarks. */
  readonly remarks: readonly string[];
  /** What each client uses. */
  readonly outcomes: Outcomes;
  /** Undefined if the credentials don't come from a profile. */
  readonly profile: Profile | undefined;
  /** The SSO session that the credentials depend on, directly or at the end of a role chain. */
  readonly session: SsoSession | undefined;
  /** The role of Identity Center, if the credentials are that role's own and not a chained role's. */
  readonly ownRole: RoleRequest | undefined;
  readonly region: string | undefined;
  /** The account and role, from local files only. */
  readonly role: ReturnType<typeof findRole>;
  /** The hint if AWS refuses these credentials; undefined means to run doctor. */
  readonly cure: string | undefined;
  /**
   * Returns the expiry of the credentials available without a request. Undefined if there are none, or they don't
   * expire.
   */
  readonly findExpiry: () => Promise<Date | undefined>;
}

/**
 * Finds the credentials that most AWS clients use. If they find none and no profile is named, asks the person.
 * @param named a profile or a role; empty means to use the environment
 */
export async function findCredentials(
  context: Context,
  named: RoleFlags,
): Promise<FoundCredentials> {
  const isNamed = Object.values(named).some((value) => value !== undefined);
  const identity = isNamed ? undefined : resolveIdentity(context, undefined);
  const source = identity?.source;
  if (identity !== undefined && source !== undefined && toSourceWord(source) === "environment")
    return findInEnvironment(context, identity, source);
  const profile = await selectProfile(context, named);
  return findInProfile(context, profile, !isNamed);
}

export function readFiles(context: Context): Files {
  const file = credentialsFilePath(context.home, context.env);
  return {
    config: readConfig(context),
    credentials: { file, document: readConfigDocument(file) },
  };
}

function findInEnvironment(
  context: Context,
  identity: ResolvedIdentity,
  source: Source,
): FoundCredentials {
  const { env } = context;
  const files = readFiles(context);
  const variable = findVariable(source);
  trace(() => `no profile: ${variable} goes before any`);
  checkRegionVariables(env);
  const outer = findSurroundingExec(env);
  const execCommand = outer && `latchkey exec ${quoteShellWord(outer)}`;
  const request = { context, config: files.config, budget: NO_DEADLINE, identity };
  const ofSource = createSource(request, source);
  return {
    source: "environment",
    words: `${sourceText(source, files)}${execCommand === undefined ? "" : `, set by ${execCommand}`}`,
    remarks: [
      ...remarkOnProfile(env, variable),
      ...describeDiffering(identity.differing, identity.outcomes, files),
    ],
    outcomes: identity.outcomes,
    profile: undefined,
    session: undefined,
    ownRole: undefined,
    region: findEnvironmentRegion(env),
    role: findRole(source),
    cure:
      execCommand === undefined
        ? `Remove them from the environment: unset ${listWinningCredentials(env).join(" ") || variable}`
        : `Start the command again: ${execCommand}`,
    ...ofSource,
    findExpiry: async () =>
      source.kind === "environment" ? (await ofSource.fetch()).expiration : undefined,
  };
}

function remarkOnProfile(env: Environment, variable: string): string[] {
  const profile = findEnvironmentProfile(env);
  if (profile === undefined) return [];
  return [
    `the environment takes precedence: most AWS clients use ${variable} instead of the profile "${profile}" in AWS_PROFILE. To remove it: latchkey use ${quoteShellWord(profile)} --unset-credentials`,
  ];
}

/** @param isOfEnvironment whether the environment names the profile; then clients may use other credentials */
function findInProfile(
  context: Context,
  profile: Profile,
  isOfEnvironment: boolean,
): FoundCredentials {
  const files = readFiles(context);
  const identity = resolveIdentity(context, profile.name);
  const source = requireProfileSource(files.config, profile, identity);
  const seen = isOfEnvironment ? resolveIdentity(context, undefined) : identity;
  const { config } = files;
  const isRole = profile.form === "role";
  const below = findSsoRoleBelow(source);
  const session = below && readRoleRequest(config, below).session;
  const own = findSsoRole(source);
  const request = { context, config, budget: NO_DEADLINE, identity };
  return {
    source: isRole ? "role" : toSourceWord(source),
    words: isRole ? roleText(profile) : sourceText(source, files),
    remarks: isRole
      ? []
      : [
          ...describeDiffering(seen.differing, seen.outcomes, files),
          ...(isOfEnvironment ? [] : remarkOnVariables(context, profile, source)),
        ],
    outcomes: seen.outcomes,
    profile,
    session,
    ownRole: own && readRoleRequest(config, own),
    region: findRegion(context, profile),
    role: findRole(source),
    cure: findCure(source, files, session),
    ...createSource(request, source),
    findExpiry: () => findCachedExpiry(context, files, source),
  };
}

function findCure(
  source: Source,
  { config, credentials }: Files,
  session: SsoSession | undefined,
): string | undefined {
  if (source.kind === "keys")
    return `Fix or remove its keys in ${source.file === "config" ? config.file : credentials.file}.`;
  if (source.kind === "login") return `aws login --profile ${quoteShellWord(source.profile)}`;
  // The access token got these credentials, so it is probably still valid. Then a plain login does nothing: --force is
  // needed.
  return session && `Sign in again: ${loginCommand(session)} --force`;
}

/**
 * Returns a remark if some clients would use variables instead of this profile. latchkey prefers a named profile to
 * other variables; clients that read the profile's name from AWS_PROFILE may not.
 */
function remarkOnVariables(context: Context, { name }: Profile, source: Source): string[] {
  const env = { ...context.env, AWS_PROFILE: name, AWS_DEFAULT_PROFILE: undefined };
  const { outcomes } = resolveIdentity(context, undefined, env);
  const others = listTakingOther(outcomes, source);
  const [first] = others;
  const outcome = first === undefined ? undefined : outcomes[first];
  if (outcome?.kind !== "identity") return [];
  return [
    `${findVariable(outcome.source)} is set: even if AWS_PROFILE is set too, ${listClients(others)} use that variable`,
  ];
}

async function findCachedExpiry(
  context: Context,
  { config }: Files,
  source: Source,
): Promise<Date | undefined> {
  const role = findSsoRole(source);
  if (role === undefined) return undefined;
  const request = readRoleRequest(config, role);
  const store = await openTokenStoreIfPossible(context, request.session);
  const ref = createRoleRef(context, request);
  const decision = readDecision(
    context,
    { store, ref, session: request.session },
    Number.POSITIVE_INFINITY,
  );
  return decision.action === "use" ? decision.credentials.expiration : undefined;
}
