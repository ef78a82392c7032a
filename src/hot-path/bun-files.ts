import { MAX_CACHE_BYTES, parseJson } from "../text/json.ts";
import {
  credentialProcessJson,
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
 * The hot path inside the standalone executable: the same question, judged by the same decision, with Bun's own
 * files. There, node:fs and node:path alone cost a third of a start and a quarter of its memory (decision 2).
 */

/** As much of Bun as is used. */
declare const Bun: {
  file(path: string): {
    stat(): Promise<FileStat & { isFile(): boolean }>;
    text(): Promise<string>;
  };
  /** All of it, waiting where a pipe is full, or an error with a system code. */
  write(destination: unknown, text: string): Promise<number>;
  readonly stdout: unknown;
};

/** @returns the exit code, or undefined where it declined: see `answerFromCache` in fast-path.ts. */
export async function answerFromCacheByBun(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  now: Date,
): Promise<number | undefined> {
  const ref = parseCredentialProcessArgv(argv);
  // The cold path tells what it does.
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
  // Whatever else may be a home is the cold path's to judge.
  if (!/^([A-Za-z]:)?[/\\]/.test(home)) return undefined;
  try {
    const wanted = { ...ref, configFile: env["AWS_CONFIG_FILE"] || undefined };
    const file = Bun.file(`${home}/.aws/latchkey/${roleCacheFile(wanted)}`);
    const standing = await file.stat();
    if (!standing.isFile() || standing.size > MAX_CACHE_BYTES) return undefined;
    const credentials = parseRoleCredentials(parseJson(await file.text()), wanted);
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
