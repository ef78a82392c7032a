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

/** This machine as a client of the sign-in service: registered once for each session and flow, then from the cache. */

/** What the approval page names: the host is there so that a person can tell their own request from another's. */
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

/** For one that the service no longer knows. */
export function removeClientRegistration(
  { home }: Context,
  { session }: Portal,
  flow: LoginFlow,
): void {
  removeFile(registrationPath(home, session, flow));
}

/** A redirect must ask for something: where the config names no scopes, for what the AWS CLI asks then. */
export function redirectScopes({ registrationScopes }: SsoSession): readonly string[] {
  return registrationScopes ?? [DEFAULT_REGISTRATION_SCOPES];
}

/** Whether a client of ours was given this token: its registration is still among ours. */
export function isOwnToken(home: string, { clientId }: AccessToken): boolean {
  return (
    clientId !== undefined &&
    listFiles(registrationDirectory(home)).some(
      (path) => readRegistrationMember(path, "clientId") === clientId,
    )
  );
}

/** Every registration of a session, whatever it was made for, or of all sessions; returns the files that went. */
export function removeRegistrations(home: string, session: string | undefined): string[] {
  // Half of one names no session.
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

/** Named after all that it is good for, so that one that was made for another purpose is not reused. */
function registrationPath(home: string, ssoSession: SsoSession, flow: LoginFlow): string {
  const { session, startUrl, region, scopes } = registrationPurpose(ssoSession, flow);
  const name = createHash("sha256")
    .update(JSON.stringify([session, startUrl, region, scopes, flow]), "utf8")
    .digest("hex")
    .slice(0, 40);
  return registrationFilePath(home, name);
}
