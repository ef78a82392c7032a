import { randomUUID } from "node:crypto";
import { element, xml, type ReceivedRequest, type Reply } from "../http.ts";
import { refusal } from "../service-errors.ts";
import { areCredentialsExpired, issueRoleCredentials } from "../sign-in/tokens.ts";
import { formatRoleArn, formatRoleId } from "../state/organization.ts";
import type { RoleCredentials, State } from "../state/state.ts";
import {
  isSignatureValid,
  parseSignature,
  parseTimestamp,
  type PresentedSignature,
} from "./sigv4.ts";

export function getCallerIdentity(state: State, request: ReceivedRequest): Reply {
  const action = request.parameters.get("Action");
  if (action !== "GetCallerIdentity")
    throw refusal("InvalidAction", `Could not find operation ${action ?? "(none)"}`);
  return identityReply(state, verifyCaller(state, request));
}

const SHORTEST_SECONDS = 900;
/** The maximum for a role that was assumed with another role's credentials. */
const LONGEST_CHAINED_SECONDS = 3600;

/**
 * Serves AssumeRole and AssumeRoleWithWebIdentity. Without trust policies: any caller may assume any role that `deny`
 * does not refuse.
 */
export function assumeRole(state: State, request: ReceivedRequest): Reply {
  const { parameters } = request;
  const action = parameters.get("Action") ?? "";
  const caller = action === "AssumeRole" ? verifyCaller(state, request) : readBearer(parameters);
  const { roleArn, accountId, roleName } = readRole(parameters);
  const username = parameters.get("RoleSessionName") ?? "";
  if (!/^[\w+=,.@-]{2,64}$/.test(username))
    throw refusal("ValidationError", "roleSessionName is invalid");
  const seconds = Number(parameters.get("DurationSeconds") ?? "3600");
  if (!(seconds >= SHORTEST_SECONDS && seconds <= LONGEST_CHAINED_SECONDS))
    throw refusal(
      "ValidationError",
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
    );
  if (state.org.denied.has(`${accountId}/${roleName}`))
    throw refusal(
      "AccessDenied",
      `User: ${formatCallerArn(state, caller)} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    );
  const assumed = issueRoleCredentials(state, { accountId, roleName, username }, seconds);
  assumed.assumedBy = caller.accessKeyId;
  return assumeRoleReply(state, action, assumed);
}

function readRole(parameters: URLSearchParams) {
  const roleArn = parameters.get("RoleArn") ?? "";
  const [, accountId, roleName] =
    /^arn:[\w-]+:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]+)$/.exec(roleArn) ?? [];
  if (accountId === undefined || roleName === undefined)
    throw refusal("ValidationError", `${roleArn} is invalid`);
  return { roleArn, accountId, roleName };
}

/** Returns the caller of a web identity. Any token is accepted, since the owner of a token is not emulated. */
function readBearer(parameters: URLSearchParams): RoleCredentials {
  if (!parameters.get("WebIdentityToken"))
    throw refusal("ValidationError", "webIdentityToken is invalid");
  return NOBODY;
}

const NOBODY: RoleCredentials = {
  accessKeyId: "",
  secretAccessKey: "",
  sessionToken: "",
  accountId: "000000000000",
  roleName: "WebIdentity",
  username: "token",
  expiresAt: Infinity,
  chained: true,
};

function assumeRoleReply(state: State, action: string, credentials: RoleCredentials): Reply {
  const expiration = new Date(credentials.expiresAt).toISOString().replace(/\.\d+Z$/, "Z");
  return xml(
    200,
    `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><AssumedRoleUser>` +
      element("AssumedRoleId", formatRoleId(credentials)) +
      element("Arn", formatCallerArn(state, credentials)) +
      `</AssumedRoleUser><Credentials>` +
      element("AccessKeyId", credentials.accessKeyId) +
      element("SecretAccessKey", credentials.secretAccessKey) +
      element("SessionToken", credentials.sessionToken) +
      element("Expiration", expiration) +
      `</Credentials></${action}Result><ResponseMetadata>${element("RequestId", randomUUID())}</ResponseMetadata></${action}Response>\n`,
  );
}

/** Returns the credentials that signed the request; throws a refusal if the signature is not valid. */
function verifyCaller(state: State, request: ReceivedRequest): RoleCredentials {
  const presented = parseSignature(request, "");
  const credentials = state.issued.roleCredentials.get(presented.accessKeyId);
  if (credentials?.sessionToken !== presented.sessionToken) throw refusal("InvalidClientTokenId");
  if (areCredentialsExpired(state, credentials)) throw refusal("ExpiredToken");
  if (!state.settings.sigv4.verify) return credentials;
  if (presented.service !== "sts")
    throw refusal(
      "SignatureDoesNotMatch",
      "Credential should be scoped to correct service: 'sts'.",
    );
  if (!isSignatureValid(request, presented, credentials.secretAccessKey))
    throw refusal("SignatureDoesNotMatch");
  verifyTime(state, presented);
  return credentials;
}

/** Refuses a signature that has expired, or whose time is too far after the emulator's. */
function verifyTime(state: State, presented: PresentedSignature): void {
  const { timestamp, expiresSeconds } = presented;
  const now = state.clock.now();
  const signedAt = parseTimestamp(timestamp);
  const { windowSeconds } = state.settings.sigv4;
  const validSeconds = expiresSeconds ?? windowSeconds;
  const compact = (instant: number): string =>
    new Date(instant).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const refuse = (words: string, sign: "-" | "+", seconds: number): never => {
    const limit = compact(now + (sign === "-" ? -1000 : 1000) * seconds);
    const reckoning = `${limit} (${compact(now)} ${sign} ${seconds / 60} min.)`;
    throw refusal("SignatureDoesNotMatch", `Signature ${words} ${reckoning}`);
  };
  if (now > signedAt + validSeconds * 1000)
    refuse(`expired: ${timestamp} is now earlier than`, "-", validSeconds);
  if (signedAt > now + windowSeconds * 1000)
    refuse(`not yet current: ${timestamp} is still later than`, "+", windowSeconds);
}

function identityReply(state: State, credentials: RoleCredentials): Reply {
  const arn = formatCallerArn(state, credentials);
  const body =
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\n  <GetCallerIdentityResult>\n` +
    `    ${element("Arn", arn)}\n    ${element("UserId", formatRoleId(credentials))}\n` +
    `    ${element("Account", credentials.accountId)}\n  </GetCallerIdentityResult>\n` +
    `  <ResponseMetadata>${element("RequestId", randomUUID())}</ResponseMetadata>\n</GetCallerIdentityResponse>\n`;
  return { ...xml(200, body), arn };
}

/** An Identity Center role has a generated name in IAM; a chained role keeps its name. */
function formatCallerArn({ settings }: State, credentials: RoleCredentials): string {
  const { partition } = settings.identity;
  if (!credentials.chained) return formatRoleArn(partition, credentials);
  const { accountId, roleName, username } = credentials;
  return `arn:${partition}:sts::${accountId}:assumed-role/${roleName}/${username}`;
}
