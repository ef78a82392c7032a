import { findSection, listSessionNames, type ConfigDocument } from "../aws-config/document.ts";
import { isPortableName } from "../aws-config/header.ts";
import { usageError } from "../errors.ts";
import { DEFAULT_REGISTRATION_SCOPES } from "../model/sso-session.ts";
import { proposeSessionName } from "../model/start-url.ts";
import type { WantedSession } from "../profiles/change/edits.ts";
import { findValue } from "../profiles/profile.ts";
import type { ImportedRole } from "./entry.ts";
import { portalKey } from "./present.ts";

/** Chooses the SSO session for the roles of each sign-in: an existing session of the config, or a new one. */

interface SessionOrder {
  readonly roles: readonly ImportedRole[];
  /** Name for a session that is not in the config yet. */
  readonly ssoSession: string | undefined;
  readonly file: string;
}

/** Roles of one sign-in, and the session that their profiles will use. */
export interface ChosenSession {
  readonly roles: readonly ImportedRole[];
  readonly session: WantedSession;
  readonly isNew: boolean;
  /** Whether several people have sign-ins to the same portal. */
  readonly isShared: boolean;
}

export function chooseSessions(document: ConfigDocument, order: SessionOrder): ChosenSession[] {
  const groups = [
    ...Map.groupBy(
      order.roles,
      ({ startUrl, ssoRegion, signIn = "" }) => `${portalKey(startUrl, ssoRegion)} ${signIn}`,
    ).values(),
  ];
  const known = listKnownSessions(document);
  const taken = new Set<string>();
  const chosen = groups.flatMap((roles): ChosenSession[] => {
    const session =
      findKnownSession(roles, known, taken) ?? nameSession(roles, { known, taken, order });
    if (session === undefined) return [];
    taken.add(session.name);
    const isNew = !known.some(({ name }) => name === session.name);
    const isShared = roles.some(({ signIn }) => signIn !== undefined);
    return [{ roles, session, isNew, isShared }];
  });
  refuseSharedName(order.ssoSession, chosen);
  return chosen;
}

/** @throws LatchkeyError USAGE if one name is given for several sessions. */
function refuseSharedName(name: string | undefined, chosen: readonly ChosenSession[]): void {
  const fresh = chosen.filter(({ isNew }) => isNew);
  if (name === undefined || fresh.length < 2) return;
  const places = fresh.map(({ session }) => session.startUrl).join(", ");
  throw usageError(
    `--sso-session ${name} names one session, and ${fresh.length} are new: ${places}.`,
    "Leave it out: each gets a name of its own, which you may change afterwards.",
  );
}

function listKnownSessions(document: ConfigDocument): WantedSession[] {
  return listSessionNames(document).flatMap((name) => {
    const section = findSection(document, "sso-session", name);
    const read = (key: string): string =>
      section === undefined ? "" : (findValue(section, key) ?? "");
    const [startUrl, region] = [read("sso_start_url"), read("sso_region")];
    return [{ name, startUrl, region, registrationScopes: undefined }];
  });
}

/**
 * Returns a session of the same portal that no other sign-in uses: the session with the tool's name, otherwise the first.
 */
function findKnownSession(
  [role]: readonly ImportedRole[],
  known: readonly WantedSession[],
  taken: ReadonlySet<string>,
): WantedSession | undefined {
  if (role === undefined) return undefined;
  const portal = portalKey(role.startUrl, role.ssoRegion);
  const same = known.filter(
    ({ name, startUrl, region }) => portalKey(startUrl, region) === portal && !taken.has(name),
  );
  return same.find(({ name }) => name === role.sessionName) ?? same[0];
}

interface SessionNames {
  readonly known: readonly WantedSession[];
  readonly taken: ReadonlySet<string>;
  readonly order: SessionOrder;
}

/** Returns a new session with a free name. @throws LatchkeyError USAGE if the given name belongs to another session. */
function nameSession(
  roles: readonly ImportedRole[],
  { known, taken, order: { ssoSession, file } }: SessionNames,
): WantedSession | undefined {
  const [role] = roles;
  if (role === undefined) return undefined;
  const { startUrl, ssoRegion: region } = role;
  const names = [...known.map(({ name }) => name), ...taken];
  if (ssoSession !== undefined && known.some(({ name }) => name === ssoSession))
    throw usageError(
      `The SSO session "${ssoSession}" in ${file} has another start URL or region than ${startUrl} in ${region}.`,
      "Choose another --sso-session name.",
    );
  const own = roles.map(({ sessionName }) => sessionName).find(isNameOfItsOwn);
  const free = own === undefined || names.includes(own) ? proposeSessionName(startUrl, names) : own;
  const scopes = roles.map((each) => each.scopes).find((each) => each !== undefined);
  const registrationScopes = scopes ?? DEFAULT_REGISTRATION_SCOPES;
  return { name: ssoSession ?? free, startUrl, region, registrationScopes };
}

/** Returns whether the tool's name for a sign-in can be used. "Default" is only the tools' name for a single sign-in. */
function isNameOfItsOwn(name: string | undefined): name is string {
  return name !== undefined && isPortableName(name) && name.toLowerCase() !== "default";
}
