import { configError, isExpectedFailure, type LatchkeyError } from "../errors.ts";
import {
  findSection,
  listProfileNames,
  listSessionNames,
  type ConfigDocument,
  type ConfigSection,
} from "../aws-config/document.ts";
import { headerText } from "../aws-config/header.ts";
import { parseOwnProcess } from "../clients/identity.ts";
import { describeCure, describeFault, KEY_VALUES } from "../model/values.ts";
import { parseScopes, type SsoSession } from "../model/sso-session.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { requireProfileSection, requireSessionSection } from "./require-section.ts";

/**
 * Reads profiles and sessions from the config and checks their values. For a missing or wrong value, throws
 * CONFIG_INVALID with the file, section and line, because a person must correct the config.
 */

export type ProfileForm = "sso-session" | "legacy" | "credential-process" | "other";

export interface Profile {
  readonly name: string;
  /** "role": not a profile of the config, but a role given by its account and name. */
  readonly form: ProfileForm | "role";
  /** The session that the profile uses; undefined if it uses none (static keys, role_arn…). */
  readonly session: SsoSession | undefined;
  readonly accountId: string | undefined;
  readonly roleName: string | undefined;
  /** Not checked: call `checkProfileRegion` before use. */
  readonly region: string | undefined;
  /** The file, section and line in which the region is set. */
  readonly regionAt?: string;
  /** Set only if the profile has no session. If it has a session, the session contains this value. */
  readonly caBundle?: string | undefined;
}

export interface ConfigSource {
  readonly document: ConfigDocument;
  /** The path of the config, for messages. */
  readonly file: string;
  /** The file's time, size and inode before it was read; undefined if its status could not be read. */
  readonly stamp?: string | undefined;
}

/** @param namedAt the file, section and line with the session's name, if no flag gave the name. */
export function readSession(
  { document, file, stamp }: ConfigSource,
  name: string,
  namedAt?: string,
): SsoSession {
  const section = requireSessionSection({ document, file }, name, namedAt);
  const session = readSessionKeys(section, name, createLocator(section, file));
  return stamp === undefined ? session : { ...session, config: { file, stamp } };
}

/** @param name undefined for the session of a legacy profile, which never has scopes. */
function readSessionKeys(
  section: ConfigSection,
  name: string | undefined,
  at: (key: string) => string,
): SsoSession {
  const startUrl = requireValue(section, "sso_start_url", at);
  const region = requireValue(section, "sso_region", at);
  const scopes = name === undefined ? undefined : checkKey(section, "sso_registration_scopes", at);
  const registrationScopes = scopes === undefined ? undefined : parseScopes(scopes);
  return { name, startUrl, region, registrationScopes };
}

export function readProfile(source: ConfigSource, name: string, namedAt?: string): Profile {
  const { file } = source;
  const section = requireProfileSection(source, name, namedAt);
  const at = createLocator(section, file);
  const { form, session: named = "", accountId, roleName, region } = summarizeProfile(section);
  const common = { name, form, accountId, roleName, region, regionAt: at("region") };
  const caBundle = findValue(section, "ca_bundle");
  if (form === "other") return { ...common, session: undefined, caBundle };

  if (form === "credential-process") {
    const session = { ...readSession(source, named, at("credential_process")), caBundle };
    return { ...common, session };
  }

  const session =
    form === "legacy"
      ? readSessionKeys(section, undefined, at)
      : readSession(source, named, at("sso_session"));
  checkKey(section, "sso_account_id", at);
  checkKey(section, "sso_role_name", at);
  return { ...common, session: { ...session, caBundle } };
}

/** A profile with values that are not checked, so that one wrong value does not stop a listing. */
export interface ProfileSummary {
  readonly profile: string;
  readonly form: ProfileForm;
  /** The session's name, or the start URL of a legacy profile. */
  readonly session?: string | undefined;
  readonly accountId?: string | undefined;
  readonly roleName?: string | undefined;
  readonly region: string | undefined;
  /** Whether the profile has the mark of `profiles sync`. */
  readonly managed: boolean;
}

/** Returns each profile of the config once, with the keys of its effective section. */
export function summarizeProfiles(document: ConfigDocument): ProfileSummary[] {
  return listProfileNames(document).flatMap((name) => {
    const section = findSection(document, "profile", name);
    return section === undefined ? [] : [summarizeProfile(section)];
  });
}

export function summarizeProfile(section: ConfigSection): ProfileSummary {
  const accountId = findValue(section, "sso_account_id");
  const roleName = findValue(section, "sso_role_name");
  const region = findValue(section, "region");
  const managed = findValue(section, "latchkey_managed") !== undefined;
  const common = { profile: section.name, region, managed };
  const session = findValue(section, "sso_session");
  if (session !== undefined)
    return { ...common, form: "sso-session", session, accountId, roleName };
  const startUrl = findValue(section, "sso_start_url");
  if (startUrl !== undefined)
    return { ...common, form: "legacy", session: startUrl, accountId, roleName };
  const own = parseOwnProcess(findValue(section, "credential_process"));
  if (own !== undefined) return { ...common, form: "credential-process", ...own };
  return { ...common, form: "other" };
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

/** Returns the line of the first key in the section that gives credentials. */
export function findCredentialsLine(section: ConfigSection): number | undefined {
  return section.entries.find(({ key, value }) => value !== "" && CREDENTIAL_KEYS.includes(key))
    ?.line;
}

/** Returns every session of the config: first those with names, then those of legacy profiles, each once. */
export function listSessions(source: ConfigSource): SsoSession[] {
  const { sessions, refused } = readSessions(source);
  const [first] = refused;
  if (first !== undefined) throw first.error;
  return sessions;
}

/** A session of the config that can't be used, and the reason. */
export interface RefusedSession {
  /** The name of the SSO session or of the legacy profile. */
  readonly name: string;
  readonly error: LatchkeyError;
}

/** Like listSessions, but also returns the sessions that have errors, instead of throwing the first error. */
export function readSessions(source: ConfigSource): {
  readonly sessions: SsoSession[];
  readonly refused: readonly RefusedSession[];
} {
  const refused: RefusedSession[] = [];
  const attempt = (name: string, read: () => SsoSession | undefined): SsoSession[] => {
    try {
      return [read()].filter((session) => session !== undefined);
    } catch (thrown) {
      if (!isExpectedFailure(thrown)) throw thrown;
      refused.push({ name, error: thrown });
      return [];
    }
  };
  const named = listSessionNames(source.document).flatMap((name) =>
    attempt(name, () => readSession(source, name)),
  );
  const legacy = summarizeProfiles(source.document)
    .filter(({ form }) => form === "legacy")
    .flatMap(({ profile }) => attempt(profile, () => readProfile(source, profile).session));
  const once = new Map(legacy.map((session) => [`${session.startUrl} ${session.region}`, session]));
  return { sessions: [...named, ...once.values()], refused };
}

export function findValue(section: ConfigSection, key: string): string | undefined {
  const value = section.entries.find((entry) => entry.key === key)?.value;
  return value === undefined || value === "" ? undefined : value;
}

function createLocator(section: ConfigSection, file: string): (key: string) => string {
  return (key) =>
    `${file}, [${headerText(section)}], line ${section.entries.find((entry) => entry.key === key)?.line ?? section.line}`;
}

/** Returns the checked value, or undefined if the key is missing. */
function checkKey(
  section: ConfigSection,
  key: string,
  at: (key: string) => string,
): string | undefined {
  const value = findValue(section, key);
  return value === undefined ? undefined : checkWritten(key, value, at(key));
}

/**
 * Checks the keys of a profile's assumed role before STS is called.
 * @throws LatchkeyError CONFIG_INVALID for a value that STS would reject.
 */
export function checkRoleKeys({ document, file }: ConfigSource, profile: string): void {
  const section = findSection(document, "profile", profile);
  if (section === undefined) return;
  for (const key of ["role_arn", "duration_seconds", "role_session_name"])
    checkKey(section, key, createLocator(section, file));
}

/** @param at the file, section and line. @throws LatchkeyError CONFIG_INVALID if the value has the wrong form. */
function checkWritten(key: string, value: string, at: string): string {
  const kind = KEY_VALUES[key];
  const fault = kind === undefined ? undefined : describeFault(kind, value);
  if (kind === undefined || fault === undefined) return value;
  throw configError(`${key} ${fault} (${at}).`, describeCure(kind, value));
}

/** Checks the region of a profile before a client uses it, and returns it. @throws LatchkeyError CONFIG_INVALID */
export function checkProfileRegion({ region, regionAt }: Profile): string | undefined {
  return region === undefined ? undefined : checkWritten("region", region, regionAt ?? "");
}

function requireValue(
  section: ConfigSection,
  key: "sso_start_url" | "sso_region",
  at: (key: string) => string,
): string {
  const value = checkKey(section, key, at);
  if (value !== undefined) return value;
  const command =
    section.type === "sso-session" ? "configure session --sso-session" : "configure --profile";
  throw configError(
    `${key} is missing (${at(key)}).`,
    `latchkey ${command} ${quoteShellWord(section.name)}`,
  );
}
