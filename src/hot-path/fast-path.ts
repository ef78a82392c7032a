import { dirname } from "node:path";
import {
  credentialProcessJson,
  listStatePlaces,
  parseCredentialProcessArgv,
  roleCacheFile,
  type CachedRoleCredentials,
  type RoleRef,
} from "../model/role.ts";
import { decideRole } from "../model/role-decision.ts";
import { isConfigUnchanged, isOfThisSignIn, readCachedRole } from "../token/role-cache.ts";
import { EXIT, wrapUnknown, type ExitCode, type LatchkeyError } from "../errors.ts";
import { writeChecked, writeIfPossible } from "../fs/write.ts";
import { compileCachePath, homeDirectory, latchkeyDirectory, tokenDirectory } from "../fs/paths.ts";
import {
  ensurePrivateDirectory,
  isPrivateDirectory,
  isSecretDirectory,
} from "../fs/directories/private.ts";
import { isTraceWanted } from "../trace.ts";
import type { Environment } from "../context.ts";

/**
 * The hot path: `credential-process` with fresh cached role credentials. It handles only the exact arguments that
 * `configure` writes, reads one small file, and prints one JSON object. Everything else falls through to the full CLI,
 * which has all flags, messages and exit codes. The exception is a failed write: once output has begun, it can't be
 * repeated, so the error is reported here.
 * @returns the exit code, or undefined to fall through to the full CLI.
 */
export function answerFromCache(
  argv: readonly string[],
  env: Environment,
  now: Date,
): ExitCode | undefined {
  const json = readFreshCredentials(argv, env, now);
  if (json === undefined) return undefined;
  try {
    writeChecked(1, json);
    return EXIT.OK;
  } catch (thrown) {
    return reportOutputFailure(wrapUnknown(thrown));
  }
}

/** Reports why the output could not be written, unless its reader has closed it. @returns the exit code */
export function reportOutputFailure({ exitCode, message, hint }: LatchkeyError): ExitCode {
  if (exitCode !== EXIT.OUTPUT_CLOSED)
    writeIfPossible(2, `latchkey: error: ${message}\nlatchkey: hint: ${hint ?? ""}\n`);
  return exitCode;
}

function readFreshCredentials(
  argv: readonly string[],
  env: Environment,
  now: Date,
): string | undefined {
  const ref = parseCredentialProcessArgv(argv);
  // The trace of a run is written by the full CLI.
  if (ref === undefined || isTraceWanted(env)) return undefined;
  try {
    const home = homeDirectory(env);
    const wanted = { ...ref, configFile: env["AWS_CONFIG_FILE"] || undefined };
    const credentials = readCachedRole(home, wanted) ?? readElsewhere(home, wanted, env);
    if (credentials === undefined || !isConfigUnchanged(credentials)) return undefined;
    const decision = decideRole(credentials, {
      ref,
      now,
      shareSeconds: 0,
      isOfThisSignIn: (mark) => isOfThisSignIn(tokenDirectory(home), mark),
    });
    return decision.action === "use" ? credentialProcessJson(decision.credentials) : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the cached role for a home whose `~/.aws` has no file modes. */
function readElsewhere(
  home: string,
  wanted: RoleRef,
  env: Environment,
): CachedRoleCredentials | undefined {
  const place = listStatePlaces(home, env).find((path) => isPrivateDirectory(path));
  return place === undefined
    ? undefined
    : readCachedRole(home, wanted, `${place}/${roleCacheFile(wanted)}`);
}

/**
 * Returns the directory for compiled code, inside latchkey's own; undefined if none may be used. No other user may read
 * it, because anyone who can write to this directory can run code as the user.
 */
export function compileCacheDirectory(env: Environment): string | undefined {
  try {
    const home = homeDirectory(env);
    // For root the cache files would belong to root in another user's directory.
    if (!isSecretDirectory(latchkeyDirectory(home))) return undefined;
    const path = compileCachePath(home);
    // One at a time, because the first one may be a link to another place.
    for (const directory of [dirname(path), path]) {
      ensurePrivateDirectory(directory);
      if (!isPrivateDirectory(directory)) return undefined;
    }
    return path;
  } catch {
    return undefined;
  }
}
