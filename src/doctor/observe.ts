import type { Context } from "../context.ts";
import type { AccessToken } from "../model/access-token.ts";
import { isPast } from "../text/instant.ts";
import {
  findSection,
  parseConfig,
  listProfileNames,
  listSessionNames,
  type ConfigDocument,
} from "../aws-config/document.ts";
import type {
  ObservedBundle,
  ObservedFile,
  ObservedPath,
  ObservedToken,
  Observations,
} from "./rule.ts";
import { listProcessLines, parseProgram } from "./rules/processes.ts";
import { MAX_CACHE_BYTES, isRecord, parseJson, readText } from "../text/json.ts";
import { readProfile, readSession, findValue, type ConfigSource } from "../profiles/profile.ts";
import { sessionCacheKey, sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { isExpectedFailure, type LatchkeyError } from "../errors.ts";
import { readConfigFile } from "../aws-config/file.ts";
import { readCaBundle } from "../aws/connection.ts";
import {
  configFilePath,
  credentialsFilePath,
  lockDirectory,
  latchkeyDirectory,
  tokenDirectory,
  tokenFilePath,
} from "../fs/paths.ts";
import { findProgram } from "../fs/programs.ts";
import { readIfPresent, statIfPresent } from "../fs/read.ts";
import { findGrant } from "../token/decide.ts";
import { openTokenStoreIfPossible } from "../token/open-store.ts";
import { tokenFacts } from "../token/facts.ts";

/** Looks at this machine's AWS set-up and judges nothing. No file that can't be read ends it. */

export type LocalObservations = Omit<Observations, "services" | "tools">;

export async function observeFiles(context: Context): Promise<LocalObservations> {
  const { env, home } = context;
  const config = observeFile(configFilePath(home, env));
  const credentials = observeFile(credentialsFilePath(home, env));
  const sections = listProfileNames(config.document).flatMap(
    (name) => findSection(config.document, "profile", name) ?? [],
  );
  const programs = new Set(listProcessLines(sections).flatMap((line) => parseProgram(line) ?? []));
  const sessions = listReadableSessions({ document: config.document, file: config.path });
  const tokens = await Promise.all(sessions.map((session) => observeToken(context, session)));
  const present = tokens.filter((token) => token !== undefined);
  return {
    now: context.now(),
    env,
    config,
    credentials,
    paths: observePaths(
      context,
      config.path,
      credentials.path,
      present.map(({ path }) => path),
    ),
    tokens: present,
    bundles: observeBundles(context, config.document),
    programs: new Map(
      [...programs].map((program) => [program, findProgram(program, env["PATH"]) !== undefined]),
    ),
  };
}

/** Every sign-in whose own words are right: named sessions, then legacy profiles, each portal and name once. */
export function listReadableSessions(source: ConfigSource): SsoSession[] {
  const named = listSessionNames(source.document).flatMap(
    (name) => unlessInvalid(() => readSession(source, name)) ?? [],
  );
  const legacy = listProfileNames(source.document).flatMap((name) => {
    const section = findSection(source.document, "profile", name);
    if (
      section === undefined ||
      findValue(section, "sso_session") !== undefined ||
      findValue(section, "sso_start_url") === undefined
    )
      return [];
    return unlessInvalid(() => readProfile(source, name))?.session ?? [];
  });
  return [
    ...new Map([...named, ...legacy].map((session) => [sessionLabel(session), session])).values(),
  ];
}

function observeFile(path: string): ObservedFile {
  try {
    return {
      path,
      exists: statIfPresent(path) !== undefined,
      refusal: undefined,
      document: parseConfig(readConfigFile(path)),
    };
  } catch (thrown) {
    return {
      path,
      exists: true,
      refusal: requireExpectedFailure(thrown).message,
      document: parseConfig(new Uint8Array()),
    };
  }
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
    // A directory, a FIFO, or another user's file in its place.
    if (!isExpectedFailure(thrown)) throw thrown;
    return {
      session,
      path,
      state: "unreadable",
      refreshable: false,
      expiresAt: undefined,
      hasRegistrationDate: false,
    };
  }
}

function validityOf(token: AccessToken | undefined, now: Date): ObservedToken["state"] {
  if (token === undefined) return "unreadable";
  return isPast(token.expiresAt, now) ? "expired" : "usable";
}

function tokenState(
  context: Context,
  session: SsoSession,
  token: AccessToken | undefined,
  stored: unknown,
): Omit<ObservedToken, "session" | "path"> {
  const own = isRecord(stored) ? stored : {};
  const isAbsentOrEqual = (key: string, configured: string): boolean =>
    readText(own[key]) === undefined || own[key] === configured;
  const foreign =
    !isAbsentOrEqual("startUrl", session.startUrl) || !isAbsentOrEqual("region", session.region);
  return {
    state: foreign ? "foreign" : validityOf(token, context.now()),
    refreshable:
      token !== undefined && findGrant(token, tokenFacts(context, { session })) !== undefined,
    expiresAt: readText(own["expiresAt"]),
    hasRegistrationDate: token?.registrationExpiresAt !== undefined,
  };
}

function observePaths(
  context: Context,
  config: string,
  credentials: string,
  tokens: readonly string[],
): ObservedPath[] {
  const { home, platform } = context;
  const wanted: Array<readonly [ObservedPath["kind"], string]> = [
    ["config", config],
    ["credentials", credentials],
    ...tokens.map((path) => ["token", path] as const),
    ["directory", `${home}/.aws`],
    ["directory", tokenDirectory(home)],
    ["own-directory", latchkeyDirectory(home)],
    ["own-directory", lockDirectory(home)],
  ];
  return wanted.flatMap(([kind, path]) => {
    const stat = unlessInvalid(() => statIfPresent(path));
    return stat === undefined
      ? []
      : [{ path, kind, mode: platform === "win32" ? undefined : stat.mode }];
  });
}

function observeBundles(context: Context, document: ConfigDocument): ObservedBundle[] {
  const variable = context.env["AWS_CA_BUNDLE"];
  const profiles = listProfileNames(document).flatMap((name) => {
    const section = findSection(document, "profile", name);
    const path = section === undefined ? undefined : findValue(section, "ca_bundle");
    return path === undefined
      ? []
      : [{ path, namedBy: name === "default" ? "[default]" : `[profile ${name}]` }];
  });
  const named = [
    ...(variable === undefined || variable === ""
      ? []
      : [{ path: variable, namedBy: "AWS_CA_BUNDLE" }]),
    ...profiles,
  ];
  return named.map((bundle) => ({
    ...bundle,
    refusal: catchRefusal(() => readCaBundle(context.home, bundle.path)),
  }));
}

function catchRefusal(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (thrown) {
    return requireExpectedFailure(thrown).message;
  }
}

function unlessInvalid<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    requireExpectedFailure(thrown);
    return undefined;
  }
}

/** What was refused, as opposed to a bug of ours. */
function requireExpectedFailure(thrown: unknown): LatchkeyError {
  if (isExpectedFailure(thrown)) return thrown;
  throw thrown;
}
