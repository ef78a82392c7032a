import { MAX_CACHE_BYTES, parseJson } from "../text/json.ts";
import {
  credentialProcessJson,
  listStatePlaces,
  parseCredentialProcessArgv,
  parseRoleCredentials,
  roleCacheFile,
  fileVersion,
  type FileStat,
  type RoleRef,
  type SignInMark,
} from "../model/role.ts";
import { decideRole } from "../model/role-decision.ts";
import { isTraceWanted } from "../trace.ts";

/**
 * The hot path of the standalone executable. It makes the same decision as fast-path.ts, but with Bun's own file
 * functions: in Bun, node:fs and node:path take a third of the start time and a quarter of the memory (decision 2).
 */

/** The functions of Bun that this module uses. */
declare const Bun: {
  file(path: string): {
    stat(): Promise<Status>;
    text(): Promise<string>;
  };
  /** Writes all of the text and waits if a pipe is full; rejects with an error that has a system code. */
  write(destination: unknown, text: string): Promise<number>;
  readonly stdout: unknown;
};

type Status = FileStat & {
  readonly uid: number;
  readonly mode: number;
  isFile(): boolean;
};

/** @returns the exit code, or undefined to fall through to the full CLI: see `answerFromCache` in fast-path.ts. */
export async function answerFromCacheByBun(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  now: Date,
): Promise<number | undefined> {
  const ref = parseCredentialProcessArgv(argv);
  // The trace of a run is written by the full CLI.
  const isDeclined = ref === undefined || isTraceWanted(env);
  const json = isDeclined ? undefined : await readFreshCredentials(ref, env, now);
  if (json === undefined) return undefined;
  try {
    await Bun.write(Bun.stdout, json);
    return 0;
  } catch (thrown) {
    const [{ reportOutputFailure }, { toWriteError }] = await Promise.all([
      import("./fast-path.ts"),
      import("../fs/write.ts"),
    ]);
    return reportOutputFailure(toWriteError(thrown));
  }
}

async function readFreshCredentials(
  ref: RoleRef,
  env: Readonly<Record<string, string | undefined>>,
  now: Date,
): Promise<string | undefined> {
  const home = env[process.platform === "win32" ? "USERPROFILE" : "HOME"] ?? "";
  // The full CLI checks any other home directory.
  if (!/^([A-Za-z]:)?[/\\]/.test(home)) return undefined;
  try {
    const wanted = { ...ref, configFile: env["AWS_CONFIG_FILE"] || undefined };
    const text = await readCacheFile(home, env, roleCacheFile(wanted));
    const credentials = parseRoleCredentials(parseJson(text), wanted);
    if (credentials?.config === undefined) return undefined;
    const { signIn, config } = credentials;
    const [token, configNow] = await Promise.all([
      Bun.file(`${home}/.aws/sso/cache/${signIn.tokenFile}`).stat(),
      Bun.file(config.file).stat(),
    ]);
    if (fileVersion(configNow) !== config.stamp) return undefined;
    const stampNow = fileVersion(token);
    const isOfThisSignIn = ({ stamp }: SignInMark): boolean => stamp === stampNow;
    const decision = decideRole(credentials, { ref, now, shareSeconds: 0, isOfThisSignIn });
    return decision.action === "use" ? credentialProcessJson(credentials) : undefined;
  } catch {
    return undefined;
  }
}

/** @throws if the path is not a regular file, or if the file is too large. */
async function readCacheFile(
  home: string,
  env: Readonly<Record<string, string | undefined>>,
  name: string,
): Promise<string> {
  let file = Bun.file(`${home}/.aws/latchkey/${name}`);
  let standing = await lookAt(file);
  if (standing === undefined || !isOwn(standing)) {
    file = Bun.file(`${await findPrivatePlace(home, env)}/${name}`);
    standing = await file.stat();
  }
  if (!standing.isFile() || standing.size > MAX_CACHE_BYTES || !isOwn(standing))
    throw new Error("no cache file");
  return file.text();
}

/** Returns whether no other user can write to the file or the directory. Windows has no user ids. */
function isOwn({ uid, mode }: Status): boolean {
  const user = process.getuid?.();
  return user === undefined || (uid === user && (mode & 0o022) === 0);
}

/** @returns undefined if the file's status can't be read. */
function lookAt(file: ReturnType<typeof Bun.file>): Promise<Status | undefined> {
  return file.stat().catch(() => undefined);
}

/** Returns the private directory for latchkey's state, for a home whose `~/.aws` is on a disk without file modes. */
async function findPrivatePlace(
  home: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  for (const place of listStatePlaces(home, env)) {
    const standing = await lookAt(Bun.file(place));
    if (standing !== undefined && isOwn(standing)) return place;
  }
  throw new Error("no place");
}
