import { createHash } from "node:crypto";
import { quoteShellWord } from "../text/shell-words.ts";

/**
 * What a sign-in needs to know. A session has a name where the config has an `[sso-session NAME]`; a legacy profile
 * carries start URL and region itself and its session has none.
 */
export interface SsoSession {
  readonly name: string | undefined;
  /** Exactly as configured. */
  readonly startUrl: string;
  readonly region: string;
  /** undefined where the config names none: then none are registered, and the service gives no refresh token. */
  readonly registrationScopes: readonly string[] | undefined;
  /** The `ca_bundle` of the profile that led here: the roots of trust of its requests, unless AWS_CA_BUNDLE says others. */
  readonly caBundle?: string | undefined;
  /** The config file that it was read from, as it stood then; undefined where flags said all. */
  readonly config?: FileMark | undefined;
  /** The command that signs in, of a session that the config does not have yet: the one that is about to write it. */
  readonly signInCommand?: string | undefined;
}

/** A file as it stood when it was read. */
export interface FileMark {
  readonly file: string;
  /** Time, size and number of it. */
  readonly stamp: string;
}

/** The scope that lets a token list accounts and roles and be refreshed; the AWS CLI's default answer. */
export const DEFAULT_REGISTRATION_SCOPES = "sso:account:access";

/** How people call it: its name, or its start URL where it has none. */
export function sessionLabel(session: SsoSession): string {
  return session.name ?? session.startUrl;
}

/**
 * The name, without `.json`, of the token's file in `~/.aws/sso/cache`: lower-case hex SHA-1 of the session's name, or
 * of the start URL as written for a legacy profile. The same in botocore, the SDK for JavaScript and the SDK for Go.
 */
export function tokenCacheKey(nameOrStartUrl: string): string {
  return createHash("sha1").update(nameOrStartUrl, "utf8").digest("hex");
}

export function sessionCacheKey(session: SsoSession): string {
  return tokenCacheKey(sessionLabel(session));
}

/** `a:b, c:d` → its scopes; undefined where one holds white space, which the AWS CLI's prompt refuses too. */
export function parseScopes(text: string): string[] | undefined {
  const scopes = text
    .split(",")
    .map((scope) => scope.trim())
    .filter((scope) => scope !== "");
  return scopes.some((scope) => /\s/.test(scope)) ? undefined : scopes;
}

/** The command that signs in to this session again. */
export function loginCommand(session: SsoSession): string {
  return session.signInCommand ?? `latchkey login ${sessionFlagsText(session)}`;
}

/** The flags that name this session to a command. */
export function sessionFlagsText({ name, startUrl, region }: SsoSession): string {
  return name === undefined
    ? `--start-url ${quoteShellWord(startUrl)} --sso-region ${region}`
    : `--sso-session ${quoteShellWord(name)}`;
}
