import { formatInstant, parseInstant } from "../text/instant.ts";
import { isRecord, readVisibleAscii, type PlainRecord } from "../text/json.ts";
import type { AccountRole } from "./account.ts";
import type { FileMark, SsoSession } from "./sso-session.ts";

/**
 * Identifies role credentials. The whole reference is the cache key, so an edited profile never gets another account's
 * credentials.
 */
export interface RoleRef extends AccountRole {
  /** The session's name; its start URL if it has none. */
  readonly session: string;
  /**
   * The config file from AWS_CONFIG_FILE; undefined for the usual one. The same session name there is another session.
   */
  readonly configFile?: string | undefined;
}

export interface RoleCredentials {
  /** The account's 12 digits. */
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** A role of an account, and the session to get it with. */
export interface RoleRequest extends AccountRole {
  readonly session: SsoSession;
}

export interface CachedRoleCredentials extends RoleCredentials {
  readonly fetchedAt: Date;
  readonly signIn: SignInMark;
  /** The portal that they came from; undefined in files of version 0.1.0. */
  readonly portal?: Portal | undefined;
  /** The config with the session; undefined if there was none, or if its state could not be read. */
  readonly config?: FileMark | undefined;
}

/** The portal that a session name refers to. The same name with another portal is another session. */
export type Portal = Pick<SsoSession, "startUrl" | "region">;

/**
 * Identifies the sign-in that credentials came from: the token file and its state. A login by another AWS client, maybe
 * by another user, changes that file. Cached credentials then no longer count as fresh. A refresh also changes it, which
 * costs one more fetch.
 */
export interface SignInMark {
  /** The name of the token's file, `<sha1>.json`. It is stored here so that the hot path need not compute the hash. */
  readonly tokenFile: string;
  /** Time, size and inode of that file. */
  readonly stamp: string;
}

/** botocore runs a credential_process again on every use if less than this is left. */
export const RENEW_WINDOW_SECONDS = 15 * 60;

export function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}

/** The form of a permission set's name, with IAM's limit of 64 characters for other roles. */
export function isRoleName(text: string): boolean {
  return /^[\w+=,.@-]{1,64}$/.test(text);
}

/** STS's rule for a RoleSessionName (service model of 2011-06-15, `roleSessionNameType`). */
export function isRoleSessionName(text: string): boolean {
  return /^[\w+=,.@-]{2,64}$/.test(text);
}

/**
 * Returns SESSION of `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. For a role from the portal it is the user's name.
 */
export function findRoleSessionName(arn: string): string | undefined {
  return /^arn:[^:]+:sts::\d+:assumed-role\/[^/]+\/(.+)$/.exec(arn)?.[1];
}

/** Returns a user's name in the form that STS accepts; undefined if too few characters are left. */
export function toRoleSessionName(userName: string): string | undefined {
  const narrowed = userName.replace(/[^\w+=,.@-]/g, "-").slice(0, 64);
  return isRoleSessionName(narrowed) ? narrowed : undefined;
}

/**
 * Returns the role in a command line, if that is exactly the one that `configure` writes as `credential_process`.
 * @returns undefined for any other command line, however similar, which only the full parser may judge.
 */
export function parseCredentialProcessArgv(argv: readonly string[]): RoleRef | undefined {
  const [command, sessionFlag, session, accountFlag, accountId, roleFlag, roleName, ...rest] = argv;
  if (
    command !== "credential-process" ||
    sessionFlag !== "--sso-session" ||
    accountFlag !== "--account-id" ||
    roleFlag !== "--role-name"
  )
    return undefined;
  if (session === undefined || accountId === undefined || roleName === undefined || rest.length > 0)
    return undefined;
  return isAccountId(accountId) && isRoleName(roleName)
    ? { session, accountId, roleName }
    : undefined;
}

/**
 * The folder for a session's cached roles. There is one per session, so that a new sign-in can drop all of them at once.
 */
export function sessionCacheName(session: string): string {
  return `${fileNamePart(session)}-${fingerprint(session)}`;
}

/** The file name, without `.json`, in the session's folder. */
export function roleCacheName(ref: RoleRef): string {
  const config = ref.configFile === undefined ? "" : `-${fingerprint(ref.configFile)}`;
  return `${roleCachePrefix(ref)}${config}`;
}

/** The start of a role's file names, which is the same for all config files. */
export function roleCachePrefix({ accountId, roleName }: RoleRef): string {
  return `${accountId}-${fileNamePart(roleName)}-${fingerprint(roleName)}`;
}

/** The path of a role's credentials in latchkey's own directory, with slashes. */
export function roleCacheFile(ref: RoleRef): string {
  return `role-credentials/${sessionCacheName(ref.session)}/${roleCacheName(ref)}.json`;
}

/**
 * Lists the places for latchkey's state if `~/.aws/latchkey` is not private to the user; the first usable one is used.
 * Places that survive a restart, and have the same name for all of the user's processes, come first.
 * @param user the user id; undefined on platforms without user ids. Without it only places are listed whose name no other
 * user can take.
 */
export function listStatePlaces(
  home: string,
  env: Readonly<Record<string, string | undefined>>,
  user?: number,
): string[] {
  const name = `state-${fingerprint(home)}`;
  const isAbsolute = (path: string | undefined): path is string => path?.startsWith("/") === true;
  const { XDG_RUNTIME_DIR: runtime, TMPDIR: temporary } = env;
  const shared = user === undefined ? [] : [temporary, "/tmp"].filter(isAbsolute);
  return [
    `${home}/.local/state/latchkey`,
    ...[runtime].filter(isAbsolute).map((path) => `${path}/latchkey/${name}`),
    ...shared.map((path) => `${path}/latchkey-${user}/${name}`),
  ];
}

/** The parts of a file's status that change with every write. */
export interface FileStat {
  readonly mtimeMs: number;
  readonly size: number;
  readonly ino: number;
}

/** @param standing undefined if there is no file. */
export function fileVersion(standing: FileStat | undefined): string {
  return standing === undefined ? "absent" : `${standing.mtimeMs} ${standing.size} ${standing.ino}`;
}

function fileNamePart(text: string): string {
  return text.replace(/[^A-Za-z0-9_.-]/g, "-").slice(0, 40);
}

/**
 * FNV-1a, 32 bits: makes file names distinct if case or special characters would not. It is not cryptographic, because
 * loading a cryptographic hash costs the hot path a fifth of a bare Node start. A collision is only a cache miss, because
 * each file contains its role.
 */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

/**
 * Returns how many seconds before the expiration these credentials are renewed: 15 minutes plus a fixed 0 to 60 s per
 * role, so that the roles of one machine are not all renewed in the same second.
 */
export function renewWindowSeconds(ref: RoleRef): number {
  return (
    RENEW_WINDOW_SECONDS +
    (Number.parseInt(fingerprint(`${ref.session}/${ref.accountId}/${ref.roleName}`), 16) % 61)
  );
}

/** Returns the credentials in a cache file's JSON value; undefined if they are unusable or another role's. */
export function parseRoleCredentials(
  stored: unknown,
  ref: RoleRef,
): CachedRoleCredentials | undefined {
  if (!isRecord(stored) || stored["version"] !== 1 || !isOfRole(stored, ref)) return undefined;
  const accessKeyId = readVisibleAscii(stored["accessKeyId"], 128);
  const secretAccessKey = readVisibleAscii(stored["secretAccessKey"], 256);
  const sessionToken = readVisibleAscii(stored["sessionToken"], 6144);
  const expiration = parseInstant(stored["expiration"]);
  const fetchedAt = parseInstant(stored["fetchedAt"]);
  const signIn = readSignInMark(stored["signIn"]);
  if (!accessKeyId || !secretAccessKey || !sessionToken) return undefined;
  if (!expiration || !fetchedAt || !signIn) return undefined;
  const { portal, config } = { portal: readPortal(stored), config: readFileMark(stored["config"]) };
  const keys = { accountId: ref.accountId, accessKeyId, secretAccessKey, sessionToken, expiration };
  return { ...keys, fetchedAt, signIn, ...(portal && { portal }), ...(config && { config }) };
}

function isOfRole(stored: PlainRecord, ref: RoleRef): boolean {
  const members = ["session", "accountId", "roleName", "configFile"] as const;
  return members.every((member) => stored[member] === ref[member]);
}

function readPortal({ startUrl, region }: PlainRecord): Portal | undefined {
  return typeof startUrl === "string" && typeof region === "string"
    ? { startUrl, region }
    : undefined;
}

function readFileMark(stored: unknown): FileMark | undefined {
  const { file, stamp } = isRecord(stored) ? stored : {};
  return typeof file === "string" && typeof stamp === "string" ? { file, stamp } : undefined;
}

function readSignInMark(stored: unknown): SignInMark | undefined {
  const { tokenFile, stamp } = isRecord(stored) ? stored : {};
  if (typeof tokenFile !== "string" || typeof stamp !== "string") return undefined;
  return /^[0-9a-f]{40}\.json$/.test(tokenFile) ? { tokenFile, stamp } : undefined;
}

export function formatRoleCredentials(credentials: CachedRoleCredentials, ref: RoleRef): string {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return `${JSON.stringify({
    version: 1,
    session: ref.session,
    accountId: ref.accountId,
    roleName: ref.roleName,
    configFile: ref.configFile,
    ...credentials.portal,
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiration: formatInstant(credentials.expiration),
    fetchedAt: formatInstant(credentials.fetchedAt),
    signIn: credentials.signIn,
    config: credentials.config,
  })}\n`;
}

/**
 * Returns the output of a credential_process: one JSON object with `Version` as a number and `Expiration` in whole
 * seconds with `Z`.
 * Source: the AWS SDKs' process credential provider; botocore and the SDK for JavaScript refuse Version "1".
 */
export function credentialProcessJson(credentials: RoleCredentials): string {
  return `${JSON.stringify(toProcessJson(credentials, formatInstant))}\n`;
}

/** The protocol of credential_process. Long-term keys have no session token and no expiration. */
export interface ProcessCredentialsJson {
  readonly Version: 1;
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken?: string;
  readonly Expiration?: string;
  readonly AccountId?: string;
}

/** Credentials of any kind. */
type HeldCredentials = {
  readonly [Member in keyof RoleCredentials]: RoleCredentials[Member] | undefined;
};

/** Undefined members are left out of JSON. */
export function toProcessJson(
  { accessKeyId, secretAccessKey, sessionToken, expiration, accountId }: HeldCredentials,
  formatExpiration: (expiration: Date) => string,
): Record<keyof ProcessCredentialsJson, string | number | undefined> {
  return {
    Version: 1,
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: expiration && formatExpiration(expiration),
    AccountId: accountId,
  };
}

/** A role that is assumed with other credentials: `role_arn` with `source_profile` or `credential_source`. */
export interface ChainedRole {
  readonly roleArn: string;
  /** The name from the config; undefined for the name of the signed-in user. */
  readonly sessionName: string | undefined;
  readonly externalId: string | undefined;
  readonly durationSeconds: number | undefined;
  readonly mfaSerial: string | undefined;
}
