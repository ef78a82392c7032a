import { homedir, tmpdir, userInfo } from "node:os";
import { isAbsolute, join, posix, resolve, sep, win32 } from "node:path";
import { roleCacheFile, roleCacheName, sessionCacheName, type RoleRef } from "../model/role.ts";
import { LatchkeyError } from "../errors.ts";
import type { Environment } from "../context.ts";

/** Where everything is. Two roots: the shared `~/.aws`, and our own `~/.aws/latchkey` inside it. */

/**
 * The home directory, absolute. An empty HOME would make every path relative, so that the current directory's `.aws`
 * could steer a credential tool: refused, as is a relative one.
 */
export function homeDirectory(env: Environment): string {
  const variable = process.platform === "win32" ? "USERPROFILE" : "HOME";
  const home = env[variable] ?? findPasswdHome();
  if (home !== undefined && isAbsolute(home)) return home;
  throw new LatchkeyError(
    "CONFIG_INVALID",
    `The home directory is not an absolute path: ${variable} is ${home === undefined ? "not set" : JSON.stringify(home)}.`,
    { hint: `Set ${variable} to your home directory.` },
  );
}

/** The user database's answer; a user id without an entry there makes Node throw. */
function findPasswdHome(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

export function configFilePath(home: string, env: Environment): string {
  return resolveOverride(env, "AWS_CONFIG_FILE", home, "config");
}

/**
 * What AWS_CONFIG_FILE adds to the key of a cached role: its value as it is, which is all that the hot path compares. One
 * that depends on the current directory becomes absolute, so that the hot path never finds it.
 */
export function configFileKey(home: string, env: Environment): string | undefined {
  const value = env["AWS_CONFIG_FILE"] ?? "";
  if (value === "") return undefined;
  return isAbsolute(value) || value.startsWith("~/") ? value : resolve(configFilePath(home, env));
}

export function credentialsFilePath(home: string, env: Environment): string {
  return resolveOverride(env, "AWS_SHARED_CREDENTIALS_FILE", home, "credentials");
}

/** An empty variable is none, as for the SDKs. */
function resolveOverride(env: Environment, variable: string, home: string, name: string): string {
  const written = env[variable] ?? "";
  if (written === "") return join(home, ".aws", name);
  refuseWindowsPath(variable, written);
  return expandPath(written, { env, home, platform: process.platform });
}

interface Expansion {
  readonly env: Environment;
  readonly home: string;
  readonly platform: string;
}

/**
 * As botocore reads the variable (configloader.py: `expandvars`, then `expanduser`), also where a shell has left `~` or
 * `$HOME` in it; a variable that is not set stays as it is written. Windows has `%HOME%` and a backslash as well.
 */
export function expandPath(written: string, { env, home, platform }: Expansion): string {
  const isWindows = platform === "win32";
  const path = written.replace(
    isWindows ? WINDOWS_VARIABLE : VARIABLE,
    (text, ...names: Array<string | undefined>) =>
      env[names.find((name) => name !== undefined) ?? ""] ?? text,
  );
  const isOfHome = path === "~" || path.startsWith("~/") || (isWindows && path.startsWith("~\\"));
  return isOfHome ? (isWindows ? win32 : posix).join(home, path.slice(1)) : path;
}

const VARIABLE = /\$(?:(\w+)|\{([^}]*)\})/g;
const WINDOWS_VARIABLE = /\$(?:(\w+)|\{([^}]*)\})|%([^%]+)%/g;

/** @throws LatchkeyError CONFIG_INVALID */
function refuseWindowsPath(variable: string, path: string): void {
  if (!isWindowsPath(path)) return;
  throw new LatchkeyError("CONFIG_INVALID", `${variable} names a path of Windows: ${path}`, {
    hint: describeLinuxPath(path, (word) => `export ${variable}=${word}`),
  });
}

/** As a variable brings it into WSL: here it would be the name of a file in the current directory. */
export function isWindowsPath(path: string): boolean {
  return process.platform !== "win32" && /^([A-Za-z]:[\\/]|[^/~$]*\\|~\\)/.test(path);
}

/**
 * What to write instead. WSL has Windows' drives below /mnt, and its own files are a host's for Windows.
 * @param say makes the cure of the path as Linux names it, as a shell's word
 */
export function describeLinuxPath(path: string, say: (word: string) => string): string {
  const slashed = path.replaceAll("\\", "/");
  const [, drive, onDrive] = /^([A-Za-z]):\/+(.*)$/.exec(slashed) ?? [];
  const [, inside] = /^\/\/wsl(?:\.localhost|\$)\/[^/]+(\/.*)$/i.exec(slashed) ?? [];
  const linux = drive === undefined ? inside : `/mnt/${drive.toLowerCase()}/${onDrive}`;
  if (linux === undefined) return "Write that path as Linux does, from / on.";
  return say(/^[\w./@+-]+$/.test(linux) ? linux : `'${linux.replaceAll("'", `'\\''`)}'`);
}

/** The shared token cache stays under the home directory also where AWS_CONFIG_FILE points elsewhere. */
export function tokenDirectory(home: string): string {
  return join(home, ".aws", "sso", "cache");
}

export function tokenFilePath(home: string, sessionKey: string): string {
  return join(tokenDirectory(home), `${sessionKey}.json`);
}

/** The AWS CLI's private cache of role credentials: only ever swept, by `logout --all`. */
export function cliRoleCacheDirectory(home: string): string {
  return join(home, ".aws", "cli", "cache");
}

const stateRoots = new Map<string, () => string | undefined>();

/** @param find called once, when the first path of our state is asked for; undefined: it lies where it usually does. */
export function setStateRoot(home: string, find: () => string | undefined): void {
  let found: { readonly root: string | undefined } | undefined;
  stateRoots.set(home, () => (found ??= { root: find() }).root);
}

/** A path of our own state; see own-state.ts for where it lies. */
export function latchkeyDirectory(home: string, ...names: readonly string[]): string {
  return join(stateRoots.get(home)?.() ?? locateUsualState(home), ...names);
}

export function locateUsualState(home: string): string {
  return join(home, ".aws", "latchkey");
}

/** Whether a path is the directory of our own state. */
export function isOwnState(path: string): boolean {
  return listStateRoots().includes(path);
}

/** Whether a path lies below that directory. */
export function isInOwnState(path: string): boolean {
  return listStateRoots().some((root) => path.startsWith(`${root}${sep}`));
}

function listStateRoots(): string[] {
  return [...stateRoots].map(([home, find]) => find() ?? locateUsualState(home));
}

export function registrationDirectory(home: string): string {
  return latchkeyDirectory(home, "registrations");
}

export function registrationFilePath(home: string, name: string): string {
  return join(registrationDirectory(home), `${name}.json`);
}

/** All sessions' role credentials in the open. */
export function rolesDirectory(home: string): string {
  return latchkeyDirectory(home, "role-credentials");
}

/** @param session its name, or its start URL. */
export function sessionRolesDirectory(home: string, session: string): string {
  return join(rolesDirectory(home), sessionCacheName(session));
}

export function roleCredentialsPath(home: string, ref: RoleRef): string {
  return latchkeyDirectory(home, roleCacheFile(ref));
}

/** Where what is sealed with the keychain's key lies: the same names as in the open, in folders of its own. */
export function vaultTokenDirectory(home: string): string {
  return latchkeyDirectory(home, "vault", "tokens");
}

export function vaultTokenPath(home: string, sessionKey: string): string {
  return join(vaultTokenDirectory(home), `${sessionKey}.json`);
}

export function vaultRolesRoot(home: string): string {
  return latchkeyDirectory(home, "vault", "role-credentials");
}

export function vaultRolesDirectory(home: string, session: string): string {
  return join(vaultRolesRoot(home), sessionCacheName(session));
}

export function vaultRolePath(home: string, ref: RoleRef): string {
  return join(vaultRolesDirectory(home, ref.session), `${roleCacheName(ref)}.json`);
}

/** Remembers, by its hash, the one refresh token of a session that the service has refused. */
export function tokenRefusalPath(home: string, sessionKey: string): string {
  return latchkeyDirectory(home, "refused-tokens", `${sessionKey}.json`);
}

export function lockDirectory(home: string): string {
  return latchkeyDirectory(home, "locks");
}

/**
 * Where this host keeps locks for a home that takes none, the best first. The runtime directory is the user's own by
 * definition; a name in a temporary directory can be taken by anybody, so whoever uses it checks whose it is.
 */
export function listHostLockDirectories(
  env: Environment,
  isPrivate: (path: string) => boolean,
): string[] {
  const runtime = [env["XDG_RUNTIME_DIR"] ?? ""].filter(
    (path) => isAbsolute(path) && isPrivate(path),
  );
  // A `sudo` or `su` hands on another user's TMPDIR.
  const temporary = [env["TMPDIR"] ?? "", tmpdir(), SHARED].filter((path) => isAbsolute(path));
  const name = `latchkey-${process.getuid?.() ?? userInfo().username}`;
  return [
    ...runtime.map((path) => join(path, "latchkey")),
    ...new Set(temporary.map((path) => join(path, name))),
  ];
}

/** Everybody's; on Windows a temporary directory is always the user's own. */
const SHARED = process.platform === "win32" ? "" : "/tmp";

export function backupDirectory(home: string): string {
  return latchkeyDirectory(home, "backups");
}

export function accessRoot(home: string): string {
  return latchkeyDirectory(home, "access");
}

/** What a session listed last. */
export function accessDirectory(home: string, sessionKey: string): string {
  return join(accessRoot(home), sessionKey);
}

/** All sessions' histories of roles, which outlive sign-ins. */
export function accessHistoryRoot(home: string): string {
  return latchkeyDirectory(home, "access-history");
}

/** Of one session, a file for each user. */
export function accessHistoryDirectory(home: string, sessionKey: string): string {
  return join(accessHistoryRoot(home), sessionKey);
}

/** What `profiles sync` wrote last into a config. @param key of the config's path. */
export function memoryPath(home: string, key: string): string {
  return latchkeyDirectory(home, "managed", `${key}.json`);
}

/** The last change of a config, for `profiles undo`. */
export function undoRecordPath(home: string, key: string): string {
  return latchkeyDirectory(home, "undo", `${key}.json`);
}

/** How often each profile was used, for the picker's order. */
export function profileUsagePath(home: string): string {
  return latchkeyDirectory(home, "usage", "profiles.json");
}

/** The sealed token of a SCIM endpoint. */
export function vaultScimPath(home: string, endpoint: string): string {
  return latchkeyDirectory(home, "vault", "scim-tokens", `${sessionCacheName(endpoint)}.json`);
}

/** SCIM endpoints and the dates of their tokens. */
export function scimRecordPath(home: string): string {
  return latchkeyDirectory(home, "federation", "scim.json");
}

export function compileCachePath(home: string): string {
  return latchkeyDirectory(home, "cache", "compiled");
}

/** Where the platform keeps a program's settings. A relative XDG_CONFIG_HOME is ignored, as its specification says. */
export function settingsDirectory(home: string, env: Environment): string {
  if (process.platform === "darwin") return join(home, "Library", "Preferences", "latchkey");
  if (process.platform === "win32")
    return join(
      keepIfAbsolute(env["APPDATA"]) ?? join(home, "AppData", "Roaming"),
      "latchkey",
      "Config",
    );
  return join(keepIfAbsolute(env["XDG_CONFIG_HOME"]) ?? join(home, ".config"), "latchkey");
}

function keepIfAbsolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}
