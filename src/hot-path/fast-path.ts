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
 * The hot path: `credential-process` with fresh cached role credentials. It accepts only the exact arguments that
 * `configure` writes, reads one small file, and prints one JSON object. In every other case the full CLI runs, which has
 * all flags, messages and exit codes. A failed write is the exception: output that has begun can't be repeated, so the
 * hot path reports that error.
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

/**
 * Reports why the output could not be written. Reports nothing if the reader has closed the output.
 * @returns the exit code
 */
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

/** Reads the cached role from the private state directory, for a home whose `~/.aws` is on a disk without file modes. */
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
 * Returns the directory for compiled code, inside latchkey's own directory; undefined if no directory is safe. No other
 * user may have access, because anyone who can write to this directory can run code as the user.
 */
export function compileCacheDirectory(env: Environment): string | undefined {
  try {
    const home = homeDirectory(env);
    // If root runs this in another user's home, the cache files would belong to root.
    if (!isSecretDirectory(latchkeyDirectory(home))) return undefined;
    const path = compileCachePath(home);
    // One at a time, because the first directory may be a link that leads elsewhere.
    for (const directory of [dirname(path), path]) {
      ensurePrivateDirectory(directory);
      if (!isPrivateDirectory(directory)) return undefined;
    }
    return path;
  } catch {
    return undefined;
  }
}
