import { randomUUID } from "node:crypto";
import { roleArn, roleId } from "../state/organization.ts";
import { escapeHtml, xml, type ReceivedRequest, type Reply } from "../http.ts";
import { stsError } from "../service-errors.ts";
import {
  parseTimestamp,
  parseSignature,
  isSignatureValid,
  type PresentedSignature,
} from "./sigv4.ts";
import type { RoleCredentials, State } from "../state/state.ts";
import { areCredentialsExpired, issueRoleCredentials } from "../sign-in/tokens.ts";

export function getCallerIdentity(state: State, request: ReceivedRequest): Reply {
  const action = parseStsParameters(request).get("Action");
  if (action !== "GetCallerIdentity") {
    return stsError("InvalidAction", `Could not find operation ${action ?? "(none)"}`);
  }
  const caller = verifyCaller(state, request);
  return isReply(caller) ? caller : identityReply(state, caller);
}

const SHORTEST_SECONDS = 900;
/** Of a role that was assumed with another role's credentials. */
const LONGEST_CHAINED_SECONDS = 3600;

/** Trust policies are not emulated: any caller may assume any role, but one that `deny` names. */
export function assumeRole(state: State, request: ReceivedRequest): Reply {
  const caller = verifyCaller(state, request);
  if (isReply(caller)) return caller;
  const parameters = parseStsParameters(request);
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
  const callerArn = formatCallerArn(state, caller);
  if (state.org.denied.has(`${accountId}/${roleName}`)) {
    return stsError(
      "AccessDenied",
      `User: ${callerArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    );
  }
  const role = { accountId, roleName, username: sessionName };
  return assumeRoleReply(state, issueRoleCredentials(state, role, seconds));
}

function assumeRoleReply(state: State, credentials: RoleCredentials): Reply {
  const { accessKeyId, secretAccessKey, sessionToken, expiresAt, accountId, roleName, username } =
    credentials;
  const element = (name: string, text: string): string => `<${name}>${escapeHtml(text)}</${name}>`;
  return xml(
    200,
    `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser>` +
      element("AssumedRoleId", `${roleId(accountId, roleName)}:${username}`) +
      element("Arn", formatCallerArn(state, credentials)) +
      `</AssumedRoleUser><Credentials>` +
      element("AccessKeyId", accessKeyId) +
      element("SecretAccessKey", secretAccessKey) +
      element("SessionToken", sessionToken) +
      element("Expiration", new Date(expiresAt).toISOString().replace(/\.\d+Z$/, "Z")) +
      `</Credentials></AssumeRoleResult><ResponseMetadata>${element("RequestId", randomUUID())}</ResponseMetadata></AssumeRoleResponse>\n`,
  );
}

function parseStsParameters(request: ReceivedRequest): URLSearchParams {
  return new URLSearchParams([...request.query, ...new URLSearchParams(request.body)]);
}

/** Whose signature this is, or the refusal. */
function verifyCaller(state: State, request: ReceivedRequest): RoleCredentials | Reply {
  const presented = parseSignature(request);
  if (presented === undefined) return stsError("MissingAuthenticationToken");
  if (typeof presented === "string") return stsError("IncompleteSignature", presented);
  const credentials = state.issued.roleCredentials.get(presented.accessKeyId);
  if (credentials === undefined || credentials.sessionToken !== presented.sessionToken) {
    return stsError("InvalidClientTokenId");
  }
  if (areCredentialsExpired(state, credentials)) return stsError("ExpiredToken");
  const refusal = state.settings.sigv4.verify
    ? findSignatureFault(state, request, presented, credentials)
    : undefined;
  return refusal ?? credentials;
}

function isReply(answer: RoleCredentials | Reply): answer is Reply {
  return "status" in answer;
}

function findSignatureFault(
  state: State,
  request: ReceivedRequest,
  presented: PresentedSignature,
  credentials: RoleCredentials,
): Reply | undefined {
  if (presented.service !== "sts") {
    return stsError(
      "SignatureDoesNotMatch",
      "Credential should be scoped to correct service: 'sts'.",
    );
  }
  if (!isSignatureValid(request, presented, credentials.secretAccessKey))
    return stsError("SignatureDoesNotMatch");
  return findTimeFault(state, presented);
}

/** The window around the emulator's time: before its start the signature has expired, after its end it is too early. */
function findTimeFault(state: State, presented: PresentedSignature): Reply | undefined {
  const now = state.clock.now();
  const signedAt = parseTimestamp(presented.timestamp);
  const { windowSeconds } = state.settings.sigv4;
  const validSeconds = presented.expiresSeconds ?? windowSeconds;
  const compact = (instant: number): string =>
    new Date(instant).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const timeRefusal = (words: string, sign: "-" | "+", seconds: number): Reply => {
    const limit = compact(now + (sign === "-" ? -1000 : 1000) * seconds);
    const reckoning = `${limit} (${compact(now)} ${sign} ${seconds / 60} min.)`;
    return stsError(
      "SignatureDoesNotMatch",
      `Signature ${words.replace("TIME", presented.timestamp)} ${reckoning}`,
    );
  };
  if (now > signedAt + validSeconds * 1000)
    return timeRefusal("expired: TIME is now earlier than", "-", validSeconds);
  const isEarly = signedAt > now + windowSeconds * 1000;
  if (isEarly) return timeRefusal("not yet current: TIME is still later than", "+", windowSeconds);
  return undefined;
}

function identityReply(state: State, credentials: RoleCredentials): Reply {
  const { accountId, roleName, username } = credentials;
  const arn = formatCallerArn(state, credentials);
  const userId = `${roleId(accountId, roleName)}:${username}`;
  const body =
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n  <GetCallerIdentityResult>\n` +
    `    <Arn>${escapeHtml(arn)}</Arn>\n    <UserId>${escapeHtml(userId)}</UserId>\n` +
    `    <Account>${escapeHtml(accountId)}</Account>\n  </GetCallerIdentityResult>\n` +
    `  <ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>\n</GetCallerIdentityResponse>\n`;
  return { ...xml(200, body), arn };
}

/** A role of Identity Center has a name of its own in IAM; a chained one is called as its ARN says. */
function formatCallerArn(
  state: State,
  { accountId, roleName, username, chained }: RoleCredentials,
): string {
  const { partition } = state.settings.identity;
  if (chained) return `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${username}`;
  return roleArn(partition, accountId, roleName, username);
}
