import type { Context } from "../context.ts";
import { registrationPurpose, type ClientRegistration } from "../model/access-token.ts";
import type { LoginFlow } from "../model/login-method.ts";
import { DEFAULT_REGISTRATION_SCOPES } from "../model/sso-session.ts";
import {
  readCachedRegistration,
  removeRegistration,
  writeRegistration,
} from "../token/shared-store.ts";
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
  const purpose = registrationPurpose(session, flow);
  const cached = readCachedRegistration(context.home, purpose, context.now());
  if (cached !== undefined) return cached;
  const { registerClient } = await import("../aws/oidc.ts");
  const registration = await registerClient(createConnection(context, "SSO_OIDC", session), {
    clientName: clientName(context),
    scopes: flow === "pkce" ? redirectScopes(session) : session.registrationScopes,
    issuerUrl: flow === "pkce" ? portalUrl : undefined,
  });
  writeRegistration(context.home, purpose, registration);
  return registration;
}

/** For one that the service no longer knows. */
export function removeClientRegistration(
  context: Context,
  { session }: Portal,
  flow: LoginFlow,
): void {
  removeRegistration(context.home, registrationPurpose(session, flow));
}

/** A redirect must ask for something: where the config names no scopes, for what the AWS CLI asks then. */
export function redirectScopes({ registrationScopes }: Portal["session"]): readonly string[] {
  return registrationScopes ?? [DEFAULT_REGISTRATION_SCOPES];
}
