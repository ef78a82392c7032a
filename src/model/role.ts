import { formatInstant, parseInstant } from "../text/instant.ts";
import { isRecord, readVisibleAscii, type PlainRecord } from "../text/json.ts";
import type { AccountRole } from "./account.ts";
import type { FileMark, SsoSession } from "./sso-session.ts";

/** Which role credentials: the whole reference is the cache key, so that no edit of a profile can mix accounts up. */
export interface RoleRef extends AccountRole {
  /** The session's name, or its start URL where it has none. */
  readonly session: string;
  /** The config file that AWS_CONFIG_FILE names; undefined: the usual one. The same name there is another session. */
  readonly configFile?: string | undefined;
}

export interface RoleCredentials {
  /** 12 digits: whose account they act in. */
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** A role of an account, as a session may get it. */
export interface RoleRequest extends AccountRole {
  readonly session: SsoSession;
}

export interface CachedRoleCredentials extends RoleCredentials {
  readonly fetchedAt: Date;
  readonly signIn: SignInMark;
  /** Whose they are; undefined in what version 0.1.0 wrote. */
  readonly portal?: Portal | undefined;
  /** The config that said so; undefined where none did, or where it could not be looked at. */
  readonly config?: FileMark | undefined;
}

/** What a session's name stands for in a config: another one there is another session. */
export type Portal = Pick<SsoSession, "startUrl" | "region">;

/**
 * Which sign-in these credentials came from, as far as a file can tell: the token's file, and how it stood. A login by
 * another AWS client, maybe another person's, changes the file without a word to us; what was cached before is then not
 * served as fresh any more. A refresh changes it, too, which costs one fetch more.
 */
export interface SignInMark {
  /** `<sha1>.json` where the storage keeps tokens; kept here, so that the hot path need not compute it. */
  readonly tokenFile: string;
  /** Time and size of that file. */
  readonly stamp: string;
}

/** botocore runs a credential_process again on every use once less than this is left. */
export const RENEW_WINDOW_SECONDS = 15 * 60;

export function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}

/** The form of a permission set's name, with IAM's own limit of 64 for roles that are not Identity Center's. */
export function isRoleName(text: string): boolean {
  return /^[\w+=,.@-]{1,64}$/.test(text);
}

/** STS's rule for a RoleSessionName (service model of 2011-06-15, `roleSessionNameType`). */
export function isRoleSessionName(text: string): boolean {
  return /^[\w+=,.@-]{2,64}$/.test(text);
}

/** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` → the session's name: the user's, of a role that the portal gave. */
export function findRoleSessionName(arn: string): string | undefined {
  return /^arn:[^:]+:sts::\d+:assumed-role\/[^/]+\/(.+)$/.exec(arn)?.[1];
}

/** A user's name as STS takes it; undefined where too little is left. */
export function toRoleSessionName(userName: string): string | undefined {
  const narrowed = userName.replace(/[^\w+=,.@-]/g, "-").slice(0, 64);
  return isRoleSessionName(narrowed) ? narrowed : undefined;
}

/**
 * The role that a command line names, where it is word for word the one that `configure` writes as `credential_process`.
 * @returns undefined for every other one, however alike: only the command line's own parser may judge those.
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

/** Folder of a session's cached roles: one, so that a sign-in as somebody else drops all of them at once. */
export function sessionCacheName(session: string): string {
  return `${fileNamePart(session)}-${fingerprint(session)}`;
}

/** File name, without `.json`, inside the session's folder. */
export function roleCacheName(ref: RoleRef): string {
  const config = ref.configFile === undefined ? "" : `-${fingerprint(ref.configFile)}`;
  return `${roleCachePrefix(ref)}${config}`;
}

/** How the names of a role's files begin, whatever config they were made by. */
export function roleCachePrefix({ accountId, roleName }: RoleRef): string {
  return `${accountId}-${fileNamePart(roleName)}-${fingerprint(roleName)}`;
}

/** Where in our own directory a role's credentials are kept, with slashes. */
export function roleCacheFile(ref: RoleRef): string {
  return `role-credentials/${sessionCacheName(ref.session)}/${roleCacheName(ref)}.json`;
}

/**
 * Where our own state lies instead, where `~/.aws/latchkey` is not the user's alone: the first that can be used. A place
 * that outlives a restart comes first, and one that every process of the user names alike.
 * @param user the user's number; undefined on platforms without. Without it only places that no other user can take.
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

/** As much of a file's status as tells one writing of it from the next. */
export interface FileStat {
  readonly mtimeMs: number;
  readonly size: number;
  readonly ino: number;
}

/** @param standing undefined where there is no file */
export function fileVersion(standing: FileStat | undefined): string {
  return standing === undefined ? "absent" : `${standing.mtimeMs} ${standing.size} ${standing.ino}`;
}

function fileNamePart(text: string): string {
  return text.replace(/[^A-Za-z0-9_.-]/g, "-").slice(0, 40);
}

/**
 * FNV-1a, 32 bits: keeps file names apart where case or odd characters would not. No cryptographic hash, since loading
 * one costs the hot path a fifth of a bare Node start; a collision is a miss, for the file says whose it is.
 */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

/**
 * Seconds before the end at which these credentials are renewed: 15 minutes and a fixed 0 to 60 s per role, so that
 * the roles of one machine do not all come due in the same second.
 */
export function renewWindowSeconds(ref: RoleRef): number {
  return (
    RENEW_WINDOW_SECONDS +
    (Number.parseInt(fingerprint(`${ref.session}/${ref.accountId}/${ref.roleName}`), 16) % 61)
  );
}

/** The credentials in a cache file's JSON value, or undefined where they are unusable or another role's. */
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
 * What a credential_process prints: one JSON object, `Version` a number, `Expiration` in whole seconds with `Z`.
 * Source: the AWS SDKs' process credential provider; botocore and the SDK for JavaScript both refuse Version "1".
 */
export function credentialProcessJson(credentials: RoleCredentials): string {
  return `${JSON.stringify(toProcessJson(credentials, formatInstant))}\n`;
}

/** The protocol of credential_process. Long-term keys have neither a session token nor an end. */
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

/** JSON leaves out what is undefined. */
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
  /** As the config names it; undefined: the signed-in user's. */
  readonly sessionName: string | undefined;
  readonly externalId: string | undefined;
  readonly durationSeconds: number | undefined;
  readonly mfaSerial: string | undefined;
}
