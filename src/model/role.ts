import { formatInstant, parseInstant } from "../text/instant.ts";
import { isRecord, readVisibleAscii, type PlainRecord } from "../text/json.ts";
import type { AccountRole } from "./account.ts";
import type { FileMark, SsoSession } from "./sso-session.ts";

/**
 * Identifies role credentials. All of these values are in the cache key, so an edited profile never gets the
 * credentials of another account.
 */
export interface RoleRef extends AccountRole {
  /** The session's name, or its start URL if it has no name. */
  readonly session: string;
  /** The config file from AWS_CONFIG_FILE; undefined: the default file. Each file has its own sessions. */
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

/** A role of an account, and the session through which its credentials are fetched. */
export interface RoleRequest extends AccountRole {
  readonly session: SsoSession;
}

export interface CachedRoleCredentials extends RoleCredentials {
  readonly fetchedAt: Date;
  readonly signIn: SignInMark;
  /** The portal that issued the credentials; undefined in files of version 0.1.0. */
  readonly portal?: Portal | undefined;
  /** The config that contains the session; undefined if no config does, or if its state could not be read. */
  readonly config?: FileMark | undefined;
}

/** The portal of a session. If a session of the same name has another portal, it is another session. */
export type Portal = Pick<SsoSession, "startUrl" | "region">;

/**
 * Identifies the sign-in with which credentials were fetched, by the token file and its state. If another AWS client
 * signs in, possibly another user, the file changes, and cached credentials no longer count as fresh. A refresh also
 * changes the file, which costs one more fetch.
 */
export interface SignInMark {
  /** The name of the token file, `<sha1>.json`. It is stored so that the hot path does not have to compute the hash. */
  readonly tokenFile: string;
  /** Time, size and inode of the token file. */
  readonly stamp: string;
}

/** If credentials expire sooner than this, botocore runs the credential_process again on every use. */
export const RENEW_WINDOW_SECONDS = 15 * 60;

export function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}

/** Returns whether a text can be a permission set's name. The limit is 64 characters, as for IAM roles. */
export function isRoleName(text: string): boolean {
  return /^[\w+=,.@-]{1,64}$/.test(text);
}

/** Returns whether STS accepts a RoleSessionName (service model of 2011-06-15, `roleSessionNameType`). */
export function isRoleSessionName(text: string): boolean {
  return /^[\w+=,.@-]{2,64}$/.test(text);
}

/**
 * Returns SESSION in `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. For a role from the portal, SESSION is the
 * user's name.
 */
export function findRoleSessionName(arn: string): string | undefined {
  return /^arn:[^:]+:sts::\d+:assumed-role\/[^/]+\/(.+)$/.exec(arn)?.[1];
}

/** Returns a user's name in the form that STS accepts; undefined if too few characters remain. */
export function toRoleSessionName(userName: string): string | undefined {
  const narrowed = userName.replace(/[^\w+=,.@-]/g, "-").slice(0, 64);
  return isRoleSessionName(narrowed) ? narrowed : undefined;
}

/**
 * Returns the role in a command line that has exactly the form of the `credential_process` that `configure` writes.
 * @returns undefined for any other command line, even a similar one: the full CLI parses it.
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
 * Returns the folder of a session's cached roles. Each session has its own folder, so that a new sign-in can remove all
 * of its roles at once.
 */
export function sessionCacheName(session: string): string {
  return `${fileNamePart(session)}-${fingerprint(session)}`;
}

/** Returns the name of a role's file in the session's folder, without `.json`. */
export function roleCacheName(ref: RoleRef): string {
  const config = ref.configFile === undefined ? "" : `-${fingerprint(ref.configFile)}`;
  return `${roleCachePrefix(ref)}${config}`;
}

/** Returns the start of the names of a role's files, which is the same for all config files. */
export function roleCachePrefix({ accountId, roleName }: RoleRef): string {
  return `${accountId}-${fileNamePart(roleName)}-${fingerprint(roleName)}`;
}

/** The path of a role's credentials in latchkey's own directory, with slashes. */
export function roleCacheFile(ref: RoleRef): string {
  return `role-credentials/${sessionCacheName(ref.session)}/${roleCacheName(ref)}.json`;
}

/**
 * Lists the directories for latchkey's state if `~/.aws/latchkey` is not private to the user. The first usable directory
 * is used. Directories that survive a restart, and have the same name for all of the user's processes, come first.
 * @param user the user id; undefined on platforms without user ids. If undefined, lists only directories whose name no
 * other user can take.
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

/** The values in a file's status that change with every write. */
export interface FileStat {
  readonly mtimeMs: number;
  readonly size: number;
  readonly ino: number;
}

/** Returns a text that changes with every write of the file. @param standing undefined if the file does not exist. */
export function fileVersion(standing: FileStat | undefined): string {
  return standing === undefined ? "absent" : `${standing.mtimeMs} ${standing.size} ${standing.ino}`;
}

function fileNamePart(text: string): string {
  return text.replace(/[^A-Za-z0-9_.-]/g, "-").slice(0, 40);
}

/**
 * FNV-1a, 32 bits. Makes file names differ that would otherwise be the same because of case or special characters. It
 * is not cryptographic, because loading a cryptographic hash costs the hot path a fifth of a bare Node start. A
 * collision is only a cache miss, because each file contains its role.
 */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

/**
 * Returns how many seconds before they expire these credentials are renewed. That is 15 minutes plus 0 to 60 s, fixed
 * for each role, so that the roles of one machine are not all renewed in the same second.
 */
export function renewWindowSeconds(ref: RoleRef): number {
  return (
    RENEW_WINDOW_SECONDS +
    (Number.parseInt(fingerprint(`${ref.session}/${ref.accountId}/${ref.roleName}`), 16) % 61)
  );
}

/** Returns the credentials in a cache file's JSON value; undefined if they are unusable or belong to another role. */
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
 * Returns the output of a credential_process: one JSON object, in which `Version` is a number and `Expiration` is in
 * whole seconds with `Z`.
 * Source: the AWS SDKs' process credential provider; botocore and the SDK for JavaScript refuse Version "1".
 */
export function credentialProcessJson(credentials: RoleCredentials): string {
  return `${JSON.stringify(toProcessJson(credentials, formatInstant))}\n`;
}

/** The JSON output of a credential_process. Long-term keys have no session token and no expiration. */
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

/** Returns the JSON object. Undefined values are left out when it is converted to text. */
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

/** A role that is assumed with credentials from another source: `role_arn` with `source_profile` or `credential_source`. */
export interface ChainedRole {
  readonly roleArn: string;
  /** The session name in the config; undefined to use the name of the signed-in user. */
  readonly sessionName: string | undefined;
  readonly externalId: string | undefined;
  readonly durationSeconds: number | undefined;
  readonly mfaSerial: string | undefined;
}
