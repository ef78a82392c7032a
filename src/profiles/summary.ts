import {
  findSection,
  listProfileNames,
  type ConfigDocument,
  type ConfigSection,
} from "../aws-config/document.ts";
import { parseOwnProcess, findValue, type ProfileForm } from "./profile.ts";

/** A profile's own words, unchecked: for a list that one bad value must not end. */
export interface ProfileSummary {
  readonly profile: string;
  readonly form: ProfileForm;
  /** The session's name, or the start URL of a legacy profile. */
  readonly session?: string | undefined;
  readonly accountId?: string | undefined;
  readonly roleName?: string | undefined;
  readonly region: string | undefined;
  /** Written by `profiles sync`, which marks what it writes. */
  readonly managed: boolean;
}

/** Each profile of the config once, as it counts. */
export function summarizeProfiles(document: ConfigDocument): ProfileSummary[] {
  return listProfileNames(document).flatMap((name) => {
    const section = findSection(document, "profile", name);
    return section === undefined ? [] : [summarizeProfile(section)];
  });
}

export function summarizeProfile(section: ConfigSection): ProfileSummary {
  const [accountId, roleName] = [
    findValue(section, "sso_account_id"),
    findValue(section, "sso_role_name"),
  ];
  const common = {
    profile: section.name,
    region: findValue(section, "region"),
    managed: findValue(section, "latchkey_managed") !== undefined,
  };
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
