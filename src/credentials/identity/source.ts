import { findSection, type ConfigSection } from "../../aws-config/document.ts";
import { listClients, CLIENTS, type Client } from "../../clients/family.ts";
import { findRole, toIdentityKey, type Outcome, type Source } from "../../clients/identity.ts";
import type { Outcomes } from "../../clients/resolve.ts";
import { sessionLabel } from "../../model/sso-session.ts";
import type { ConfigSource, Profile } from "../../profiles/profile.ts";

/** Describes where credentials come from. */

/** Values of `source` in `whoami --json`; docs/shell.md explains each. */
export type SourceWord =
  | "environment"
  | "profile"
  | "role"
  | "credentials-file"
  | "credential-process"
  | "chained-role"
  | "web-identity"
  | "login-session"
  | "instance-metadata";

export interface Files {
  readonly config: ConfigSource;
  readonly credentials: ConfigSource;
}

export function toSourceWord(source: Source): SourceWord {
  switch (source.kind) {
    case "environment":
    case "endpoint":
      return "environment";
    case "web-identity":
      return source.profile === undefined ? "environment" : "web-identity";
    case "keys":
      return source.file === "credentials" ? "credentials-file" : "profile";
    case "sso":
      return "profile";
    case "process":
      return "credential-process";
    case "role":
      return "chained-role";
    case "login":
      return "login-session";
    case "metadata":
      return "instance-metadata";
  }
}

const OWN_PROCESS = " through latchkey, which its credential_process runs";
const FOREIGN_PROCESS = ", from the program that its credential_process runs";

/** Returns the source as text, with the place where it is written. */
export function sourceText(source: Source, files: Files): string {
  switch (source.kind) {
    case "environment":
      return variablesText(source.variables);
    case "endpoint":
      return `${source.variable} in the environment`;
    case "web-identity":
      return webIdentityText(source.profile);
    case "metadata":
      return "the metadata of this machine";
    case "keys":
      return keysText(source, files);
    case "sso":
      return `the profile "${source.profile}", by its ${source.session === undefined ? "own start URL" : "SSO session"}`;
    case "process":
      return `the profile "${source.profile}"${source.own === undefined ? FOREIGN_PROCESS : OWN_PROCESS}`;
    case "role":
      return `the profile "${source.profile}", a role assumed with the credentials of ${baseText(source.source, source.profile)}`;
    case "login":
      return `the profile "${source.profile}", by aws login`;
  }
}

/** Describes a role that has no profile. */
export function roleText({ name, session }: Profile): string {
  const place = session === undefined ? "" : ` of ${sessionLabel(session)}`;
  return `the role ${name}${place}, without a profile`;
}

function webIdentityText(profile: string | undefined): string {
  return profile === undefined
    ? "AWS_WEB_IDENTITY_TOKEN_FILE in the environment"
    : `the profile "${profile}", with a web identity token`;
}

/** Returns the variable that contains the credentials. */
export function findVariable(source: Source): string {
  if (source.kind === "endpoint") return source.variable;
  if (source.kind === "environment") return source.variables[0] ?? "";
  return "AWS_WEB_IDENTITY_TOKEN_FILE";
}

function variablesText([id = "", , token]: readonly string[]): string {
  return `${id}${token === "AWS_SECURITY_TOKEN" ? ` with ${token}` : ""} in the environment`;
}

function keysText(source: Extract<Source, { kind: "keys" }>, files: Files): string {
  const { profile, file } = source;
  const section =
    file === "config"
      ? findSection(files.config.document, "profile", profile)
      : findCredentialsSection(files.credentials, profile);
  const line = section?.entries.find(({ key }) => key === "aws_access_key_id")?.line;
  const at = line === undefined ? "" : ` (${files[file].file}, line ${line})`;
  return file === "config"
    ? `the profile "${profile}", from keys in the config${at}`
    : `the profile "${profile}" of the credentials file${at}`;
}

function findCredentialsSection(
  { document }: ConfigSource,
  name: string,
): ConfigSection | undefined {
  return document.sections.findLast(
    (section) => (section.name === "default" ? "default" : section.place.header.trim()) === name,
  );
}

/** Returns the source of an assumed role's credentials: another profile, or what the role's own profile names. */
function baseText(source: Source, profile: string): string {
  if (source.kind === "environment" || source.kind === "endpoint") return findVariable(source);
  if (source.kind === "metadata") return "this machine";
  return `"${source.profile ?? profile}"`;
}

/** Returns one line for each way in which clients differ from most others. */
export function describeDiffering(
  differing: readonly Client[],
  outcomes: Outcomes,
  files: Files,
): string[] {
  const groups = Map.groupBy(differing, (client) => outcomeText(outcomes[client], files));
  return [...groups].map(([text, clients]) => {
    const [first = "aws-cli", ...more] = clients;
    const verb = VERBS[outcomes[first].kind];
    return `${listClients(clients)} ${more.length > 0 ? verb : verb.replace(/^\w+/, "$&s")} ${text}`;
  });
}

const VERBS: Readonly<Record<Outcome["kind"], string>> = {
  identity: "use",
  refused: "refuse the profile:",
  none: "find no credentials:",
};

/** Returns what a client uses, with the account and role from local files. If it uses nothing, returns the reason. */
export function outcomeText(outcome: Outcome, files: Files): string {
  if (outcome.kind !== "identity") return outcome.why;
  const { accountId, roleName } = findRole(outcome.source);
  const role = [accountId, roleName].filter((part) => part !== undefined).join(" ");
  return `${role === "" ? "" : `${role}, `}${sourceText(outcome.source, files)}`;
}

/** Returns the clients that would use other credentials although AWS_PROFILE names this profile. */
export function listTakingOther(outcomes: Outcomes, source: Source): Client[] {
  return CLIENTS.filter((client) => {
    const outcome = outcomes[client];
    return (
      outcome.kind === "identity" &&
      toSourceWord(outcome.source) === "environment" &&
      toIdentityKey(outcome.source) !== toIdentityKey(source)
    );
  });
}
