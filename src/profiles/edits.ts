import { usageError } from "../errors.ts";
import { isProcessWord, isWindowsLine, joinProcessWords } from "../text/shell-words.ts";
import type { SectionEdit } from "../aws-config/edit.ts";
import { type ProfileForm, readSession, findValue, type ConfigSource } from "./profile.ts";
import { findSection } from "../aws-config/document.ts";

/** One profile as wanted, turned into edits of the config: which keys are set, and which would contradict them. */

export type WritableForm = Exclude<ProfileForm, "other">;

export interface WantedSession {
  readonly name: string;
  readonly startUrl: string;
  readonly region: string;
  /** As typed: the config keeps the text, the service gets the list. undefined leaves the key as it is. */
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
  /** The program that SDKs run, and its first arguments. Only for the credential-process form. */
  readonly program: readonly string[];
}

const INLINE_SESSION_KEYS = ["sso_start_url", "sso_region", "sso_registration_scopes"] as const;
const ROLE_KEYS = ["sso_account_id", "sso_role_name"] as const;

/** The profile's section first, then the session's: the order in which `aws configure sso` writes them. */
export function profileEdits(wanted: WantedProfile): SectionEdit[] {
  const edit: SectionEdit = { type: "profile", name: wanted.name, ...profileKeys(wanted) };
  // A legacy profile holds its session itself.
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
        remove: [...INLINE_SESSION_KEYS, "credential_process"],
      };
    case "legacy":
      return {
        set: [
          ...toPairs({ sso_start_url: session.startUrl, sso_region: session.region }),
          ...role,
          ...common,
        ],
        remove: ["sso_session", "sso_registration_scopes", "credential_process"],
      };
    case "credential-process":
      return {
        set: [["credential_process", credentialProcessLine(wanted)], ...common],
        remove: ["sso_session", ...ROLE_KEYS, ...INLINE_SESSION_KEYS],
      };
  }
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

/** What there is of them, in their order. */
function toPairs(
  wanted: Readonly<Record<string, string | undefined>>,
): Array<readonly [string, string]> {
  return Object.entries(wanted).flatMap(([key, value]) =>
    value === undefined || value === "" ? [] : [[key, value] as const],
  );
}

/** The line that SDKs run. */
function credentialProcessLine({ program, session, accountId, roleName }: WantedProfile): string {
  const platform = isWindowsLine(program[0] ?? "") ? "win32" : "posix";
  const names = ["--sso-session", session.name, "--account-id", accountId, "--role-name", roleName];
  const isUnsafe = (word: string): boolean => !isProcessWord(word, platform);
  refuseWord(
    program.find(isUnsafe),
    "Install latchkey in a directory whose path has letters, digits and blanks alone.",
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

/** The session that the config has under that name; its values stand unless the flags give the same or --force. */
export function findSession(
  source: ConfigSource,
  { form, ssoSession }: { readonly form: WritableForm; readonly ssoSession?: string | undefined },
): WantedSession | undefined {
  if (form === "legacy" || ssoSession === undefined) return undefined;
  const section = findSection(source.document, "sso-session", ssoSession);
  if (section === undefined) return undefined;
  const { startUrl, region } = readSession(source, ssoSession);
  return {
    name: ssoSession,
    startUrl,
    region,
    registrationScopes: findValue(section, "sso_registration_scopes"),
  };
}
