import { LatchkeyError } from "../errors.ts";
import {
  findSection,
  listProfileNames,
  listSessionNames,
  type ConfigDocument,
  type ConfigSection,
} from "../aws-config/document.ts";
import { headerText } from "../aws-config/header.ts";
import { isRegion, isStartUrl } from "../model/start-url.ts";
import { isAccountId, isRoleName } from "../model/role.ts";
import { parseScopes, type SsoSession } from "../model/sso-session.ts";
import { splitProcessWords } from "../text/shell-words.ts";
import { closestMatches } from "../text/terminal.ts";

/**
 * Profiles and sessions as the config says them, narrowed. Whatever is missing or wrong is CONFIG_INVALID and names the
 * file, the section and the line, since a person must mend it there.
 */

export type ProfileForm = "sso-session" | "legacy" | "credential-process" | "other";

export interface Profile {
  readonly name: string;
  readonly form: ProfileForm;
  /** The sign-in that it stands on; undefined for a profile that has none (static keys, role_arn…). */
  readonly session: SsoSession | undefined;
  readonly accountId: string | undefined;
  readonly roleName: string | undefined;
  readonly region: string | undefined;
  /** Only of a profile without a session: one with a session has it there. */
  readonly caBundle?: string | undefined;
}

export interface ConfigSource {
  readonly document: ConfigDocument;
  /** For messages. */
  readonly file: string;
}

/** @param namedAt file, section and line that name it, where it was not asked for by a flag. */
export function readSession(
  { document, file }: ConfigSource,
  name: string,
  namedAt?: string,
): SsoSession {
  const section = findSection(document, "sso-session", name);
  if (section === undefined)
    throw notFoundError({
      kind: "SSO session",
      name,
      namedAt,
      known: listSessionNames(document),
      file,
      cure: `latchkey configure --sso-session ${name}`,
    });
  const at = createLocator(section, file);
  const scopes = findValue(section, "sso_registration_scopes");
  return {
    name,
    startUrl: checkStartUrl(section, at),
    region: checkRegion(section, at),
    registrationScopes: scopes === undefined ? undefined : checkScopes(scopes, section, file),
  };
}

export function readProfile(source: ConfigSource, name: string): Profile {
  const { document, file } = source;
  const section = findSection(document, "profile", name);
  if (section === undefined)
    throw notFoundError({
      kind: "profile",
      name,
      known: listProfileNames(document),
      file,
      cure: `latchkey configure --profile ${name}`,
    });
  const at = createLocator(section, file);
  const region = findValue(section, "region");
  const caBundle = findValue(section, "ca_bundle");

  const sessionName = findValue(section, "sso_session");
  if (sessionName !== undefined) {
    const session = { ...readSession(source, sessionName, at("sso_session")), caBundle };
    return { name, form: "sso-session", session, ...checkRole(section, file), region };
  }

  if (findValue(section, "sso_start_url") !== undefined) {
    const session = { ...readInlineSession(section, at), caBundle };
    return { name, form: "legacy", session, ...checkRole(section, file), region };
  }

  const own = parseOwnProcess(findValue(section, "credential_process"));
  if (own !== undefined) {
    const { accountId, roleName } = own;
    const session = { ...readSession(source, own.session, at("credential_process")), caBundle };
    return { name, form: "credential-process", session, accountId, roleName, region };
  }

  const noRole = { session: undefined, accountId: undefined, roleName: undefined };
  return { name, form: "other", ...noRole, caBundle, region };
}

/** A legacy profile's session: it has no name, and never scopes of its own. */
function readInlineSession(section: ConfigSection, at: (key: string) => string): SsoSession {
  return {
    name: undefined,
    startUrl: checkStartUrl(section, at),
    region: checkRegion(section, at),
    registrationScopes: undefined,
  };
}

const CREDENTIAL_KEYS = [
  "aws_access_key_id",
  "credential_process",
  "credential_source",
  "login_session",
  "role_arn",
  "sso_account_id",
  "sso_role_name",
  "sso_session",
  "sso_start_url",
  "web_identity_token_file",
];

/** Where a section says how to get credentials: the line of the first key that does. */
export function findCredentialsLine(section: ConfigSection): number | undefined {
  return section.entries.find(({ key, value }) => value !== "" && CREDENTIAL_KEYS.includes(key))
    ?.line;
}

/** Every sign-in that the config knows: named sessions, then the start URLs of legacy profiles, each once. */
export function listSessions(source: ConfigSource): SsoSession[] {
  const named = listSessionNames(source.document).map((name) => readSession(source, name));
  const legacy = listProfileNames(source.document).flatMap((name) => {
    const section = findSection(source.document, "profile", name);
    const inline =
      section !== undefined &&
      findValue(section, "sso_session") === undefined &&
      findValue(section, "sso_start_url") !== undefined;
    return inline ? (readProfile(source, name).session ?? []) : [];
  });
  const once = new Map(legacy.map((session) => [`${session.startUrl} ${session.region}`, session]));
  return [...named, ...once.values()];
}

/** The arguments of a credential_process line that `configure` wrote. */
interface OwnProcess {
  readonly session: string;
  readonly accountId: string;
  readonly roleName: string;
}

export function parseOwnProcess(line: string | undefined): OwnProcess | undefined {
  const words = splitProcessWords(line ?? "");
  const start = words.indexOf("credential-process");
  if (start < 1) return undefined;
  const [sessionFlag, session, accountFlag, accountId, roleFlag, roleName, ...rest] = words.slice(
    start + 1,
  );
  if (
    sessionFlag !== "--sso-session" ||
    accountFlag !== "--account-id" ||
    roleFlag !== "--role-name" ||
    rest.length > 0
  )
    return undefined;
  if (session === undefined || accountId === undefined || roleName === undefined) return undefined;
  return { session, accountId, roleName };
}

export function findValue(section: ConfigSection, key: string): string | undefined {
  const value = section.entries.find((entry) => entry.key === key)?.value;
  return value === undefined || value === "" ? undefined : value;
}

function createLocator(section: ConfigSection, file: string): (key: string) => string {
  return (key) =>
    `${file}, [${headerText(section)}], line ${section.entries.find((entry) => entry.key === key)?.line ?? section.line}`;
}

function checkStartUrl(section: ConfigSection, at: (key: string) => string): string {
  const startUrl = requireValue(section, "sso_start_url", at);
  if (isStartUrl(startUrl)) return startUrl;
  throw configError(
    `sso_start_url is not an https URL (${at("sso_start_url")}).`,
    "A start URL looks like https://my-company.awsapps.com/start",
  );
}

function checkRegion(section: ConfigSection, at: (key: string) => string): string {
  const region = requireValue(section, "sso_region", at);
  if (isRegion(region)) return region;
  throw configError(
    `sso_region is not a region's name (${at("sso_region")}).`,
    "A region looks like us-east-1: the one in which your company's IAM Identity Center runs.",
  );
}

function checkScopes(text: string, section: ConfigSection, file: string): string[] {
  const scopes = parseScopes(text);
  if (scopes !== undefined) return scopes;
  throw configError(
    `sso_registration_scopes must be separated by commas (${createLocator(section, file)("sso_registration_scopes")}).`,
    "The usual value is sso:account:access",
  );
}

function requireValue(section: ConfigSection, key: string, at: (key: string) => string): string {
  const value = findValue(section, key);
  if (value !== undefined) return value;
  throw configError(
    `${key} is missing (${at(key)}).`,
    section.type === "sso-session"
      ? `latchkey configure --sso-session ${section.name}`
      : `latchkey configure --profile ${section.name}`,
  );
}

function checkRole(
  section: ConfigSection,
  file: string,
): { accountId: string | undefined; roleName: string | undefined } {
  const at = createLocator(section, file);
  const accountId = findValue(section, "sso_account_id");
  const roleName = findValue(section, "sso_role_name");
  if (accountId !== undefined && !isAccountId(accountId))
    throw configError(
      `sso_account_id is not 12 digits (${at("sso_account_id")}).`,
      "Write it with its leading zeros.",
    );
  if (roleName !== undefined && !isRoleName(roleName))
    throw configError(
      `sso_role_name is not a role's name (${at("sso_role_name")}).`,
      "See the roles that you hold: latchkey roles",
    );
  return { accountId, roleName };
}

/** A section that was asked for, and is not in the config. */
interface MissingSection {
  readonly kind: "SSO session" | "profile";
  readonly name: string;
  /** Where the config itself names it. */
  readonly namedAt?: string | undefined;
  /** The names that the config has. */
  readonly known: readonly string[];
  readonly file: string;
  /** The command that makes it. */
  readonly cure: string;
}

function notFoundError(missing: MissingSection): LatchkeyError {
  const { kind, name, namedAt, file } = missing;
  const message =
    namedAt === undefined
      ? `No ${kind} "${name}" in ${file}.`
      : `No ${kind} "${name}", which is named in ${namedAt}.`;
  return new LatchkeyError("CONFIG_INVALID", message, { hint: suggestNames(missing) });
}

function suggestNames({ name, known, cure }: MissingSection): string {
  const close = closestMatches(name, known);
  if (close.length > 0) return `The nearest there: ${close.join(", ")}`;
  if (known.length > 0) return `Known there: ${known.slice(0, 8).join(", ")}`;
  return `There is none yet: ${cure}`;
}

function configError(message: string, hint: string): LatchkeyError {
  return new LatchkeyError("CONFIG_INVALID", message, { hint });
}
