import { randomUUID } from "node:crypto";
import { assumedRoleArn, roleId } from "./org.ts";
import { escapeHtml, xml, type Received, type Reply } from "./responses.ts";
import { stsError } from "./service-errors.ts";
import { instantOf, presentedSignature, signatureMatches, type Presented } from "./sigv4.ts";
import type { RoleCredentials, State } from "./state.ts";
import { credentialsExpired } from "./tokens.ts";

export function getCallerIdentity(state: State, request: Received): Reply {
  const action = new URLSearchParams(request.body).get("Action") ?? request.query.get("Action");
  if (action !== "GetCallerIdentity") {
    return stsError("InvalidAction", `Could not find operation ${action ?? "(none)"}`);
  }
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
  return timeFault(state, presented);
}

/** The window around the emulator's time: before its start the signature has expired, after its end it is too early. */
function timeFault(state: State, presented: Presented): Reply | undefined {
  const now = state.clock.now();
  const signedAt = instantOf(presented.timestamp);
  const { windowSeconds } = state.settings.sigv4;
  const validSeconds = presented.expiresSeconds ?? windowSeconds;
  const compact = (instant: number): string => new Date(instant).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const refused = (words: string, sign: "-" | "+", seconds: number): Reply => {
    const limit = compact(now + (sign === "-" ? -1000 : 1000) * seconds);
    const reckoning = `${limit} (${compact(now)} ${sign} ${seconds / 60} min.)`;
    return stsError("SignatureDoesNotMatch", `Signature ${words.replace("TIME", presented.timestamp)} ${reckoning}`);
  };
  if (now > signedAt + validSeconds * 1000) return refused("expired: TIME is now earlier than", "-", validSeconds);
  const isEarly = signedAt > now + windowSeconds * 1000;
  if (isEarly) return refused("not yet current: TIME is still later than", "+", windowSeconds);
  return undefined;
}

function identity(state: State, credentials: RoleCredentials): Reply {
  const { accountId, roleName, username } = credentials;
  const arn = assumedRoleArn(state.settings.identity.partition, accountId, roleName, username);
  const userId = `${roleId(accountId, roleName)}:${username}`;
  const body =
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n  <GetCallerIdentityResult>\n` +
    `    <Arn>${escapeHtml(arn)}</Arn>\n    <UserId>${escapeHtml(userId)}</UserId>\n` +
    `    <Account>${escapeHtml(accountId)}</Account>\n  </GetCallerIdentityResult>\n` +
    `  <ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>\n</GetCallerIdentityResponse>\n`;
  return { ...xml(200, body), arn };
}
