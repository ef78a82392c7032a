import { homedir, tmpdir, userInfo } from "node:os";
import { isAbsolute, join, posix, resolve, sep, win32 } from "node:path";
import { roleCacheFile, roleCacheName, sessionCacheName, type RoleRef } from "../model/role.ts";
import { LatchkeyError } from "../errors.ts";
import type { Environment } from "../context.ts";

/** The paths of all files. They are below two directories: the shared `~/.aws` and latchkey's own `~/.aws/latchkey`. */

/**
 * Returns the absolute home directory.
 * @throws LatchkeyError CONFIG_INVALID for an empty or relative HOME: with such a HOME, a `.aws` in the current directory
 * could control latchkey.
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

/** Returns the home from the user database. Node throws if the user id has no entry there. */
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
 * Returns the part of a cached role's key that comes from AWS_CONFIG_FILE. It is the variable's unchanged value,
 * because the hot path compares only that. A value that depends on the current directory is made absolute, so the key
 * differs from the variable and the hot path falls through.
 */
export function configFileKey(home: string, env: Environment): string | undefined {
  const value = env["AWS_CONFIG_FILE"] ?? "";
  if (value === "") return undefined;
  return isAbsolute(value) || value.startsWith("~/") ? value : resolve(configFilePath(home, env));
}

export function credentialsFilePath(home: string, env: Environment): string {
  return resolveOverride(env, "AWS_SHARED_CREDENTIALS_FILE", home, "credentials");
}

/** An empty variable counts as not set, as in the SDKs. */
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
 * Expands a path as botocore does for this variable (configloader.py: `expandvars`, then `expanduser`). Variables that
 * are not set stay in the text. On Windows, `%HOME%` and `~\` are also expanded.
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
  throw new LatchkeyError("CONFIG_INVALID", `${variable} is a Windows path: ${path}`, {
    hint: describeLinuxPath(path, (word) => `export ${variable}=${word}`),
  });
}

/**
 * Returns whether a path is a Windows path on another system, such as WSL. It would be a file name in the current directory.
 */
export function isWindowsPath(path: string): boolean {
  return process.platform !== "win32" && /^([A-Za-z]:[\\/]|[^/~$]*\\|~\\)/.test(path);
}

/**
 * Returns the hint for a Windows path. WSL has the Windows drives below /mnt; Windows shows WSL's files below `\\wsl$`.
 * @param say returns the hint for the Linux path, which is quoted for a shell.
 */
export function describeLinuxPath(path: string, say: (word: string) => string): string {
  const slashed = path.replaceAll("\\", "/");
  const [, drive, onDrive] = /^([A-Za-z]):\/+(.*)$/.exec(slashed) ?? [];
  const [, inside] = /^\/\/wsl(?:\.localhost|\$)\/[^/]+(\/.*)$/i.exec(slashed) ?? [];
  const linux = drive === undefined ? inside : `/mnt/${drive.toLowerCase()}/${onDrive}`;
  if (linux === undefined) return "Write it as a Linux path that starts with /.";
  return say(/^[\w./@+-]+$/.test(linux) ? linux : `'${linux.replaceAll("'", `'\\''`)}'`);
}

/** The shared token cache is below the home directory even if AWS_CONFIG_FILE points elsewhere. */
export function tokenDirectory(home: string): string {
  return join(home, ".aws", "sso", "cache");
}

export function tokenFilePath(home: string, sessionKey: string): string {
  return join(tokenDirectory(home), `${sessionKey}.json`);
}

/** The AWS CLI's private cache of role credentials. latchkey only deletes it, in `logout --all`. */
export function cliRoleCacheDirectory(home: string): string {
  return join(home, ".aws", "cli", "cache");
}

const stateRoots = new Map<string, () => string | undefined>();

/** @param find called once, when a state path is first needed. undefined: the state is in `~/.aws/latchkey`. */
export function setStateRoot(home: string, find: () => string | undefined): void {
  let found: { readonly root: string | undefined } | undefined;
  stateRoots.set(home, () => (found ??= { root: find() }).root);
}

/** Returns a path in latchkey's own state directory; own-state.ts chooses that directory. */
export function latchkeyDirectory(home: string, ...names: readonly string[]): string {
  return join(stateRoots.get(home)?.() ?? locateUsualState(home), ...names);
}

export function locateUsualState(home: string): string {
  return join(home, ".aws", "latchkey");
}

/** Returns whether a path is latchkey's state directory. */
export function isOwnState(path: string): boolean {
  return listStateRoots().includes(path);
}

/** Returns whether a path is below latchkey's state directory. */
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

/** The directory of the unencrypted role credentials of all sessions. */
export function rolesDirectory(home: string): string {
  return latchkeyDirectory(home, "role-credentials");
}

/** @param session the session's name, or its start URL. */
export function sessionRolesDirectory(home: string, session: string): string {
  return join(rolesDirectory(home), sessionCacheName(session));
}

export function roleCredentialsPath(home: string, ref: RoleRef): string {
  return latchkeyDirectory(home, roleCacheFile(ref));
}

/** The directory of tokens encrypted with the keychain's key. Their file names are those of unencrypted tokens. */
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

/** The file with the hash of a session's refresh token that AWS has refused. */
export function tokenRefusalPath(home: string, sessionKey: string): string {
  return latchkeyDirectory(home, "refused-tokens", `${sessionKey}.json`);
}

export function lockDirectory(home: string): string {
  return latchkeyDirectory(home, "locks");
}

/**
 * Returns the directories for locks on this host, for a home that does not support locks; the best directory first. The
 * runtime directory always belongs to the user. In a temporary directory the caller must check the owner.
 */
export function listHostLockDirectories(
  env: Environment,
  isPrivate: (path: string) => boolean,
): string[] {
  const runtime = [env["XDG_RUNTIME_DIR"] ?? ""].filter(
    (path) => isAbsolute(path) && isPrivate(path),
  );
  // `sudo` and `su` pass on another user's TMPDIR.
  const temporary = [env["TMPDIR"] ?? "", tmpdir(), SHARED].filter((path) => isAbsolute(path));
  const name = `latchkey-${process.getuid?.() ?? userInfo().username}`;
  return [
    ...runtime.map((path) => join(path, "latchkey")),
    ...new Set(temporary.map((path) => join(path, name))),
  ];
}

/** The directory that all users share. On Windows a temporary directory always belongs to the user. */
const SHARED = process.platform === "win32" ? "" : "/tmp";

export function backupDirectory(home: string): string {
  return latchkeyDirectory(home, "backups");
}

export function accessRoot(home: string): string {
  return latchkeyDirectory(home, "access");
}

/** The directory of the last listing of accounts and roles of a session. */
export function accessDirectory(home: string, sessionKey: string): string {
  return join(accessRoot(home), sessionKey);
}

/** The directory of the role histories of all sessions. They are not deleted at sign-out. */
export function accessHistoryRoot(home: string): string {
  return latchkeyDirectory(home, "access-history");
}

/** The directory of the role histories of one session, with one file per user. */
export function accessHistoryDirectory(home: string, sessionKey: string): string {
  return join(accessHistoryRoot(home), sessionKey);
}

/** The values that `profiles sync` last wrote into a config file. @param key derived from the config file's path. */
export function memoryPath(home: string, key: string): string {
  return latchkeyDirectory(home, "managed", `${key}.json`);
}

/** The file with the last change of a config file, for `profiles undo`. */
export function undoRecordPath(home: string, key: string): string {
  return latchkeyDirectory(home, "undo", `${key}.json`);
}

/** The file with the number of uses of each profile, for the order in the picker. */
export function profileUsagePath(home: string): string {
  return latchkeyDirectory(home, "usage", "profiles.json");
}

/** The file with the encrypted token of a SCIM endpoint. */
export function vaultScimPath(home: string, endpoint: string): string {
  return latchkeyDirectory(home, "vault", "scim-tokens", `${sessionCacheName(endpoint)}.json`);
}

/** The file with the SCIM endpoints and the expiry dates of their tokens. */
export function scimRecordPath(home: string): string {
  return latchkeyDirectory(home, "federation", "scim.json");
}

export function compileCachePath(home: string): string {
  return latchkeyDirectory(home, "cache", "compiled");
}

/** Returns the platform's directory for settings. A relative XDG_CONFIG_HOME is ignored (XDG Base Directory spec). */
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
