import { randomUUID } from "node:crypto";
import { assumedRoleArn, roleId } from "./org.ts";
import { escapeHtml, xml, type Received, type Reply } from "./responses.ts";
import { stsError } from "./service-errors.ts";
import { instantOf, presentedSignature, signatureMatches, type Presented } from "./sigv4.ts";
import type { RoleCredentials, State } from "./state.ts";
import { credentialsExpired } from "./tokens.ts";

export function getCallerIdentity(state: State, request: Received): Reply {
  const action = new URLSearchParams(request.body).get("Action") ?? request.query.get("Action");
  if (action !== "GetCallerIdentity") return stsError("InvalidAction", `Could not find operation ${action ?? ""}`.trim());
  const presented = presentedSignature(request);
  if (presented === undefined) return stsError("MissingAuthenticationToken");
  if (typeof presented === "string") return stsError("IncompleteSignature", presented);
  const credentials = state.issued.roleCredentials.get(presented.accessKeyId);
  if (credentials === undefined || credentials.sessionToken !== presented.sessionToken) {
    return stsError("InvalidClientTokenId");
  }
  if (credentialsExpired(state, credentials)) return stsError("ExpiredToken");
  const refusal = state.settings.sigv4.verify ? signatureFault(state, request, presented, credentials) : undefined;
  return refusal ?? identity(state, credentials);
}

function signatureFault(
  state: State,
  request: Received,
  presented: Presented,
  credentials: RoleCredentials,
): Reply | undefined {
  if (presented.service !== "sts") {
    return stsError("SignatureDoesNotMatch", "Credential should be scoped to correct service: 'sts'.");
  }
  if (!signatureMatches(request, presented, credentials.secretAccessKey)) return stsError("SignatureDoesNotMatch");
  const signedAt = instantOf(presented.timestamp);
  const now = state.clock.now();
  const windowMs = (presented.expiresSeconds ?? state.settings.sigv4.windowSeconds) * 1000;
  const compact = (instant: number): string => new Date(instant).toISOString().replace(/[-:]|\.\d{3}/g, "");
  if (now > signedAt + windowMs) {
    const limit = compact(now - windowMs);
    return stsError("SignatureDoesNotMatch", `Signature expired: ${presented.timestamp} is now earlier than ${limit} (${compact(now)} - ${windowMs / 60_000} min.)`);
  }
  if (signedAt > now + state.settings.sigv4.windowSeconds * 1000) {
    const limit = compact(now + windowMs);
    return stsError("SignatureDoesNotMatch", `Signature not yet current: ${presented.timestamp} is still later than ${limit} (${compact(now)} + ${windowMs / 60_000} min.)`);
  }
  return undefined;
}

function identity(state: State, credentials: RoleCredentials): Reply {
  const { accountId, roleName, username } = credentials;
  const arn = assumedRoleArn(state.settings.identity.partition, accountId, roleName, username);
  const body =
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n  <GetCallerIdentityResult>\n` +
    `    <Arn>${escapeHtml(arn)}</Arn>\n    <UserId>${escapeHtml(`${roleId(accountId, roleName)}:${username}`)}</UserId>\n` +
    `    <Account>${escapeHtml(accountId)}</Account>\n  </GetCallerIdentityResult>\n` +
    `  <ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>\n</GetCallerIdentityResponse>\n`;
  return { ...xml(200, body), arn };
}
