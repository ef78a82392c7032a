import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import {
  formatRegistration,
  parseRegistration,
  registrationPurpose,
  type AccessToken,
  type ClientRegistration,
} from "../model/access-token.ts";
import type { LoginFlow } from "../model/login-method.ts";
import { DEFAULT_REGISTRATION_SCOPES, type SsoSession } from "../model/sso-session.ts";
import { toRecord } from "../text/json.ts";
import { registrationDirectory, registrationFilePath } from "../fs/paths.ts";
import { writeSecretFile } from "../fs/replace.ts";
import { sweepDirectory } from "../fs/temporary.ts";
import { listFiles, readCacheJson, removeFile } from "../fs/read.ts";
import { createConnection } from "../aws/connection.ts";
import type { Portal } from "./portal-address.ts";

/**
 * Registers this machine as a client of the sign-in service, and stores the registration. Each session and flow has its
 * own registration.
 */

/**
 * Returns the client name, which the approval page shows. It contains the host name, so that a user can tell their own
 * request from another user's.
 */
export function clientName(context: Context): string {
  const host = context.hostname.replace(/[^A-Za-z0-9._-]/g, "-").slice(0, 64);
  return `latchkey on ${host === "" ? "this machine" : host}`;
}

export async function findOrRegisterClient(
  context: Context,
  { session, portalUrl }: Portal,
  flow: LoginFlow,
): Promise<ClientRegistration> {
  const path = registrationPath(context.home, session, flow);
  const cached = parseRegistration(readCacheJson(path), context.now());
  if (cached !== undefined) return cached;
  const { registerClient } = await import("../aws/oidc.ts");
  const registration = await registerClient(createConnection(context, "SSO_OIDC", session), {
    clientName: clientName(context),
    scopes: flow === "pkce" ? redirectScopes(session) : session.registrationScopes,
    issuerUrl: flow === "pkce" ? portalUrl : undefined,
  });
  writeSecretFile(path, formatRegistration(registration, registrationPurpose(session, flow)));
  return registration;
}

/** Removes a registration that the service no longer accepts. */
export function removeClientRegistration(
  { home }: Context,
  { session }: Portal,
  flow: LoginFlow,
): void {
  removeFile(registrationPath(home, session, flow));
}

/** Returns the scopes for a redirect sign-in. At least one scope is required, so the default is the AWS CLI's. */
export function redirectScopes({ registrationScopes }: SsoSession): readonly string[] {
  return registrationScopes ?? [DEFAULT_REGISTRATION_SCOPES];
}

/** Returns whether latchkey got this token: the token's registration is in latchkey's cache. */
export function isOwnToken(home: string, { clientId }: AccessToken): boolean {
  return (
    clientId !== undefined &&
    listFiles(registrationDirectory(home)).some(
      (path) => readRegistrationMember(path, "clientId") === clientId,
    )
  );
}

/** Removes the registrations of one session or, if `session` is undefined, of all sessions. @returns the removed files */
export function removeRegistrations(home: string, session: string | undefined): string[] {
  // Partly written registrations do not show their session, so old ones are removed in any case.
  sweepDirectory(registrationDirectory(home));
  return listFiles(registrationDirectory(home)).filter(
    (path) =>
      (session === undefined || readRegistrationMember(path, "session") === session) &&
      removeFile(path),
  );
}

function readRegistrationMember(path: string, key: "clientId" | "session"): unknown {
  return toRecord(readCacheJson(path))[key];
}

/**
 * Returns the path of a registration. The file name is a hash of everything that the registration is valid for, so the
 * registration is never used for anything else.
 */
function registrationPath(home: string, ssoSession: SsoSession, flow: LoginFlow): string {
  const { session, startUrl, region, scopes } = registrationPurpose(ssoSession, flow);
  const name = createHash("sha256")
    .update(JSON.stringify([session, startUrl, region, scopes, flow]), "utf8")
    .digest("hex")
    .slice(0, 40);
  return registrationFilePath(home, name);
}
