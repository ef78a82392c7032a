import type { ConfigSection } from "../aws-config/document.ts";
import { ownProcess, valueOf, type ProfileForm } from "./profile.ts";

/** A profile's own words, unchecked: for a list that one bad value must not end. */
export interface ProfileSummary {
  readonly profile: string;
  readonly form: ProfileForm;
  /** The session's name, or the start URL of a legacy profile. */
  readonly session: string | undefined;
  readonly accountId: string | undefined;
  readonly roleName: string | undefined;
  readonly region: string | undefined;
  /** Written by `profiles sync`, which marks what it writes. */
  readonly managed: boolean;
}

export function summarizeProfile(section: ConfigSection): ProfileSummary {
  const [form, session, accountId, roleName] = wayIn(section);
  return {
    profile: section.name,
    region: valueOf(section, "region"),
    managed: valueOf(section, "latchkey_managed") !== undefined,
    form,
    session,
    accountId,
    roleName,
  };
}

function wayIn(
  section: ConfigSection,
): readonly [
  form: ProfileForm,
  session?: string | undefined,
  accountId?: string | undefined,
  roleName?: string | undefined,
] {
  const [accountId, roleName] = [
    valueOf(section, "sso_account_id"),
    valueOf(section, "sso_role_name"),
  ];
  const session = valueOf(section, "sso_session");
  if (session !== undefined) return ["sso-session", session, accountId, roleName];
  const startUrl = valueOf(section, "sso_start_url");
  if (startUrl !== undefined) return ["legacy", startUrl, accountId, roleName];
  const own = ownProcess(valueOf(section, "credential_process"));
  return own === undefined
    ? ["other"]
    : ["credential-process", own.session, own.accountId, own.roleName];
}
