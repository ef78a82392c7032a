import { configError, usageError } from "../../errors.ts";
import { isProcessWord, isWindowsLine, joinProcessWords } from "../../text/shell-words.ts";
import type { SectionEdit } from "../../aws-config/edit.ts";
import {
  type ProfileForm,
  readSession,
  findValue,
  summarizeProfile,
  type ConfigSource,
} from "../profile.ts";
import { findSection } from "../../aws-config/document.ts";

/** Converts a wanted profile to edits of the config: keys to set, and keys to remove because they would conflict. */

export type WritableForm = Exclude<ProfileForm, "other">;

export interface WantedSession {
  readonly name: string;
  readonly startUrl: string;
  readonly region: string;
  /**
   * The scopes as the user typed them. The config gets this text; AWS gets the list in it. undefined leaves the key
   * unchanged.
   */
  readonly registrationScopes: string | undefined;
}

export interface WantedProfile {
  readonly name: string;
  readonly form: WritableForm;
  readonly session: WantedSession;
  readonly accountId: string;
  readonly roleName: string;
  readonly region: string | undefined;
  readonly output: string | undefined;
  /** The program that SDKs run, and its first arguments. Used only in the credential-process form. */
  readonly program: readonly string[];
}

const INLINE_SESSION_KEYS = ["sso_start_url", "sso_region", "sso_registration_scopes"] as const;
const ROLE_KEYS = ["sso_account_id", "sso_role_name"] as const;

/** Keys of profile forms that latchkey does not write: keys that give credentials, and keys that belong to such keys. */
export const FORMER_KEYS = [
  "role_arn",
  "source_profile",
  "credential_source",
  "web_identity_token_file",
  "role_session_name",
  "external_id",
  "mfa_serial",
  "duration_seconds",
  "login_session",
  "aws_access_key_id",
  "aws_secret_access_key",
  "aws_session_token",
  "aws_security_token",
  "aws_account_id",
  "aws_credential_scope",
  "aws_expiration",
] as const;

/** Returns the profile's section first, then the session's, in the order of `aws configure sso`. */
export function profileEdits(wanted: WantedProfile): SectionEdit[] {
  const edit: SectionEdit = { type: "profile", name: wanted.name, ...profileKeys(wanted) };
  // A legacy profile contains its own session keys.
  return wanted.form === "legacy" ? [edit] : [edit, sessionEdit(wanted.session)];
}

function profileKeys(wanted: WantedProfile): Pick<SectionEdit, "set" | "remove"> {
  const { session, accountId, roleName } = wanted;
  const common = toPairs({ region: wanted.region, output: wanted.output });
  const role = toPairs({ sso_account_id: accountId, sso_role_name: roleName });
  switch (wanted.form) {
    case "sso-session":
      return {
        set: [["sso_session", session.name], ...role, ...common],
        remove: [...INLINE_SESSION_KEYS, "credential_process", ...FORMER_KEYS],
      };
    case "legacy":
      return {
        set: [
          ...toPairs({ sso_start_url: session.startUrl, sso_region: session.region }),
          ...role,
          ...common,
        ],
        remove: ["sso_session", "sso_registration_scopes", "credential_process", ...FORMER_KEYS],
      };
    case "credential-process":
      return {
        set: [["credential_process", credentialProcessLine(wanted)], ...common],
        remove: ["sso_session", ...ROLE_KEYS, ...INLINE_SESSION_KEYS, ...FORMER_KEYS],
      };
  }
}

/** Keys that latchkey knows and that are not suspicious, although their names contain a telling word. */
const KNOWN_KEYS: ReadonlySet<string> = new Set([
  ...INLINE_SESSION_KEYS,
  ...ROLE_KEYS,
  ...FORMER_KEYS,
  "sso_session",
  "credential_process",
  "account_id_endpoint_mode",
  "s3_disable_express_session_auth",
]);
/** If a key's name contains one of these words, the key may give a profile its credentials. */
const TELLING_WORDS: ReadonlySet<string> = new Set(
  "access account arn assume auth credential credentials identity key keys login mfa password principal process profile role saml secret session source sso token user username".split(
    " ",
  ),
);

/**
 * Returns whether an unknown key may give credentials. No known AWS client reads it, so only the words in its name decide.
 */
export function mayCarryCredentials(key: string): boolean {
  const words = key.split(/[^a-z0-9]+/);
  const isOwn = key.startsWith("latchkey_");
  return !isOwn && !KNOWN_KEYS.has(key) && words.some((word) => TELLING_WORDS.has(word));
}

/**
 * Refuses to write over a profile of another kind if an unknown key in it could take precedence over the new keys.
 * @throws LatchkeyError CONFIG_INVALID
 */
export function refuseUnknownIdentity(source: ConfigSource, { name, form }: WantedProfile): void {
  const section = findSection(source.document, "profile", name);
  if (section === undefined) return;
  const isOther = FORMER_KEYS.some((key) => findValue(section, key) !== undefined);
  if (!isOther && summarizeProfile(section).form === form) return;
  const unknown = section.entries.filter(({ key }) => mayCarryCredentials(key));
  const [first] = unknown;
  if (first === undefined) return;
  throw configError(
    `The profile "${name}" has ${unknown.map(({ key }) => key).join(", ")}, which latchkey does not know and which may give it other credentials (${source.file}, line ${first.line}).`,
    "Remove the keys that you do not want, or add --force to keep them.",
  );
}

export function sessionEdit(session: WantedSession): SectionEdit {
  return {
    type: "sso-session",
    name: session.name,
    set: toPairs({
      sso_start_url: session.startUrl,
      sso_region: session.region,
      sso_registration_scopes: session.registrationScopes,
    }),
  };
}

/** Returns the pairs that have a value, in the given order. */
function toPairs(
  wanted: Readonly<Record<string, string | undefined>>,
): Array<readonly [string, string]> {
  return Object.entries(wanted).flatMap(([key, value]) =>
    value === undefined || value === "" ? [] : [[key, value] as const],
  );
}

function credentialProcessLine({ program, session, accountId, roleName }: WantedProfile): string {
  const platform = isWindowsLine(program[0] ?? "") ? "win32" : "posix";
  const names = ["--sso-session", session.name, "--account-id", accountId, "--role-name", roleName];
  const isUnsafe = (word: string): boolean => !isProcessWord(word, platform);
  refuseWord(
    program.find(isUnsafe),
    "Install latchkey in a directory whose path has only letters, digits and spaces.",
  );
  refuseWord(names.find(isUnsafe), "Use another form (--form sso-session), or another name.");
  return joinProcessWords([...program, "credential-process", ...names], platform);
}

function refuseWord(word: string | undefined, hint: string): void {
  if (word === undefined) return;
  throw usageError(
    `credential_process can't name ${JSON.stringify(word)}: shells and SDKs read its characters differently.`,
    hint,
  );
}

/**
 * Returns the session with this name from the config; undefined if it does not exist or is incomplete. Its values stay
 * unless the flags repeat them or --force is given.
 */
export function findSession(
  source: ConfigSource,
  { form, ssoSession }: { readonly form: WritableForm; readonly ssoSession?: string | undefined },
): WantedSession | undefined {
  if (form === "legacy" || ssoSession === undefined) return undefined;
  const section = findSection(source.document, "sso-session", ssoSession);
  if (section === undefined) return undefined;
  // If the start URL or region is missing, the session is incomplete, and latchkey asks for the missing values.
  if (!["sso_start_url", "sso_region"].every((key) => findValue(section, key) !== undefined))
    return undefined;
  const { startUrl, region } = readSession(source, ssoSession);
  return {
    name: ssoSession,
    startUrl,
    region,
    registrationScopes: findValue(section, "sso_registration_scopes"),
  };
}
