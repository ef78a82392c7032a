import { findSection, listProfileNames, type ConfigDocument } from "../aws-config/document.ts";
import { isPortableName } from "../aws-config/header.ts";
import { findValue, summarizeProfile } from "../profiles/profile.ts";
import { isStartUrl, trimPortalUrl } from "../model/start-url.ts";
import { hasContradiction, readSignInKeys } from "./config-profiles.ts";

/** Finds roles that already have a profile: one that latchkey wrote, or one with SSO keys that every AWS client reads. */

export interface PresentProfile {
  readonly portal: string;
  /** The session's name; undefined for a legacy profile, which contains its own start URL. */
  readonly session: string | undefined;
  readonly accountId: string;
  readonly roleName: string;
  readonly region: string | undefined;
}

/** Returns a key for a portal that is the same for all spellings of its start URL. */
export function portalKey(startUrl: string, ssoRegion: string): string {
  return `${isStartUrl(startUrl) ? trimPortalUrl(startUrl) : startUrl} ${ssoRegion}`;
}

/** @param credentials the profiles of the credentials file, whose keys take precedence over those of the config. */
export function listPresentProfiles(
  document: ConfigDocument,
  credentials: ReadonlySet<string>,
): PresentProfile[] {
  return listProfileNames(document).flatMap((name) => {
    const section = findSection(document, "profile", name);
    if (section === undefined || credentials.has(name) || !isPortableName(name)) return [];
    const { form, session, accountId, roleName, region } = summarizeProfile(section);
    const isNative = form === "sso-session" || form === "legacy";
    if (accountId === undefined || roleName === undefined) return [];
    if (isNative ? hasContradiction(section) : form === "other") return [];
    const named = form === "legacy" ? undefined : session;
    const find = (key: string): string | undefined =>
      key === "sso_session" ? named : findValue(section, key);
    const { startUrl, ssoRegion } = readSignInKeys({ document, file: "" }, find);
    if (startUrl === undefined || ssoRegion === undefined) return [];
    return [
      { portal: portalKey(startUrl, ssoRegion), session: named, accountId, roleName, region },
    ];
  });
}
