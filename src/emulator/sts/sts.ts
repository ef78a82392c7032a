import { randomUUID } from "node:crypto";
import { assumedRoleArn, roleId } from "../state/organization.ts";
import { escapeHtml, xml, type Received, type Reply } from "../http.ts";
import { stsError } from "../service-errors.ts";
import { instantOf, presentedSignature, signatureMatches, type Presented } from "./sigv4.ts";
import type { RoleCredentials, State } from "../state/state.ts";
import { credentialsExpired, issueRoleCredentials } from "../sign-in/tokens.ts";

export function getCallerIdentity(state: State, request: Received): Reply {
  const action = stsParameters(request).get("Action");
  if (action !== "GetCallerIdentity") {
    return stsError("InvalidAction", `Could not find operation ${action ?? "(none)"}`);
  }
  const caller = verifiedCaller(state, request);
  return isReply(caller) ? caller : identity(state, caller);
}

const SHORTEST_SECONDS = 900;
/** Of a role that was assumed with another role's credentials. */
const LONGEST_CHAINED_SECONDS = 3600;

/** Trust policies are not emulated: any caller may assume any role, but one that `deny` names. */
export function assumeRole(state: State, request: Received): Reply {
  const caller = verifiedCaller(state, request);
  if (isReply(caller)) return caller;
  const parameters = stsParameters(request);
  const roleArn = parameters.get("RoleArn") ?? "";
  const [, accountId, roleName] =
    /^arn:[\w-]+:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/.exec(roleArn) ?? [];
  if (accountId === undefined || roleName === undefined)
    return stsError("ValidationError", `${roleArn} is invalid`);
  const sessionName = parameters.get("RoleSessionName") ?? "";
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName))
    return stsError("ValidationError", "roleSessionName is invalid");
  const seconds = Number(parameters.get("DurationSeconds") ?? "3600");
  if (!(seconds >= SHORTEST_SECONDS && seconds <= LONGEST_CHAINED_SECONDS)) {
    return stsError(
      "ValidationError",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    );
  }
  const callerArn = arnOf(state, caller);
  if (state.org.denied.has(`${accountId}/${roleName}`)) {
    return stsError(
      "AccessDenied",
      `User: ${callerArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    );
  }
  const role = { accountId, roleName, username: sessionName };
  return assumed(state, issueRoleCredentials(state, role, seconds));
}

function assumed(state: State, credentials: RoleCredentials): Reply {
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt, accountId, roleName, username } =
    credentials;
  const element = (name: string, text: string): string => `<${name}>${escapeHtml(text)}</${name}>`;
  return xml(
    200,
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser>` +
      element("AssumedRoleId", `${roleId(accountId, roleName)}:${username}`) +
      element("Arn", arnOf(state, credentials)) +
      `</AssumedRoleUser><Credentials>` +
      element("AccessKeyId", accessKeyId) +
      element("SecretAccessKey", secretAccessKey) +
      element("SessionToken", sessionToken) +
      element("Expiration", new Date(expiresAt).toISOString().replace(/\.\d+Z$/, "Z")) +
      `</Credentials></AssumeRoleResult><ResponseMetadata>${element("RequestId", randomUUID())}</ResponseMetadata></AssumeRoleResponse>\n`,
  );
}

function stsParameters(request: Received): URLSearchParams {
  return new URLSearchParams([...request.query, ...new URLSearchParams(request.body)]);
}

/** Whose signature this is, or the refusal. */
function verifiedCaller(state: State, request: Received): RoleCredentials | Reply {
  const presented = presentedSignature(request);
  if (presented === undefined) return stsError("MissingAuthenticationToken");
  if (typeof presented === "string") return stsError("IncompleteSignature", presented);
  const credentials = state.issued.roleCredentials.get(presented.accessKeyId);
  if (credentials === undefined || credentials.sessionToken !== presented.sessionToken) {
    return stsError("InvalidClientTokenId");
  }
  if (credentialsExpired(state, credentials)) return stsError("ExpiredToken");
  const refusal = state.settings.sigv4.verify
    ? signatureFault(state, request, presented, credentials)
    : undefined;
  return refusal ?? credentials;
}

function isReply(answer: RoleCredentials | Reply): answer is Reply {
  return "status" in answer;
}

function signatureFault(
  state: State,
  request: Received,
  presented: Presented,
  credentials: RoleCredentials,
): Reply | undefined {
  if (presented.service !== "sts") {
    return stsError(
      "SignatureDoesNotMatch",
      "Credential should be scoped to correct service: 'sts'.",
    );
  }
  if (!signatureMatches(request, presented, credentials.secretAccessKey))
    return stsError("SignatureDoesNotMatch");
  return timeFault(state, presented);
}

/** The window around the emulator's time: before its start the signature has expired, after its end it is too early. */
function timeFault(state: State, presented: Presented): Reply | undefined {
  const now = state.clock.now();
  const signedAt = instantOf(presented.timestamp);
  const { windowSeconds } = state.settings.sigv4;
  const validSeconds = presented.expiresSeconds ?? windowSeconds;
  const compact = (instant: number): string =>
    new Date(instant).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const refused = (words: string, sign: "-" | "+", seconds: number): Reply => {
    const limit = compact(now + (sign === "-" ? -1000 : 1000) * seconds);
    const reckoning = `${limit} (${compact(now)} ${sign} ${seconds / 60} min.)`;
    return stsError(
      "SignatureDoesNotMatch",
      `Signature ${words.replace("TIME", presented.timestamp)} ${reckoning}`,
    );
  };
  if (now > signedAt + validSeconds * 1000)
    return refused("expired: TIME is now earlier than", "-", validSeconds);
  const isEarly = signedAt > now + windowSeconds * 1000;
  if (isEarly) return refused("not yet current: TIME is still later than", "+", windowSeconds);
  return undefined;
}

function identity(state: State, credentials: RoleCredentials): Reply {
  const { accountId, roleName, username } = credentials;
  const arn = arnOf(state, credentials);
  const userId = `${roleId(accountId, roleName)}:${username}`;
  const body =
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n  <GetCallerIdentityResult>\n` +
    `    <Arn>${escapeHtml(arn)}</Arn>\n    <UserId>${escapeHtml(userId)}</UserId>\n` +
    `    <Account>${escapeHtml(accountId)}</Account>\n  </GetCallerIdentityResult>\n` +
    `  <ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>\n</GetCallerIdentityResponse>\n`;
  return { ...xml(200, body), arn };
}

/** A role of Identity Center has a name of its own in IAM; a chained one is called as its ARN says. */
function arnOf(state: State, { accountId, roleName, username, chained }: RoleCredentials): string {
  const { partition } = state.settings.identity;
  if (chained) return `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${username}`;
  return assumedRoleArn(partition, accountId, roleName, username);
}
