import { join, sep } from "node:path";
import type { Context } from "../context.ts";
import type { AccessToken } from "../model/access-token.ts";
import { isPast } from "../text/instant.ts";
import {
  findSection,
  listProfileNames,
  listSessionNames,
  type ConfigSection,
} from "../aws-config/document.ts";
import {
  isLegacy,
  toObservedSection,
  type ObservedBundle,
  type ObservedFile,
  type ObservedPath,
  type ObservedSection,
  type ObservedToken,
  type Observations,
} from "./observations.ts";
import { observeFile } from "./observe-file.ts";
import { parseProgram } from "./rules/processes.ts";
import { MAX_CACHE_BYTES, isRecord, parseJson, readText } from "../text/json.ts";
import { readProfile, readSession } from "../profiles/profile.ts";
import { sessionCacheKey, sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { isExpectedFailure } from "../errors.ts";
import { readCaBundle } from "../aws/connection.ts";
import { findObstacle, type Obstacle } from "../fs/directories/own-state.ts";
import { findForeignOwner, type ForeignOwner } from "../fs/owner.ts";
import {
  configFilePath,
  credentialsFilePath,
  tokenDirectory,
  tokenFilePath,
  locateUsualState,
} from "../fs/paths.ts";
import { findProgram } from "../fs/programs.ts";
import { readIfPresent, statIfPresent } from "../fs/read.ts";
import { findSettingsDoubt } from "../settings/file.ts";
import { findGrant } from "../token/decide.ts";
import { openTokenStoreIfPossible } from "../token/open-store.ts";
import { tokenFacts } from "../token/facts.ts";

/** Collects facts about this machine's AWS set-up without judging them. Unreadable files do not stop it. */

export interface LocalObservations extends Omit<Observations, "services" | "tools"> {
  /** Valid sessions: named ones, then those of legacy profiles, each once. */
  readonly signIns: readonly SsoSession[];
}

const GO_V1_TOOLS = ["aws-iam-authenticator", "aws-nuke", "copilot", "ecs-cli", "kops", "s5cmd"];

/**
 * Collects the facts that need no request.
 * @param withTokens whether to read tokens (from the keychain, if it stores them).
 */
export async function observeFiles(
  context: Context,
  withTokens = true,
): Promise<LocalObservations> {
  const { env, home, platform } = context;
  const config = observeFile("AWS_CONFIG_FILE", configFilePath, context);
  const credentials = observeFile("AWS_SHARED_CREDENTIALS_FILE", credentialsFilePath, context);
  const profiles = observeSections(config, "profile", listProfileNames(config.document));
  const sessions = observeSections(config, "sso-session", listSessionNames(config.document));
  const signIns = readSignIns(config, profiles, sessions);
  const tokens = withTokens ? await observeTokens(context, signIns) : [];
  const obstacle = findObstacle(home);
  const paths = listPaths(context, [config.path, credentials.path], tokens);
  return {
    env,
    platform,
    config,
    credentials,
    profiles,
    sessions,
    credentialsProfiles: new Map(
      credentials.document.sections.map((section) => [toBareName(section), section]),
    ),
    signIns,
    tokens,
    paths: observePaths(context, paths, obstacle),
    foreign: listForeign(
      [...paths.map(([, path]) => path), ...listTokenPaths(home, signIns)],
      obstacle,
    ),
    obstacle,
    settingsDoubt: attempt(() => findSettingsDoubt(home, env)).value,
    bundles: observeBundles(context, profiles),
    programs: observePrograms(context, profiles),
    goTools: GO_V1_TOOLS.filter((name) => findProgram(name, env["PATH"]) !== undefined),
  };
}

/** Returns the result of the read, or the message if it fails in an expected way. */
function attempt<T>(read: () => T): { readonly value?: T; readonly refusal: string | undefined } {
  try {
    return { value: read(), refusal: undefined };
  } catch (thrown) {
    if (!isExpectedFailure(thrown)) throw thrown;
    return { refusal: thrown.message };
  }
}

function observeSections(
  { path, document }: ObservedFile,
  type: ObservedSection["type"],
  names: readonly string[],
): ObservedSection[] {
  return names.flatMap((name) => {
    const section = findSection(document, type, name);
    return section === undefined ? [] : [toObservedSection(path, { ...section, type })];
  });
}

function toBareName({ type, name, place }: ConfigSection): string {
  if (name === "default") return "default";
  return type === "other" ? name.trim() : place.header.trim();
}

function readSignIns(
  { path, document }: ObservedFile,
  profiles: readonly ObservedSection[],
  sessions: readonly ObservedSection[],
): SsoSession[] {
  const source = { document, file: path };
  const all = [
    ...sessions.map(({ name }) => attempt(() => readSession(source, name)).value),
    ...profiles
      .filter(isLegacy)
      .map(({ name }) => attempt(() => readProfile(source, name)).value?.session),
  ].filter((session) => session !== undefined);
  return [...new Map(all.map((session) => [sessionLabel(session), session])).values()];
}

async function observeTokens(
  context: Context,
  signIns: readonly SsoSession[],
): Promise<ObservedToken[]> {
  const tokens = await Promise.all(signIns.map((session) => observeToken(context, session)));
  return tokens.filter((token) => token !== undefined);
}

async function observeToken(
  context: Context,
  session: SsoSession,
): Promise<ObservedToken | undefined> {
  const path = tokenFilePath(context.home, sessionCacheKey(session));
  try {
    const token = await (await openTokenStoreIfPossible(context, session)).read();
    const stored = parseJson(readIfPresent(path, MAX_CACHE_BYTES)?.toString("utf8") ?? "");
    if (stored === undefined && statIfPresent(path) === undefined) return undefined;
    return { session, path, ...tokenState(context, session, token, stored) };
  } catch (thrown) {
    // The path may be a directory, a FIFO, or another user's file.
    if (!isExpectedFailure(thrown)) throw thrown;
    // Another user's file may contain a valid token; its owner is reported by another rule.
    if (findForeignOwner(path) !== undefined) return undefined;
    return { session, path, ...tokenState(context, session, undefined, undefined) };
  }
}

function tokenState(
  context: Context,
  session: SsoSession,
  token: AccessToken | undefined,
  stored: unknown,
): Omit<ObservedToken, "session" | "path"> {
  const own = isRecord(stored) ? stored : {};
  const isForeign = (["startUrl", "region"] as const).some(
    (key) => readText(own[key]) !== undefined && own[key] !== session[key],
  );
  return {
    state: isForeign ? "foreign" : validityOf(token, context.now()),
    refreshable:
      token !== undefined && findGrant(token, tokenFacts(context, { session })) !== undefined,
    expiresAt: readText(own["expiresAt"]),
    hasRegistrationDate: token?.registrationExpiresAt !== undefined,
  };
}

function validityOf(token: AccessToken | undefined, now: Date): ObservedToken["state"] {
  if (token === undefined) return "unreadable";
  return isPast(token.expiresAt, now) ? "expired" : "usable";
}

/** Includes tokens that can't be read, which `observeToken` leaves out. */
function listTokenPaths(home: string, signIns: readonly SsoSession[]): string[] {
  return signIns.map((session) => tokenFilePath(home, sessionCacheKey(session)));
}

type NamedPath = readonly [kind: ObservedPath["kind"], path: string];

function listPaths(
  { home }: Context,
  [config, credentials]: readonly [string, string],
  tokens: readonly ObservedToken[],
): NamedPath[] {
  return [
    ["config", config],
    ["credentials", credentials],
    ...tokens.map(({ path }) => ["token", path] as const),
    ["directory", join(home, ".aws")],
    ["directory", tokenDirectory(home)],
    ["own-directory", locateUsualState(home)],
    ["own-directory", join(locateUsualState(home), "locks")],
  ];
}

/**
 * Returns the paths that another user owns, each once. Returns none on a file system without modes, where the mount
 * sets the owner and nothing can change it.
 */
function listForeign(paths: readonly string[], obstacle: Obstacle | undefined): ForeignOwner[] {
  if (obstacle?.kind === "no-modes") return [];
  const found = paths.flatMap((path) => findForeignOwner(path) ?? []);
  if (obstacle?.kind === "foreign") found.push(obstacle);
  return [...new Map(found.map((foreign) => [foreign.path, foreign])).values()];
}

function observePaths(
  { platform, home }: Context,
  wanted: readonly NamedPath[],
  obstacle: Obstacle | undefined,
): ObservedPath[] {
  const root = join(home, ".aws");
  return wanted.flatMap(([kind, path]) => {
    const stat = attempt(() => statIfPresent(path)).value;
    // The mode of a device or a FIFO must not be changed.
    const isRight = kind.endsWith("directory") ? stat?.isDirectory() : stat?.isFile();
    if (stat === undefined || isRight !== true) return [];
    const isBelow = path === root || path.startsWith(root + sep);
    const hasModes = platform !== "win32" && !(isBelow && obstacle?.kind === "no-modes");
    // Only the owner can change the mode.
    const isOurs = isBelow && findForeignOwner(path) === undefined;
    return [{ path, kind, mode: hasModes ? stat.mode : undefined, isOurs }];
  });
}

function observeBundles(
  { env, home }: Context,
  profiles: readonly ObservedSection[],
): ObservedBundle[] {
  const variable = env["AWS_CA_BUNDLE"];
  const named = [
    { evidence: `AWS_CA_BUNDLE: ${variable ?? ""}`, path: variable },
    ...profiles.map((profile) => ({
      evidence: profile.locate("ca_bundle"),
      path: profile.value("ca_bundle"),
    })),
  ];
  return named.flatMap(({ evidence, path }) => {
    if (path === undefined || path === "") return [];
    return [{ evidence, refusal: attempt(() => readCaBundle(home, path)).refusal }];
  });
}

function observePrograms(
  { env, platform }: Context,
  profiles: readonly ObservedSection[],
): Observations["programs"] {
  const programs = profiles.flatMap((profile) => {
    const line = profile.value("credential_process");
    return line === undefined ? [] : (parseProgram(line, platform) ?? []);
  });
  return new Map(
    [...new Set(programs)].map((program) => [
      program,
      findProgram(program, env["PATH"]) !== undefined,
    ]),
  );
}
