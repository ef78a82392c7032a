import { createHash } from "node:crypto";
import { quoteShellWord } from "../text/shell-words.ts";

/**
 * The values that a sign-in needs. A session has a name if it is an `[sso-session NAME]` in the config. A legacy
 * profile contains start URL and region itself, so its session has no name.
 */
export interface SsoSession {
  readonly name: string | undefined;
  /** The start URL exactly as configured. */
  readonly startUrl: string;
  readonly region: string;
  /** undefined if the config contains no scopes. Then no scopes are registered, and AWS issues no refresh token. */
  readonly registrationScopes: readonly string[] | undefined;
  /** The `ca_bundle` of the profile that this session was read from. AWS_CA_BUNDLE takes precedence over it. */
  readonly caBundle?: string | undefined;
  /** The config file that the session was read from, and its state at that time; undefined if all values are from flags. */
  readonly config?: FileMark | undefined;
  /** For a session that is not in the config yet: the command that writes the session and signs in. */
  readonly signInCommand?: string | undefined;
}

/** A file and its state when it was read. */
export interface FileMark {
  readonly file: string;
  /** Time, size and inode of the file. */
  readonly stamp: string;
}

/** The scope that allows a token to list accounts and roles and to be refreshed. It is the AWS CLI's default answer. */
export const DEFAULT_REGISTRATION_SCOPES = "sso:account:access";

/** Returns the session's name, or its start URL if it has no name. */
export function sessionLabel(session: SsoSession): string {
  return session.name ?? session.startUrl;
}

/**
 * Returns the name, without `.json`, of the token file in `~/.aws/sso/cache`. It is the lower-case hex SHA-1 of the
 * session's name, or of the unchanged start URL for a legacy profile. botocore and the SDKs for JavaScript and Go do
 * the same.
 */
export function tokenCacheKey(nameOrStartUrl: string): string {
  return createHash("sha1").update(nameOrStartUrl, "utf8").digest("hex");
}

export function sessionCacheKey(session: SsoSession): string {
  return tokenCacheKey(sessionLabel(session));
}

/**
 * Returns the scopes in a text such as `a:b, c:d`. Returns undefined if a scope contains white space, which the AWS
 * CLI's prompt refuses too.
 */
export function parseScopes(text: string): string[] | undefined {
  const scopes = text
    .split(",")
    .map((scope) => scope.trim())
    .filter((scope) => scope !== "");
  return scopes.some((scope) => /\s/.test(scope)) ? undefined : scopes;
}

/** Returns the command that signs in to this session again. */
export function loginCommand(session: SsoSession): string {
  return session.signInCommand ?? `latchkey login ${sessionFlagsText(session)}`;
}

/** Returns the flags that select this session. */
export function sessionFlagsText({ name, startUrl, region }: SsoSession): string {
  return name === undefined
    ? `--start-url ${quoteShellWord(startUrl)} --sso-region ${region}`
    : `--sso-session ${quoteShellWord(name)}`;
}
