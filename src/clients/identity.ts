import { isWindowsLine, splitProcessWords } from "../text/shell-words.ts";

/** Types for the credentials that an AWS client uses, and for their source. */

/** The source of credentials. It never contains secrets. */
export type Source =
  | EnvironmentKeys
  | StoredKeys
  | SsoRole
  | ProcessSource
  | AssumedRole
  | WebIdentity
  | { readonly kind: "endpoint"; readonly variable: string }
  | { readonly kind: "login"; readonly profile: string; readonly session: string }
  | { readonly kind: "metadata" };

/** Access keys in the environment. */
interface EnvironmentKeys {
  readonly kind: "environment";
  /** The variables of the access key id, the secret, and the session token if there is one. */
  readonly variables: readonly string[];
}

/** Access keys in a file. */
export interface StoredKeys {
  readonly kind: "keys";
  readonly profile: string;
  /** The file that contains the access key id. */
  readonly file: "config" | "credentials";
  readonly accessKeyId: string;
}

/** A role of IAM Identity Center. */
export interface SsoRole {
  readonly kind: "sso";
  readonly profile: string;
  /** undefined: the profile itself has the start URL (the legacy form). */
  readonly session: string | undefined;
  readonly startUrl: string;
  readonly region: string;
  readonly accountId: string;
  readonly roleName: string;
}

/** A `credential_process`. */
interface ProcessSource {
  readonly kind: "process";
  readonly profile: string;
  readonly command: string;
  /** The role that it fetches, if `configure` wrote the line. */
  readonly own: Omit<SsoRole, "kind" | "profile"> | undefined;
}

/** A `role_arn` that is assumed with other credentials. */
export interface AssumedRole {
  readonly kind: "role";
  readonly profile: string;
  readonly roleArn: string;
  readonly source: Source;
}

/** A role that is assumed with the token in a file. */
interface WebIdentity {
  readonly kind: "web-identity";
  /** undefined: the token file is set in the environment. */
  readonly profile: string | undefined;
  readonly roleArn: string;
  readonly tokenFile: string;
}

/** What a client does: uses a source, refuses, or finds nothing. */
export type Outcome =
  | { readonly kind: "identity"; readonly source: Source }
  | Refusal
  /** Next, the client tries the machine's instance metadata, which is not known from files. */
  | { readonly kind: "none"; readonly why: string };

export interface Refusal {
  readonly kind: "refused";
  readonly why: string;
  /** The source that the client would use with an MFA code (`mfa_serial`). */
  readonly wanted?: Source | undefined;
}

export function take(source: Source): Outcome {
  return { kind: "identity", source };
}

export function refuse(why: string): Refusal {
  return { kind: "refused", why };
}

export function findNothing(why: string): Outcome {
  return { kind: "none", why };
}

/** Returns the source that the client uses, or would use with an MFA code. */
export function findSource(outcome: Outcome): Source | undefined {
  if (outcome.kind === "identity") return outcome.source;
  return outcome.kind === "refused" ? outcome.wanted : undefined;
}

/** Returns a key that is equal for two sources with the same identity. */
export function toIdentityKey(source: Source): string {
  switch (source.kind) {
    case "sso":
      return formatRoleKey(source);
    case "process":
      return source.own === undefined ? `process ${source.command}` : formatRoleKey(source.own);
    case "role":
    case "web-identity":
      return `${source.kind} ${source.roleArn}`;
    case "keys":
      return `keys ${source.accessKeyId}`;
    case "environment":
      return source.variables.join(" ");
    case "endpoint":
      return source.variable;
    case "login":
      return `login ${source.session}`;
    case "metadata":
      return "metadata";
  }
}

function formatRoleKey({
  startUrl,
  region,
  accountId,
  roleName,
}: Omit<SsoRole, "kind" | "profile">): string {
  return `sso ${accountId} ${roleName} ${startUrl} ${region}`;
}

/** Returns the account and the role if the files contain them. */
export function findRole(source: Source | undefined): ReturnType<typeof parseRoleArn> {
  switch (source?.kind) {
    case "sso":
      return { accountId: source.accountId, roleName: source.roleName };
    case "process":
      return { accountId: source.own?.accountId, roleName: source.own?.roleName };
    case "role":
    case "web-identity":
      return parseRoleArn(source.roleArn);
    case "login":
      return {
        accountId: /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(source.session)?.[1],
        roleName: undefined,
      };
    default:
      return { accountId: undefined, roleName: undefined };
  }
}

/** Returns the account and the role in a role's ARN. */
export function parseRoleArn(arn = ""): {
  readonly accountId: string | undefined;
  readonly roleName: string | undefined;
} {
  const [, accountId, roleName] =
    /^arn:[\w-]+:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/.exec(arn) ?? [];
  return { accountId, roleName };
}

/** The arguments in a credential_process line that `configure` wrote. */
interface OwnProcess {
  readonly session: string;
  readonly accountId: string;
  readonly roleName: string;
}

/** Returns undefined if `configure` did not write the line. */
export function parseOwnProcess(line: string | undefined): OwnProcess | undefined {
  // The program may be quoted in different ways, so only the text after it is parsed.
  const [program = "", tail] = (line ?? "").split(/\scredential-process\s/, 2);
  if (tail === undefined) return undefined;
  const words = splitProcessWords(tail, isWindowsLine(program) ? "win32" : "posix") ?? [];
  const [sessionFlag, session, accountFlag, accountId, roleFlag, roleName, ...rest] = words;
  const flags = `${sessionFlag} ${accountFlag} ${roleFlag}`;
  if (flags !== "--sso-session --account-id --role-name" || rest.length > 0) return undefined;
  if (session === undefined || accountId === undefined || roleName === undefined) return undefined;
  return { session, accountId, roleName };
}
