import { isWindowsLine, splitProcessWords } from "../text/shell-words.ts";

/** Whose credentials a client of AWS uses, and where it finds them. */

/** Where credentials come from. Secrets are never in it. */
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

/** Keys by their values in the environment. */
interface EnvironmentKeys {
  readonly kind: "environment";
  /** The names of the access key id, of its secret, and of the session token where there is one. */
  readonly variables: readonly string[];
}

/** Keys by their values in a file. */
export interface StoredKeys {
  readonly kind: "keys";
  readonly profile: string;
  /** Where the access key id is. */
  readonly file: "config" | "credentials";
  readonly accessKeyId: string;
}

/** A role of IAM Identity Center. */
export interface SsoRole {
  readonly kind: "sso";
  readonly profile: string;
  /** undefined: the profile has a start URL of its own (the legacy form). */
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
  /** The role that it gets, where `configure` wrote the line. */
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
  /** undefined: the environment names the token's file. */
  readonly profile: string | undefined;
  readonly roleArn: string;
  readonly tokenFile: string;
}

/** What a client does. */
export type Outcome =
  | { readonly kind: "identity"; readonly source: Source }
  | Refusal
  /** It goes on to the metadata of the machine that it runs on, which files do not tell. */
  | { readonly kind: "none"; readonly why: string };

export interface Refusal {
  readonly kind: "refused";
  readonly why: string;
  /** What it would use if a person could type a code for it (`mfa_serial`). */
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

/** What the client would use, also where it lacks a code alone. */
export function findSource(outcome: Outcome): Source | undefined {
  if (outcome.kind === "identity") return outcome.source;
  return outcome.kind === "refused" ? outcome.wanted : undefined;
}

/** Two sources with one key act as the same. */
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

/** The account and role that files tell of it. */
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

/** The account and role that a role's ARN names: all that is known of it without asking. */
export function parseRoleArn(arn = ""): {
  readonly accountId: string | undefined;
  readonly roleName: string | undefined;
} {
  const [, accountId, roleName] =
    /^arn:[\w-]+:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/.exec(arn) ?? [];
  return { accountId, roleName };
}

/** The arguments of a credential_process line that `configure` wrote. */
interface OwnProcess {
  readonly session: string;
  readonly accountId: string;
  readonly roleName: string;
}

export function parseOwnProcess(line: string | undefined): OwnProcess | undefined {
  // By what follows the program alone, however that is quoted.
  const [program = "", tail] = (line ?? "").split(/\scredential-process\s/, 2);
  if (tail === undefined) return undefined;
  const words = splitProcessWords(tail, isWindowsLine(program) ? "win32" : "posix") ?? [];
  const [sessionFlag, session, accountFlag, accountId, roleFlag, roleName, ...rest] = words;
  const flags = `${sessionFlag} ${accountFlag} ${roleFlag}`;
  if (flags !== "--sso-session --account-id --role-name" || rest.length > 0) return undefined;
  if (session === undefined || accountId === undefined || roleName === undefined) return undefined;
  return { session, accountId, roleName };
}
