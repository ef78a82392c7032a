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
 * The hot path: `credential-process` with fresh cached role credentials. It answers or declines and never errs: one
 * exact argv shape, the one that `configure` writes, one small file, one JSON object. Whatever is unusual is left to
 * the cold path, which owns every flag, message and exit code. The exception is the output itself: once printing has
 * begun there is no second try, so a write that fails ends here.
 * @returns the exit code, or undefined where it declined.
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

/** Says why the answer could not be written, unless it is that nobody reads it. @returns the exit code */
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
  // The cold path tells what it does.
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

/** Of a home whose `~/.aws` keeps no modes. */
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
 * Where compiled code may be kept between runs: inside our own directory and only if nobody else can so much as look in
 * there, since whoever can write to it decides what the next run executes. undefined: none is kept.
 */
export function compileCacheDirectory(env: Environment): string | undefined {
  try {
    const home = homeDirectory(env);
    // Root's would lie there as root's.
    if (!isSecretDirectory(latchkeyDirectory(home))) return undefined;
    const path = compileCachePath(home);
    // One by one: in the place of the first may lie a link to another place.
    for (const directory of [dirname(path), path]) {
      ensurePrivateDirectory(directory);
      if (!isPrivateDirectory(directory)) return undefined;
    }
    return path;
  } catch {
    return undefined;
  }
}
